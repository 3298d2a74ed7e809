"""From events to ledgers: what enters one, and what is released to be shown in it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed, CaseOpened
from lingka.core.events import StoredEvent
from lingka.ledgers.models import Entry

LEDGERS = frozenset(Entry.Ledger.values)
# The action by which staff release a case for its ledger, and the names of the released words.
CLOSED = "closed"  # the stage
REOPENED = {"ended_at": None, "end": ""}
THANKS, NONE = "thank", "none"
TAKES_BACK = "take_down"  # by whoever wished
RELEASES = {"list": ("words", "protection"), "hang": ("words",)}


def take(events: Sequence[StoredEvent]) -> None:
    """Enter what was opened, and show what was released. Taken twice, it is the same."""
    opened = [one for one in events if isinstance(one.data, CaseOpened) and ledger_of(one.data)]
    if opened:
        _enter(opened)
    for one in events:
        data = one.data
        if not isinstance(data, CaseActed):
            continue
        if data.action in RELEASES:
            _show(one.stream_id, data, one)
        if data.action == TAKES_BACK:
            Entry.objects.filter(case=one.stream_id).update(shown_at=None, words=None)
        if data.action == THANKS:
            chosen = data.given["thanks"]
            thanks = "" if chosen == NONE else chosen
            Entry.objects.filter(case=one.stream_id).update(thanks=thanks)
        if (data.from_stage == CLOSED) != (data.to_stage == CLOSED):
            _end(one.stream_id, data, one)


def ledger_of(data: CaseOpened) -> str:
    """The ledger that a case stands in by the workflow it follows; "" for none.

    Not by its type: a part that was split off has a type too, and follows the way of parts.
    """
    workflow = cases.workflow_key(data.state["workflow"])
    return workflow if workflow in LEDGERS else ""


def _enter(events: Iterable[StoredEvent]) -> None:
    opened = {one.stream_id: one for one in events}
    agreed = cases.agreed_to_show(UUID(one.data.receipt) for one in opened.values())  # type: ignore[attr-defined]
    entries = [
        Entry(
            case=case, ledger=ledger_of(one.data), opened_at=one.occurred_at,  # type: ignore[arg-type]
            agreed=UUID(one.data.receipt) in agreed,  # type: ignore[attr-defined]
        )
        for case, one in opened.items()
    ]  # fmt: skip
    Entry.objects.bulk_create(entries, ignore_conflicts=True)


def _show(case: UUID, data: CaseActed, event: StoredEvent) -> None:
    kept = {one["name"]: one["content"] for one in data.texts}
    released = {name: kept.get(name) for name in RELEASES[data.action]}
    about = data.given.get("about", "")
    Entry.objects.filter(case=case).update(shown_at=event.recorded_at, about=about, **released)


def _end(case: UUID, data: CaseActed, event: StoredEvent) -> None:
    """It ended, or goes on after all."""
    over = data.to_stage == CLOSED
    ended = {"ended_at": event.recorded_at, "end": data.to_state} if over else REOPENED
    Entry.objects.filter(case=case).update(**ended)
