"""Which times a window offers, and what may become of papers. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lingka.units.calendars import parse_time

AHEAD = timedelta(days=14)  # so far ahead a time can be had
KEPT = timedelta(days=7)  # so long after its day an appointment is forgotten
HERE, MISSING, UNNEEDED = "here", "missing", "unneeded"
PAPERS = (HERE, MISSING, UNNEEDED)
NEXT = {  # an appointment's states, and what each can become
    "booked": frozenset({"arrived", "handed_in", "missed"}),
    "arrived": frozenset({"handed_in"}),
    "missed": frozenset({"arrived", "handed_in"}),  # came late after all
    "handed_in": frozenset({"handed_in"}),  # two matters in one visit
}


def slots(day: date, hours: Iterable[tuple[str, str]], minutes: int, zone: str) -> list[datetime]:
    """The whole slots that fit into a day's working hours."""
    found = []
    for opens, closes in hours:
        at, end = parse_time(opens), parse_time(closes)
        while at + minutes <= end:
            found.append(_moment(day, at, zone))
            at += minutes
    return found


def _moment(day: date, minutes: int, zone: str) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone))


def free(times: Sequence[datetime], taken: Mapping[datetime, int], capacity: int) -> list[datetime]:
    """The slots that still hold somebody."""
    return [one for one in times if taken.get(one, 0) < capacity]


def may_become(old: str, new: str) -> bool:
    """What was handed in stays so; nothing becomes missing that nobody asked for."""
    return old == new or (old == MISSING and new != MISSING) or (old == UNNEEDED and new == HERE)


def is_whole(papers: Sequence[str]) -> bool:
    return MISSING not in papers
