"""When a stop was done is forgotten, and not kept any more: it was the way of whoever walked."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patrols", "0002_rounds")]

    operations = [migrations.RemoveField(model_name="stop", name="occurred_at")]
