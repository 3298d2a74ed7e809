"""Follows the clocks of a case through its events and reckons each deadline by minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lingka.cases import clocks, replay
from lingka.cases.events import ClocksRecomputed
from lingka.cases.workflow import CaseState, evolve
from lingka.core.events import StoredEvent
from tests.cases import naive
from tests.cases.naive import MINUTE, Week

Clock = Mapping[str, Any]


@dataclass
class Reckoner:
    """What each version of which calendar means, and whose calendar is which."""

    weeks: dict[int, Week] = field(default_factory=dict)  # by calendar version
    calendars: dict[int, int] = field(default_factory=dict)  # of each version
    of_unit: dict[int | None, int] = field(default_factory=dict)
    checked: int = 0

    def check(self, history: list[StoredEvent]) -> None:
        """Every change of every clock is what counting minutes gives."""
        state = CaseState()
        for event in history:
            before, changes = state, replay.changes_of(event.data)
            state = evolve(state, changes)
            for name, now in changes.get("clocks", {}).items():
                self._check(event, before, state, name, now)
                self.checked += 1

    def _check(
        self, event: StoredEvent, before: CaseState, after: CaseState, name: str, now: Clock
    ) -> None:
        old = before.clocks.get(name)
        at = event.recorded_at
        if isinstance(event.data, ClocksRecomputed):
            assert old
            assert (old["moved"], old["paused"], old["stopped"]) == (False, None, None)
            self._is_due(now, self._rule(now, _at(now["started"])), name)
        elif old is None or _anew(old, now):
            assert _at(now["started"]) == at
            if now["calendar"]:
                unit = clocks.parted(name)[1] or after.lead_unit
                whose = self.of_unit.get(unit, self.of_unit[None])
                assert self.calendars[now["calendar"]] == whose
            agreed = now["moved"] and _at(_named(after, name))
            self._is_due(now, agreed or self._rule(now, at), name)
            if now["paused"]:
                assert now["left"] == self._left(now, at, _at(now["due"]))
        else:
            self._goes_on(before, after, name, now, at)

    def _goes_on(
        self, before: CaseState, after: CaseState, name: str, now: Clock, at: datetime
    ) -> None:
        """A clock that ran or stood before: same calendar; due as before unless it is moved."""
        old = before.clocks[name]
        if old["calendar"]:
            assert self.calendars[now["calendar"]] == self.calendars[old["calendar"]]
        asked = before.facts.get("extension")
        if name == "resolve" and after.facts.get("promised") != before.facts.get("promised"):
            self._is_due(now, _at(after.facts["promised"]), name)
            return
        if old["paused"] and not now["paused"]:
            over = _at(old["due"]) <= _at(old["paused"])
            wanted = _at(old["due"]) if over else self._on(now, at, old["left"])
        elif asked and now["moved"] and now["due"] != old["due"]:
            assert name == "resolve"
            wanted = max(_at(asked["until"]), _at(old["due"]))
            if now["paused"]:
                assert now["left"] == self._left(now, _at(now["paused"]), wanted)
        else:
            wanted = _at(old["due"])
            if now["paused"] and not old["paused"]:
                assert now["left"] == self._left(now, at, wanted)
        self._is_due(now, wanted, name)

    def _rule(self, clock: Clock, start: datetime) -> datetime:
        return naive.due(clock["basis"], clock["amount"], start, self._week(clock))

    def _on(self, clock: Clock, at: datetime, left: int) -> datetime:
        if clock["basis"] == "elapsed":
            return at + timedelta(seconds=left)
        return self._week(clock).after(at, left // 60)

    def _left(self, clock: Clock, at: datetime, due: datetime) -> int:
        if due <= at:
            return 0
        if clock["basis"] == "elapsed":
            return int((due - at) / MINUTE) * 60
        return self._week(clock).between(at, due) * 60

    def _week(self, clock: Clock) -> Week:
        return self.weeks[clock["calendar"]] if clock["calendar"] else Week(())

    def _is_due(self, clock: Clock, wanted: datetime, name: str) -> None:
        assert _at(clock["due"]) == wanted, (name, dict(clock), wanted)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _named(state: CaseState, clock: str) -> str:
    """The day that somebody named for a clock."""
    day: str = (
        state.facts["supervised"]["until"] if clock == "supervise" else state.facts["promised"]
    )
    return day


def _anew(old: Clock, now: Clock) -> bool:
    """Started again: later, or after it had stopped, or as if it had never been moved."""
    return bool(
        old["started"] != now["started"]
        or (old["stopped"] and not now["stopped"])
        or (old["moved"] and not now["moved"])
    )
