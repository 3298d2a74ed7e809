"""On which day a place of a register was last seen: what was not for long is to be seen again."""

import datetime as dt

from django.db import migrations, models


def as_of_what_is_known(apps, editor):
    editor.execute("UPDATE patrols_entry SET seen_on = since")


class Migration(migrations.Migration):
    dependencies = [("patrols", "0007_rounds_without_minutes")]

    operations = [
        migrations.AddField(
            model_name="entry", name="seen_on",
            field=models.DateField(default=dt.date(1970, 1, 1)), preserve_default=False,
        ),
        migrations.RunPython(as_of_what_is_known, migrations.RunPython.noop),
    ]  # fmt: skip
