"""Learning deadlines from a city's own: what is found again, and what the judged path may see."""

from dataclasses import fields
from datetime import datetime, timedelta

from bench.boston import fit
from bench.boston.fit import Rule
from bench.boston.replay import verdict
from bench.boston.rows import Answer, Matter

MONDAY = datetime.fromisoformat("2011-07-11T10:00:00-04:00")
HOURS = ("09:00", "17:00")


def told(kind: str, due: object, count: int = 20) -> list[tuple[Matter, Answer]]:
    """Requests of a type, three hours apart, with a deadline by `due(opened)`."""
    moments = [MONDAY + timedelta(hours=3 * number) for number in range(count)]
    return [
        (Matter(kind, opened, None), Answer(due(opened) if callable(due) else None, "ONTIME"))
        for opened in moments
    ]


def two_working_days(opened: datetime) -> datetime:
    return fit.calendar(HOURS).add_working_time(opened, 16 * 3600)


def test_a_deadline_in_working_time_is_found_again() -> None:
    assert fit.fit(told("pothole", two_working_days)).rules["pothole"] == Rule("working_hours", 16)


def test_a_deadline_in_days_is_found_again() -> None:
    days = fit.fit(told("rodents", lambda opened: opened + timedelta(days=30)))
    assert days.rules["rodents"] == Rule("elapsed", 30 * 1440)


def test_a_type_that_mostly_has_no_deadline_gets_none() -> None:
    pairs = told("notice", None) + told("notice", two_working_days, 5)
    assert fit.fit(pairs).rules["notice"] == Rule("")


def test_the_judged_path_is_given_type_and_times_only() -> None:
    assert {one.name for one in fields(Matter)} == {"type", "opened", "closed"}


def test_what_is_still_open_is_late_once_its_deadline_is_over() -> None:
    clock = {"due": "2011-07-13T14:00:00+00:00", "stopped": None}
    assert verdict(clock, MONDAY + timedelta(days=30))[1] == "OVERDUE"
    assert verdict(clock, MONDAY)[1] == "ONTIME"
    assert verdict(None, MONDAY) == ("", "ONTIME")
