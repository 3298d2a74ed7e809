import csv
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.units.calendars import NoWorkingTime, WorkCalendar, parse_time

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LINGKA_DATA", ROOT.parent / "shared" / "data"))
ORACLE = DATA / "calendar" / "cn_calendar_2024_2026.csv"
ZONE = "Asia/Shanghai"
HOURS = dict.fromkeys(range(5), (("09:30", "13:00"), ("15:30", "18:30")))
LOSAR = {
    date(2027, 2, 7) + timedelta(days=n): {"zh-hans": "洛萨", "bo": "ལོ་གསར།", "en": "Losar"}
    for n in range(3)
}
OFFICE = WorkCalendar(1, ZONE, HOURS, "CN", days_off=LOSAR)
AROUND = dict.fromkeys(range(7), (("00:00", "24:00"),))
BERLIN = WorkCalendar(2, "Europe/Berlin", dict.fromkeys(range(7), (("01:00", "23:30"),)), "DE")
ALL = {"office": OFFICE, "berlin": BERLIN, "around": WorkCalendar(3, ZONE, AROUND)}
every_calendar = pytest.mark.parametrize("calendar", ALL.values(), ids=ALL)
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001
    max_value=datetime(2026, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
SPANS = st.integers(min_value=0, max_value=200 * 3600)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(start=MOMENTS, one=SPANS, other=SPANS)
def test_more_working_time_never_ends_earlier(calendar, start, one, other):
    less, more = sorted((one, other))
    assert calendar.add_working_time(start, less) <= calendar.add_working_time(start, more)


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(one=MOMENTS, other=MOMENTS, span=SPANS)
def test_a_later_start_never_ends_earlier(calendar, one, other, span):
    early, late = sorted((one, other))
    assert calendar.add_working_time(early, span) <= calendar.add_working_time(late, span)


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(start=MOMENTS, one=SPANS, other=SPANS)
def test_adding_in_two_steps_is_adding_at_once(calendar, start, one, other):
    stepped = calendar.add_working_time(calendar.add_working_time(start, one), other)
    assert stepped == calendar.add_working_time(start, one + other)


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(start=MOMENTS, span=SPANS)
def test_a_deadline_lands_in_working_time_or_on_its_end(calendar, start, span):
    end = calendar.add_working_time(start, span)
    assert calendar.is_working(end) or calendar.is_working(end - timedelta(microseconds=1))


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(start=MOMENTS, span=SPANS)
def test_counting_back_gives_what_was_added(calendar, start, span):
    end = calendar.add_working_time(start, span)
    assert calendar.working_seconds_between(start, end) == span
    assert calendar.working_seconds_between(end, start) == -span


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(start=MOMENTS, one=st.integers(1, 60), other=st.integers(1, 60))
def test_working_days_add_up(calendar, start, one, other):
    stepped = calendar.add_working_days(calendar.add_working_days(start, one), other)
    # A day that ends at midnight closes on the next date, where counting would go on.
    if calendar.hours is not AROUND:
        assert stepped == calendar.add_working_days(start, one + other)
    assert stepped > start


@every_calendar
@settings(deadline=None)  # the first call of a year makes its table
@given(at=MOMENTS)
def test_the_ends_of_week_and_month_lie_ahead_in_order(calendar, at):
    week, month = calendar.end_of_week(at), calendar.end_of_month(at)
    assert at <= week <= at + timedelta(days=21)
    assert at <= month <= at + timedelta(days=62)


def test_the_lunch_break_does_not_count():
    assert OFFICE.add_working_time(local(2026, 3, 2, 12, 30), 3600) == local(2026, 3, 2, 16)


def test_a_deadline_may_stand_at_closing_time():
    assert OFFICE.add_working_time(local(2026, 3, 2, 17, 30), 3600) == local(2026, 3, 2, 18, 30)


def test_no_time_at_all_from_outside_hours_is_the_next_opening():
    assert OFFICE.add_working_time(local(2026, 3, 1, 12), 0) == local(2026, 3, 2, 9, 30)


def test_a_make_up_saturday_is_worked_with_the_hours_of_a_weekday():
    assert OFFICE.is_working(local(2026, 2, 14, 10))
    assert OFFICE.day_on(date(2026, 2, 14))


def test_one_working_day_from_a_monday_is_the_close_of_tuesday():
    assert OFFICE.add_working_days(local(2026, 3, 2, 20), 1) == local(2026, 3, 3, 18, 30)


def test_one_working_day_from_a_sunday_is_the_close_of_monday():
    assert OFFICE.add_working_days(local(2026, 3, 1, 8), 1) == local(2026, 3, 2, 18, 30)


def test_zero_working_days_is_today_until_it_closes():
    assert OFFICE.add_working_days(local(2026, 3, 2, 10), 0) == local(2026, 3, 2, 18, 30)
    assert OFFICE.add_working_days(local(2026, 3, 2, 19), 0) == local(2026, 3, 3, 18, 30)


def test_after_friday_closes_the_week_means_the_next_one():
    assert OFFICE.end_of_week(local(2026, 3, 6, 18)) == local(2026, 3, 6, 18, 30)
    assert OFFICE.end_of_week(local(2026, 3, 6, 19)) == local(2026, 3, 13, 18, 30)


def test_a_need_filed_before_losar_is_due_after_it_and_says_why():
    filed = local(2027, 2, 5, 9)
    calendar = WorkCalendar(4, ZONE, HOURS, "", days_off=LOSAR)
    due = calendar.add_working_days(filed, 2)
    assert due == local(2027, 2, 11, 18, 30)
    between = calendar.holidays_between(filed, due)
    assert [day for day, _ in between] == sorted(LOSAR)
    assert between[0][1]["bo"] == "ལོ་གསར།"


def test_local_days_off_beat_the_countrys_make_up_days_and_days_on_beat_holidays():
    off = WorkCalendar(5, ZONE, HOURS, "CN", days_off={date(2026, 2, 14): {}})
    assert not off.is_working_day(date(2026, 2, 14))
    on = WorkCalendar(6, ZONE, HOURS, "CN", days_on={date(2026, 2, 17): {}})
    assert on.is_working_day(date(2026, 2, 17))
    assert on.day_off(date(2026, 2, 17)) is None


def test_a_year_nobody_announced_is_said_until_it_is_entered():
    start, end = local(2026, 12, 30), local(2027, 1, 9)
    assert OFFICE.missing_years(start, end) == [2027]
    entered = WorkCalendar(7, ZONE, HOURS, "CN", years_entered=frozenset({2027}))
    assert entered.missing_years(start, end) == []
    assert BERLIN.missing_years(start, end) == []
    assert BERLIN.missing_years(datetime(2150, 1, 1, tzinfo=UTC)) == [2150]


def test_holidays_are_named_in_three_languages():
    names = OFFICE.day_off(date(2026, 10, 1))
    assert names == {
        "zh-hans": "国庆节", "bo": "རྒྱལ་སྟོན་དུས་ཆེན།", "en": "National Day",
    }  # fmt: skip


def test_days_of_23_and_25_hours_are_counted_as_they_are():
    berlin = WorkCalendar(8, "Europe/Berlin", AROUND)
    zone = ZoneInfo("Europe/Berlin")
    short = datetime(2026, 3, 29, tzinfo=zone), datetime(2026, 3, 30, tzinfo=zone)
    long = datetime(2026, 10, 25, tzinfo=zone), datetime(2026, 10, 26, tzinfo=zone)
    assert berlin.working_seconds_between(*short) == 23 * 3600
    assert berlin.working_seconds_between(*long) == 25 * 3600


def test_hours_swallowed_by_summer_time_do_not_count():
    night = WorkCalendar(9, "Europe/Berlin", {6: (("02:00", "03:00"),)})
    assert not night.is_working_day(date(2026, 3, 29))
    assert night.is_working_day(date(2026, 3, 22))


@pytest.mark.parametrize("ask", [
    lambda c, t: c.add_working_time(t, 1),
    lambda c, t: c.add_working_days(t, 1),
    lambda c, t: c.end_of_week(t),
])  # fmt: skip
def test_a_calendar_without_working_time_says_so(ask):
    with pytest.raises(NoWorkingTime):
        ask(WorkCalendar(10, ZONE, {}), local(2026, 3, 2))


@pytest.mark.parametrize("text", ["9:30", "24:01", "12:60", "noon!", ""])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # int() and ours alike
        parse_time(text)


@pytest.mark.skipif(not ORACLE.exists(), reason="the table of announced days is not here")
def test_chinas_working_days_match_the_announced_ones():
    calendar = WorkCalendar(11, ZONE, HOURS, "CN")
    rows = csv.DictReader(ORACLE.read_text().splitlines())
    expected = {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in rows}
    assert len(expected) == 366 + 365 + 365
    assert {day: calendar.is_working_day(day) for day in expected} == expected
    assert calendar.is_working(datetime.combine(date(2025, 1, 26), time(2), UTC))
