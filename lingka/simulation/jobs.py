"""The engine's own rounds: its periodic jobs, at simulated times, and the receivers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock, delivery
from lingka.simulation.pools import Steps

if TYPE_CHECKING:
    from lingka.simulation.running import Simulation

SELDOM, DAY = 6 * 60.0, 24 * 60.0
BATCH = 500


@dataclass(frozen=True)
class Round:
    """Something that is done again and again, every so many minutes."""

    name: str
    every: float
    do: Callable[[], object]


def wake_cases() -> None:
    """Warn, escalate, resume and close whatever is due; mostly nothing is."""
    while Case.objects.filter(wake_at__lte=clock.now()).exists():
        if not cases.due_now(BATCH):
            return


def start(sim: "Simulation", others: Sequence[Round]) -> None:
    """Set all rounds going; the engine's clocks are among them always."""
    rounds = [
        Round("clocks", sim.look_every, wake_cases),
        Round("receivers", float(sim.plan.body["deliver_every"]), delivery.run_until_idle),
        *others,
    ]
    for one in rounds:
        sim.env.process(_again(sim, one))


def _again(sim: "Simulation", one: Round) -> Steps:
    while True:
        yield sim.env.timeout(one.every)
        with clock.at(sim.moment()):
            one.do()


def stretched(cron: str) -> float:
    """Minutes between two runs of a job with this schedule, at least a quarter of a day.

    A simulated half-year has 260,000 minutes, and none of these jobs moves a case within some.
    """
    _minute, hour, *_days = cron.split()
    return SELDOM if hour == "*" else DAY
