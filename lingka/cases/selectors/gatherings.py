"""The joint meetings of a case, as its desk page shows them."""

from dataclasses import dataclass

from lingka.cases import clocks, meetings
from lingka.cases.models import Case
from lingka.cases.rows import state_of
from lingka.cases.selectors.rows import unit_name
from lingka.core import clock, saying


@dataclass(frozen=True)
class Gathering:
    """One meeting: expected ahead, due to be recorded, or held; with whom, and who stayed away."""

    when: str
    state: str  # "ahead", "begun" or "held"
    units: list[str]
    away: list[str]


def gatherings(case: Case) -> list[Gathering]:
    """What is called comes first, then what was held, the newest first."""
    held = [
        Gathering(
            saying.moment(clocks.moment(one["at"])), "held",
            [unit_name(unit) for unit in one["came"]], [unit_name(unit) for unit in one["away"]],
        )
        for one in reversed(case.facts.get("meetings", ()))
    ]  # fmt: skip
    called = case.facts.get("meeting")
    if not called:
        return held
    at = clocks.moment(called["at"])
    state = "ahead" if at > clock.now() else "begun"
    units = [unit_name(unit) for unit in meetings.expected(state_of(case))]
    return [Gathering(saying.when(at), state, units, []), *held]
