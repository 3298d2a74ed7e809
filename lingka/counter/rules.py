"""Which times a window offers, and what may become of papers. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lingka.units.calendars import parse_time

AHEAD = timedelta(days=14)  # so far ahead a time can be had
KEPT = timedelta(days=7)  # so long after its day an appointment is forgotten
HERE, MISSING, UNNEEDED = "here", "missing", "unneeded"
Span = tuple[datetime, datetime]  # from when, until when
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


def at_once(begins: datetime, ends: datetime, taken: Iterable[Span]) -> int:
    """How many of those are there at the same moment at most, of that time.

    Times given out before a window's minutes changed lie across the new ones; the number grows
    only where one of them begins.
    """
    there = [span for span in taken if span[0] < ends and span[1] > begins]
    moments = {begins} | {span[0] for span in there if span[0] > begins}
    return max(sum(span[0] <= at < span[1] for span in there) for at in moments)


def free(
    times: Sequence[datetime], minutes: int, taken: Sequence[Span], capacity: int
) -> list[datetime]:
    """The times at which one more has room until the end; what is taken comes by its beginning."""
    lasts, begins = timedelta(minutes=minutes), [span[0] for span in taken]
    longest = max((span[1] - span[0] for span in taken), default=lasts)

    def there(at: datetime) -> Sequence[Span]:
        return taken[bisect_left(begins, at - longest) : bisect_left(begins, at + lasts)]

    return [at for at in times if at_once(at, at + lasts, there(at)) < capacity]


def may_become(old: str, new: str) -> bool:
    """What was handed in stays so; nothing becomes missing that nobody asked for."""
    return old == new or (old == MISSING and new != MISSING) or (old == UNNEEDED and new == HERE)


def is_whole(papers: Sequence[str]) -> bool:
    return MISSING not in papers
