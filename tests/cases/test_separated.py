"""Whoever had a hand in a case, at any time and in any part of it, does not judge the result."""

from datetime import timedelta

from lingka.accounts.models import Post, User
from lingka.cases import actions
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.cases.selectors import queue
from lingka.cases.selectors.calls import called
from lingka.core.ids import uuid7
from tests.cases.city import MONDAY, START, City, case_of, picture, problem, refusal

DAY = (MONDAY + timedelta(days=5)).isoformat()


def verifier_of(city: City, who: str, unit: str) -> None:
    """A verifier's post for somebody, in a unit of theirs."""
    Post.objects.create(
        user_id=city.staff[who].id, role="verifier", unit=city.units[unit], area=city.street,
        valid_from=START,
    )  # fmt: skip


def test_who_led_before_it_was_reassigned_neither_checks_nor_calls_back(city: City) -> None:
    verifier_of(city, "plumber", "water")
    opened = city.at("accepted")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "reassign", "dispatcher", unit=city.units["light"].id, note="换人")
    city.do(opened, "sign_in", "handler")
    city.do(opened, "report_back", "handler", words="好了")
    with refusal("separated"):
        city.do(opened, "verify", "plumber", how="visit")
    city.do(opened, "verify", "verifier", how="visit")
    with refusal("separated"):
        city.do(opened, "call_back_done", "plumber")


def split(city: City) -> Opened:
    """A case of the lighting unit, of which the water unit has done a part."""
    opened = city.at("handling")
    given = {"case_type": "water.none", "unit": city.units["water"].id, "note": "先抽水"}
    city.do(opened, "split", "dispatcher", **given)
    part = Case.objects.get(channel="part").uuid
    for action, who, words in (
        ("sign_in", "plumber", {}), ("report_back", "plumber", {"words": "抽干了"}),
        ("verify", "verifier", {"how": "visit"}),
    ):  # fmt: skip
        actions.perform(part, action, actor=city.staff[who], data=words)
    return opened


def test_who_did_a_part_that_was_split_off_does_not_check_the_whole(city: City) -> None:
    verifier_of(city, "plumber", "water")
    opened = split(city)
    city.do(opened, "report_back", "handler", words="都好了")
    with refusal("separated"):
        city.do(opened, "verify", "plumber", how="visit")
    city.do(opened, "verify", "verifier", how="visit")
    waiting = called(case_of(opened))
    assert waiting
    assert waiting.units == {city.units[name].id for name in ("light", "water")}


def test_a_colleague_of_who_leads_by_name_does_not_check_what_they_reported(city: City) -> None:
    verifier_of(city, "chief", "hall")
    opened = city.open("enterprise.demand")
    lead = city.staff["leader"]
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "name_lead", "dispatcher", leader=lead.id)
    city.do(opened, "lead_answer", lead, words="我来办", until=DAY)
    city.do(opened, "report_back", lead, words="办好了")
    for who in ("chief", "supervisor"):
        with refusal("separated"):
            city.do(opened, "verify", who, how="phone")
    city.do(opened, "verify", "verifier", how="phone")


def test_who_leads_a_case_by_name_does_not_check_it(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "name_lead", "supervisor", leader=city.staff["supervisor"].id)
    city.do(opened, "report_back", "handler", words="好了")
    with refusal("separated"):
        city.do(opened, "verify", "supervisor", how="visit")


def test_neither_who_led_by_name_before_nor_a_colleague_checks_it(city: City) -> None:
    verifier_of(city, "chief", "hall")
    opened = city.at("handling")
    city.do(opened, "name_lead", "supervisor", leader=city.staff["leader"].id)
    next_ = User.objects.create(uuid=uuid7(), username="next", name="next")
    Post.objects.create(
        user=next_, role="leader", unit=city.units["checkers"], area=city.root, valid_from=START
    )
    city.do(opened, "name_lead", "supervisor", leader=next_.pk)
    city.do(opened, "report_back", "handler", words="好了")
    with refusal("separated"):
        city.do(opened, "verify", "chief", how="visit")
    city.do(opened, "verify", "verifier", how="visit")


def test_whoever_once_led_a_hazard_is_not_named_to_look_at_it_again(city: City) -> None:
    opened = city.open("safety.hazard")
    light, water = city.units["light"].id, city.units["water"].id
    six = {"item": "护栏", "measure": "焊牢", "funds": "none", "person": "班长", "until": DAY}
    Case.objects.filter(uuid=opened.case_uuid).update(facts={"pictured": True})
    city.do(opened, "register", "dispatcher", level="ordinary")
    checkers = city.units["checkers"].id
    city.do(opened, "dispatch", "dispatcher", unit=water, reinspector=checkers, **six)
    city.do(opened, "return", "plumber", reason="not_ours", note="不是水的事")
    with problem("separated"):
        city.do(opened, "dispatch", "dispatcher", unit=light, reinspector=water, **six)
    with problem("separated"):
        given = {"case_type": "water.none", "unit": checkers, "note": "抽水"}
        city.do(opened, "split", "dispatcher", **given)


def test_who_was_named_to_look_again_and_did_a_part_leaves_it_to_whoever_checks(city: City) -> None:
    verifier_of(city, "chief", "hall")
    opened = city.open("safety.hazard", attachments=[picture()])
    city.do(opened, "register", "dispatcher", level="ordinary")
    six = {"item": "护栏", "measure": "焊牢", "funds": "none", "person": "班长", "until": DAY}
    water, light = city.units["water"].id, city.units["light"].id
    city.do(opened, "dispatch", "dispatcher", unit=water, reinspector=light, **six)
    city.do(opened, "sign_in", "plumber")
    checkers = city.units["checkers"].id
    city.do(opened, "split", "dispatcher", case_type="water.none", unit=checkers, note="抽水")
    part = Case.objects.get(channel="part").uuid
    for action, who, data in (
        ("reassign", "dispatcher", {"unit": light, "note": "他们近"}),
        ("sign_in", "handler", {}),
        ("report_back", "handler", {"words": "抽干了"}),
        ("verify", "supervisor", {"how": "visit"}),
    ):
        actions.perform(part, action, actor=city.staff[who], data=data)
    assert "reinspector" not in case_of(opened).facts
    city.do(opened, "report_back", "plumber", words="焊好了", attachments=[picture()])
    waits = queue(city.staff["chief"]).rows
    assert [one.number for one in waits] == [opened.case_number]
    with refusal("separated"):
        city.do(opened, "verify", "verifier", how="visit")  # whose unit had the part before
    city.do(opened, "verify", "chief", how="visit")
