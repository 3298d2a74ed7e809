"""What a kind of case promises before it is reported: the deadlines that a report would start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lingka.cases import clocks
from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.selectors import catalogue
from lingka.core import clock
from lingka.units import selectors as units


@dataclass(frozen=True)
class Promise:
    """One deadline as it would be set now."""

    basis: str
    amount: int
    due: datetime


def promises(info: CaseTypeInfo) -> Mapping[str, Promise]:
    """Clocks that run from the report on, by name, counted from now in the town's own calendar."""
    now = clock.now()
    workflow = catalogue.workflow(catalogue.current("workflow", info.workflow))
    calendar = units.default_calendar(now)
    found = {}
    for effect, name in workflow.on_open:
        rule = catalogue.deadline(info.deadlines, name) if effect == "start_clock" else None
        if rule:
            amount = rule.get("amount", 0)
            due = clocks.due_at(rule["basis"], amount, now, calendar)
            found[name] = Promise(rule["basis"], amount, due)
    return found
