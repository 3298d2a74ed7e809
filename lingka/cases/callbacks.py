"""Calling back at spread times: what tries there were, and whether they are enough. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from lingka.core import datafiles

Names = Mapping[str, str]
Tries = Sequence[Mapping[str, str]]  # {"at", "outcome"}


@dataclass(frozen=True)
class Window:
    """A time of day, on some days of the week, at which people are called."""

    key: str
    days: frozenset[int]
    begins: time
    ends: time
    label: Names

    def holds(self, local: datetime) -> bool:
        return local.isoweekday() in self.days and self.begins <= local.time() < self.ends


@dataclass(frozen=True)
class Plan:
    """How calling back is done, as data/call_backs.yaml has it."""

    first_word: timedelta
    tries: int
    times: int
    days: int
    windows: tuple[Window, ...]
    ends: frozenset[str]
    sampling: Mapping[str, int]
    script: tuple[Names, ...]


@cache
def plan() -> Plan:
    raw = datafiles.read(Path(__file__).parent / "data" / "call_backs.yaml")
    return Plan(
        first_word=timedelta(hours=raw["first_word"]), tries=raw["tries"], times=raw["times"],
        days=raw["days"], windows=tuple(_window(key, one) for key, one in raw["windows"].items()),
        ends=frozenset(raw["ends"]), sampling=raw["sampling"], script=tuple(raw["script"]),
    )  # fmt: skip


def _window(key: str, raw: Mapping[str, Any]) -> Window:
    begins, ends = time.fromisoformat(raw["from"]), time.fromisoformat(raw["until"])
    return Window(key, frozenset(raw["days"]), begins, ends, raw["label"])


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def window_of(moment: datetime) -> Window | None:
    """The time of day in which a moment falls; None outside all of them."""
    here = local(moment)
    return next((one for one in plan().windows if one.holds(here)), None)


def slots(tries: Tries) -> set[tuple[str, str]]:
    """Day and time of day of each try; two tries in one slot are one, and none outside counts."""
    found = set()
    for one in tries:
        moment = datetime.fromisoformat(one["at"])
        window = window_of(moment)
        if window:
            found.add((local(moment).date().isoformat(), window.key))
    return found


def enough(tries: Tries) -> bool:
    """May it be said now that the resident was not reached?"""
    by = plan()
    if any(one["outcome"] in by.ends for one in tries):
        return True
    made = slots(tries)
    days, times = ({one[part] for one in made} for part in (0, 1))
    return len(made) >= by.tries and len(times) >= by.times and len(days) >= by.days


def next_window(tries: Tries, since: datetime) -> tuple[datetime, Window]:
    """When to try next, from a moment on: at another time than before, and as soon as that is."""
    made = slots(tries)
    used = {key for _day, key in made}
    spread = len(used) < plan().times and bool(made)
    coming = [
        one for one in _coming(since) if (local(one[0]).date().isoformat(), one[1].key) not in made
    ]
    fresh = [one for one in coming if one[1].key not in used]
    return (fresh if spread and fresh else coming)[0]


def _coming(since: datetime) -> list[tuple[datetime, Window]]:
    """The windows of the week ahead with the moment from which each can be used, in order."""
    here = local(since)
    found = []
    for step in range(8):
        day = here.date() + timedelta(days=step)
        for one in plan().windows:
            begins = datetime.combine(day, one.begins, here.tzinfo)
            ends = datetime.combine(day, one.ends, here.tzinfo)
            if day.isoweekday() in one.days and ends > here:
                found.append((max(begins, here), one))
    return sorted(found, key=lambda pair: pair[0])
