"""Deadlines: counted on their own basis, paused, extended, climbing, and always explainable."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingka.cases import clocks
from lingka.units.calendars import WorkCalendar

HOURS = {day: [("09:30", "13:00"), ("15:30", "18:30")] for day in range(5)}
OFFICE = WorkCalendar(1, "Asia/Shanghai", HOURS)
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # ten o'clock in Lhasa
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))
RULES = st.one_of(
    st.builds(lambda n: {"basis": "elapsed", "amount": n}, st.integers(1, 20_000)),
    st.builds(lambda n: {"basis": "working_hours", "amount": n}, st.integers(1, 60)),
    st.builds(lambda n: {"basis": "working_days", "amount": n}, st.integers(1, 30)),
    st.sampled_from([{"basis": "end_of_week"}, {"basis": "end_of_month"}]),
)


def due(rule: dict[str, object], at: datetime = MONDAY) -> datetime:
    return clocks.moment(clocks.start(rule, at, OFFICE)["due"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"basis": "elapsed", "amount": 60}, "2026-11-16T11:00"),
        ({"basis": "working_hours", "amount": 4}, "2026-11-16T16:30"),
        ({"basis": "working_days", "amount": 1}, "2026-11-17T18:30"),
        ({"basis": "working_days", "amount": 5}, "2026-11-23T18:30"),
        ({"basis": "end_of_week"}, "2026-11-20T18:30"),
        ({"basis": "end_of_month"}, "2026-11-30T18:30"),
    ],
)
def test_each_basis_counts_in_its_own_time(rule: dict[str, object], expected: str) -> None:
    assert due(rule) == datetime.fromisoformat(expected + "+08:00")


def test_an_hour_that_was_promised_runs_at_night() -> None:
    night = datetime(2026, 11, 15, 19, 0, tzinfo=UTC)  # three o'clock on Monday morning
    assert due({"basis": "elapsed", "amount": 60}, night) == night + timedelta(hours=1)


def test_an_unknown_basis_is_an_error() -> None:
    with pytest.raises(ValueError, match="moons"):
        clocks.due_at("moons", 1, MONDAY, OFFICE)


@given(RULES, MOMENTS)
def test_a_deadline_lies_after_its_start(rule: dict[str, object], at: datetime) -> None:
    assert due(rule, at) > at


@given(RULES, MOMENTS, st.integers(0, 10**6), st.integers(1, 10**7))
def test_standing_still_never_shortens_a_deadline(
    rule: dict[str, object], at: datetime, before: int, still: int
) -> None:
    clock = clocks.start(rule, at, OFFICE)
    paused_at = at + timedelta(seconds=before)
    paused = clocks.pause(clock, paused_at, OFFICE)
    assert not clocks.is_running(paused)
    resumed = clocks.resume(paused, paused_at + timedelta(seconds=still), OFFICE)
    if paused_at < clocks.moment(clock["due"]):
        assert clocks.moment(resumed["due"]) >= clocks.moment(clock["due"])


@given(RULES, MOMENTS, st.integers(0, 10**6), st.integers(0, 10**7))
def test_what_was_over_before_it_stood_still_stays_over(
    rule: dict[str, object], at: datetime, late: int, still: int
) -> None:
    clock = clocks.start(rule, at, OFFICE)
    paused_at = clocks.moment(clock["due"]) + timedelta(seconds=late)
    again = paused_at + timedelta(seconds=still)
    resumed = clocks.resume(clocks.pause(clock, paused_at, OFFICE), again, OFFICE)
    assert resumed["due"] == clock["due"]
    if late or still:
        assert clocks.met(clocks.stop(resumed, again)) is False


@given(RULES, MOMENTS, st.integers(0, 10**6))
def test_pausing_for_no_time_moves_an_elapsed_deadline_not_at_all(
    rule: dict[str, object], at: datetime, before: int
) -> None:
    clock = clocks.start(rule, at, OFFICE)
    moment = at + timedelta(seconds=before)
    resumed = clocks.resume(clocks.pause(clock, moment, OFFICE), moment, OFFICE)
    if clock["basis"] == "elapsed" and moment < clocks.moment(clock["due"]):
        assert resumed["due"] == clock["due"]


@given(RULES, MOMENTS)
def test_attention_comes_at_both_warnings_and_then_at_the_deadline(
    rule: dict[str, object], at: datetime
) -> None:
    clock = clocks.start(rule, at, OFFICE)
    moments = []
    for warned in range(3):
        attention = clocks.next_attention(clock | {"warned": warned})
        assert attention is not None
        moments.append(attention)
    assert moments == sorted(moments)
    assert moments[-1] == clocks.moment(clock["due"])


def test_a_breached_clock_climbs_until_it_is_at_the_top() -> None:
    clock = clocks.start({"basis": "elapsed", "amount": 60}, MONDAY, OFFICE)
    over = clock | {"breached": clocks.text(MONDAY + timedelta(hours=1)), "warned": 2}
    first = clocks.next_attention(over)
    second = clocks.next_attention(over | {"level": 1})
    assert first is not None
    assert second is not None
    assert first < second
    assert clocks.next_attention(over | {"top": True}) is None


def test_a_stopped_clock_asks_for_nothing_and_knows_whether_it_was_met() -> None:
    clock = clocks.start({"basis": "elapsed", "amount": 60}, MONDAY, OFFICE)
    assert clocks.met(clock) is None
    stopped = clocks.stop(clock, MONDAY + timedelta(minutes=59))
    assert clocks.met(stopped) is True
    assert clocks.met(clocks.stop(clock, MONDAY + timedelta(minutes=61))) is False
    assert clocks.next_attention(stopped) is None
    assert clocks.stop(stopped, MONDAY + timedelta(days=1)) == stopped
    assert clocks.pause(stopped, MONDAY, OFFICE) == stopped
    assert clocks.resume(stopped, MONDAY, OFFICE) == stopped


@pytest.mark.parametrize(("occurred", "stopped"), [(-5, 0), (10, 10), (90, 60)])
def test_what_counts_by_its_doing_is_met_neither_before_its_start_nor_in_the_future(
    occurred: int, stopped: int
) -> None:
    began = datetime(2026, 3, 2, 4, tzinfo=UTC)
    rule = {"basis": "elapsed", "amount": 60, "counts": "occurred_at"}
    running = clocks.start(rule, began, OFFICE)
    at = [began + timedelta(minutes=one) for one in (60, occurred, stopped)]
    assert clocks.stop(running, at[0], at[1])["stopped"] == clocks.text(at[2])


def test_a_longer_holiday_moves_a_deadline_and_a_granted_one_stays() -> None:
    rule = {"basis": "working_days", "amount": 2}
    clock = clocks.start(rule, MONDAY, OFFICE)
    losar = WorkCalendar(
        2, "Asia/Shanghai", HOURS, days_off={date(2026, 11, 17): {"en": "holiday"}}
    )
    moved = clocks.recompute(clock, losar)
    assert moved["due"] > clock["due"]
    assert moved["calendar"] == 2
    extended = clocks.extend(clock, MONDAY + timedelta(days=9), OFFICE)
    assert clocks.recompute(extended, losar) == extended
    elapsed = clocks.start({"basis": "elapsed", "amount": 60}, MONDAY, OFFICE)
    assert clocks.recompute(elapsed, losar) == elapsed


def test_the_earliest_running_deadline_sorts_the_queue() -> None:
    soon = clocks.start({"basis": "elapsed", "amount": 60}, MONDAY, OFFICE)
    late = clocks.start({"basis": "elapsed", "amount": 600}, MONDAY, OFFICE)
    assert clocks.next_due({"a": soon, "b": late}) == clocks.moment(soon["due"])
    stopped = clocks.stop(soon, MONDAY)
    assert clocks.next_due({"a": stopped, "b": late}) == clocks.moment(late["due"])
    assert clocks.next_due({"a": stopped}) is None
    assert clocks.wake_at({}) is None
