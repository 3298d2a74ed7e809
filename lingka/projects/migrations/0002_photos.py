"""Projects show photos."""

import django.db.models.deletion
from django.db import migrations, models

import lingka.core.ids


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_lists_and_projects")]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=lingka.core.ids.uuid7, unique=True)),
                (
                    "shows",
                    models.CharField(
                        choices=[("before", "Before"), ("work", "Work"), ("after", "After")],
                        max_length=6,
                    ),
                ),
                ("caption", models.CharField(max_length=120)),
                ("attachment", models.UUIDField(unique=True)),
                ("shown_on", models.DateField()),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="projects.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="projects.project",
                    ),
                ),
            ],
        ),
    ]
