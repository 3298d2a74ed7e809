"""A case that is over takes its notices with it; one that is merged leaves them to the other, and
has them again when that is undone."""

from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed, CasesMerged, CasesParted
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.notices.actions import end_with_case, go_back_to, go_on_with
from lingka.notices.rules import WITH_CASE

MERGED = "merged"  # the matter is not over: it goes on in another case


@receiver("notices.end", CaseActed, CasesMerged, CasesParted)
def end_with_its_case(event: StoredEvent) -> None:
    """When somebody else found the result right, or the case closed: whichever comes first."""
    data = event.data
    if isinstance(data, CasesMerged):
        if _over(UUID(data.merged)):  # told late, it may go on by itself again
            go_on_with(UUID(data.merged), event.stream_id)
    elif isinstance(data, CasesParted):
        go_back_to(UUID(data.merged), event.stream_id)
        return
    elif not (isinstance(data, CaseActed) and _ends(data)):
        return
    if case := _over(event.stream_id):  # told late, it may have been opened again meanwhile
        end_with_case(event.stream_id, case.state if case.state in WITH_CASE else "case")


def _over(uuid: UUID) -> cases.Standing | None:
    case = cases.standings([uuid]).get(uuid)
    return case if case is not None and case.over else None


def _ends(data: CaseActed) -> bool:
    checked = bool(data.changes.get("facts", {}).get("reopen_until"))
    closed = data.to_stage == "closed" != data.from_stage
    return (checked or closed) and data.to_state != MERGED
