"""A case that is over takes its notices with it; one that is merged leaves them to the other, and
has them again when that is undone."""

from collections.abc import Sequence
from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed, CasesMerged, CasesParted
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver
from lingka.notices.actions import end_with_case, go_back_to, go_on_with
from lingka.notices.rules import WITH_CASE
from lingka.notices.selectors import with_notices

MERGED = "merged"  # the matter is not over: it goes on in another case


@batch_receiver("notices.end", CaseActed, CasesMerged, CasesParted)
def end_with_their_cases(events: Sequence[StoredEvent]) -> None:
    """When somebody else found the result right, or the case closed: whichever comes first."""
    moved = _moved(events)
    ended = [one for one in events if one.stream_id in moved or _ends(one.data)]
    concerned = moved | with_notices({one.stream_id for one in ended})
    for event in ended:
        if event.stream_id in concerned:
            _end_with_its_case(event)


def _moved(events: Sequence[StoredEvent]) -> set[UUID]:
    """Cases between which notices go over in these events."""
    found: set[UUID] = set()
    for one in events:
        if isinstance(one.data, CasesMerged | CasesParted):
            found |= {one.stream_id, UUID(one.data.merged)}
    return found


def _end_with_its_case(event: StoredEvent) -> None:
    data = event.data
    if isinstance(data, CasesMerged):
        if _over(UUID(data.merged)):  # told late, it may go on by itself again
            go_on_with(UUID(data.merged), event.stream_id)
    elif isinstance(data, CasesParted):
        go_back_to(UUID(data.merged), event.stream_id)
        return
    elif not _ends(data):
        return
    if case := _over(event.stream_id):  # told late, it may have been opened again meanwhile
        end_with_case(event.stream_id, case.state if case.state in WITH_CASE else "case")


def _over(uuid: UUID) -> cases.Standing | None:
    case = cases.standings([uuid]).get(uuid)
    return case if case is not None and case.over else None


def _ends(data: object) -> bool:
    if not isinstance(data, CaseActed):
        return False
    checked = bool(data.changes.get("facts", {}).get("reopen_until"))
    closed = data.to_stage == "closed" != data.from_stage
    return (checked or closed) and data.to_state != MERGED
