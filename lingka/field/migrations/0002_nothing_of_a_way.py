"""Of what is settled the moments are forgotten, of a round's steps also place and order."""

from django.conf import settings
from django.db import migrations, models

DAYS = "UPDATE field_operation SET received_on = (received_at AT TIME ZONE %s)::date"
STEPS = """
UPDATE field_operation SET
    id = (random() * 5e17)::bigint, said = '', attachments = '{}',
    record = CASE kind WHEN 'checklist' THEN NULL ELSE record END,
    result = CASE WHEN kind = 'checklist' OR result IS NULL THEN result
        ELSE jsonb_build_object('round', result -> 'round', 'state', result -> 'state') END
WHERE status <> 'held' AND kind IN ('round_start', 'round_stop', 'round_end', 'checklist')
"""
ORDER = """
WITH steps AS (
    SELECT id, seq, row_number() OVER (PARTITION BY device_id, received_on ORDER BY seq) AS n,
        row_number() OVER (PARTITION BY device_id, received_on ORDER BY random()) AS mixed,
        device_id, received_on
    FROM field_operation
    WHERE status <> 'held' AND kind IN ('round_start', 'round_stop', 'round_end', 'checklist')
)
UPDATE field_operation AS row SET seq = other.seq FROM steps JOIN steps AS other
    ON (other.device_id, other.received_on, other.n)
     = (steps.device_id, steps.received_on, steps.mixed)
WHERE row.id = steps.id
"""
MOMENTS = """
UPDATE field_operation AS row SET
    occurred_at = NULL, occurred_offset = NULL, clock_difference = NULL, received_at = NULL
WHERE status <> 'held' AND NOT EXISTS (
    SELECT FROM unnest(row.attachments) AS named
    WHERE named NOT IN (SELECT attachment FROM field_upload WHERE used)
)
"""
FILES = """
UPDATE field_upload SET id = (random() * 5e17)::bigint, record = NULL, begun_at = NULL,
    verified_at = NULL
WHERE used
"""


def forget(apps, editor):
    with editor.connection.cursor() as sql:
        sql.execute(DAYS, [settings.TIME_ZONE])
        for statement in (STEPS, ORDER, MOMENTS, FILES):
            sql.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("field", "0001_phones")]

    operations = [
        migrations.AlterField("operation", "record", models.UUIDField(null=True)),
        migrations.AlterField("operation", "occurred_at", models.DateTimeField(null=True)),
        migrations.AlterField("operation", "occurred_offset", models.SmallIntegerField(null=True)),
        migrations.AlterField("operation", "clock_difference", models.FloatField(null=True)),
        migrations.AlterField("operation", "received_at", models.DateTimeField(null=True)),
        migrations.AlterField("upload", "record", models.UUIDField(null=True)),
        migrations.AlterField("upload", "begun_at", models.DateTimeField(null=True)),
        migrations.AddField("operation", "received_on", models.DateField(null=True)),
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AlterField("operation", "received_on", models.DateField()),
    ]
