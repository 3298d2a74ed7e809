"""Working time, as pure arithmetic: hours, holidays, make-up days, and deadlines counted in them.

A moment lies in working time when an interval of its day holds it; deadlines may also land on an
interval's end. Moments come in aware and go out in UTC, days and weeks are those of the zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from lingka.units.holiday_names import in_tibetan

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000  # everything is counted in whole microseconds, so that sums are exact
HORIZON = 25  # years; a calendar without working time for so long has none
# Countries whose government announces the year's days off and make-up days one year at a time.
ANNOUNCED = frozenset({"CN"})
Names = Mapping[str, str]


class NoWorkingTime(ValueError):  # noqa: N818  # says what is the case
    """The calendar has no working time within the horizon."""


@dataclass(frozen=True)
class CountryYear:
    """What the `holidays` library knows of one year of one country."""

    off: Mapping[date, Names]
    on: frozenset[date]
    known: bool


_zone = lru_cache(maxsize=8)(ZoneInfo)


@lru_cache(maxsize=256)
def country_year(country: str, year: int) -> CountryYear:
    """Public holidays and make-up working days; `known` is False where the library guesses."""
    if not country:
        return CountryYear({}, frozenset(), known=True)
    chinese, english = _listed(country, year, "zh_CN"), _listed(country, year, "en_US")
    names = {
        day: {"zh-hans": chinese[day], "bo": in_tibetan(chinese[day]), "en": english[day]}
        for day in english
    }
    source = holidays.country_holidays(country, years=year)
    made_up = frozenset(d for d in getattr(source, "weekend_workdays", ()) if d.year == year)
    announced = country not in ANNOUNCED or year in getattr(source, "special_public_holidays", {})
    known = announced and source.start_year <= year <= source.end_year
    return CountryYear(names, made_up, known)


def _listed(country: str, year: int, language: str) -> dict[date, str]:
    supported = holidays.country_holidays(country, years=year).supported_languages
    chosen = language if language in supported else None
    return dict(holidays.country_holidays(country, years=year, language=chosen).items())


@dataclass(frozen=True)
class _Year:
    """The working intervals of one year, as microseconds since the epoch."""

    starts: list[int]
    ends: list[int]
    until: list[int]  # working time of the year up to each interval's end
    closes: dict[date, int]  # working days and when they end

    @property
    def total(self) -> int:
        return self.until[-1] if self.until else 0

    def elapsed(self, at: int) -> int:
        """Working time of this year up to a moment."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.until[index] - max(self.ends[index] - at, 0)


def parse_time(text: str) -> int:
    """Minutes since midnight of "09:30"; "24:00" is the day's end."""
    hours, _, minutes = text.partition(":")
    value = int(hours) * 60 + int(minutes)
    if not (len(text) == 5 and 0 <= int(minutes) < 60 and 0 <= value <= 24 * 60):  # noqa: PLR2004
        raise ValueError(f"{text} is not a time of day")
    return value


