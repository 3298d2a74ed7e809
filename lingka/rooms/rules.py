"""When a station is open, which times a room offers, how far one walks. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from lingka.units.calendars import WorkCalendar, parse_time

STEP = 30  # minutes: bookings begin and end on these
AHEAD = timedelta(days=60)  # so far ahead a room can be had
DATES = 12  # of one series at most
BEFORE = timedelta(minutes=15)  # so early one can check in
GRACE = timedelta(minutes=15)  # so late one may come
KEPT = timedelta(days=7)  # so long after its last date a booking is forgotten
DETOUR = 1.3  # streets beside the straight line
PACE = 70.0  # metres a minute: thin air, and nobody in a hurry
CIRCLE = 15  # minutes

NEXT = {  # what a date can become
    "asked": frozenset({"booked", "refused", "given_back", "released"}),
    "booked": frozenset({"here", "given_back", "released"}),
    "waiting": frozenset({"asked", "booked", "given_back", "released"}),
    "here": frozenset(),
    "refused": frozenset(),
    "given_back": frozenset(),
    "released": frozenset(),
}
Spans = Sequence[Sequence[str]]  # [["09:30", "13:00"], …]
Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """How a station is open, apart from its special days."""

    own: Mapping[str, Spans] | None
    on_holidays: bool
    calendar: WorkCalendar

    def on(self, day: date) -> Spans:
        """As usual on this day: its own pattern or its unit's, and holidays."""
        if self.own is None:
            return self.calendar.intervals(day)
        if not self.on_holidays and self.calendar.day_off(day) is not None:
            return ()
        return self.own.get(str(day.weekday()), ())


def faults(hours: Any) -> bool:
    """Is this no list of spans of a day, one after the other?"""
    try:
        flat = [parse_time(text) for opens, closes in hours for text in (opens, closes)]
    except (TypeError, ValueError):
        return True
    return any(late <= early for early, late in pairwise(flat))


def moment(day: date, text: str, zone: ZoneInfo) -> datetime:
    minutes = parse_time(text)
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone)


def periods(day: date, hours: Spans, zone: ZoneInfo) -> list[Period]:
    return [(moment(day, opens, zone), moment(day, closes, zone)) for opens, closes in hours]


def fits(begins: datetime, ends: datetime, periods: Iterable[Period]) -> bool:
    """Does one of the times in which it is open hold all of it?"""
    return any(opens <= begins and ends <= closes for opens, closes in periods)


def starts(periods: Iterable[Period]) -> list[datetime]:
    """The times at which a booking can begin."""
    found = []
    for opens, closes in periods:
        at = opens
        while at + timedelta(minutes=STEP) <= closes:
            found.append(at)
            at += timedelta(minutes=STEP)
    return found


def free(starts: Iterable[datetime], taken: Sequence[Period]) -> list[datetime]:
    """Those whose first half hour nobody has."""
    step = timedelta(minutes=STEP)
    return [at for at in starts if not any(begin < at + step and at < end for begin, end in taken)]


def dates(first: datetime, times: int, every: int, zone: ZoneInfo) -> list[datetime]:
    """The dates of a series, each at the same hour by the wall's clock."""
    local = first.astimezone(zone)
    return [
        datetime.combine(local.date() + timedelta(days=number * every), local.time(), zone)
        for number in range(times)
    ]


def come_by(starts_at: datetime, now: datetime) -> datetime:
    """Until when a group is waited for; who moved up late has as long from then on."""
    return max(starts_at, now) + GRACE


def minutes_on_foot(metres: float) -> int:
    """An estimate: the way's bends and a quiet pace; nobody's route was measured."""
    return max(1, ceil(metres * DETOUR / PACE))
