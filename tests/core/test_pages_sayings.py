"""Times as people say them, and what a clock bar shows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from lingka.core import clock, saying
from lingka.core.clockviews import clock_view

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # noon in the town


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("code", "text"),
    [("zh-hans", "11 月 27 日 18:30"), ("bo", "ཟླ་ 11 ཚེས་ 27 18:30"), ("en", "27 November 18:30")],
)
def test_a_moment_is_said_in_the_readers_language_and_the_towns_zone(code, text):
    with translation.override(code):
        assert saying.moment(datetime(2026, 11, 27, 10, 30, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("hours", "text"), [(2, "今天 14:00"), (24, "明天 12:00"), (-24, "昨天 12:00")]
)
def test_near_days_have_names(hours, text):
    with translation.override("zh-hans"):
        assert saying.when(NOW + timedelta(hours=hours)) == text


def test_another_years_day_names_the_year():
    with translation.override("zh-hans"):
        assert saying.day(NOW.replace(year=2025)) == "2025 年 11 月 20 日"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "1 分"),
        (2400, "40 分"),
        (7800, "2 时 10 分"),
        (97_200, "1 天 3 时"),
        (900_000, "10 天"),
    ],
)
def test_a_span_has_two_units_at_most(seconds, text):
    with translation.override("zh-hans"):
        assert saying.span(seconds) == text


def face(**changes):
    times = {"now": NOW, "started_at": NOW - timedelta(hours=1), "due_at": NOW + timedelta(hours=3)}
    with translation.override("zh-hans"):
        return clock_view(**(times | changes))


def test_a_running_clock_says_what_is_left():
    assert (face().state, face().words, face().share) == ("running", "还剩 3 小时", 0.25)


def test_a_clock_is_soon_from_its_second_tick():
    assert face(due_at=NOW + timedelta(minutes=20)).state == "soon"


def test_a_clock_is_late_from_its_very_minute():
    assert face(due_at=NOW).state == "late"


def test_a_suspended_clock_says_when_it_goes_on():
    view = face(suspended=True, resumes_at=NOW + timedelta(days=4))
    assert (view.state, view.note) == ("suspended", "11 月 24 日恢复")


@pytest.mark.parametrize(
    ("hours", "words"), [(-1, "早 4 小时办好"), (3, "按时办好"), (5, "办好了，晚了 2 小时")]
)
def test_a_stopped_clock_says_how_it_ended(hours, words):
    assert face(done_at=NOW + timedelta(hours=hours)).words == words


def test_working_time_may_give_the_share():
    assert face(share=0.8).state == "soon"
