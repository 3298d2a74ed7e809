"""Small in the grid, hard together, large by council: a case climbs when a threshold is reached."""

from datetime import timedelta
from typing import Any

import pytest

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.areas.models import Area
from lingka.cases import actions, checker, clocks, grades, parts, replay, rows
from lingka.cases.actions import activation
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.cases.selectors import catalogue
from lingka.core import clock, events
from tests.cases.city import START, City, case_of, refusal

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
    grid = city.grid
    other = Area.objects.create(
        uuid="018f0000-0000-7000-8000-000000000001", code=f"{grid.code[:-1]}9", level="grid",
        name=grid.name, parent=grid.parent, path="/", kind="comprehensive", valid_from=START,
    )  # fmt: skip
    one, two = city.open(), city.open()
    Case.objects.filter(uuid=two.case_uuid).update(grid=other)
    city.do(two, "merge", "dispatcher", into=one.case_number)
    assert (grade_of(one), case_of(one).facts["graded"]) == ("hard", "grids")


def test_whoever_sees_that_it_needs_more_raises_it_by_hand_up_to_the_highest(city: City) -> None:
    opened = city.open()
    city.do(opened, "raise_grade", "dispatcher", note="整条街的灯都要换")
    city.do(opened, "raise_grade", "leader", note="要议一议")
    assert grade_of(opened) == "large"
    with refusal("done"):
        city.do(opened, "raise_grade", "supervisor", note="再高")


def test_a_kind_of_case_that_takes_several_units_starts_hard(city: City) -> None:
    workflow = catalogue.workflow(case_of(city.open()).workflow_id)
    state = rows.state_of(case_of(city.open()))
    assert grades.of(workflow, state).key == "small"  # type: ignore[union-attr]
    joint = type(state)(**{**vars(state), "case_type": "joint.street"})
    assert grades.of(workflow, joint).key == "hard"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"climbs": {"shouted": 1}}, "unknown_measure"),
        ({"climbs": {"late": 0}}, "amount"),
        ({"climbs": {}}, "climbs"),
        ({"label": {"en": "Small"}}, "untranslated"),
    ],
)
def test_a_grade_that_means_nothing_is_refused(change: dict[str, Any], code: str) -> None:
    first, *rest = FLOW["grades"]
    found = checker.workflow_faults({**FLOW, "grades": [{**first, **change}, *rest]})
    assert code in {one.code for one in found}
