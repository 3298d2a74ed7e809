"""What a duty list keeps from a unit is refused with the article, unless the level above allows."""

import pytest

from lingka.cases import actions
from lingka.cases.selectors import suggestions
from lingka.core import events
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from lingka.units.models import Service, Unit
from tests.cases.city import START, case_of, names, problem, refusal

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture
def committee(city):
    unit_actions.activate_shipped()
    made = Unit.objects.create(
        uuid=uuid7(), key="committee", kind="community_office", name=names("居委会"),
        area=city.grid.parent, calendar=city.units["light"].calendar,
    )  # fmt: skip
    units.forget()
    return made


def ordered(city, **more):
    case_type = more.pop("case_type", "order.ledger")
    opened = city.open(case_type, channel="unit", words="请填台账", **more)
    city.do(opened, "accept", "dispatcher")
    return opened


def test_a_dispatch_against_the_list_is_refused_with_the_article_and_leaves_no_trace(
    city, committee
):
    opened = ordered(city)
    before = events.history(opened.case_uuid)
    with pytest.raises(Problem) as caught:
        city.do(opened, "dispatch", "dispatcher", unit=committee.id)
    assert (caught.value.code, caught.value.field) == ("duty_list", "unit")
    assert "13" in str(caught.value)
    assert "台账" in str(caught.value)
    assert events.history(opened.case_uuid) == before


def test_who_helps_with_something_is_refused_to_lead_and_taken_to_help(city, committee):
    opened = ordered(city, case_type="heat.gas")
    with problem("duty_list"):
        city.do(opened, "dispatch", "dispatcher", unit=committee.id)
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "add_co_handler", "dispatcher", unit=committee.id)
    assert case_of(opened).helpers == [committee.id]


def test_neither_reassigning_nor_helping_goes_round_the_list(city, committee):
    opened = ordered(city)
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    with problem("duty_list"):
        city.do(opened, "reassign", "dispatcher", unit=committee.id, note="x")
    with problem("duty_list"):
        city.do(opened, "add_co_handler", "dispatcher", unit=committee.id)


def test_the_level_above_may_allow_it_with_a_reason(city, committee):
    opened = ordered(city)
    city.do(opened, "except_duty", "chief", unit=committee.id, note="上级检查组明天到")
    city.do(opened, "dispatch", "dispatcher", unit=committee.id)
    case = case_of(opened)
    assert case.lead_unit_id == committee.id
    (exception,) = case.facts["exceptions"]
    assert exception == {"unit": committee.id, "list": "community", "version": 1, "article": 13}


def test_a_reason_has_to_be_given(city, committee):
    with pytest.raises(Problem) as caught:
        city.do(ordered(city), "except_duty", "chief", unit=committee.id)
    assert (caught.value.code, caught.value.field) == ("missing", "note")


@pytest.mark.parametrize("who", ["dispatcher", "verifier"])
def test_the_desk_itself_cannot_allow_it(city, committee, who):
    with refusal("relation"):
        city.do(ordered(city), "except_duty", who, unit=committee.id, note="x")


def test_above_the_topmost_desk_its_supervisor_allows_it(city, committee):
    opened = ordered(city)
    city.do(opened, "escalate", "dispatcher", note="x")
    assert case_of(opened).desk_area_id == city.root.id
    with refusal("relation"):
        city.do(opened, "except_duty", "chief", unit=committee.id, note="x")
    city.do(opened, "except_duty", "supervisor", unit=committee.id, note="x")


def test_an_exception_is_for_one_unit_of_one_case(city, committee):
    other = Unit.objects.create(
        uuid=uuid7(), key="other", kind="community_office", name=names("o"), area=city.street,
        calendar=city.units["light"].calendar,
    )  # fmt: skip
    units.forget()
    opened, another = ordered(city), ordered(city, lon=91.14)
    city.do(opened, "except_duty", "chief", unit=committee.id, note="x")
    with problem("duty_list"):
        city.do(opened, "dispatch", "dispatcher", unit=other.id)
    with problem("duty_list"):
        city.do(another, "dispatch", "dispatcher", unit=committee.id)


def test_nothing_is_excepted_from_where_nothing_is_written(city, committee):
    with refusal("nothing_against"):
        city.do(ordered(city, case_type="light.out"), "except_duty", "chief", unit=1, note="x")
    opened = ordered(city)
    with problem("nothing_against"):
        city.do(opened, "except_duty", "chief", unit=city.units["water"].id, note="x")


def test_routing_never_names_who_must_not_lead(city, committee):
    for unit, area in ((committee, city.grid), (city.units["water"], city.root)):
        Service.objects.create(
            unit=unit, area=area, case_type="heat.gas", basis=names("b"), valid_from=START
        )
    units.forget()
    opened = city.open("heat.gas")
    assert case_of(opened).facts["suggested"]["unit"] == city.units["water"].id
    offered = [one.unit_id for one in suggestions.suggestions(case_of(opened))]
    assert committee.id not in offered


def test_the_checks_ask_the_database_nothing_more(city, committee, django_assert_max_num_queries):
    opened = ordered(city)
    city.do(opened, "except_duty", "chief", unit=committee.id, note="x")
    with django_assert_max_num_queries(8):  # six, and the transaction's own two
        actions.perform(
            opened.case_uuid, "dispatch", actor=city.staff["dispatcher"],
            data={"unit": committee.id},
        )  # fmt: skip
