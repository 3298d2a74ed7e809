"""The life of this data is told to phones and to other platforms alike."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_rule_versions")]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token", models.UUIDField()),
            ],
        ),
    ]
