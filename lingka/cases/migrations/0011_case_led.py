from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_saved_view_uuid"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                Cast(KT("facts__leader"), models.BigIntegerField()),
                condition=models.Q(
                    ("facts__has_key", "leader"), models.Q(("stage", "closed"), _negated=True)
                ),
                name="case_led",
            ),
        ),
    ]
