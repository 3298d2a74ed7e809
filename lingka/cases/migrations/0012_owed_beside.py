from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_case_led"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_extension_asked"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                "desk_area",
                "due_at",
                "id",
                condition=models.Q(
                    models.Q(
                        ("facts__has_key", "extension"),
                        ("facts__has_key", "dispute"),
                        ("facts__has_key", "level"),
                        _connector="OR",
                    ),
                    models.Q(("stage", "closed"), _negated=True),
                ),
                name="case_owed_beside",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                Cast(KT("facts__reinspector"), models.BigIntegerField()),
                condition=models.Q(
                    ("facts__has_key", "reinspector"), models.Q(("stage", "closed"), _negated=True)
                ),
                name="case_looked_at_again",
            ),
        ),
    ]