@dataclass(frozen=True)
class WorkCalendar:
    """One immutable version of a calendar. Make one and keep it: it remembers its years."""

    version_id: int | None
    zone: str
    hours: Mapping[int, Sequence[tuple[str, str]]]  # Monday = 0
    country: str = ""
    days_off: Mapping[date, Names] = field(default_factory=dict)
    days_on: Mapping[date, Names] = field(default_factory=dict)
    years_entered: frozenset[int] = frozenset()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    # -- days -------------------------------------------------------------------------------

    def day_off(self, day: date) -> Names | None:
        """The holiday that makes a day free, with its names; None on ordinary days."""
        if day in self.days_on:
            return None
        if day in self.days_off:
            return self.days_off[day]
        country = country_year(self.country, day.year)
        return None if day in country.on else country.off.get(day)

    def day_on(self, day: date) -> bool:
        """Whether a day is worked to make up for a holiday."""
        if day in self.days_off:
            return False
        return day in self.days_on or day in country_year(self.country, day.year).on

    def is_working_day(self, day: date) -> bool:
        return day in self._year(day.year).closes

    def intervals(self, day: date) -> Sequence[tuple[str, str]]:
        """The hours worked on a day. A make-up day has those of an ordinary working day."""
        own = self.hours.get(day.weekday(), ())
        if self.day_on(day):
            return own or next((h for _, h in sorted(self.hours.items()) if h), ())
        return () if self.day_off(day) is not None else own

    def holidays_between(self, start: datetime, end: datetime) -> list[tuple[date, Names]]:
        """Named days off that a deadline stepped over: the answer to "why this time?"."""
        days = _days(self._local(start).date(), self._local(end).date())
        return [(day, names) for day in days if (names := self.day_off(day)) is not None]

    def missing_years(self, start: datetime, end: datetime | None = None) -> list[int]:
        """Years touched whose holidays nobody has announced or entered yet."""
        first, last = self._local(start).year, self._local(end or start).year
        return [
            year
            for year in range(first, last + 1)
            if year not in self.years_entered and not country_year(self.country, year).known
        ]

    # -- time -------------------------------------------------------------------------------

    def is_working(self, at: datetime) -> bool:
        table, moment = self._year(self._local(at).year), _micro(at)
        index = bisect_right(table.starts, moment) - 1
        return index >= 0 and moment < table.ends[index]

    def add_working_time(self, start: datetime, seconds: int) -> datetime:
        """The first moment by which so much working time has passed."""
        year, at = self._local(start).year, _micro(start)
        wanted = seconds * SECOND
        for table in self._tables(year):
            wanted += table.elapsed(at)
            index = max(bisect_left(table.until, wanted), bisect_left(table.ends, at))
            if index < len(table.ends):
                reached = table.ends[index] - (table.until[index] - wanted)
                return _moment(max(reached, table.starts[index], at))
            wanted -= table.total
        raise NoWorkingTime(self.version_id)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Close of the n-th working day after the day of `start`; of that day itself for 0."""
        today, at = self._local(start).date(), _micro(start)
        left = days
        for day, close in self._closes(today):
            if day == today:
                if days == 0 and close >= at:
                    return _moment(close)
                continue
            left -= 1
            if left <= 0:
                return _moment(close)
        raise NoWorkingTime(self.version_id)

    def end_of_week(self, at: datetime) -> datetime:
        """Close of the week's last working day; of the next week's when that has passed."""
        return self._end_of(at, _monday)

    def end_of_month(self, at: datetime) -> datetime:
        """Close of the month's last working day; of the next month's when that has passed."""
        return self._end_of(at, _first_of_month)

    def working_seconds_between(self, start: datetime, end: datetime) -> int:
        """Working time between two moments in whole seconds, negative when they are swapped."""
        if end < start:
            return -self.working_seconds_between(end, start)
        first, last = self._local(start).year, self._local(end).year
        total = self._year(last).elapsed(_micro(end)) - self._year(first).elapsed(_micro(start))
        total += sum(self._year(year).total for year in range(first, last))
        return total // SECOND

    # -- inside -----------------------------------------------------------------------------

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(_zone(self.zone))

    def _tables(self, first: int) -> Iterator[_Year]:
        for year in range(first, first + HORIZON):
            yield self._year(year)

    def _closes(self, first: date) -> Iterator[tuple[date, int]]:
        for table in self._tables(first.year):
            yield from ((day, close) for day, close in table.closes.items() if day >= first)

    def _end_of(self, at: datetime, period: Callable[[date], date]) -> datetime:
        begin, moment = period(self._local(at).date()), _micro(at)
        last: tuple[date, int] | None = None
        for day, close in self._closes(begin):
            if last and period(day) != last[0] and last[1] >= moment:
                return _moment(last[1])
            last = (period(day), close)
        raise NoWorkingTime(self.version_id)

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            table = self._years[year] = self._made(year)
        return table

    def _made(self, year: int) -> _Year:
        table = _Year([], [], [], {})
        for day in _days(date(year, 1, 1), date(year, 12, 31)):
            for opens, closes in self.intervals(day):
                start, end = self._at(day, opens), self._at(day, closes)
                if end <= start:  # swallowed by a change of the clocks
                    continue
                table.starts.append(start)
                table.ends.append(end)
                table.until.append(table.total + end - start)
                table.closes[day] = end
        return table

    def _at(self, day: date, text: str) -> int:
        minutes = parse_time(text)
        if minutes == 24 * 60:
            day, minutes = day + timedelta(days=1), 0
        local = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)  # noqa: DTZ001
        return _micro(local.replace(tzinfo=_zone(self.zone)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _micro(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _moment(micro: int) -> datetime:
    return EPOCH + timedelta(microseconds=micro)
