"""Links of units without accounts: one assignment, accepted and reported, for a while."""

from datetime import timedelta

import pytest

from lingka.cases import actions, replay, selectors
from lingka.cases.actions import activation
from lingka.cases.clocks import moment
from lingka.cases.models import AssignmentLink
from lingka.cases.parts import DATA
from lingka.core import clock, codes, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.cases.city import MONDAY, at_door, case_of, problem, refusal

DOOR = codes.short_code()


def linked(city, opened, unit="light", **more):
    values = {"unit_id": city.units[unit].id, "note": "换灯泡", "days": 7, **more}
    actor = values.pop("actor", city.staff["dispatcher"])
    return actions.make_link(opened.case_uuid, actor=actor, **values)


def by(token, opened, action, **data):
    actor = selectors.by_link(token).actor
    return actions.perform(opened.case_uuid, action, actor=actor, data=data)


def test_the_lead_accepts_and_reports_by_its_link_and_history_says_so(city):
    opened = city.at("dispatched")
    token = linked(city, opened)
    assert selectors.by_link(token).may == ("sign_in",)
    by(token, opened, "sign_in")
    assert selectors.by_link(token).may == ("report_back",)
    by(token, opened, "report_back", words="换好了")
    case = case_of(opened)
    assert case.state == "reported"
    assert case.facts["handled_unit"] == city.units["light"].id
    assert "handled_by" not in case.facts
    told = events.history(opened.case_uuid)
    assert told[-1].actor == {"kind": "link", "id": AssignmentLink.objects.get().id}
    assert replay.differences(case, told) == []


def test_the_resident_reads_what_lead_and_helper_reported_by_their_links(city):
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    by(linked(city, opened, "water"), opened, "co_report", words="关了阀")
    by(linked(city, opened), opened, "report_back", words="都换好了")
    replies = selectors.receipt_by_token(opened.token).replies
    assert [(one.words, one.unit_id) for one in replies] == [
        ("都换好了", city.units["light"].id),
        ("关了阀", city.units["water"].id),
    ]


def test_somebody_of_another_unit_checks_what_was_reported_by_a_link(city):
    opened = city.at("dispatched")
    token = linked(city, opened)
    by(token, opened, "sign_in")
    by(token, opened, "report_back", words="换好了")
    city.do(opened, "verify", "verifier", how="visit")


def test_a_helper_reports_its_own_part_and_nothing_of_the_lead_s(city):
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    token = linked(city, opened, "water")
    with refusal("relation"):
        by(token, opened, "report_back", words="x")
    assert "co_report" in selectors.by_link(token).may
    by(token, opened, "co_report", words="关了阀")
    assert selectors.by_link(token).state == "done"


def test_a_helper_s_link_shows_its_own_time_and_the_lead_s_that_of_the_whole(city):
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    lead, helper = linked(city, opened), linked(city, opened, "water")
    clocks = case_of(opened).clocks
    own = clocks[f"help:{city.units['water'].id}"]["due"]
    assert own != clocks["resolve"]["due"]
    assert selectors.by_link(helper).due == moment(own)
    assert selectors.by_link(lead).due == moment(clocks["resolve"]["due"])


def test_a_called_unit_s_link_shows_until_when_it_has_to_be_there_then_its_time_to_help(city):
    light, water = city.units["light"].id, city.units["water"].id
    opened = city.open("joint.street", place_id=at_door(city, DOOR).id)
    called = {"ground": "beyond", "unit": light, "units": [water], "note": "来"}
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "call", "dispatcher", **called)
    tokens = {"lead": linked(city, opened), "co": linked(city, opened, "water")}

    def shown(kind, clock):
        due = case_of(opened).clocks[clock]["due"]
        return selectors.by_link(tokens[kind]).due == moment(due)

    assert shown("lead", f"arrive:{light}")
    assert shown("co", f"arrive:{water}")
    by(tokens["lead"], opened, "arrive", code=DOOR)
    by(tokens["co"], opened, "arrive", code=DOOR)
    assert shown("lead", "resolve")
    assert shown("co", f"help:{water}")


def test_every_workflow_in_which_a_unit_reports_lets_it_report_by_its_link():
    for path in (DATA / "workflows").glob("*.yaml"):
        done = activation.read(path)["actions"]
        for key, lead, link in (
            ("sign_in", "lead_handler", "link_lead"), ("arrive", "lead_handler", "link_lead"),
            ("arrive", "co_handler", "link_co"), ("report_back", "lead_handler", "link_lead"),
            ("co_report", "co_handler", "link_co"),
        ):  # fmt: skip
            by_whom = done.get(key, {"by": ()})["by"]
            assert lead not in by_whom or link in by_whom, (path.stem, key)


