import copy
from datetime import UTC, datetime

import pytest
import yaml
from django.db import ProgrammingError, transaction
from django.utils import translation

from lingka.core.actors import SYSTEM, Actor
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.units import actions, duties, selectors
from lingka.units.models import DutyList, Unit
from tests.units.conftest import names

pytestmark = pytest.mark.usefixtures("unhurried")

DAY = datetime(2026, 6, 1, 4, tzinfo=UTC)
OLD = datetime(2025, 6, 1, 4, tzinfo=UTC)
SHIPPED = {path.stem: path for path in sorted(duties.SHIPPED.glob("*.yaml"))}


def body(key="community"):
    return yaml.safe_load(SHIPPED[key].read_text(encoding="utf-8"))


@pytest.fixture
def committee(street, calendar):
    actions.activate_shipped()
    return actions.create_unit(
        actor=SYSTEM, key="tongjian", kind="community_office", name=names("居委会"),
        area_id=street.id, calendar_id=calendar,
    )  # fmt: skip


def against(unit, case_type, *, lead=True, at=DAY):
    found = selectors.duty_against(unit, case_type, lead=lead, at=at)
    return (found[0].key, found[1].number) if found else None


@pytest.mark.parametrize("key", SHIPPED)
def test_what_is_shipped_holds_together(key):
    assert duties.faults(body(key), Unit.Kind.values) == []


def test_a_community_has_six_duties_helps_with_six_and_must_not_be_given_ten():
    made = duties.read(body(), 1)
    assert [len(made.part(one)) for one in duties.PARTS] == [6, 6, 10]


def test_what_must_not_be_given_is_kept_from_it_whether_it_leads_or_helps(committee):
    assert against(committee, "order.ledger") == ("community", 13)
    assert against(committee, "order.ledger", lead=False) == ("community", 13)


def test_who_helps_with_something_may_help_but_does_not_lead(committee):
    assert against(committee, "heat.gas") == ("community", 7)
    assert against(committee, "heat.gas", lead=False) is None


def test_duties_and_what_no_article_names_may_be_given(committee):
    assert against(committee, "passage.stairs") is None
    assert against(committee, "rubbish.full") is None


def test_an_article_on_a_group_covers_each_kind_in_it_and_the_exact_kind_comes_first(committee):
    assert against(committee, "parking.stall") == ("community", 8)
    changed = body()
    changed["must"][2]["covers"] = ["parking.stall"]
    actions.activate_duty_list(changed, actor=Actor("user", 1))
    assert against(committee, "parking.stall") is None
    assert against(committee, "parking.space") == ("community", 8)


def test_other_units_are_not_bound_by_it(committee, water):
    assert against(water, "order.ledger") is None


def test_before_its_first_day_a_list_binds_nobody(committee):
    assert against(committee, "order.ledger", at=OLD) is None


def test_a_new_version_counts_from_the_day_it_names(committee):
    later = body()
    later["never"][0]["covers"] = []
    later["valid_from"] = "2026-07-01"
    assert actions.activate_duty_list(later, actor=Actor("user", 1)) == 2
    assert against(committee, "order.ledger") == ("community", 13)
    assert against(committee, "order.ledger", at=datetime(2026, 7, 2, tzinfo=UTC)) is None
    assert [one.version for one in selectors.duty_list_versions("community")] == [2, 1]


def test_the_same_list_again_is_no_new_version_and_a_town_s_own_stays(committee):
    own = body()
    own["name"]["en"] = "Our own list"
    actions.activate_duty_list(own, actor=Actor("user", 1))
    assert actions.activate_duty_list(copy.deepcopy(own), actor=Actor("user", 1)) == 2
    actions.activate_shipped()
    assert selectors.duty_list("community").name["en"] == "Our own list"


def test_putting_a_list_into_force_is_one_event_of_whoever_did_it(committee):
    own = body()
    own["name"]["en"] = "Our own list"
    for _ in range(2):  # the same again changes nothing, so tells nothing
        actions.activate_duty_list(own, actor=Actor("user", 7))
    stream = duties.stream_of("community")
    told = Event.objects.filter(stream_id=stream)
    assert [(one.type, one.actor["id"]) for one in told] == [("units.DutyListActivated", 7)]
    made = DutyList.objects.get(key="community", number=2)
    assert told[0].data["content_hash"] == made.content_hash


def test_a_version_is_never_rewritten(committee):
    for change in (lambda rows: rows.update(body={}), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change(DutyList.objects.all())


def spoilt(name, value):
    given = body()
    given[name] = value
    return given


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "“key” is missing"),
        (spoilt("kinds", ["palace"]), "there is no kind of unit “palace”"),
        (spoilt("name", {"en": "x"}), "name: has no text in bo"),
        (spoilt("must", body()["must"][1:]), "articles are numbered"),
        (spoilt("helps", [{"number": 7}]), "cannot be read"),
        (spoilt("valid_from", "soon"), "cannot be read"),
        (spoilt("must", [{**one, "covers": ["parking"]} for one in body()["must"]]), "both cover"),
    ],
)
def test_every_fault_is_named_and_nothing_comes_into_force(db, given, fault):
    known = DutyList.objects.count()
    with pytest.raises(Problem) as caught, translation.override("en"):
        actions.activate_duty_list(given, actor=SYSTEM)
    assert any(fault in one for one in caught.value.extra["faults"])
    assert DutyList.objects.count() == known


def test_asking_the_lists_asks_the_database_nothing(committee, django_assert_num_queries):
    against(committee, "order.ledger")
    with django_assert_num_queries(0):
        assert against(committee, "order.ledger")
        assert selectors.kept_from_somebody("order.ledger", DAY)
        assert not selectors.kept_from_somebody("light.out", DAY)
