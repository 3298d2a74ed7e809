"""On which day an entry was last written here, so that phones are sent only what changed."""

import datetime as dt

from django.db import migrations, models


def as_of_what_is_known(apps, editor):
    editor.execute("UPDATE patrols_entry SET written_on = seen_on")


class Migration(migrations.Migration):
    dependencies = [("patrols", "0008_seen_again")]

    operations = [
        migrations.AddField(
            model_name="entry", name="written_on",
            field=models.DateField(default=dt.date(1970, 1, 1)), preserve_default=False,
        ),
        migrations.RunPython(as_of_what_is_known, migrations.RunPython.noop),
    ]  # fmt: skip
