"""The way of a case as whoever reported it sees it: its stages in order, and when each began."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingka.cases.events import CaseActed, CaseOpened
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue
from lingka.core.events import StoredEvent
from lingka.core.text import pick

Past = Sequence[StoredEvent]
WAY = (Stage.INTAKE, Stage.DISPATCH, Stage.HANDLING, Stage.VERIFICATION, Stage.CLOSED)


@dataclass(frozen=True)
class Step:
    """One knot on the way: when it was reached, and whether the case is there now."""

    stage: str
    at: dt.datetime | None
    state: str  # "done", "now", "next"
    name: str = ""  # where the workflow has words of its own for it


def steps(case: Case, past: Past) -> list[Step]:
    """Return the way of a case: when each stage was reached first, and where it is now."""
    reached: dict[str, dt.datetime] = {}
    last = str(Stage.INTAKE)
    for event in past:
        stage = _stage_after(event)
        if stage in WAY:
            reached.setdefault(stage, event.occurred_at)
            last = stage
    here = case.stage if case.stage in WAY else last  # while suspended, where it was before
    at = [str(stage) for stage in WAY].index(here)
    names = catalogue.workflow(case.workflow_id).way
    return [
        _step(number, str(stage), at, reached, pick(names.get(stage, {})))
        for number, stage in enumerate(WAY)
    ]


def _step(number: int, stage: str, at: int, reached: Mapping[str, dt.datetime], name: str) -> Step:
    closed = stage == Stage.CLOSED and at == number
    state = "done" if number < at or closed else "now" if number == at else "next"
    return Step(stage, reached.get(stage) if number <= at else None, state, name)


def _stage_after(event: StoredEvent) -> str:
    if isinstance(event.data, CaseOpened):
        return str(event.data.state.get("stage", ""))
    return event.data.to_stage if isinstance(event.data, CaseActed) else ""
