"""Reactions to what happens in the modules below."""

from collections.abc import Sequence

from lingka.cases.actions.recomputing import recompute_clocks
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver
from lingka.units.events import CalendarVersionAdded


@batch_receiver("cases.calendars", CalendarVersionAdded)
def calendar_changed(events: Sequence[StoredEvent]) -> None:
    """Deadlines that still run are computed anew in the calendar now in force."""
    del events  # whichever calendars they were: each case is compared with its own
    recompute_clocks()
