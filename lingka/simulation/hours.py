"""When somebody is on duty: the calendar's hours, less leave and days lost to illness."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from lingka.simulation.plan import Plan
from lingka.simulation.pools import Spans
from lingka.units.calendars import WorkCalendar, parse_time

MINUTE = timedelta(minutes=1)


def days(plan: Plan) -> Iterator[date]:
    first = plan.begin.date()
    for number in range(plan.days):
        yield first + timedelta(days=number)


def always(plan: Plan) -> Spans:
    """Day and night, without an end."""
    return [(0.0, plan.days * 24 * 60.0)]


def spans(plan: Plan, calendar: WorkCalendar, group: str, number: int, key: str) -> Spans:
    """The duty of the person with this number in a staff."""
    rng = random.Random(f"{plan.seed}:away:{key}:{number}")  # noqa: S311 - a likeness
    away = float(plan.body["away"])
    found: list[tuple[float, float]] = []
    for day in days(plan):
        ill = rng.random() < away
        if ill or on_leave(plan, group, number, day):
            continue
        found += [
            (minutes(plan, day, opens), minutes(plan, day, closes))
            for opens, closes in calendar.intervals(day)
        ]
    return found


def on_leave(plan: Plan, group: str, number: int, day: date) -> bool:
    """The first of a staff are those who are away."""
    return any(
        one.staff == group and number < one.people and one.first <= day <= one.last
        for one in plan.leave
    )


def minutes(plan: Plan, day: date, clock: str) -> float:
    """A time of day as minutes since the begin, across changes of the clocks."""
    at = parse_time(clock)
    local = datetime.combine(day, time(), plan.begin.tzinfo)
    return (local.timestamp() - plan.begin.timestamp()) / 60 + at
