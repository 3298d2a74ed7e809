import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_changes_seen"),
        ("partners", "0002_overrides_by_event"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("workflow", models.CharField(max_length=64)),
                ("lawful", models.BooleanField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("month"),
                        models.F("workflow"),
                        models.F("area"),
                        name="call_by_month",
                    )
                ],
            },
        ),
    ]
