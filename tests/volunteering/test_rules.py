"""Codes that change and minutes that count, as pure functions."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.core import saying
from lingka.volunteering import rules

MOMENT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SECRET, OTHER = b"a" * 32, b"b" * 32
around = st.integers(-600, 600).map(lambda minutes: MOMENT + timedelta(minutes=minutes))


calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine


@calm
@given(st.integers(100, 10_000_000_000))
def test_a_code_is_good_in_its_step_and_one_around_and_never_longer(second: int) -> None:
    shown = datetime.fromtimestamp(second, UTC)
    code = rules.code_of(SECRET, rules.step_of(shown))
    for seconds in (0, rules.STEP):
        assert rules.fits(SECRET, code, shown + timedelta(seconds=seconds))
    assert not rules.fits(SECRET, code, shown + timedelta(seconds=2 * rules.STEP))
    assert not rules.fits(OTHER, code, shown)


@calm
@given(around, around, around, around)
def test_minutes_never_exceed_the_shift_nor_the_presence(
    begins: datetime, ends: datetime, came: datetime, went: datetime
) -> None:
    counted = rules.minutes(begins, ends, came, went)
    assert 0 <= counted <= max(0, (ends - begins).total_seconds() / 60)
    assert counted <= max(0, (went - came).total_seconds() / 60)


@calm
@given(around, st.lists(st.tuples(around, around).filter(lambda one: one[0] <= one[1]), max_size=4))
def test_each_minute_counts_once_whatever_is_counted_already(
    begins: datetime, counted: list[rules.Span]
) -> None:
    ends = begins + timedelta(hours=2)
    left = {
        minute for minute in range(120)
        if not any(first <= begins + timedelta(minutes=minute) < last for first, last in counted)
    }  # fmt: skip
    assert rules.minutes(begins, ends, begins, ends, counted) == len(left)


@calm
@given(st.integers(0, 100_000))
def test_hours_are_told_in_tenths_and_never_more_than_served(minutes: int) -> None:
    assert minutes - 6 < Decimal(rules.hours(minutes)) * 60 <= minutes


@calm
@given(st.integers(0, 100_000))
def test_hours_and_minutes_are_told_to_the_minute(minutes: int) -> None:
    with translation.override("en"):
        told = saying.served(minutes)
    numbers = {unit: int(number) for number, unit in re.findall(r"(\d+) (h|min)", told)}
    assert numbers.get("h", 0) * 60 + numbers.get("min", 0) == minutes


def test_a_wrong_code_is_compared_with_few_steps_of_the_longest_shift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, made = rules.code_of, []

    def counted(secret: bytes, step: int) -> str:
        made.append(step)
        return real(secret, step)

    monkeypatch.setattr(rules, "code_of", counted)
    ends = MOMENT + rules.LONGEST
    wrong = real(OTHER, rules.step_of(MOMENT))
    assert rules.shown_at(SECRET, wrong, MOMENT, ends, ends + rules.LATE) is None
    assert 1 <= len(made) <= 10


def test_a_code_of_hours_ago_is_known_with_its_step() -> None:
    ends = MOMENT + rules.LONGEST
    code = rules.code_of(SECRET, rules.step_of(MOMENT))
    assert rules.shown_at(SECRET, code, MOMENT, ends, ends) == MOMENT


def test_a_street_is_what_a_community_lies_in() -> None:
    assert rules.street_of("/1/5/33/") == "/1/5/"
