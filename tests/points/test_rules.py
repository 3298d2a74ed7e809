"""What points are given for: published, dated, capped, on a closed list of grounds."""

from copy import deepcopy
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.core import datafiles, receivers, rulebooks
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.points import rules
from lingka.points.book import GROUNDS

DAY = date(2026, 11, 16)
SERVED = "volunteering.HoursConfirmed"
NAME = {"zh-hans": "服务一小时", "bo": "ཞབས་ཞུ།", "en": "An hour of service"}


def body(**changes: Any) -> dict[str, Any]:
    """The shipped file with one rule of its own."""
    made: dict[str, Any] = datafiles.read(rules.SHIPPED)
    rule = {
        "ground": "service", "name": NAME, "from": SERVED, "points": 5,
        "each": {"field": "minutes", "of": 60}, "caps": {"day": 20, "once": 10},
        "since": "2026-01-01",
    }  # fmt: skip
    made["earning"]["hour"] = {k: v for k, v in (rule | changes).items() if v is not None}
    return made


def faults(**changes: Any) -> list[str]:
    return rules.BOOK.faults(body(**changes))


def test_the_shipped_rules_and_one_more_have_no_fault() -> None:
    assert faults() == []
    assert {one["ground"] for one in body()["earning"].values()} <= set(GROUNDS)


@pytest.mark.django_db
@pytest.mark.parametrize("ground", ["report", "loyalty", "donation", "", "policing"])
def test_a_rule_on_another_ground_does_not_load(ground: str) -> None:
    assert len(faults(ground=ground)) == 1
    with pytest.raises(Problem) as refused:
        rulebooks.put(rules.BOOK, body(ground=ground), actor=SYSTEM)
    assert (refused.value.code, refused.value.status) == ("faulty", 422)


@pytest.mark.parametrize("ground", list(GROUNDS))
@pytest.mark.parametrize(
    "source",
    ["cases.CaseOpened", "cases.CaseActed", "patrols.StopLooked", "intake.ReportHeld",
     "promises.PromiseKept", "surveys.SurveyClosed", "emergencies.Called", ""],
)  # fmt: skip
def test_nothing_is_earned_by_reporting_on_any_ground(ground: str, source: str) -> None:
    assert len(faults(ground=ground, **{"from": source})) == 1


@pytest.mark.parametrize(
    ("ground", "source"),
    [
        ("service", "volunteering.ShiftClosed"), ("proposal", "deliberation.DecisionTaken"),
        ("sharing", "volunteering.ResourceOffered"), ("sharing", "rooms.RoomBooked"),
        ("service", "deliberation.TopicMoved"), ("attendance", "volunteering.hoursconfirmed"),
    ],
)  # fmt: skip
def test_a_rule_that_nobody_hears_does_not_load_and_is_told_so(ground: str, source: str) -> None:
    made = {"ground": ground, "from": source, "each": None}
    [said] = faults(**made)
    assert said.startswith("earning.hour.from")
    assert "在这个类别下没有人接收" in said


def test_every_event_that_a_rule_may_name_is_heard() -> None:
    receivers.discover()
    assert receivers.RECEIVERS["points.earned"].types == set(rules.HEARD)


@pytest.mark.parametrize("points", [0, -1, -100, 1.5, True, 1001])
def test_a_rule_gives_a_whole_number_of_points_above_nothing(points: Any) -> None:
    assert faults(points=points)


@pytest.mark.parametrize(
    "changes",
    [
        {"caps": {"year": 10}}, {"caps": {"day": 0}}, {"caps": {"day": 5, "week": 3}},
        {"since": "yesterday"}, {"since": "2026-02-01", "until": "2026-01-01"},
        {"each": {"field": "minutes", "of": 0}}, {"each": {"field": "minutes"}},
        {"name": {"en": "An hour"}}, {"penalty": 5}, {"caps": None}, {"points": None},
        {"each": {"field": "hours", "of": 1}}, {"where": {"colour": ["red"]}},
        {"where": {"kind": "care"}}, {"from": "hand"},  # no desk says how many minutes
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_with_a_fault_does_not_load(changes: dict[str, Any]) -> None:
    assert faults(**changes)


def test_expiry_is_told_of_a_month_before_at_the_least() -> None:
    made = body()
    made["expiry"]["announced"] = 29
    assert len(rules.BOOK.faults(made)) == 1


def earned(data: dict[str, Any], day: date = DAY, **changes: Any) -> list[int]:
    known = rules.read(body(**changes))
    return [one.points for one in rules.earned(known, SERVED, data, day)]


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(0, []), (59, []), (60, [5]), (119, [5]), (120, [10]), (600, [10]), (-60, []), ("60", [])],
)
def test_whole_units_count_up_to_what_one_occasion_gives(minutes: Any, points: list[int]) -> None:
    assert earned({"minutes": minutes}) == points


def test_a_rule_hears_only_of_its_own_event_and_of_what_it_asks_for() -> None:
    known = rules.read(body(where={"kind": ["care", "errands"]}))
    served = {"minutes": 60, "kind": "care"}
    assert list(rules.earned(known, "volunteering.SignedUp", served, DAY)) == []
    assert len(list(rules.earned(known, SERVED, served, DAY))) == 1
    assert list(rules.earned(known, SERVED, served | {"kind": "order"}, DAY)) == []
    assert list(rules.earned(known, SERVED, {"minutes": 60}, DAY)) == []


def test_a_rule_gives_from_its_first_day_to_its_last() -> None:
    dated = {"since": "2026-11-16", "until": "2026-11-17"}
    days = [date(2026, 11, one) for one in (15, 16, 17, 18)]
    assert [len(earned({"minutes": 60}, day, **dated)) for day in days] == [0, 1, 1, 0]


@given(
    points=st.integers(1, 1000), had=st.tuples(*[st.integers(0, 3000)] * 3),
    caps=st.fixed_dictionaries(
        {"day": st.integers(1, 900)},
        optional={"year": st.integers(1, 900), "all_day": st.integers(1, 900)},
    ),
)  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_cap_is_ever_passed(
    points: int, had: tuple[int, int, int], caps: dict[str, int]
) -> None:
    rule = rules.read(body(caps=caps)).rules["hour"]
    given_now = min(points, rules.left(rule, *had))
    assert given_now >= 0
    for name, before in zip(("day", "year", "all_day"), had, strict=True):
        if given_now and name in caps:
            assert before + given_now <= caps[name]


def test_about_as_many_are_drawn_as_stated_and_the_same_ones_each_time() -> None:
    entries = [uuid4() for _ in range(2000)]
    drawn = [one for one in entries if rules.drawn(one, 10)]
    assert 120 < len(drawn) < 290
    assert drawn == [one for one in entries if rules.drawn(one, 10)]
    assert all(rules.drawn(one, 100) for one in entries)


def test_what_was_earned_in_a_year_lasts_through_the_next() -> None:
    assert rules.read(body()).expires_on(DAY) == date(2027, 12, 31)


def test_a_file_as_a_town_writes_it_is_read_as_it_is_shipped() -> None:
    from lingka.core import rulefiles

    shipped = datafiles.read(rules.SHIPPED)
    again = rulefiles.parsed(yaml.safe_dump(deepcopy(shipped), allow_unicode=True))
    assert rules.read(again) == rules.read(shipped)
