"""Registers of places that are kept up on rounds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_changes_seen"),
        ("patrols", "0004_looks_of_a_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True)),
                ("register", models.SlugField(max_length=32)),
                ("state", models.SlugField(max_length=32)),
                ("values", models.JSONField(default=dict)),
                ("version", models.IntegerField(default=1)),
                ("since", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.place")),
            ],
            options={
                "indexes": [models.Index(models.F("register"), models.F("place"), name="entry_register_place")],
                "constraints": [
                    models.UniqueConstraint(models.F("register"), models.F("place"), condition=models.Q(("ended_on", None)), name="entry_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.IntegerField()),
                ("day", models.DateField()),
                ("how", models.CharField(choices=[("desk", "Desk"), ("round", "Round")], max_length=8)),
                ("state", models.SlugField(max_length=32)),
                ("values", models.JSONField(default=dict)),
                ("cases", models.JSONField(default=list)),
                ("clashing", models.BooleanField(default=False)),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="states", to="patrols.entry")),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("entry"), models.F("turn"), name="entry_state_turn")],
            },
        ),
    ]  # fmt: skip
