"""Small in the grid, hard together, large by council: a case climbs when a threshold is reached."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post, User
from lingka.areas.models import Area
from lingka.cases import actions, checker, clocks, grades, parts, replay, rows
from lingka.cases.actions import activation
from lingka.cases.receipts import Opened
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.together import SOURCES, could_help
from lingka.core import clock, events
from lingka.core.ids import uuid7
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases.city import START, City, case_of, names, refusal, second_grid

FLOW = activation.read(parts.DATA / "workflows" / "quick_response.yaml")


def grade_of(opened: Opened) -> str:
    state = rows.state_of(case_of(opened))
    found = grades.of(catalogue.workflow(state.workflow), state)
    assert found
    return found.key


@pytest.fixture
def community(city: City) -> City:
    """The same city, whose community has a desk of its own: small things come there first."""
    desk = Area.objects.get(level="community")
    walker = city.staff["walker"]
    Post.objects.create(
        user_id=walker.id, role="dispatcher", unit=city.units["office"], area=desk,
        valid_from=START,
    )  # fmt: skip
    accounts.forget()
    return city


def test_a_case_starts_small_at_the_lowest_desk(community: City) -> None:
    opened = community.open()
    assert grade_of(opened) == "small"
    assert case_of(opened).desk_area.level == "community"


def test_what_is_late_climbs_to_the_street_by_itself(community: City) -> None:
    opened = community.open()
    with clock.at(clocks.moment(case_of(opened).clocks["resolve"]["due"]) + timedelta(hours=1)):
        while actions.due_now():
            pass
    case = case_of(opened)
    assert grade_of(opened) == "hard"
    assert (case.facts["graded"], case.desk_area.level) == ("late", "street")
    assert replay.differences(case, events.history(case.uuid)) == []


def test_what_had_to_be_redone_is_hard(city: City) -> None:
    opened = city.at("reported")
    assert grade_of(opened) == "small"
    city.do(opened, "verify_failed", "verifier", words="还是黑的")
    assert (grade_of(opened), case_of(opened).facts["graded"]) == ("hard", "redone")


def test_what_was_refused_twice_is_hard_and_thrice_large(city: City) -> None:
    opened = city.open()
    units = [("light", "handler"), ("water", "plumber"), ("light", "handler")]
    seen = []
    for unit, who in units:
        city.do(opened, "dispatch", "chief", unit=city.units[unit].id)
        city.do(opened, "return", who, reason="not_ours", note="不归我们")
        seen.append(grade_of(opened))
    assert seen == ["small", "hard", "large"]
    assert case_of(opened).desk_area_id == city.root.id


def test_what_several_grids_name_is_hard(city: City) -> None:
    lon, lat = second_grid(city)
    one, two = city.open(), city.open(lon=lon, lat=lat)
    assert case_of(one).grid_id != case_of(two).grid_id
    city.do(two, "merge", "dispatcher", into=one.case_number)
    assert (grade_of(one), case_of(one).facts["graded"]) == ("hard", "grids")


def test_whoever_sees_that_it_needs_more_raises_it_by_hand_up_to_the_highest(city: City) -> None:
    opened = city.open()
    city.do(opened, "raise_grade", "dispatcher", note="整条街的灯都要换")
    city.do(opened, "raise_grade", "leader", note="要议一议")
    assert grade_of(opened) == "large"
    with refusal("done"):
        city.do(opened, "raise_grade", "supervisor", note="再高")


def test_a_kind_of_case_that_takes_several_units_starts_hard_at_the_streets_desk(
    community: City,
) -> None:
    opened = community.open("parking.space")
    case = case_of(opened)
    assert (grade_of(opened), case.facts["graded"], case.desk_area.level) == (
        "hard", "kind", "street",
    )  # fmt: skip
    community.do(opened, "accept", "dispatcher")
    assert replay.differences(case_of(opened), events.history(case.uuid)) == []


def test_a_slip_is_small_and_skips_no_desk(community: City) -> None:
    opened = community.open("joint.slip")
    assert (grade_of(opened), case_of(opened).desk_area.level) == ("small", "community")


# -- who could help -----------------------------------------------------------------------------


def offered(opened: Opened) -> list[str]:
    return [one.name for one in could_help(case_of(opened))]


def test_only_from_hard_on_the_desk_is_shown_who_could_help(city: City) -> None:
    opened = city.open()
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    assert offered(opened) == []
    city.do(opened, "raise_grade", "dispatcher", note="整条街的灯都要换")
    assert [(one.name, one.reason) for one in could_help(case_of(opened))] == [
        ("light", "light: 职责清单")
    ]
    assert case_of(opened).helpers is None  # nobody is asked by itself


def test_who_helps_by_its_duty_list_is_shown_with_the_article(city: City) -> None:
    unit_actions.activate_shipped()
    Unit.objects.create(
        uuid=uuid7(), key="committee", kind="community_office", name=names("居委会"),
        area=city.grid.parent, calendar=city.units["light"].calendar,
    )  # fmt: skip
    units.forget()
    (found,) = could_help(case_of(city.open("parking.space")))
    assert found.name == "居委会"
    assert "8" in found.reason


def test_what_is_hard_can_be_given_to_several_before_somebody_leads(city: City) -> None:
    opened, light = city.at("accepted"), city.units["light"].id
    city.do(opened, "raise_grade", "dispatcher", note="整条街的灯都要换")
    assert offered(opened) == ["light"]
    city.do(opened, "add_co_handler", "dispatcher", unit=light)
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "sign_in", "plumber")
    with refusal("helpers"):
        city.do(opened, "report_back", "plumber", words="好了")
    city.do(opened, "co_report", "handler", words="线换好了")
    city.do(opened, "report_back", "plumber", words="都好了")
    assert case_of(opened).state == "reported"


def test_one_click_asks_one_of_them_to_help(city: City) -> None:
    opened = city.open()
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "raise_grade", "dispatcher", note="整条街的灯都要换")
    client, number = Client(headers={"Accept-Language": "en"}), opened.case_number
    client.force_login(User.objects.get(username="dispatcher"))
    assert "Ask light to help" in client.get(f"/desk/cases/{number}/").content.decode()
    sent = {"unit": city.units["light"].id, "version": case_of(opened).version, "op": ""}
    client.post(f"/desk/cases/{number}/do/add_co_handler/", sent)
    assert case_of(opened).helpers == [city.units["light"].id]
    assert offered(opened) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"climbs": {"shouted": 1}}, "unknown_measure"),
        ({"climbs": {"late": 0}}, "amount"),
        ({"climbs": {}}, "climbs"),
        ({"helpers": ["guesses"]}, "unknown_source"),
        ({"opens": {"secret": "council.resolution"}}, "unknown_publication"),
        ({"label": {"en": "Small"}}, "untranslated"),
    ],
)
def test_a_grade_that_means_nothing_is_refused(change: dict[str, Any], code: str) -> None:
    first, *rest = FLOW["grades"]
    found = checker.workflow_faults({**FLOW, "grades": [{**first, **change}, *rest]})
    assert code in {one.code for one in found}


def test_every_source_of_helpers_that_a_grade_may_name_is_looked_at() -> None:
    assert set(SOURCES) == set(grades.HELPERS)
