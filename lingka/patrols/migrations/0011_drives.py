"""Joint drives: several units, one name, each with a plan of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_changes_seen"),
        ("patrols", "0010_sounds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Drive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True)),
                ("name", models.JSONField()),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area")),
            ],
            options={
                "indexes": [models.Index(fields=["area", "-begins_on"], name="drive_area_day")],
            },
        ),
        migrations.CreateModel(
            name="JointVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("units", models.JSONField()),
                ("drive", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="patrols.drive")),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.place")),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("drive"), models.F("place"), models.F("day"), name="joint_visit_once")],
            },
        ),
        migrations.AddField(
            model_name="plan", name="drive",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="patrols.drive"),
        ),
    ]  # fmt: skip
