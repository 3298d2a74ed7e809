"""A row for each exception: counts by position lost what was delivered after a later event."""

import django.db.models.deletion
from django.db import migrations, models

# Counted anew from all of history, as a receiver does that has heard nothing yet.
HEAR_AGAIN = "DELETE FROM core_cursor WHERE receiver = 'partners.overrides'"


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("partners", "0001_initial"),
        ("units", "0003_duty_lists"),
    ]

    operations = [
        migrations.DeleteModel("Override"),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("duty_list", models.CharField(max_length=64)),
                ("article", models.IntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("month"), models.F("unit"), name="override_by_month")
                ],
            },
        ),
        migrations.RunSQL(HEAR_AGAIN, migrations.RunSQL.noop),
    ]
