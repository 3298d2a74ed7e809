"""Several units on one case, and who settles whose matter it is."""

from datetime import timedelta

import pytest

from lingka.cases import actions, clocks
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.core import clock, codes, events, verify
from tests.cases.city import MONDAY, City, at_door, case_of, problem, refusal


def helped(city: City) -> Opened:
    """A case that the lighting unit leads and the water unit helps with."""
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    return opened


def own_clock(city: City, case: Case, name: str = "help", unit: str = "water") -> clocks.Clock:
    return dict(case.clocks[f"{name}:{city.units[unit].id}"])


def test_who_helps_has_a_clock_of_their_own(city: City) -> None:
    opened = helped(city)
    with clock.at(clocks.moment(own_clock(city, case_of(opened))["due"])):
        actions.due_now()
    breached = [e.data.clock for e in events.history(opened.case_uuid) if "Breached" in e.type]  # type: ignore[attr-defined]
    assert f"help:{city.units['water'].id}" in breached


def test_the_lead_does_not_report_before_who_helps_has_ended(city: City) -> None:
    opened = helped(city)
    with refusal("helpers"):
        city.do(opened, "report_back", "handler", words="好了")
    city.do(opened, "co_report", "plumber", words="我们这边好了")
    city.do(opened, "report_back", "handler", words="都好了")
    assert case_of(opened).state == "reported"


def test_a_report_stops_the_helpers_own_clock_and_says_how_it_ended(city: City) -> None:
    opened = helped(city)
    city.do(opened, "co_report", "plumber", words="好了")
    case = case_of(opened)
    assert own_clock(city, case)["stopped"]
    assert case.assignments[1]["how"] == "done"


def test_who_cannot_help_says_why_and_is_waited_for_no_longer(city: City) -> None:
    opened = helped(city)
    city.do(opened, "co_refuse", "plumber", reason="not_ours", note="不是水的事")
    assert case_of(opened).assignments[1]["how"] == "refused"
    city.do(opened, "report_back", "handler", words="好了")


def test_the_desk_excuses_who_helps_and_nobody_twice(city: City) -> None:
    opened = helped(city)
    water = city.units["water"].id
    city.do(opened, "excuse", "dispatcher", helper=water, note="人手不够")
    assert case_of(opened).assignments[1]["how"] == "excused"
    with problem("helper"):
        city.do(opened, "excuse", "dispatcher", helper=water, note="再来")


def test_a_second_return_is_ruled_on_within_its_time(city: City) -> None:
    opened = city.at("dispatched")
    city.do(opened, "return", "handler", reason="not_ours", note="1")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "return", "plumber", reason="not_ours", note="2")
    due = clocks.moment(case_of(opened).clocks["ruling"]["due"])
    assert due == MONDAY + timedelta(hours=2)
    city.do(opened, "dispatch", "chief", unit=city.units["light"].id)
    assert case_of(opened).clocks["ruling"]["stopped"]


@pytest.fixture
def burst(city: City) -> Opened:
    """An urgent case that the water unit has signed for."""
    opened = city.open("water.burst")
    city.do(opened, "sign_in", "plumber")
    return opened


def test_what_is_urgent_is_not_handed_back(city: City, burst: Opened) -> None:
    with refusal("act_first"):
        city.do(burst, "return", "plumber", reason="not_ours", note="不是我们")


def test_who_disputes_an_urgent_case_acts_on_while_the_level_above_rules(
    city: City, burst: Opened
) -> None:
    city.do(burst, "dispute", "plumber", reason="not_ours", note="是供暖的管")
    case = case_of(burst)
    assert (case.state, case.lead_unit_id) == ("handling", city.units["water"].id)
    assert case.desk_area_id == city.root.id
    assert not case.clocks["ruling"]["stopped"]
    with refusal("relation"):
        city.do(burst, "rule_stays", "dispatcher", note="我来定")
    city.do(burst, "rule_stays", "chief", note="管在井里，归水务")
    case = case_of(burst)
    assert "dispute" not in case.facts
    assert case.clocks["ruling"]["stopped"]
    assert case.lead_unit_id == city.units["water"].id


def test_a_ruling_gives_it_to_another_unit(city: City, burst: Opened) -> None:
    city.do(burst, "dispute", "plumber", reason="not_ours", note="是供暖的管")
    city.do(burst, "rule_moves", "chief", unit=city.units["light"].id, note="归供暖")
    case = case_of(burst)
    assert (case.state, case.lead_unit_id) == ("dispatched", city.units["light"].id)
    assert case.clocks["ruling"]["stopped"]
    assert verify.run() == []


def called(city: City, case_type: str) -> Opened:
    """Lighting leads and water comes too; both have minutes to arrive."""
    opened = city.open(case_type, place_id=at_door(city, codes.short_code()).id)
    light, water = city.units["light"].id, city.units["water"].id
    city.do(opened, "accept", "dispatcher")
    given = {"ground": "beyond", "unit": light, "units": [water], "note": "来"}
    city.do(opened, "call", "dispatcher", **given)
    return opened


CALLS = pytest.mark.parametrize("case_type", ["joint.street", "joint.community"])


@CALLS
@pytest.mark.parametrize(
    ("action", "who", "more"),
    [
        ("return", "handler", {"reason": "not_ours", "note": "x"}),
        ("reassign", "dispatcher", {"unit": "office", "note": "x"}),
        ("rule_moves", "chief", {"unit": "office", "note": "x"}),
    ],
)
def test_a_lead_that_has_it_no_more_is_awaited_no_longer(
    city: City, case_type: str, action: str, who: str, more: dict[str, str]
) -> None:
    opened = called(city, case_type)
    if action == "rule_moves":
        Case.objects.filter(uuid=opened.case_uuid).update(urgent=True)
        city.do(opened, "dispute", "handler", reason="not_ours", note="x")
    given = {key: city.units[one].id if key == "unit" else one for key, one in more.items()}
    city.do(opened, action, who, **given)
    case = case_of(opened)
    assert own_clock(city, case, "arrive", "light")["stopped"]
    assert not own_clock(city, case, "arrive", "water")["stopped"], "it still helps"
    if action != "return":
        assert not own_clock(city, case, "arrive", "office")["stopped"]


@CALLS
def test_a_lead_that_reports_the_result_is_awaited_no_longer(city: City, case_type: str) -> None:
    opened, water = called(city, case_type), city.units["water"].id
    city.do(opened, "note_arrival", "dispatcher", helper=water, how="seen")
    city.do(opened, "co_report", "plumber", words="清走了")
    city.do(opened, "report_back", "handler", words="都好了")
    case = case_of(opened)
    assert own_clock(city, case, "arrive", "light")["stopped"]
    with clock.at(MONDAY + timedelta(hours=3)):
        actions.due_now()
    told = [one.data.clock for one in events.history(opened.case_uuid) if "Clock" in one.type]  # type: ignore[attr-defined]
    assert not [name for name in told if name.startswith("arrive")]
    assert verify.run() == []
