"""Who set out on a round, and the minutes of setting out and coming back, are forgotten: that it was
walked stands in its state, and nothing needs more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patrols", "0006_decisions")]

    operations = [
        migrations.RemoveField(model_name="round", name="started_at"),
        migrations.RemoveField(model_name="round", name="started_by"),
        migrations.RemoveField(model_name="round", name="ended_at"),
    ]
