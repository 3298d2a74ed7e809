"""A deadline of one case as the plan's side keeps it: started, standing still, over, met."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lingka.simulation.reckoned_time import Office


@dataclass(eq=False)
class Tick:
    """Moments are seconds since 1970; what people do counts from the whole second on."""

    office: Office
    name: str
    basis: str
    started: int
    due: int
    paused: int | None = None
    left: int = 0
    stopped: int | None = None
    late: bool = False  # it is over, and was not met
    passed: bool = False  # it was over at some time, even if more time was given later

    @classmethod
    def begun(cls, office: Office, name: str, rule: Mapping[str, Any], at: float) -> "Tick":
        started = int(at)
        return cls(office, name, rule["basis"], started, office.due(rule, started))

    @property
    def runs(self) -> bool:
        return self.stopped is None and self.paused is None

    def pause(self, at: float) -> None:
        if self.runs:
            self.paused, self.left = int(at), self._left(at)

    def _left(self, at: float) -> int:
        if self.due <= at:
            return 0
        return int(self.due - at) if self.basis == "elapsed" else self.office.between(at, self.due)

    def resume(self, at: float) -> None:
        if self.paused is None or self.stopped is not None:
            return
        over, self.paused = self.due <= self.paused, None
        if not over:
            elapsed = self.basis == "elapsed"
            self.due = int(at) + self.left if elapsed else self.office.after(int(at), self.left)

    def stop(self, at: float) -> None:
        if self.stopped is None:
            self.resume(at)
            self.stopped = int(at)

    def agree(self, due: float, *, extended: bool) -> None:
        """Due on a day that somebody named; an extension never brings it forward."""
        self.due = max(int(due), self.due) if extended else int(due)
        self.late = self.late and not extended
        if self.paused is not None:
            self.left = self._left(self.paused)

    def look(self, at: float) -> None:
        """Somebody looks at the clock: is it over?"""
        if self.runs and self.due <= at:
            self.late = self.passed = True

    @property
    def verdict(self) -> str:
        if self.stopped is None:
            return "overdue" if self.late else "open"
        return "met" if self.stopped <= self.due else "missed"
