"""Since when a recording is there: an id says it no more."""

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("patrols", "0011_drives")]

    operations = [
        migrations.AddField(
            model_name="sound",
            name="made_at",
            field=models.DateTimeField(
                default=timezone.now
            ),  # those of before are spared once more
            preserve_default=False,
        ),
    ]
