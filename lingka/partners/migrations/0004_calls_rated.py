"""Calls keep what both sides said of each other; what was said so far is read from the events."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The case's own call, counted before, tells the workflow and who called.
FILL = """
INSERT INTO partners_call
    (position, month, workflow, area_id, said, case_uuid, unit_id, lawful, in_time, solved)
SELECT told.position, date_trunc('month', told.recorded_at AT TIME ZONE %s)::date,
    called.workflow, called.area_id,
    CASE told.data ->> 'action' WHEN 'rate_call' THEN 'of_call' ELSE 'of_unit' END,
    told.stream_id,
    COALESCE(told.data -> 'given' ->> 'helper', told.data ->> 'unit')::bigint,
    (told.data -> 'given' ->> 'justified')::boolean,
    (told.data -> 'given' ->> 'in_time')::boolean,
    (told.data -> 'given' ->> 'solved')::boolean
FROM core_event told CROSS JOIN LATERAL (
    SELECT held.workflow, held.area_id
    FROM core_event first JOIN partners_call held ON held.position = first.position
    WHERE first.stream_id = told.stream_id AND held.said = 'called'
    ORDER BY first.position LIMIT 1
) called
WHERE told.type = 'cases.CaseActed' AND told.data ->> 'action' IN ('rate_call', 'rate_unit')
ON CONFLICT (position) DO UPDATE SET case_uuid = EXCLUDED.case_uuid, unit_id = EXCLUDED.unit_id
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE partners_call SET said = 'of_call' WHERE NOT lawful")
        cursor.execute(FILL, [settings.TIME_ZONE])


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("partners", "0003_calls"),
        ("units", "0003_duty_lists"),
    ]

    operations = [
        migrations.AddField(
            "Call",
            "said",
            models.CharField(
                choices=[("called", "Called"), ("of_call", "Of Call"), ("of_unit", "Of Unit")],
                default="called",
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AddField("Call", "case_uuid", models.UUIDField(null=True)),
        migrations.AddField(
            "Call",
            "unit",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
            ),
        ),
        migrations.AlterField("Call", "lawful", models.BooleanField(null=True)),
        migrations.AddField("Call", "in_time", models.BooleanField(null=True)),
        migrations.AddField("Call", "solved", models.BooleanField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
