"""Decisions of monthly reviews."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_changes_seen"),
        ("patrols", "0005_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True)),
                ("month", models.DateField()),
                ("words", models.UUIDField()),
                ("case", models.UUIDField(null=True)),
                ("plan_number", models.IntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.BigIntegerField(null=True)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area")),
                ("plan", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patrols.plan")),
            ],
            options={
                "indexes": [models.Index(models.F("area"), models.F("month"), name="decision_area_month")],
            },
        ),
    ]  # fmt: skip
