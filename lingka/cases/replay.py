"""The row is the fold of its events: folding them again must give the same row."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from lingka.cases import rows
from lingka.cases.events import CaseOpened
from lingka.cases.models import Case
from lingka.cases.workflow import CaseState, evolve
from lingka.core import verify
from lingka.core.events import EventData, StoredEvent


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


def faults(told: verify.Histories) -> Iterator[verify.Fault]:
    """Every case of these whose row, contents and events disagree, or whose row is gone."""
    held = {case.uuid: case for case in Case.objects.filter(uuid__in=list(told))}
    for uuid, history in told.items():
        if uuid not in held:
            yield verify.Fault(f"case {uuid}", "has events and no row")
        elif wrong := differences(held[uuid], history):
            text = f"differs from its events in {', '.join(wrong)}"
            yield verify.Fault(f"case {held[uuid].number}", text)
    yield from verify.contents_match(_hashes(told.values()))


def untold() -> Iterator[verify.Fault]:
    """Cases that no event tells of: somebody wrote the row by hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT held.number FROM cases_case held WHERE NOT EXISTS (SELECT FROM core_event"
            " told WHERE told.stream_id = held.uuid AND told.sequence = 1) LIMIT 1000"
        )
        for (number,) in cursor.fetchall():
            yield verify.Fault(f"case {number}", "has no events")


def _hashes(histories: Iterable[list[StoredEvent]]) -> dict[str, str]:
    """Content ids that events name, with the hash each was kept under."""
    texts = (getattr(event.data, "texts", ()) for history in histories for event in history)
    return {text["content"]: text["hash"] for several in texts for text in several}


def register() -> None:
    """Let `lingka verify` replay every case."""
    verify.register("case", faults, untold)
