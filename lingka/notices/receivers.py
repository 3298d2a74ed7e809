"""A case that is over takes its notices with it; one that is merged leaves them to the other."""

from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed, CasesMerged
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.notices.actions import end_with_case, go_on_with

MERGED = "merged"  # the matter is not over: it goes on in another case


@receiver("notices.end", CaseActed, CasesMerged)
def end_with_its_case(event: StoredEvent) -> None:
    """When somebody else found the result right, or the case closed: whichever comes first."""
    data = event.data
    if isinstance(data, CasesMerged):
        go_on_with(UUID(data.merged), event.stream_id)
    elif not (isinstance(data, CaseActed) and _ends(data)):
        return
    case = cases.standings([event.stream_id]).get(event.stream_id)
    if case is not None and case.over:  # told late, it may have been opened again meanwhile
        end_with_case(event.stream_id)


def _ends(data: CaseActed) -> bool:
    checked = bool(data.changes.get("facts", {}).get("reopen_until"))
    closed = data.to_stage == "closed" != data.from_stage
    return (checked or closed) and data.to_state != MERGED
