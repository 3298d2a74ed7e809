"""When and by whom a checklist was gone through is forgotten but for the day: it was a way."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

# In the order in which they came, which the keys will not say any more.
TURNS = """
UPDATE patrols_submission AS row SET turn = found.turn FROM (
    SELECT id, row_number() OVER (PARTITION BY stop_id ORDER BY id) AS turn
    FROM patrols_submission WHERE stop_id IS NOT NULL
) AS found WHERE found.id = row.id
"""
DAYS = "UPDATE patrols_submission SET day = (occurred_at AT TIME ZONE %s)::date"
KEYS = "UPDATE patrols_submission SET id = (random() * 5e17)::bigint"
# Photos that no case took, and what was written: of the day.
PHOTOS = """
UPDATE cases_attachment AS row SET id = (random() * 5e17)::bigint, created_at = look.day
FROM patrols_submission AS look
WHERE row.case_id IS NULL AND look.attachments ? row.uuid::text
"""
WORDS = """
UPDATE core_content SET created_at = date_trunc('day', created_at) WHERE id IN (
    SELECT answers FROM patrols_submission UNION SELECT words FROM patrols_stop
)
"""


def forget(apps, editor):
    with editor.connection.cursor() as sql:
        sql.execute(TURNS)
        sql.execute(DAYS, [settings.TIME_ZONE])
        for statement in (KEYS, PHOTOS, WORDS):
            sql.execute(statement)
        # What refers to these rows is checked now: a table with checks pending is not altered.
        sql.execute("SET CONSTRAINTS ALL IMMEDIATE")
        sql.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("patrols", "0003_stops_without_times"),
        ("cases", "0001_initial"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission", name="day",
            field=models.DateField(default=dt.date(1970, 1, 1)), preserve_default=False,
        ),
        migrations.AddField(
            model_name="submission", name="turn", field=models.SmallIntegerField(default=1)
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="submission", name="submission_place"),
        migrations.RemoveField(model_name="submission", name="occurred_at"),
        migrations.RemoveField(model_name="submission", name="submitted_at"),
        migrations.RemoveField(model_name="submission", name="submitted_by"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["place", "-day"], name="submission_place_day"),
        ),
    ]  # fmt: skip
