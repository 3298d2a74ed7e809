"""Reactions to what happens in the modules below."""

from collections.abc import Sequence
from datetime import date

from lingka.cases.actions.performing import perform
from lingka.cases.actions.recomputing import plan_recomputing
from lingka.cases.events import CaseActed
from lingka.cases.models import Case, Stage
from lingka.core.actors import SYSTEM
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver, receiver
from lingka.units.events import CalendarVersionAdded


@receiver("cases.calendars", CalendarVersionAdded)
def calendar_changed(event: StoredEvent) -> None:
    """Plan it only: thousands of cases are not held in the transaction of a delivery."""
    data = event.data
    assert isinstance(data, CalendarVersionAdded)
    plan_recomputing(data.version_id, date.fromisoformat(data.valid_from))


@batch_receiver("cases.parts", CaseActed)
def whole_ended(events: Sequence[StoredEvent]) -> None:
    """A case was withdrawn: nobody need go on with a part of it. One statement a batch."""
    ended = {event.stream_id for event in events if _ended(event)}
    if not ended:
        return
    for whole in Case.objects.filter(uuid__in=ended, stage=Stage.CLOSED, facts__has_key="parts"):
        left = set(whole.facts["parts"]) - set(whole.facts.get("ended", {}))
        for uuid in Case.objects.filter(uuid__in=left).values_list("uuid", flat=True):
            perform(uuid, "drop", actor=SYSTEM)


def _ended(event: StoredEvent) -> bool:
    data = event.data
    assert isinstance(data, CaseActed)
    return data.to_stage == Stage.CLOSED != data.from_stage
