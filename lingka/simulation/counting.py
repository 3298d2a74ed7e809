"""What happens during a run, as it happens."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from lingka.cases.models import Case
from lingka.cases.selectors import catalogue

if TYPE_CHECKING:
    from lingka.simulation.running import Simulation
    from lingka.simulation.walking import Report

Line = tuple[float, int, str, str]  # minutes, the report's number, what was done, the state after


@dataclass
class Count:
    """A diary that is the same for the same seed, and counts of what was done or refused."""

    sim: "Simulation"
    diary: list[Line] = field(default_factory=list)
    taken: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # workflow, state, action
    refused: Counter[str] = field(default_factory=Counter)
    stale: int = 0  # jobs that somebody else had done meanwhile
    numbers: dict[UUID, int] = field(default_factory=dict)

    def opened(self, uuid: UUID, report: "Report") -> None:
        self.numbers[uuid] = report.number
        self.diary.append((round(self.sim.env.now, 3), report.number, report.case_type, ""))

    def acted(self, uuid: UUID, case: Case, action: str, state: str) -> None:
        flow = catalogue.workflow(case.workflow_id).key
        self.taken[flow, case.state, action] += 1
        self.diary.append((round(self.sim.env.now, 3), self.numbers[uuid], action, state))


def samples(sim: "Simulation") -> Mapping[str, int]:
    """How many jobs wait now, by group of staff."""
    found: Counter[str] = Counter()
    for pool in sim.town.pools:
        found[pool.group] += len(pool.queue)
    return found
