"""Between a case's row and its state: the row is the fold of its events, field by field."""

from datetime import datetime
from typing import Any

from lingka.cases import clocks
from lingka.cases.models import Case
from lingka.cases.workflow import CaseState
from lingka.core.events import Recorded

SAME = (
    "case_type", "channel", "number", "state", "stage", "owner", "urgent", "area_path", "clocks",
    "facts",
)  # fmt: skip
KEYS = {
    "catalogue": "catalogue_id",
    "workflow": "workflow_id",
    "grid": "grid_id",
    "place": "place_id",
    "desk_area": "desk_area_id",
    "lead_unit": "lead_unit_id",
}
TIMES = ("opened_at", "changed_at", "closed_at")
IDS = ("words", "location")


def state_of(case: Case) -> CaseState:
    """The state that a row stands for."""
    values: dict[str, Any] = {name: getattr(case, name) for name in SAME}
    values |= {name: getattr(case, column) for name, column in KEYS.items()}
    for name in TIMES:
        moment = getattr(case, name)
        values[name] = clocks.text(moment) if moment else None
    for name in IDS:
        value = getattr(case, name)
        values[name] = str(value) if value else None
    values["h3"] = f"{case.h3:x}" if case.h3 is not None else None
    return CaseState(**values, assignments=tuple(case.assignments))


def columns_of(state: CaseState) -> dict[str, Any]:
    """The row's columns for a state, those for queues and waking among them."""
    values: dict[str, Any] = {name: getattr(state, name) for name in SAME}
    values |= {column: getattr(state, name) for name, column in KEYS.items()}
    for name in TIMES:
        text = getattr(state, name)
        values[name] = clocks.moment(text) if text else None
    values |= {name: getattr(state, name) for name in IDS}
    values["h3"] = int(state.h3, 16) if state.h3 is not None else None
    values["clocks"], values["facts"] = dict(state.clocks), dict(state.facts)
    values["assignments"] = list(state.assignments)
    values["helpers"] = helpers(state)
    running = {name: dict(clock) for name, clock in state.clocks.items()}
    values["due_at"] = clocks.next_due(running)
    values["wake_at"] = wake_at(state)
    return values


def helpers(state: CaseState) -> list[int] | None:
    """The units that co-handle a case now; None, which no index holds, when there are none."""
    running = (one for one in state.assignments if one["kind"] == "co" and not one["ended"])
    return sorted({one["unit"] for one in running}) or None


def wake_at(state: CaseState) -> datetime | None:
    """When the engine must look at a case by itself: a clock, or the end of a suspension."""
    moments = [clocks.wake_at({name: dict(clock) for name, clock in state.clocks.items()})]
    if state.facts.get("resume_on"):
        moments.append(clocks.moment(state.facts["resume_on"]))
    return min((moment for moment in moments if moment), default=None)


def put(case: Case, state: CaseState, recorded: Recorded) -> None:
    """Set the row's columns from a state and its last event; the caller saves."""
    for name, value in columns_of(state).items():
        setattr(case, name, value)
    case.version, case.head = recorded.sequence, recorded.hash
