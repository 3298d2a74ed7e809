"""A plan run: the town is staffed, reports come in, the clocks go, and everything is counted."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count as Number
from simpy import Environment

from lingka.areas.selectors import PlaceInfo
from lingka.cases.models import Case, Stage
from lingka.core import clock, delivery
from lingka.simulation import checked, counting, jobs, supervising
from lingka.simulation.arriving import Arrivals
from lingka.simulation.checked import Queue
from lingka.simulation.counting import Count
from lingka.simulation.jobs import Round
from lingka.simulation.plan import Plan
from lingka.simulation.pools import Steps
from lingka.simulation.reckoning import Reckoning
from lingka.simulation.town import Town, served, staffed
from lingka.simulation.walking import Life
from lingka.units import selectors as units

HOUR, DAY = 60.0, 24 * 60.0
OPEN_STAGES = [one for one in Stage.values if one != Stage.CLOSED]
Tell = Callable[[str], None]


@dataclass
class Sample:
    """How it stood at one moment: jobs that wait, by staff; cases, by stage."""

    at: float
    waiting: dict[str, int]
    stages: dict[str, int]


@dataclass
class Simulation:
    """One run. `moment()` is what the clocks of the town show."""

    plan: Plan
    env: Environment = field(default_factory=Environment)
    samples: list[Sample] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    lives: dict[UUID, Life] = field(default_factory=dict)
    seconds: float = 0.0
    town: Town = field(init=False)
    arrivals: Arrivals = field(init=False)
    count: Count = field(init=False)
    reckoning: Reckoning = field(init=False)

    def __post_init__(self) -> None:
        self.look_every = float(self.plan.body["look_every"])
        self.count = Count(self)

    def moment(self) -> datetime:
        return self.plan.begin + timedelta(minutes=self.env.now)

    def minutes(self, moment: datetime) -> float:
        return (moment - self.plan.begin).total_seconds() / 60

    def run(
        self, places: list[PlaceInfo], rounds: Sequence[Round] = (), tell: Tell = lambda _t: None
    ) -> None:
        """Let the plan's days pass in a town that is there already."""
        began = time.monotonic()
        with clock.at(self.plan.begin):
            self.town = staffed(self.env, self.plan)
            office = units.default_calendar(self.plan.begin)
            self.reckoning = Reckoning(self.plan, served())
        self.arrivals = Arrivals(self.plan, places, office)
        self.env.process(self._reports())
        supervising.start(self)
        jobs.start(self, rounds)
        self.env.process(self._sampled(tell))
        self.env.process(checked.daily(self))
        self.env.run(until=self.plan.days * DAY)
        self._end()
        self.seconds = time.monotonic() - began

    def _reports(self) -> Steps:
        """Lives begin shortly before their report, so that few stand in the queue of events."""
        for report in self.arrivals.all():
            if report.at > self.env.now:
                yield self.env.timeout(report.at - self.env.now)
            self.env.process(Life(self, report).live())

    def _sampled(self, tell: Tell) -> Steps:
        month = 0
        while True:
            self.samples.append(self._sample())
            if self.moment().month != month:
                month = self.moment().month
                tell(f"{self.moment():%Y-%m-%d}  {len(self.count.numbers):6,} cases")
            yield self.env.timeout(HOUR)

    def _sample(self) -> Sample:
        rows = Case.objects.values_list("stage").annotate(number=Number("id"))
        return Sample(self.env.now, dict(counting.samples(self)), dict(rows))

    def _end(self) -> None:
        """Everything is heard before anything is counted."""
        with clock.at(self.moment()):
            jobs.wake_cases()
            delivery.run_until_idle()
        self.samples.append(self._sample())
        self.queues.append(checked.look(self))


def open_cases(stages: dict[str, Any]) -> int:
    return sum(number for stage, number in stages.items() if stage in OPEN_STAGES)
