"""What a plan of a round says, on which days it falls, in which order its places are walked. Pure.

A plan's body: `name` in every language, `kind`, `rule` (RFC 5545), `begins_on`, `ends_on`,
`holidays`, `level`, `area`, `unit`, `from` and `until` (hours of the day), `stops`
(`{place, checklist, note}`).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import rrule, rrulestr
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

KINDS: dict[str, Any] = {
    "daily": _("Daily round"),
    "weekly": _("Weekly check"),
    "monthly": _("Monthly campaign day"),
    "campaign": _("Campaign"),
}
LEVELS: dict[str, Any] = {
    "grid": _("Grid"),
    "warden1": _("Street warden, first level"),
    "warden2": _("Street warden, second level"),
    "warden3": _("Street warden, third level"),
    "team": _("Team"),
}
HOLIDAYS: dict[str, Any] = {
    "keep": _("Walk on holidays too"),
    "skip": _("Leave out on holidays"),
    "next": _("On the next day that is no holiday"),
}
OFTEN: dict[str, Any] = {  # what a review may decide
    "FREQ=DAILY": _("Every day"),
    "FREQ=DAILY;INTERVAL=2": _("Every other day"),
    "FREQ=WEEKLY;BYDAY=MO,WE,FR": _("Monday, Wednesday and Friday"),
    "FREQ=WEEKLY;BYDAY=TU,FR": _("Tuesday and Friday"),
    "FREQ=WEEKLY;BYDAY=MO": _("Every Monday"),
    "FREQ=MONTHLY;BYMONTHDAY=1": _("On the first of the month"),
}
# What falls rarely goes first: the daily round leaves out what another one looks at that day.
RANKS = {"campaign": 0, "monthly": 1, "weekly": 2, "daily": 3}
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
PARTS = frozenset({
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO",
    "WKST",
})  # fmt: skip
LONGEST_INTERVAL = 366
MOST_STOPS = 60
LONGEST_MOVE = 14  # days that holidays may move a round
Body = Mapping[str, Any]
IsHoliday = Callable[[date], bool]


def check(body: Body) -> None:
    """Raise Problem "plan" (422) beside the first field that does not do."""
    for field, message in faults(body):
        raise Problem("plan", message, field=field, status=422)


def faults(body: Body) -> Iterator[tuple[str, Any]]:
    for code, _name in settings.LANGUAGES:
        if not str(body.get("name", {}).get(code, "")).strip():
            yield f"name_{code}", _("Write this in all three languages.")
    for field, known in (("kind", KINDS), ("level", LEVELS), ("holidays", HOLIDAYS)):
        if body.get(field) not in known:
            yield field, _("Please choose one of these.")
    yield from _times(body)
    yield from _rule(body)
    stops = body.get("stops", [])
    if not 1 <= len(stops) <= MOST_STOPS:
        yield "stops", _("A round has between 1 and 60 stops.")
    elif len({(one["place"], one["checklist"]) for one in stops}) < len(stops):
        yield "stops", _("A place stands twice with the same checklist.")


def _times(body: Body) -> Iterator[tuple[str, Any]]:
    try:
        begins = date.fromisoformat(body["begins_on"])
        ends = date.fromisoformat(body["ends_on"]) if body.get("ends_on") else None
        hours = [time.fromisoformat(body[name]) for name in ("from", "until")]
    except (KeyError, TypeError, ValueError):
        yield "begins_on", _("Please give a day and hours.")
        return
    if ends and ends < begins:
        yield "ends_on", _("It ends before it begins.")
    if body.get("kind") == "campaign" and ends is None:
        yield "ends_on", _("A campaign has an end.")
    if hours[0] >= hours[1]:
        yield "until", _("It must end later than it begins.")


def _rule(body: Body) -> Iterator[tuple[str, Any]]:
    try:
        _parsed(str(body["rule"]), date.fromisoformat(str(body["begins_on"])))
    except (KeyError, TypeError, ValueError):
        yield "rule", _("This is no rule of recurrence, as in FREQ=WEEKLY;BYDAY=MO,TH.")


def _parsed(text: str, begins: date) -> rrule:
    """A rule that gives one moment a day at most; ValueError for any other text."""
    parts = dict(part.split("=", 1) for part in text.upper().split(";"))
    if parts.keys() - PARTS or parts.get("FREQ") not in FREQUENCIES:
        raise ValueError(text)
    if not 1 <= int(parts.get("INTERVAL", "1")) <= LONGEST_INTERVAL:
        raise ValueError(text)
    rule = rrulestr(text, dtstart=datetime.combine(begins, time()))
    if not isinstance(rule, rrule):
        raise ValueError(text)  # noqa: TRY004 - whatever is no rule is told alike
    return rule


def days(body: Body, first: date, last: date, is_holiday: IsHoliday) -> list[date]:
    """The days between two, both included, on which the round is walked, each once."""
    rule = _parsed(body["rule"], date.fromisoformat(body["begins_on"]))
    ends = date.fromisoformat(body["ends_on"]) if body.get("ends_on") else last
    moves = body["holidays"] == "next"
    # What fell on holidays before the window may be moved into it.
    begin = first - timedelta(days=LONGEST_MOVE) if moves else first
    found = set()
    for moment in rule.between(_midnight(begin), _midnight(min(last, ends)), inc=True):
        day = moment.date()
        if body["holidays"] != "keep" and is_holiday(day):
            if not moves:
                continue
            day = _next(day, is_holiday)
        if first <= day <= last:
            found.add(day)
    return sorted(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _next(day: date, is_holiday: IsHoliday) -> date:
    for step in range(1, LONGEST_MOVE + 1):
        if not is_holiday(day + timedelta(days=step)):
            return day + timedelta(days=step)
    return day  # holidays without an end are no holidays
