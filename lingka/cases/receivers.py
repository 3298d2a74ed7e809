"""Reactions to what happens in the modules below."""

from datetime import date

from lingka.cases.actions.recomputing import plan_recomputing
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.units.events import CalendarVersionAdded


@receiver("cases.calendars", CalendarVersionAdded)
def calendar_changed(event: StoredEvent) -> None:
    """Plan it only: thousands of cases are not held in the transaction of a delivery."""
    data = event.data
    assert isinstance(data, CalendarVersionAdded)
    plan_recomputing(data.version_id, date.fromisoformat(data.valid_from))
