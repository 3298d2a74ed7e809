"""The row is the fold of its events: folding them again must give the same row."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from lingka.cases import rows
from lingka.cases.events import CaseOpened
from lingka.cases.models import Case
from lingka.cases.workflow import CaseState, evolve
from lingka.core import events, verify
from lingka.core.events import EventData, StoredEvent

BATCH = 500


def fold(history: list[StoredEvent]) -> CaseState:
    """The state after all events of one case."""
    state = CaseState()
    for event in history:
        state = evolve(state, changes_of(event.data))
    return state


def changes_of(data: EventData) -> dict[str, Any]:
    """What an event changed; an opening brings the whole first state."""
    if isinstance(data, CaseOpened):
        return data.state
    changes: dict[str, Any] = getattr(data, "changes", {})
    return changes


def differences(case: Case, history: list[StoredEvent]) -> list[str]:
    """Columns in which a row is not what its events say, by name."""
    if not history:
        return ["events"]
    folded = rows.columns_of(fold(history))
    held = rows.columns_of(rows.state_of(case)) | {
        "due_at": case.due_at,
        "helpers": case.helpers,
        "wake_at": case.wake_at,
    }
    wrong = [name for name, value in folded.items() if held[name] != value]
    if case.version != history[-1].sequence:
        wrong.append("version")
    return wrong


def faults() -> Iterator[verify.Fault]:
    """Every case whose row, contents and events disagree, and every one whose row is gone."""
    yield from _without_rows()
    last = 0
    while batch := list(Case.objects.filter(id__gt=last).order_by("id")[:BATCH]):
        last = batch[-1].id
        told = events.histories([case.uuid for case in batch])
        for case in batch:
            if wrong := differences(case, told.get(case.uuid, [])):
                text = f"differs from its events in {', '.join(wrong)}"
                yield verify.Fault(f"case {case.number}", text)
        yield from verify.contents_match(_hashes(told.values()))


def _hashes(histories: Iterable[list[StoredEvent]]) -> dict[str, str]:
    """Content ids that events name, with the hash each was kept under."""
    texts = (getattr(event.data, "texts", ()) for history in histories for event in history)
    return {text["content"]: text["hash"] for several in texts for text in several}


def _without_rows() -> Iterator[verify.Fault]:
    """Cases that have events and no row: somebody deleted it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT told.stream_id FROM core_event told WHERE told.stream = 'case'"
            " AND told.sequence = 1 AND NOT EXISTS"
            " (SELECT FROM cases_case held WHERE held.uuid = told.stream_id) LIMIT 1000"
        )
        for (uuid,) in cursor.fetchall():
            yield verify.Fault(f"case {uuid}", "has events and no row")


def register() -> None:
    """Let `lingka verify` replay every case."""
    verify.register("cases", faults)
