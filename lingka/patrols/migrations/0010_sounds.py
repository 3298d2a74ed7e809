"""Questions of checklists, spoken by somebody and recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patrols", "0009_written_on")]

    operations = [
        migrations.CreateModel(
            name="Sound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("data", models.BinaryField()),
                ("seconds", models.FloatField()),
            ],
        ),
    ]  # fmt: skip
