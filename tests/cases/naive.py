"""Working time by counting minutes: slow, plain, nothing of the engine's own reckoning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

ZONE = timedelta(hours=8)  # Lhasa by the clock of Beijing, which is never put forward
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """Opening hours on Monday to Friday, and days off."""

    spans: tuple[tuple[int, int], ...]  # minutes of the day
    off: frozenset[date] = frozenset()

    def after(self, start: datetime, minutes: int) -> datetime:
        """When so many worked minutes have passed; the next worked one where none is asked."""
        for minute in self._minutes(_local(start)):
            if minutes == 0:
                return _utc(minute)
            minutes -= 1
            if minutes == 0:
                return _utc(minute + MINUTE)
        raise AssertionError("time does not end")

    def between(self, start: datetime, end: datetime) -> int:
        count = 0
        for minute in self._minutes(_local(start)):
            if minute >= _local(end):
                break
            count += 1
        return count

    def days(self, start: datetime, number: int) -> datetime:
        """When the last worked minute of the n-th worked day after this one is over."""
        first = _local(start).date()
        worked: list[date] = []
        close = _local(start)
        for minute in self._minutes(datetime.combine(first + DAY, datetime.min.time())):
            if minute.date() not in worked[-1:]:
                if len(worked) == number:
                    return _utc(close)
                worked.append(minute.date())
            close = minute + MINUTE
        raise AssertionError("time does not end")

    def end_of(self, start: datetime, period: str) -> datetime:
        """When the last worked minute of this week or month is over, or else of the next."""
        here = _local(start)
        first = here - timedelta(days=here.weekday() if period == "week" else here.day - 1)
        close = None
        for minute in self._minutes(datetime.combine(first.date(), datetime.min.time())):
            if (
                close
                and _period(close - MINUTE, period) != _period(minute, period)
                and close >= here
            ):
                return _utc(close)
            close = minute + MINUTE
        raise AssertionError("time does not end")

    def _minutes(self, start: datetime) -> Iterator[datetime]:
        """All worked minutes from here on, one after the other. Local; named by their beginning."""
        for offset in range(400):
            midnight = datetime.combine(start.date(), datetime.min.time()) + offset * DAY
            if midnight.weekday() in (5, 6) or midnight.date() in self.off:
                continue
            for opens, closes in self.spans:
                for at in range(opens, closes):
                    if (minute := midnight + at * MINUTE) >= start:
                        yield minute


@cache
def due(basis: str, amount: int, start: datetime, week: Week) -> datetime:
    """When a clock that starts here is due."""
    if basis == "elapsed":
        return start + amount * MINUTE
    if basis == "working_hours":
        return week.after(start, amount * 60)
    if basis == "working_days":
        return week.days(start, amount)
    return week.end_of(start, basis.removeprefix("end_of_"))


def _period(minute: datetime, period: str) -> tuple[int, ...]:
    return tuple(minute.isocalendar()[:2]) if period == "week" else (minute.year, minute.month)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) + ZONE


def _utc(minute: datetime) -> datetime:
    return (minute - ZONE).replace(tzinfo=UTC)
