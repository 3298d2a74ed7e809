"""Each shipped workflow walks its straight way, and keeps the rules that it is known for."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.areas.models import Area
from lingka.cases import actions, clocks, parts
from lingka.cases.actions import activation
from lingka.cases.receipts import Opened
from lingka.core import clock, codes, verify
from lingka.units import actions as units
from tests.cases.city import (
    MONDAY,
    RESIDENT,
    START,
    City,
    at_door,
    case_of,
    names,
    picture,
    problem,
    refusal,
)

Step = tuple[str, str, dict[str, Any]]


def walk(city: City, opened: Opened, *steps: Step) -> str:
    """Do these one after another; the state that they lead to."""
    for action, who, data in steps:
        actor = city.reporter(opened) if who == "reporter" else who
        city.do(opened, action, actor, **data)
    return case_of(opened).state


SAID = {"words": "好了"}
CHECKED: tuple[Step, ...] = (
    ("report_back", "handler", SAID),
    ("verify", "verifier", {"how": "visit"}),
    ("call_back_done", "verifier", {}),
    ("rate", "reporter", {"solved": True}),
)

DOOR = codes.short_code()


# -- 街道吹哨·部门报到, 社工吹哨·多方报到 ----------------------------------------------------------


def called(city: City, case_type: str = "joint.street", **more: Any) -> Opened:
    """The lighting unit leads, the water unit is called with it; a code hangs where it is."""
    opened = city.open(case_type, place_id=at_door(city, DOOR).id)
    light, water = city.units["light"].id, city.units["water"].id
    given = {"ground": "beyond", "unit": light, "units": [water], "note": "一起来"} | more
    walk(city, opened, ("accept", "dispatcher", {}), ("call", "dispatcher", given))
    return opened


@pytest.mark.parametrize("case_type", ["joint.street", "joint.community"])
def test_called_units_come_act_together_and_both_sides_rate(city: City, case_type: str) -> None:
    opened, water = called(city, case_type), city.units["water"].id
    state = walk(
        city, opened,
        ("arrive", "handler", {"code": DOOR}),
        ("arrive", "plumber", {"code": f"https://lingka.example/p/{DOOR}"}),
        ("handle", "handler", {"words": "清理中"}),
        ("co_report", "plumber", SAID),
        *CHECKED,
        ("rate_unit", "dispatcher", {"helper": water, "in_time": True, "solved": True}),
        ("rate_call", "plumber", {"justified": False}),
    )  # fmt: skip
    facts = case_of(opened).facts
    assert state == "closed"
    assert facts["units_rated"] == {str(water): {"in_time": True, "solved": True}}
    assert facts["call_rated"] == {str(water): False}
    assert verify.run() == []


def test_a_call_is_made_on_a_lawful_ground_only(city: City) -> None:
    with problem("choice"):
        called(city, ground="ledgers")


@pytest.mark.parametrize(
    ("days", "work"), [(30, ()), (-1, ()), (30, ("water",))], ids=["bound", "over", "other work"]
)
def test_only_who_has_an_agreement_in_force_is_called_because_it_promised(
    city: City, days: int, work: tuple[str, ...]
) -> None:
    units.register_agreement(
        city.units["light"].id, actor=city.staff["chief"], area_ids=[city.street.id],
        case_types=work, promise=names("两小时到"), valid_from=MONDAY.date() - timedelta(days=60),
        valid_to=MONDAY.date() + timedelta(days=days),
    )  # fmt: skip
    if days > 0 and not work:
        assert case_of(called(city, "joint.community", ground="promised")).state == "dispatched"
        return
    with problem("not_promised"):
        called(city, "joint.community", ground="promised")


def test_every_called_unit_has_its_own_minutes_to_arrive(city: City) -> None:
    opened = called(city)
    arrivals = [name for name in case_of(opened).clocks if name.startswith("arrive:")]
    assert arrivals == [f"arrive:{city.units[key].id}" for key in ("water", "light")]
    city.do(opened, "arrive", "handler", code=DOOR)
    with clock.at(MONDAY + timedelta(minutes=31)):
        actions.due_now()
    found = case_of(opened).clocks
    assert [bool(found[name]["breached"]) for name in arrivals] == [True, False]


def test_an_arrival_is_shown_by_the_code_that_hangs_there(city: City) -> None:
    opened, elsewhere = called(city), at_door(city, codes.short_code())
    with problem("wrong_place"):
        city.do(opened, "arrive", "handler", code=elsewhere.code)
    with problem("place_code"):
        city.do(opened, "arrive", "handler", code="here")


def test_where_no_code_hangs_only_the_desk_records_an_arrival(city: City) -> None:
    opened = city.open("joint.street")
    given = {"ground": "beyond", "unit": city.units["light"].id, "note": "来"}
    walk(city, opened, ("accept", "dispatcher", {}), ("call", "dispatcher", given))
    with refusal("no_place"):
        city.do(opened, "arrive", "handler", code=DOOR)
    city.do(opened, "note_arrival", "dispatcher", helper=city.units["light"].id, how="phone")


def test_the_desk_records_who_arrived_and_only_whom_it_waits_for(city: City) -> None:
    opened = called(city)
    water = city.units["water"].id
    city.do(opened, "note_arrival", "dispatcher", helper=water, how="seen")
    assert case_of(opened).clocks[f"arrive:{water}"]["stopped"]
    with problem("no_arrival"):
        city.do(opened, "note_arrival", "dispatcher", helper=water, how="seen")


def community_desk(city: City) -> City:
    """The same city, whose community has a desk too: cases begin there."""
    Post.objects.create(
        user_id=city.staff["walker"].id, role="dispatcher", unit=city.units["office"],
        area=Area.objects.get(level="community"), valid_from=START,
    )  # fmt: skip
    accounts.forget()
    return city


def test_the_community_collects_and_only_the_street_calls(city: City) -> None:
    opened = community_desk(city).open("joint.street")
    given = {"ground": "beyond", "unit": city.units["light"].id, "note": "来"}
    with refusal("chain"):
        city.do(opened, "accept", "walker")
    with refusal("chain"):
        city.do(opened, "call", "walker", **given)
    city.do(opened, "hand_up", "walker")
    assert case_of(opened).desk_area_id == city.street.id
    with refusal("relation"):
        city.do(opened, "accept", "walker")
    assert walk(city, opened, ("accept", "dispatcher", {}), ("call", "dispatcher", given))
    assert verify.run() == []


def test_the_grid_collects_and_only_the_community_calls_its_partners(city: City) -> None:
    Post.objects.create(
        user_id=city.staff["mate"].id, role="dispatcher", unit=city.units["office"],
        area=city.grid, valid_from=START,
    )  # fmt: skip
    opened = community_desk(city).open("joint.community")
    given = {"ground": "beyond", "unit": city.units["light"].id, "note": "来"}
    assert case_of(opened).desk_area_id == city.grid.id
    with refusal("chain"):
        city.do(opened, "accept", "mate")
    with refusal("chain"):
        city.do(opened, "call", "mate", **given)
    city.do(opened, "hand_up", "mate")
    assert case_of(opened).desk_area.level == "community"
    with refusal("done"):
        city.do(opened, "hand_up", "walker")
    assert walk(city, opened, ("accept", "walker", {}), ("call", "walker", given)) == "dispatched"
    assert verify.run() == []


def test_the_street_has_its_own_time_to_take_what_was_collected(city: City) -> None:
    opened = community_desk(city).open("joint.street")
    with clock.at(MONDAY + timedelta(hours=1)):
        city.do(opened, "hand_up", "walker")
    asked = case_of(opened).clocks["accept"]
    assert clocks.moment(asked["started"]) == MONDAY + timedelta(hours=1)


# -- 五单联动 -----------------------------------------------------------------------------------


def test_a_slip_is_ordered_accepted_handed_down_done_and_rated(city: City) -> None:
    opened = city.open("joint.slip")
    state = walk(
        city, opened,
        ("accept", "dispatcher", {}),
        ("pass_up", "dispatcher", {}),
        ("dispatch", "chief", {"unit": city.units["light"].id}),
        ("sign_in", "handler", {}),
        ("report_back", "handler", SAID),
        ("verify", "supervisor", {"how": "visit"}),
        ("rate", "reporter", {"solved": True, "satisfied": "yes"}),
    )  # fmt: skip
    assert state == "closed"
    assert case_of(opened).desk_area_id == city.root.id


SLIP = activation.read(parts.DATA / "workflows" / "five_slips.yaml")


@pytest.mark.parametrize(
    "levels", [["community"], ["community", "street"], ["community", "street", "city"]]
)
def test_a_slip_is_accepted_by_every_desk_of_its_chain(city: City, levels: list[str]) -> None:
    _none, *others = SLIP["on_open"]
    activation.activate(
        "workflow", {**SLIP, "on_open": [{"chain": levels}, *others]}, actor=city.staff["chief"]
    )
    opened, unit = community_desk(city).open("joint.slip"), city.units["light"].id
    *lower, last = ["walker", "dispatcher", "chief"][: len(levels)]
    for who in lower:
        city.do(opened, "accept", who)
        with refusal("chain"):
            city.do(opened, "dispatch", who, unit=unit)
        city.do(opened, "hand_up", who)
        with refusal("state"):
            city.do(opened, "dispatch", "chief", unit=unit)
    city.do(opened, "accept", last)
    with refusal("done"):
        city.do(opened, "hand_up", last)
    assert walk(city, opened, ("dispatch", last, {"unit": unit})) == "dispatched"
    assert verify.run() == []


def test_a_slip_is_answered_within_the_week_and_done_within_the_month(city: City) -> None:
    found = case_of(city.open("joint.slip")).clocks
    assert (found["respond"]["basis"], found["resolve"]["basis"]) == ("end_of_week", "end_of_month")


# -- 隐患销号 -----------------------------------------------------------------------------------


def fixed(city: City, level: str = "ordinary", **more: Any) -> Opened:
    """A hazard with its six things fixed: lighting mends, the checkers look again."""
    opened = city.open("safety.hazard")
    six = {
        "unit": city.units["light"].id, "item": "楼道电线", "measure": "穿管", "funds": "owner",
        "person": "电工岗", "until": (MONDAY + timedelta(days=9)).isoformat(),
        "reinspector": city.units["checkers"].id,
    }  # fmt: skip
    walk(
        city, opened,
        ("register", "dispatcher", {"level": level, "attachments": [picture()]}),
        ("dispatch", "dispatcher", six | more),
        ("sign_in", "handler", {}),
    )  # fmt: skip
    return opened


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo(city: City) -> list[Any]:
    return [picture()]


def test_a_hazard_is_registered_with_a_photo_from_before(city: City) -> None:
    opened = city.open("safety.hazard")
    with problem("missing"):
        city.do(opened, "register", "dispatcher", level="ordinary")
    city.do(opened, "register", "dispatcher", level="ordinary", attachments=[picture()])


def test_a_photo_that_came_with_the_report_or_later_is_one_from_before(city: City) -> None:
    first = city.open("safety.hazard", attachments=[picture()])
    later = city.open("safety.hazard")
    city.do(later, "add", city.reporter(later), attachments=[picture()])
    brought = city.open("safety.hazard")
    actions.bring_in(brought.case_uuid, actor=RESIDENT, attachments=[picture()])
    for opened in (first, later, brought):
        assert walk(city, opened, ("register", "dispatcher", {"level": "ordinary"})) == "accepted"
    assert verify.run() == []


def test_a_hazard_is_mended_looked_at_again_and_struck_off(city: City, photo: list[Any]) -> None:
    opened = fixed(city)
    state = walk(
        city, opened,
        ("report_back", "handler", SAID | {"attachments": photo}),
        ("verify", "verifier", {"how": "visit"}),
    )  # fmt: skip
    assert state == "closed"
    assert verify.run() == []


def test_the_date_that_was_fixed_goes_over_the_rule(city: City) -> None:
    found = case_of(fixed(city)).clocks["resolve"]
    assert clocks.moment(found["due"]) == MONDAY + timedelta(days=9)


def test_mending_is_reported_with_photos_from_afterwards(city: City) -> None:
    opened = fixed(city)
    with problem("missing"):
        city.do(opened, "report_back", "handler", words="好了")


def test_who_mends_is_not_fixed_to_look_again(city: City) -> None:
    with problem("separated"):
        fixed(city, reinspector=city.units["light"].id)


@pytest.mark.parametrize("action", ["reassign", "add_co_handler"])
def test_who_looks_again_never_comes_to_mend_it(city: City, action: str) -> None:
    opened = fixed(city, reinspector=city.units["water"].id)
    why = {"note": "换一家"} if action == "reassign" else {}
    with problem("separated"):
        city.do(opened, action, "dispatcher", unit=city.units["water"].id, **why)


def test_who_helped_before_is_not_fixed_to_look_again(city: City) -> None:
    opened, water = fixed(city), city.units["water"].id
    walk(
        city, opened,
        ("add_co_handler", "dispatcher", {"unit": water}),
        ("return", "handler", {"reason": "not_ours", "note": "不是我们的"}),
    )  # fmt: skip
    until = (MONDAY + timedelta(days=9)).isoformat()
    fixing = {
        "item": "电线",
        "measure": "穿管",
        "funds": "owner",
        "person": "电工岗",
        "until": until,
    }
    with problem("separated"):
        city.do(
            opened,
            "dispatch",
            "dispatcher",
            unit=city.units["hall"].id,
            reinspector=water,
            **fixing,
        )


def test_more_time_for_a_hazard_is_asked_before_its_day_and_granted_by_another(city: City) -> None:
    opened, later = fixed(city), MONDAY + timedelta(days=14)
    asked = {"until": later.isoformat(), "note": "等配件"}
    city.do(opened, "extend_ask", "handler", **asked)
    city.do(opened, "extend_grant", "dispatcher")
    assert clocks.moment(case_of(opened).clocks["resolve"]["due"]) == later
    with clock.at(MONDAY + timedelta(days=15)), refusal("too_late"):
        city.do(opened, "extend_ask", "handler", **asked)


def test_only_the_unit_that_was_named_looks_again(city: City, photo: list[Any]) -> None:
    opened = fixed(city, reinspector=city.units["hall"].id)
    city.do(opened, "report_back", "handler", words="好了", attachments=photo)
    with refusal("separated"):
        city.do(opened, "verify", "verifier", how="visit")
    city.do(opened, "verify", "supervisor", how="visit")


def test_a_major_hazard_is_made_safe_first_and_listed_in_public(
    city: City, photo: list[Any]
) -> None:
    opened = fixed(city, "major")
    assert {"protect", "listing"} <= set(case_of(opened).clocks)
    with refusal("unprotected"):
        city.do(opened, "report_back", "handler", words="好了", attachments=photo)
    city.do(opened, "protect", "handler", words="断电，围挡")
    city.do(opened, "list", "supervisor", words="楼道电线老化，正在整改")
    found = case_of(opened).clocks
    assert found["protect"]["stopped"]
    assert found["listing"]["stopped"]
    city.do(opened, "report_back", "handler", words="好了", attachments=photo)


def test_an_ordinary_hazard_is_not_listed(city: City) -> None:
    opened = fixed(city)
    assert "listing" not in case_of(opened).clocks
    with refusal("state"):
        city.do(opened, "list", "supervisor", words="挂牌")


# -- 领衔督办 -----------------------------------------------------------------------------------


def test_a_firms_demand_is_answered_by_name_and_seen_through(city: City) -> None:
    opened = city.open("enterprise.demand")
    chief, until = city.staff["supervisor"], MONDAY + timedelta(days=20)
    walk(
        city, opened,
        ("accept", "dispatcher", {}),
        ("name_lead", "dispatcher", {"leader": chief.id}),
    )  # fmt: skip
    with refusal("relation"):
        city.do(opened, "lead_answer", "chief", words="我来答", until=until.isoformat())
    state = walk(
        city, opened,
        ("lead_answer", "supervisor", {"words": "协调用地", "until": until.isoformat()}),
        ("report_back", "supervisor", SAID),
    )  # fmt: skip
    case = case_of(opened)
    assert state == "reported"
    assert clocks.moment(case.clocks["resolve"]["due"]) == until
    with refusal("separated"):
        city.do(opened, "verify", "supervisor", how="visit")
    state = walk(
        city, opened,
        ("verify", "verifier", {"how": "visit"}),
        ("rate", "reporter", {"solved": True}),
    )  # fmt: skip
    assert state == "closed"
    assert verify.run() == []


def test_a_named_lead_who_does_not_answer_is_late(city: City) -> None:
    opened = city.open("enterprise.demand")
    leader = {"leader": city.staff["supervisor"].id}
    walk(city, opened, ("accept", "dispatcher", {}), ("name_lead", "dispatcher", leader))
    due = clocks.moment(case_of(opened).clocks["lead_answer"]["due"])
    with clock.at(due):
        actions.due_now()
        actions.due_now()
    assert case_of(opened).clocks["lead_answer"]["breached"]


# -- 议事督办 -----------------------------------------------------------------------------------


def test_a_resolution_has_an_owner_and_a_date_and_its_result_is_read_out(city: City) -> None:
    opened, until = city.open("council.resolution"), MONDAY + timedelta(days=12)
    given = {"unit": city.units["light"].id, "until": until.isoformat()}
    state = walk(
        city, opened,
        ("accept", "dispatcher", {}),
        ("dispatch", "dispatcher", given),
        ("sign_in", "handler", {}),
        ("report_back", "handler", SAID),
        ("verify", "verifier", {"how": "visit"}),
    )  # fmt: skip
    assert state == "checked"
    assert clocks.moment(case_of(opened).clocks["resolve"]["due"]) == until
    assert walk(city, opened, ("read_out", "dispatcher", {"words": "三个车位画好了"})) == "closed"
    assert verify.run() == []


# -- 微心愿 -------------------------------------------------------------------------------------


def wished(city: City) -> Opened:
    opened = city.open("wish.small")
    city.hang(opened, "一套小学英语读本")
    return opened


def test_a_wish_is_claimed_by_one_and_confirmed_by_whoever_wished(city: City) -> None:
    opened = wished(city)
    city.do(opened, "claim", "handler")
    with refusal("state"):
        city.do(opened, "claim", "plumber")
    city.do(opened, "deliver", "handler", words="书送到了")
    with refusal("relation"):
        city.do(opened, "rate", "dispatcher", solved=True)
    assert walk(city, opened, ("rate", "reporter", {"solved": True})) == "closed"
    assert verify.run() == []


def test_a_claim_that_nobody_follows_up_lapses(city: City) -> None:
    opened = wished(city)
    city.do(opened, "claim", "handler")
    with clock.at(MONDAY + timedelta(days=3)):
        actions.due_now()
        assert case_of(opened).state == "wished"
        city.do(opened, "claim", "plumber")
    case = case_of(opened)
    assert case.lead_unit_id == city.units["water"].id
    assert case.assignments[0]["how"] == "lapsed"


def test_silence_does_not_confirm_a_wish(city: City) -> None:
    opened = wished(city)
    walk(city, opened, ("claim", "handler", {}), ("deliver", "handler", {"words": "送到了"}))
    with clock.at(MONDAY + timedelta(days=8)):
        actions.due_now()
        assert case_of(opened).state == "resolved"
        city.do(opened, "close_unconfirmed", "dispatcher")
    assert case_of(opened).state == "unconfirmed"
