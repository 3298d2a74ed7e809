"""Calling back at spread times: what tries there were, and whether they are enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.core.faults import Fault, Faults, number, texts
from lingka.core.rulebooks import Rulebook

Names = Mapping[str, str]
Body = Mapping[str, Any]
SAID = {"desk", "unit", "type"}  # what the script may name
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


def plan() -> Plan:
    """How calling back is done now."""
    return CALL_BACKS.now()


def _plan(raw: Body) -> Plan:
    return Plan(
        first_word=timedelta(hours=raw["first_word"]), tries=raw["tries"], times=raw["times"],
        days=raw["days"], windows=tuple(_window(key, one) for key, one in raw["windows"].items()),
        ends=frozenset(raw["ends"]), sampling=raw["sampling"], script=tuple(raw["script"]),
    )  # fmt: skip


def faults(raw: Body) -> Faults:
    """What speaks against doing it so."""
    yield from number("first_word", raw["first_word"], 0, 7 * 24)
    yield from number("tries", raw["tries"], 1, 20)
    yield from number("times", raw["times"], 1, min(raw["tries"], len(raw["windows"])))
    yield from number("days", raw["days"], 1, min(raw["tries"], 7))
    for key, one in raw["windows"].items():
        yield from _window_faults(f"windows.{key}", one)
    for name, most in (("above", 10**6), ("calls", 10**6), ("least", 100)):
        yield from number(f"sampling.{name}", raw["sampling"][name], 1, most)
    if not all(isinstance(one, str) for one in raw["ends"]):
        yield Fault("unknown_outcome", "ends", _("these are names of outcomes"))
    if not raw["script"]:
        yield Fault("empty", "script", _("nothing is said"))
    for at, line in enumerate(raw["script"], start=1):
        yield from texts(f"script.{at}", line)
        for said in line.values():
            names = {name for _text, name, _spec, _turn in Formatter().parse(said)} - {None}
            yield from (_unknown(f"script.{at}", f"{{{one}}}") for one in names - SAID)


def _unknown(where: str, name: str) -> Fault:
    return Fault("unknown_name", where, _("nothing is called “%(name)s”") % {"name": name})


def _window_faults(where: str, raw: Body) -> Faults:
    made = _window(where, raw)
    if not made.days or not made.days <= set(range(1, 8)):
        yield Fault("days", f"{where}.days", _("days of the week from 1 to 7"))
    if made.begins >= made.ends:
        yield Fault("times", where, _("ends before it begins"))
    yield from texts(f"{where}.label", made.label)


def _window(key: str, raw: Mapping[str, Any]) -> Window:
    begins, ends = time.fromisoformat(raw["from"]), time.fromisoformat(raw["until"])
    return Window(key, frozenset(raw["days"]), begins, ends, raw["label"])


CALL_BACKS = Rulebook(
    "call-backs", "windows", Path(__file__).parent / "data" / "call_backs.yaml",
    faults=faults, read=_plan,
)  # fmt: skip


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
