"""A case at another time: its moments some working days earlier or later.

Every moment keeps its time of day and its distance in working days from the others, so that
deadlines counted in working time fall where the calendar says. What counts elapsed time keeps its
distance from where it began. Where both cannot hold, or the order of events would change, the case
does not go there.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from lingka.demo.copying import Pattern
from lingka.units.calendars import WorkCalendar

Times = Mapping[datetime, datetime]


@dataclass
class Days:
    """The days of a calendar, told by the working day that a day is, or follows."""

    working: list[date]
    zone: ZoneInfo

    @classmethod
    def of(cls, calendar: WorkCalendar, first: date, last: date, zone: ZoneInfo) -> "Days":
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        return cls([day for day in days if calendar.is_working_day(day)], zone)

    def place(self, day: date) -> tuple[int, int]:
        """Number of the working day, and how many days after it."""
        number = bisect_right(self.working, day) - 1
        return number, (day - self.working[number]).days

    def day(self, number: int, after: int) -> date | None:
        """The day so many free days after a working day; None where there are not so many."""
        if not 0 <= number < len(self.working) - 1:
            return None
        found = self.working[number] + timedelta(days=after)
        return found if found < self.working[number + 1] else None


@dataclass(frozen=True)
class Course:
    """What moving a case needs to know of it."""

    opened: datetime
    moments: dict[datetime, list[str]]  # with the texts that name them
    anchors: dict[datetime, datetime] = field(default_factory=dict)  # elapsed time counts from here
    loose: frozenset[datetime] = frozenset()  # far ends that no event waits for


def course(pattern: Pattern) -> Course:
    """The moments of a pattern, and which of them hang on others."""
    moments: dict[datetime, list[str]] = {}
    for text in pattern.moments:
        moments.setdefault(_parsed(text), []).append(text)
    anchors: dict[datetime, datetime] = {}
    loose = set()
    for envelope in (json.loads("".join(cut.pieces)) for cut in pattern.events):
        data = envelope["data"]
        changes = data.get("state") or data.get("changes") or {}
        for one in changes.get("clocks", {}).values():
            if one["basis"] == "elapsed" and not one["moved"]:
                anchors[_parsed(one["due"])] = _parsed(one["started"])
        until = changes.get("facts", {}).get("reopen_until")
        if until:
            anchors[_parsed(until)] = _parsed(changes["changed_at"])
            loose.add(_parsed(until))
        if data.get("action") == "close" and envelope["actor"]["kind"] == "system":
            due = changes["clocks"]["rate"]["due"]
            anchors[_parsed(envelope["recorded_at"])] = _parsed(due)
        told = changes.get("clocks", {}).get(data.get("clock"), {})
        if told.get("basis") == "elapsed":  # a warning, or that it is over
            anchors[_parsed(envelope["recorded_at"])] = _parsed(told["started"])
    return Course(pattern.case.opened_at.replace(microsecond=0), moments, anchors, frozenset(loose))


def _parsed(text: str) -> datetime:
    """To the second: the same moment is written with and without its fraction."""
    return datetime.fromisoformat(text[:19].replace(" ", "T") + "+00:00")


def moved(case: Course, days: Days, to: date) -> dict[str, str] | None:
    """The texts of all moments when the case is opened on this day; None where it cannot be."""
    first, rest = days.place(case.opened.astimezone(days.zone).date())
    number, after = days.place(to)
    if bool(rest) != bool(after):
        return None
    steps, shift = number - first, after - rest
    found: dict[datetime, datetime] = {}
    for moment in case.moments:
        if moment not in case.anchors:
            local = moment.astimezone(days.zone)
            at, past = days.place(local.date())
            past += shift if at == first and past else 0
            day = days.day(at + steps, past)
            if day is None or past < 0:
                return None
            found[moment] = moment + (day - local.date())
    for moment in case.anchors.keys() & case.moments.keys():
        found[moment] = _anchored(moment, case, found)
    return dict(_texts(case, found)) if _in_order(case, found) else None


def _anchored(moment: datetime, case: Course, found: Times) -> datetime:
    anchor = case.anchors[moment]
    if anchor in case.anchors and anchor != moment:
        return _anchored(anchor, case, found) + (moment - anchor)
    return found.get(anchor, anchor) + (moment - anchor)


def _in_order(case: Course, found: Times) -> bool:
    """Whether nothing overtakes another: what was in time is so, and what was late is late."""
    told = [found[one] for one in sorted(case.moments.keys() - case.loose)]
    return all(before <= after for before, after in pairwise(told))


def _texts(case: Course, found: Times) -> Iterator[tuple[str, str]]:
    for moment, texts in case.moments.items():
        shown = found[moment].strftime("%Y-%m-%dT%H:%M:%S")
        for text in texts:
            yield text, shown.replace("T", text[10]) + text[19:]
