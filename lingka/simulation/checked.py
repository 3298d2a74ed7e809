"""Planned and shown: the plan's side of a run beside what the product's pages read.

Every line is one figure, reckoned twice: from what people did (`reckoning`), and by the engine,
its receivers and its rates. A run in which two of them differ is no proof, and ends as a failure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from lingka.areas import selectors as areas
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import catalogue
from lingka.insight.periods import Period, month_of
from lingka.insight.selectors import boards
from lingka.simulation import reckoning
from lingka.simulation.pools import Steps

if TYPE_CHECKING:
    from lingka.simulation.running import Simulation

DAY, BEFORE_MIDNIGHT = 24 * 60.0, 7.5  # a moment at which the engine looks at nothing
STANDING = (*Stage.values, "late")
Figures = dict[str, Any]


@dataclass(frozen=True)
class Queue:
    """How it stood at the end of a day, reckoned and shown."""

    day: date
    planned: Mapping[str, int]
    shown: Mapping[str, int]


def daily(sim: "Simulation") -> Steps:
    """Note both at the end of each day."""
    yield sim.env.timeout(DAY - BEFORE_MIDNIGHT)
    while True:
        sim.queues.append(look(sim))
        yield sim.env.timeout(DAY)


def look(sim: "Simulation") -> Queue:
    now = sim.moment()
    rows = Case.objects.order_by().values_list("stage", "due_at")
    stages = [(stage, due) for stage, due in rows if stage != Stage.CLOSED]
    late = sum(due is not None and due < now and stage != Stage.SUSPENDED for stage, due in stages)
    shown = Counter(stage for stage, _due in rows)
    return Queue(now.date(), sim.reckoning.queue(now.timestamp()), dict(shown) | {"late": late})


def lines(sim: "Simulation", clocks: list[Figures]) -> list[Figures]:
    """Every figure that was reckoned twice; `clocks` as the figures of the run have them."""
    every = (*_flows(sim), *_queues(sim), *_clocks(sim, clocks), *_rates(sim))
    return [{"what": what, "planned": planned, "shown": shown} for what, planned, shown in every]


def differing(found: list[Figures]) -> list[Figures]:
    return [one for one in found if one["planned"] != one["shown"]]


Line = tuple[str, str, str]


def _flows(sim: "Simulation") -> Iterator[Line]:
    planned = sim.reckoning.flows()
    ids = Case.objects.values_list("workflow_id", flat=True)
    shown = Counter(catalogue.workflow(one).key for one in ids)
    for key in sorted(planned | shown):
        yield f"cases of {key}", str(planned[key]), str(shown[key])


def _queues(sim: "Simulation") -> Iterator[Line]:
    for one in sim.queues:
        yield f"{one.day}: {', '.join(STANDING)}", _standing(one.planned), _standing(one.shown)


def _standing(given: Mapping[str, int]) -> str:
    return " ".join(str(given.get(name, 0)) for name in STANDING)


def _clocks(sim: "Simulation", clocks: list[Figures]) -> Iterator[Line]:
    planned = sim.reckoning.clocks()
    shown = {one["key"]: (one["started"], one["over"]) for one in clocks}
    for key in sorted(planned.keys() | shown.keys()):
        begun, told = planned.get(key, (0, 0)), shown.get(key, (0, 0))
        yield f"deadline {key}", _passed(begun), _passed(told)


def _passed(told: tuple[int, int]) -> str:
    return f"{told[0]} begun, {told[1]} passed"


def _rates(sim: "Simulation") -> Iterator[Line]:
    """Each rate of each month, and the cases that are left out of all."""
    shown = _months(sim)
    planned = sim.reckoning.months()
    for month in sorted(planned.keys() | shown.keys()):
        counted, told = planned.get(month, Counter()), shown.get(month, {})
        for name in reckoning.PARTS_OF:
            yield f"{month} {name}", _of(reckoning.rate(name, counted)), _of(told.get(name, (0, 0)))
        aside = sum(number for name, number in counted.items() if name.startswith("left out"))
        yield f"{month} left out", str(aside), str(told.get("left_out", 0))


def _of(parts: tuple[int, int]) -> str:
    return f"{parts[0]} of {parts[1]}"


def _months(sim: "Simulation") -> dict[str, dict[str, Any]]:
    """What the board of rates shows of the whole town, month by month."""
    found: dict[str, dict[str, Any]] = {}
    first, last = month_of(sim.plan.begin.date()), sim.moment().date()
    while first.first <= last:
        scope = boards.Scope(Period(first.first, 1), areas.roots()[0])
        one = boards.total(boards.board(scope, "month").months, scope.period)
        rates = {rate.key: rate.parts(one.tally) for rate in scope.definition.rates}
        found[f"{first.first:%Y-%m}"] = rates | {"left_out": one.left_out}
        first = first.after
    return {month: told for month, told in found.items() if any(map(_some, told.values()))}


def _some(told: Any) -> bool:
    return any(told) if isinstance(told, tuple) else bool(told)