@pytest.mark.parametrize("case_type", ["joint.street", "joint.community"])
def test_partners_that_are_called_come_and_report_by_their_links(city, case_type):
    light, water = city.units["light"].id, city.units["water"].id
    opened = city.open(case_type, place_id=at_door(city, DOOR).id)
    called = {"ground": "beyond", "unit": light, "units": [water], "note": "来"}
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "call", "dispatcher", **called)
    lead, helper = linked(city, opened), linked(city, opened, "water")
    assert selectors.by_link(lead).may == ("arrive",)
    by(lead, opened, "arrive", code=DOOR)
    assert selectors.by_link(lead).may == (), "it is there, and waits for who helps"
    by(helper, opened, "arrive", code=DOOR)
    by(helper, opened, "co_report", words="清走了")
    by(lead, opened, "report_back", words="都好了")
    assert case_of(opened).state == "reported"


@pytest.mark.parametrize("case_type", ["joint.slip", "help.question", "joint.part"])
def test_whoever_got_it_alone_accepts_and_reports_by_its_link(city, case_type):
    opened = city.open(case_type)
    if case_type == "joint.slip":
        city.do(opened, "accept", "dispatcher")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["light"].id)
    token = linked(city, opened)
    by(token, opened, "sign_in")
    by(token, opened, "report_back", words="办好了")
    assert "handling" not in case_of(opened).stage


@pytest.mark.parametrize(
    ("action", "data"),
    [("return", {"reason": "not_ours", "note": "x"}), ("reply", {"words": "x"}),
     ("note", {"note": "x"}), ("handle", {"words": "x"})],
)  # fmt: skip
def test_it_does_nothing_else(city, action, data):
    opened = city.at("handling")
    token = linked(city, opened)
    with refusal("relation"):
        by(token, opened, action, **data)


def test_it_opens_no_other_case(city):
    opened, other = city.at("handling"), city.at("handling", lon=91.14)
    token = linked(city, opened)
    actor = selectors.by_link(token).actor
    with problem("unknown_case"):
        actions.perform(other.case_uuid, "report_back", actor=actor, data={"words": "x"})


def test_when_its_days_are_over_it_opens_nothing(city):
    opened = city.at("dispatched")
    token = linked(city, opened, days=3)
    with clock.at(MONDAY + timedelta(days=3)):
        view = selectors.by_link(token)
        assert (view.state, view.may, view.note) == ("expired", (), "")
        with problem("unknown_case"):
            by(token, opened, "sign_in")


def test_revoked_it_opens_nothing_and_history_says_by_whom(city):
    opened = city.at("dispatched")
    token = linked(city, opened)
    held = AssignmentLink.objects.get()
    for _twice in range(2):
        actions.revoke_link(opened.case_uuid, held.uuid, actor=city.staff["dispatcher"])
    assert selectors.by_link(token).state == "revoked"
    with problem("unknown_case"):
        by(token, opened, "sign_in")
    kinds = [event.type for event in events.history(opened.case_uuid)][-2:]
    assert kinds == ["cases.LinkMade", "cases.LinkRevoked"]


def test_it_ends_with_the_unit_s_part_in_the_case(city):
    opened = city.at("dispatched")
    token = linked(city, opened)
    city.do(opened, "reassign", "dispatcher", unit=city.units["water"].id, note="x")
    assert selectors.by_link(token).state == "done"
    with problem("unknown_case"):
        by(token, opened, "sign_in")


def test_a_guessed_token_opens_nothing(city):
    assert selectors.by_link("a" * 32) is None
    assert selectors.by_link(city.open().token) is None


def test_only_the_desk_and_supervisors_make_and_revoke(city):
    opened = city.at("dispatched")
    linked(city, opened, actor=city.staff["supervisor"])
    for who in (city.staff["handler"], city.reporter(opened), Actor("resident")):
        with refusal("desk"):
            linked(city, opened, actor=who)
        with refusal("desk"):
            held = AssignmentLink.objects.get()
            actions.revoke_link(opened.case_uuid, held.uuid, actor=who)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"unit": "water"}, "unit"), ({"note": " "}, "missing"), ({"days": 400}, "days")],
)
def test_what_does_not_do_is_refused(city, given, code):
    with problem(code):
        linked(city, city.at("dispatched"), **given)


def test_what_is_not_there_is_a_problem(city):
    opened = city.at("dispatched")
    with problem("unknown"):
        actions.revoke_link(opened.case_uuid, uuid7(), actor=city.staff["dispatcher"])
    with problem("unknown_case"):
        actions.revoke_link(uuid7(), uuid7(), actor=city.staff["dispatcher"])


def test_the_desk_finds_its_links_again(city):
    opened = city.at("dispatched")
    token = linked(city, opened)
    case = case_of(opened)
    (one,) = selectors.links_of(case)
    assert (one.token, one.state) == (token, "works")
    assert selectors.may_link(case, city.staff["dispatcher"])
    assert not selectors.may_link(case, city.staff["handler"])
