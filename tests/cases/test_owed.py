"""What is owed by somebody else than the state's owner: in their queue and in their day."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingka.accounts.selectors import posts_of
from lingka.cases.models import Case
from lingka.cases.owed import OWED
from lingka.cases.receipts import Opened
from lingka.cases.selectors import queues
from lingka.cases.selectors.day import day
from lingka.cases.selectors.lanes import lanes_of
from tests.cases.city import City, case_of, picture
from tests.cases.plans import crowd, plans

FIXED = {
    "item": "护栏", "measure": "焊牢", "funds": "none", "person": "班长",
    "until": "2026-12-01T12:00:00+08:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def listed(city: City, who: str, tab: str = "mine") -> list[str]:
    return [case.number for case in queues.queue(city.staff[who], tab).rows]


def of_the_day(city: City, who: str) -> list[str]:
    actor = city.staff[who]
    posts = posts_of(actor.id or 0)
    now = day(actor, posts, frozenset(post.unit_id for post in posts))
    return [row.number for row in (*now.late, *now.today, *now.later)]


def hazard(city: City, level: str = "ordinary") -> Opened:
    opened = city.open("safety.hazard")
    city.do(opened, "register", "dispatcher", level=level, attachments=[str(picture())])
    return opened


def mended(city: City, again: str) -> Opened:
    """A hazard that is said to be mended, and the unit that was named to look again."""
    opened = hazard(city)
    units = {"unit": city.units["light"].id, "reinspector": city.units[again].id}
    city.do(opened, "dispatch", "dispatcher", **units, **FIXED)
    city.do(opened, "sign_in", "handler")
    city.do(opened, "report_back", "handler", words="焊好了", attachments=[str(picture())])
    return opened


def disputed(city: City) -> Opened:
    opened = city.open("water.burst")
    city.do(opened, "sign_in", "plumber")
    city.do(opened, "dispute", "plumber", reason="not_ours", note="是供暖的管")
    return opened


def test_a_desk_s_unit_named_to_look_again_has_it_to_do(city: City) -> None:
    number = case_of(mended(city, "hall")).number
    assert number in listed(city, "chief")
    assert number in of_the_day(city, "chief")


def test_a_team_named_to_look_again_has_it_to_do(city: City) -> None:
    number = case_of(mended(city, "water")).number
    assert number in listed(city, "plumber")
    assert number in of_the_day(city, "plumber")


def test_who_may_not_look_again_waits_for_the_unit_that_was_named(city: City) -> None:
    number = case_of(mended(city, "water")).number
    assert number not in listed(city, "verifier")
    assert number in listed(city, "verifier", "others")
    posts = posts_of(city.staff["verifier"].id or 0)
    waits = day(city.staff["verifier"], posts, frozenset()).waits
    assert [one.who for one in waits] == ["water"]


def test_a_verifier_of_the_named_unit_has_it_to_do_once(city: City) -> None:
    number = case_of(mended(city, "checkers")).number
    assert listed(city, "verifier") == [number]
    assert listed(city, "verifier", "others") == []


def test_a_hazard_that_names_nobody_is_the_verifiers(city: City) -> None:
    opened = mended(city, "water")
    case = case_of(opened)
    facts = {key: value for key, value in case.facts.items() if key != "reinspector"}
    Case.objects.filter(id=case.pk).update(facts=facts)
    assert listed(city, "verifier") == [case.number]


def test_what_a_unit_disputes_is_the_ruler_s_to_do_until_they_have_ruled(city: City) -> None:
    opened = disputed(city)
    number = case_of(opened).number
    assert number in listed(city, "chief")
    assert number in of_the_day(city, "chief")
    assert number not in listed(city, "dispatcher")
    city.do(opened, "rule_stays", "chief", note="归水务")
    assert number not in listed(city, "chief")


def test_a_major_hazard_is_the_supervisor_s_to_list_and_then_no_more(city: City) -> None:
    opened, other = hazard(city, "major"), hazard(city)
    number = case_of(opened).number
    assert listed(city, "supervisor") == [number]
    assert of_the_day(city, "supervisor") == [number]
    assert case_of(other).number not in listed(city, "supervisor")
    city.do(opened, "list", "supervisor", words="某处护栏松动")
    assert listed(city, "supervisor") == []


def test_more_time_asked_for_by_a_named_lead_is_the_desk_s_to_grant(city: City) -> None:
    opened = city.open("enterprise.demand")
    lead = city.staff["leader"]
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "name_lead", "dispatcher", leader=lead.id)
    city.do(opened, "lead_answer", lead, words="我来办", until="2026-12-01T12:00:00+08:00")
    city.do(opened, "extend_ask", lead, until="2026-12-20T12:00:00+08:00", note="等批复")
    assert case_of(opened).number in listed(city, "dispatcher")


@pytest.fixture
def crowded(city: City) -> City:
    """Thousands of others, so that reading the table would cost."""
    crowd((case_of(city.at("handling")), 2000))
    return city


def plan_of(lanes: list[Any]) -> str:
    with CaptureQueriesContext(connection) as asked:
        queues.fetch(lanes, queues.Tab.MINE, queues.Filters(), "")
    (plan,) = plans(asked)
    return plan


def test_each_kind_is_found_by_an_index_of_its_own(crowded: City) -> None:
    mine, _others = lanes_of(posts_of(crowded.staff["supervisor"].id or 0))
    for one in OWED:
        (lane,) = [lane for lane in mine if lane.only == one.key]
        assert "case_owed_beside" in plan_of([lane]), one.key
    (lane,) = [lane for lane in mine if lane.column == "reinspector"]
    assert "case_looked_at_again" in plan_of([lane])
