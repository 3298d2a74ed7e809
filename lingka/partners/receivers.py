"""Counts exceptions from duty lists, as they happen: the burden that is put on streets and
communities. Units, articles and months; nothing about persons."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver

ACTION = "except_duty"
# Delivered twice, an event counts once: what is counted already lies below `last_position`.
_COUNT = """
INSERT INTO partners_override (month, duty_list, article, unit_id, count, last_position)
VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (month, duty_list, article, unit_id) DO UPDATE
SET count = partners_override.count + 1, last_position = excluded.last_position
WHERE partners_override.last_position < excluded.last_position
"""


@receiver("partners.overrides", CaseActed)
def count_overrides(event: StoredEvent) -> None:
    """One more for the month, article and unit of an exception."""
    data = event.data
    if not isinstance(data, CaseActed) or data.action != ACTION:
        return
    made = data.changes["facts"]["exceptions"][-1]
    local = event.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    values = [
        date(local.year, local.month, 1), made["list"], made["article"], made["unit"],
        event.position,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
