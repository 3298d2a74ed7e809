"""Codes that change and minutes that count, as pure functions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lingka.volunteering import rules

MOMENT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SECRET, OTHER = b"a" * 32, b"b" * 32
around = st.integers(-600, 600).map(lambda minutes: MOMENT + timedelta(minutes=minutes))


@given(st.integers(100, 10_000_000_000))
def test_a_code_is_good_in_its_step_and_one_around_and_never_longer(second: int) -> None:
    shown = datetime.fromtimestamp(second, UTC)
    code = rules.code_of(SECRET, rules.step_of(shown))
    for seconds in (0, rules.STEP):
        assert rules.fits(SECRET, code, shown + timedelta(seconds=seconds))
    assert not rules.fits(SECRET, code, shown + timedelta(seconds=2 * rules.STEP))
    assert not rules.fits(OTHER, code, shown)


@given(around, around, around, around)
def test_minutes_never_exceed_the_shift_nor_the_presence(
    begins: datetime, ends: datetime, came: datetime, went: datetime
) -> None:
    counted = rules.minutes(begins, ends, came, went)
    assert 0 <= counted <= max(0, (ends - begins).total_seconds() / 60)
    assert counted <= max(0, (went - came).total_seconds() / 60)


@given(st.integers(0, 100_000))
def test_hours_are_told_in_tenths_and_never_more_than_served(minutes: int) -> None:
    assert minutes - 6 < Decimal(rules.hours(minutes)) * 60 <= minutes
