"""What a member has claimed is found without reading whatever others have in hand."""

from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_councils_that_ended"),
    ]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                Cast(KT("facts__route__member"), models.BigIntegerField()),
                name="case_claimed_by_member",
                condition=models.Q(facts__route__has_key="member") & ~models.Q(stage="closed"),
            ),
        ),
    ]
