"""A case that is over takes its notices with it."""

from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.notices.actions import end_with_case


@receiver("notices.end", CaseActed)
def end_with_its_case(event: StoredEvent) -> None:
    """When somebody else found the result right, or the case closed: whichever comes first."""
    data = event.data
    assert isinstance(data, CaseActed)
    checked = bool(data.changes.get("facts", {}).get("reopen_until"))
    if checked or (data.to_stage == "closed" != data.from_stage):
        end_with_case(event.stream_id)
