"""Counts exceptions from duty lists, as they happen: the burden that is put on streets and
communities. Units, articles and months; nothing about persons."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.partners import calls
from lingka.partners.models import Override

ACTION = "except_duty"


@receiver("partners.overrides", CaseActed)
def count_overrides(event: StoredEvent) -> None:
    """One more for the month, article and unit of an exception."""
    data = event.data
    if not isinstance(data, CaseActed) or data.action != ACTION:
        return
    made = data.changes["facts"]["exceptions"][-1]
    local = event.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    told = Override(
        position=event.position, month=date(local.year, local.month, 1),
        duty_list=made["list"], article=made["article"], unit_id=made["unit"],
    )  # fmt: skip
    Override.objects.bulk_create([told], ignore_conflicts=True)


@receiver("partners.calls", CaseActed)
def count_calls(event: StoredEvent) -> None:
    """How often streets and communities call, for those who look after them."""
    calls.count(event)
