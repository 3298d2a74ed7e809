"""The level above presses for an answer by a day; a leader takes it up by name and rules."""

from datetime import timedelta

import pytest

from lingka.cases import actions, clocks
from lingka.cases.receipts import Opened
from lingka.cases.selectors import queues, receipt_by_token
from lingka.cases.selectors.whys import why
from lingka.core import clock, events
from tests.cases.city import HUNG, MONDAY, City, case_of, problem, refusal

DAY = "2026-11-18"  # two days on


@pytest.fixture
def pressed(city: City) -> Opened:
    """A case in the lighting unit's hands, supervised from above."""
    opened = city.at("handling")
    city.do(opened, "supervise", "supervisor", reason="pushed", until=DAY, note="哪天修好？")
    return opened


def test_whoever_has_it_owes_an_answer_by_the_day_named(city: City, pressed: Opened) -> None:
    case = case_of(pressed)
    assert case.facts["supervised"]["unit"] == city.units["light"].id
    assert clocks.moment(case.clocks["supervise"]["due"]).day == 18
    city.do(pressed, "answer_supervision", "handler", note="周五前修好")
    assert case_of(pressed).clocks["supervise"]["stopped"]


def test_an_answer_that_stays_out_climbs_the_tree(city: City, pressed: Opened) -> None:
    due = clocks.moment(case_of(pressed).clocks["supervise"]["due"])
    for hours in (0, 3):
        with clock.at(due + timedelta(hours=hours)):
            while actions.due_now():
                pass
    told = [
        (one.data.level, one.data.area)
        for one in events.history(pressed.case_uuid)
        if one.type == "cases.ClockBreached" and one.data.clock == "supervise"  # type: ignore[attr-defined]
    ]
    assert told == [(0, city.street.id), (1, city.root.id)]
    assert case_of(pressed).facts["escalated"] == city.root.id


def test_nobody_supervises_twice_before_the_answer(city: City, pressed: Opened) -> None:
    with refusal("pending"):
        city.do(pressed, "supervise", "leader", reason="late", until=DAY, note="？")
    city.do(pressed, "answer_supervision", "handler", note="在修")
    city.do(pressed, "supervise", "leader", reason="late", until=DAY, note="还没好？")
    assert case_of(pressed).facts["supervisions"] == 2


def test_the_desk_does_not_answer_for_the_unit_in_charge(city: City, pressed: Opened) -> None:
    with refusal("relation"):
        city.do(pressed, "answer_supervision", "dispatcher", note="他们在修")


def test_the_desk_answers_for_what_no_unit_has(city: City) -> None:
    opened = city.open()
    city.do(opened, "supervise", "supervisor", reason="late", until=DAY, note="为什么没派？")
    city.do(opened, "answer_supervision", "dispatcher", note="今天派")
    city.do(opened, "end_supervision", "supervisor")
    assert "supervised" not in case_of(opened).facts


def test_whoever_claimed_a_wish_answers_for_it_and_else_the_desk(city: City) -> None:
    opened = city.open("wish.small")
    city.do(opened, "hang", "dispatcher", words="一双手套", **HUNG)
    asked = {"reason": "late", "until": DAY, "note": "挂了很久"}
    city.do(opened, "supervise", "supervisor", **asked)
    city.do(opened, "answer_supervision", "dispatcher", note="再挂一周")
    city.do(opened, "end_supervision", "supervisor")
    city.do(opened, "claim", "handler")
    city.do(opened, "supervise", "supervisor", **asked)
    with refusal("relation"):
        city.do(opened, "answer_supervision", "dispatcher", note="x")
    city.do(opened, "answer_supervision", "handler", note="明天送去")


def test_a_day_is_promised_in_public_for_a_slip(city: City) -> None:
    opened = city.open("joint.slip")
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["light"].id)
    city.do(opened, "promise", "handler", until=DAY, words="周三修好")
    assert clocks.moment(case_of(opened).clocks["promise"]["due"]).day == 18


def test_a_unit_of_the_same_level_supervises_nobody(city: City) -> None:
    opened = city.at("handling")
    for who in ("dispatcher", "handler", "verifier"):
        with refusal("relation"):
            city.do(opened, "supervise", who, reason="late", until=DAY, note="？")


def test_supervision_ends_with_the_case(city: City, pressed: Opened) -> None:
    city.do(pressed, "withdraw", city.reporter(pressed))
    case = case_of(pressed)
    assert "supervised" not in case.facts
    assert case.wake_at is None


def test_the_day_named_lies_ahead(city: City) -> None:
    opened = city.at("handling")
    with problem("past"):
        city.do(opened, "supervise", "supervisor", reason="late", until="2026-11-01", note="？")


def test_a_leader_takes_it_up_by_name_and_the_resident_hears_them(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "take_lead", "leader")
    assert not case_of(opened).clocks["lead_answer"]["stopped"]
    with refusal("done"):
        city.do(opened, "take_lead", "leader")
    city.do(opened, "lead_answer", "leader", words="我盯着，周五前修好")
    found = case_of(opened).clocks
    assert found["lead_answer"]["stopped"]
    assert found["respond"]["stopped"], "an answer by name is a first contact"
    page = receipt_by_token(opened.token)
    assert page
    assert [one.words for one in page.replies] == ["我盯着，周五前修好"]
    assert page.lead
    assert page.lead.role == "分管领导"
    assert page.replies[0].lead == page.lead


def test_a_leader_s_queue_holds_what_they_lead_and_owe_an_answer_on(city: City) -> None:
    def listed(tab: str) -> list[str]:
        return [case.number for case in queues.queue(city.staff["leader"], tab).rows]

    led, other = city.at("handling"), city.at("handling")
    assert listed("mine") == []
    city.do(led, "take_lead", "leader")
    city.do(other, "name_lead", "supervisor", leader=city.staff["supervisor"].id)
    assert listed("mine") == [led.case_number]
    told = why(case_of(led), now=clock.now(), reader=city.staff["leader"].id or 0)
    assert told.icon == "user-check"
    assert why(case_of(led), now=clock.now(), reader=1).icon != "user-check"
    city.do(led, "lead_answer", "leader", words="我盯着")
    assert listed("mine") == []
    assert {led.case_number, other.case_number} <= set(listed("others"))


def test_only_somebody_whose_post_covers_the_place_is_named_to_lead(city: City) -> None:
    opened = city.at("handling")
    with problem("person"):
        city.do(opened, "name_lead", "supervisor", leader=city.staff["walker"].id)
    city.do(opened, "name_lead", "supervisor", leader=city.staff["leader"].id)
    assert case_of(opened).facts["leader"] == city.staff["leader"].id


def test_what_two_units_refused_a_leader_rules_on_within_two_hours(city: City) -> None:
    opened = city.at("dispatched")
    city.do(opened, "return", "handler", reason="not_ours", note="不归我们")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "return", "plumber", reason="not_ours", note="也不归我们")
    with clock.at(MONDAY + timedelta(minutes=90)):
        city.do(opened, "dispatch", "leader", unit=city.units["light"].id)
    case = case_of(opened)
    assert case.lead_unit_id == city.units["light"].id
    ruling = case.clocks["ruling"]
    assert ruling["stopped"] <= ruling["due"]
