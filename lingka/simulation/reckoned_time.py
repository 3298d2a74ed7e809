"""Deadlines by a plan's own office hours: counted day by day, with nothing of the engine's.

A second reckoning is worth something only where it is another one. This one walks through lists of
opening hours as somebody with a wall calendar would; it is slow, and short enough to be read.
Moments are seconds since 1970.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings

from lingka.simulation.plan import Plan

MINUTE, HOUR = 60, 3600
BEFORE, AFTER = timedelta(days=40), timedelta(days=400)  # deadlines reach beyond a plan's days
WORKING_WEEK = 5
Span = tuple[int, int]  # from when to when an office is open


class Office:
    """When the offices of a plan's town are open."""

    def __init__(self, plan: Plan) -> None:
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.first = plan.begin.date() - BEFORE
        self.last = plan.begin.date() + timedelta(days=plan.days) + AFTER
        given: Mapping[str, Any] = plan.body["office"]
        self.hours = [(_minutes(opens), _minutes(closes)) for opens, closes in given["hours"]]
        self.country = str(given["country"])
        self.closed = set(plan.days_off)
        for day, length in given["closed"].items():
            self.closed |= {_day(day) + timedelta(days=step) for step in range(int(length))}

    @cached_property
    def days(self) -> dict[date, list[Span]]:
        """The opening hours of every working day, in order."""
        every = (self.last - self.first).days
        days = (self.first + timedelta(days=step) for step in range(every))
        return {day: self._spans(day) for day in days if self.is_open(day)}

    @cached_property
    def spans(self) -> list[Span]:
        return [span for several in self.days.values() for span in several]

    def is_open(self, day: date) -> bool:
        if day in self.closed:
            return False
        free, made_up = self._public(day.year)
        return day in made_up or (day.weekday() < WORKING_WEEK and day not in free)

    def _public(self, year: int) -> tuple[set[date], set[date]]:
        """A year's public holidays, and the days worked to make up for them."""
        if year not in self._years:
            known = holidays.country_holidays(self.country, years=year) if self.country else {}
            self._years[year] = set(known), set(getattr(known, "weekend_workdays", ()))
        return self._years[year]

    @cached_property
    def _years(self) -> dict[int, tuple[set[date], set[date]]]:
        return {}

    def _spans(self, day: date) -> list[Span]:
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())
        return [(midnight + opens * MINUTE, midnight + ends * MINUTE) for opens, ends in self.hours]

    # -- counting -----------------------------------------------------------------------------

    def local(self, at: float) -> date:
        return datetime.fromtimestamp(at, self.zone).date()

    def due(self, rule: Mapping[str, Any], since: int) -> int:
        """When a deadline that begins at a moment is over."""
        basis, amount = rule["basis"], rule.get("amount", 0)
        if basis == "elapsed":
            return since + int(amount * MINUTE)
        if basis == "working_hours":
            return self.after(since, round(amount * HOUR))
        if basis == "working_days":
            later = (close for day, close in self._closes() if day > self.local(since))
            return next(close for number, close in enumerate(later, 1) if number >= amount)
        same: Callable[[date], tuple[int, ...]] = (
            (lambda day: day.isocalendar()[:2]) if basis == "end_of_week"
            else (lambda day: (day.year, day.month))
        )  # fmt: skip
        return self._end_of(since, same)

    def _closes(self) -> Iterator[tuple[date, int]]:
        return ((day, spans[-1][1]) for day, spans in self.days.items())

    def _end_of(self, since: int, same: Callable[[date], tuple[int, ...]]) -> int:
        """The close of the last working day of a week or month, if it is still ahead."""
        ends: dict[tuple[int, ...], int] = {}
        for day, close in self._closes():
            if same(day) >= same(self.local(since)):
                ends[same(day)] = close
        return next(close for close in ends.values() if close >= since)

    def after(self, since: float, seconds: int) -> int:
        """When an office has been open for so many seconds more."""
        at = max(bisect_right(self.spans, (int(since), 1 << 62)) - 1, 0)
        for opens, closes in self.spans[at:]:
            start = max(opens, int(since))
            if closes - start >= seconds and closes >= since:
                return start + seconds
            seconds -= max(closes - start, 0)
        raise LookupError("a deadline beyond the years that were counted")

    def between(self, since: float, until: float) -> int:
        """For how many whole seconds an office is open between two moments."""
        at = max(bisect_left(self.spans, (int(since), 0)) - 1, 0)
        found = 0.0
        for opens, closes in self.spans[at:]:
            if opens >= until:
                break
            found += max(min(closes, until) - max(opens, since), 0)
        return int(found)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _day(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(str(given))
