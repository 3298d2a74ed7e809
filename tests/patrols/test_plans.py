"""On which days a round falls, and in which order its places are walked."""

from datetime import date, timedelta
from itertools import pairwise
from math import hypot
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.areas.walking import Point, walking_order
from lingka.patrols import plans
from tests.cases.city import names

MONDAY = date(2026, 11, 16)
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "FREQ=DAILY;COUNT=5",
)  # fmt: skip


def body(**changes: Any) -> dict[str, Any]:
    whole = {
        "name": names("日常巡查"), "kind": "daily", "rule": "FREQ=DAILY", "level": "grid",
        "begins_on": "2026-11-02", "ends_on": None, "holidays": "keep", "from": "09:00",
        "until": "18:00", "area": 1, "unit": 1,
        "stops": [{"place": 1, "checklist": "road_ice", "note": {}}],
    }  # fmt: skip
    return whole | changes


def never(_day: date) -> bool:
    return False


def test_a_weekly_round_falls_on_its_weekdays() -> None:
    weekly = body(rule="FREQ=WEEKLY;BYDAY=MO,TH", begins_on="2026-11-03")
    found = plans.days(weekly, MONDAY, MONDAY + timedelta(days=9), never)
    assert [one.day for one in found] == [16, 19, 23]


def test_a_holiday_is_left_out() -> None:
    found = plans.days(body(holidays="skip"), MONDAY, MONDAY + timedelta(days=3),
                       lambda day: day.day == 17)  # fmt: skip
    assert [one.day for one in found] == [16, 18, 19]


def test_a_round_on_a_holiday_moves_to_the_next_day_that_is_none() -> None:
    weekly = body(rule="FREQ=WEEKLY;BYDAY=MO", holidays="next")
    found = plans.days(weekly, MONDAY + timedelta(days=1), MONDAY + timedelta(days=5),
                       lambda day: day.day in (16, 17))  # fmt: skip
    assert [one.day for one in found] == [18]


def test_a_campaign_ends() -> None:
    found = plans.days(body(kind="campaign", ends_on="2026-11-17"), MONDAY, date(2027, 1, 1), never)
    assert [one.day for one in found] == [16, 17]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(RULES), st.sampled_from(sorted(plans.HOLIDAYS)), st.integers(0, 40),
    st.integers(0, 30), st.sets(st.integers(0, 90), max_size=12),
)  # fmt: skip
def test_days_are_unique_in_order_within_the_window_and_no_holidays_but_where_kept(
    rule: str, holidays: str, begin: int, length: int, off: set[int]
) -> None:
    start = date(2026, 11, 2)
    free = {start + timedelta(days=one) for one in off}
    first = start + timedelta(days=begin)
    last = first + timedelta(days=length)
    plan = body(rule=rule, holidays=holidays)
    found = plans.days(plan, first, last, free.__contains__)
    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)
    if holidays != "keep":
        assert not free & set(found)
    # Laying out day by day gives the same as all at once: so the nightly job misses none.
    single = [first + timedelta(days=one) for one in range(length + 1)]
    assert found == [day for day in single if plans.days(plan, day, day, free.__contains__)]


def metres(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=9))
def test_every_stop_is_walked_once_and_no_two_parts_of_the_way_are_better_swapped(
    points: list[tuple[int, int]],
) -> None:
    order = walking_order(points, metres)
    assert sorted(order) == list(range(len(points)))

    def length(way: list[int]) -> float:
        return sum(metres(points[a], points[b]) for a, b in pairwise(way))

    for i in range(len(order) - 2):
        for j in range(i + 2, len(order)):
            turned = [*order[: i + 1], *reversed(order[i + 1 : j + 1]), *order[j + 1 :]]
            assert length(order) <= length(turned) + 0.02


BAD: list[tuple[str, dict[str, Any]]] = [
    ("name_bo", {"name": {"zh-hans": "巡", "en": "walk"}}),
    ("kind", {"kind": "hourly"}),
    ("level", {"level": "warden9"}),
    ("holidays", {"holidays": ""}),
    ("begins_on", {"begins_on": "soon"}),
    ("begins_on", {"from": "nine"}),
    ("ends_on", {"ends_on": "2026-01-01"}),
    ("ends_on", {"kind": "campaign"}),
    ("until", {"until": "09:00"}),
    ("rule", {"rule": "every day"}),
    ("rule", {"rule": "FREQ=HOURLY"}),
    ("rule", {"rule": "FREQ=DAILY;BYHOUR=1,2"}),
    ("rule", {"rule": "FREQ=DAILY;INTERVAL=0"}),
    ("rule", {"rule": "FREQ=DAILY\nRRULE:FREQ=DAILY"}),
    ("rule", {"rule": "FREQ=WEEKLY;BYDAY=XX"}),
    ("stops", {"stops": []}),
    ("stops", {"stops": [{"place": 1, "checklist": ""}] * 2}),
]


@pytest.mark.parametrize(("field", "changes"), BAD)
def test_a_plan_that_does_not_do_says_where(field: str, changes: dict[str, Any]) -> None:
    assert next(plans.faults(body(**changes)))[0] == field
    assert list(plans.faults(body())) == []
