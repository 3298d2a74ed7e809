"""Weeks, months, quarters and years for which rates are made."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lingka.accounts.selectors import today

_KEY = re.compile(
    r"(?P<year>20\d\d)(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4])|-W(?P<week>\d\d))?", re.ASCII
)
SEVEN = timedelta(days=7)
LENGTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """So many whole months from `first` on."""

    first: date
    months: int

    @property
    def key(self) -> str:
        if self.months == LENGTHS["year"]:
            return str(self.first.year)
        if self.months == LENGTHS["quarter"]:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def end(self) -> date:
        """The first day that is no longer in it."""
        return shifted(self.first, self.months)

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The one just before, of the same length."""
        return Period(shifted(self.first, -self.months), self.months)

    @property
    def after(self) -> "Period":
        return Period(self.end, self.months)

    def ago(self, steps: int) -> date:
        """The first day of a row of so many bars that ends with this period."""
        return shifted(self.end, -steps)

    def bar(self, first: date) -> str:
        """What the month that begins then is called."""
        return date_format(first, "YEAR_MONTH_FORMAT")

    @property
    def by_week(self) -> bool:
        return False

    @property
    def running(self) -> bool:
        return self.first <= today() < self.end

    def __str__(self) -> str:
        if self.months == LENGTHS["year"]:
            return str(self.first.year)
        if self.months == LENGTHS["quarter"]:
            quarter = (self.first.month + 2) // 3
            return _("%(year)s, quarter %(quarter)s") % {
                "year": self.first.year, "quarter": quarter,
            }  # fmt: skip
        return date_format(self.first, "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class Week(Period):
    """Seven days from a Monday on."""

    months: int = 0

    @property
    def key(self) -> str:
        year, week, _day = self.first.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def end(self) -> date:
        return self.first + SEVEN

    @property
    def before(self) -> "Period":
        return Week(self.first - SEVEN)

    @property
    def after(self) -> "Period":
        return Week(self.end)

    def ago(self, steps: int) -> date:
        return self.end - steps * SEVEN

    def bar(self, first: date) -> str:
        return str(Week(first))

    @property
    def by_week(self) -> bool:
        return True

    def __str__(self) -> str:
        year, week, _day = self.first.isocalendar()
        # Translators: a week by its number, with its first and last day in short, "16 Nov".
        return _("week %(week)s of %(year)s (%(first)s – %(last)s)") % {
            "week": week, "year": year, "first": date_format(self.first, "MONTH_DAY_FORMAT"),
            "last": date_format(self.last, "MONTH_DAY_FORMAT"),
        }  # fmt: skip


def shifted(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def month_of(day: date) -> Period:
    return Period(day.replace(day=1), 1)


def holding(day: date, length: str) -> Period:
    """The month, quarter or year that holds a day."""
    months = LENGTHS[length]
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)


def read(text: str) -> Period | None:
    """A period by its key; None for anything else."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["week"]:
        return _week(year, int(found["week"]))
    if found["month"]:
        return Period(date(year, int(found["month"]), 1), 1)
    if found["quarter"]:
        return Period(date(year, 3 * int(found["quarter"]) - 2, 1), 3)
    return Period(date(year, 1, 1), 12)


def _week(year: int, number: int) -> Week | None:
    """The week of that number; None where the year has none."""
    try:
        return Week(date.fromisocalendar(year, number, 1))
    except ValueError:
        return None


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))
