"""The workflows' page with the rules behind them, and cases that are only made up."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lingka.accounts.models import User
from lingka.areas import selectors as areas
from lingka.cases import beginning, grades, rules
from lingka.cases.definitions import workflow
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue, drawing, flows, terms, trials
from lingka.cases.selectors.behind import behind
from lingka.core.faults import texts
from lingka.core.models import Event
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from tests.cases.city import MONDAY, City, case_of


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(city: City) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="dispatcher"))
    return client


def tried(city: City, kind: str) -> trials.Trial:
    where = beginning.in_area(areas.area(city.grid.id))
    return trials.trial(catalogue.case_type(kind, "en"), where, MONDAY)


def test_a_made_up_case_names_the_unit_that_a_real_one_gets_and_why(city: City) -> None:
    made_up = tried(city, "light.out")
    real = case_of(city.open("light.out"))
    assert real.facts["suggested"]["unit"] == city.units["light"].id
    assert made_up.unit == "light"
    assert made_up.grounds[0].text == "light: 职责清单"


def test_its_clocks_are_due_when_a_real_ones_are(city: City) -> None:
    said = {name: why for name, _due, why in tried(city, "light.out").clocks}
    real = case_of(city.open("light.out"))
    assert len(said) == len(real.clocks)
    assert all("So it is due" in why for why in said.values())


def test_an_urgent_one_goes_straight_to_the_unit(city: City) -> None:
    made_up = tried(city, "water.burst")
    assert "nobody is on call" in made_up.at_once
    assert made_up.steps[0].who.endswith("water")


def test_its_way_ends_with_the_residents_word_and_another_unit_checks(city: City) -> None:
    made_up = tried(city, "light.out")
    assert made_up.steps[-1].state == "Closed"
    assert "checkers" in made_up.checkers
    assert "light" not in made_up.checkers


def test_each_step_begins_when_the_one_before_had_all_its_time(city: City) -> None:
    latest = [one.latest for one in tried(city, "light.out").steps]
    assert latest[:2] == ["16 November 12:00", "16 November 16:30"]


def test_where_no_rule_names_a_unit_the_desk_chooses(city: City) -> None:
    assert not tried(city, "parking.space").unit


def test_nothing_of_a_made_up_case_is_kept(city: City, desk: Client) -> None:
    before = Event.objects.count()
    asked = {"kind": "water.burst", "where": city.street.code, "at": "2026-11-16T10:00"}
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = desk.get("/desk/workflows/try/", asked)
    assert page.status_code == 200
    assert not [one for one in captured if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert (Case.objects.count(), Event.objects.count()) == (0, before)


def test_what_cannot_be_tried_is_said_beside_its_field(city: City, desk: Client) -> None:
    wrong = {"kind": "light.out", "where": "nowhere at all", "at": "tomorrow"}
    page = desk.get("/desk/workflows/try/", wrong)
    html = page.content.decode()
    assert page.status_code == 400
    assert "No place has this code" in html
    assert "such as 2026-11-27 21:30" in html
    assert 'value="nowhere at all"' in html


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_no_age_is_too_far_to_be_refused_in_words(city: City, desk: Client, at: str) -> None:
    asked = {"kind": "light.out", "where": city.street.code, "at": at}
    assert desk.get("/desk/workflows/try/", asked).status_code == 400


def test_every_workflow_is_drawn_with_its_rules_in_every_language(city: City, desk: Client) -> None:
    for one in flows.latest():
        for language in ("zh-hans", "bo", "en"):
            page = desk.get(f"/desk/workflows/{one.key}/", headers={"Accept-Language": language})
            assert page.status_code == 200


def test_whatever_workflows_name_by_a_key_has_words_in_every_language() -> None:
    said = terms.words()
    assert {name: set(one) for name, one in said.items()} == {
        "conditions": set(rules.CONDITIONS),
        "measures": set(grades.MEASURES),
        "helpers": set(grades.HELPERS),
    }
    everything = [(key, one) for section in said.values() for key, one in section.items()]
    assert [fault for key, one in everything for fault in texts(key, one)] == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("quick_response", "its deadline passed and this was told 1×"),
        ("quick_response", "Only if: more time was asked for, one did not ask for the time"),
        ("street_calls", "Which desks take it in turn"),
    ],
)
def test_the_page_says_conditions_grades_and_the_desks_of_a_chain(
    city: City, desk: Client, key: str, said: str
) -> None:
    page = desk.get(f"/desk/workflows/{key}/", headers={"Accept-Language": "en"})
    assert said in " ".join(page.content.decode().split())


def test_no_line_of_a_picture_crosses_a_box(city: City) -> None:
    for one in flows.latest():
        picture = drawing.picture(workflow(one.body))
        for edge in picture.edges:
            assert not list(crossed(edge.d, picture.boxes)), (one.key, edge)


def crossed(path: str, boxes: list[drawing.Box]) -> Any:
    """Boxes through whose inside a line of horizontal and vertical strokes runs."""
    import re

    x, y = map(int, re.match(r"M(\d+) (\d+)", path).groups())  # type: ignore[union-attr]
    for sign, value in re.findall(r"([HV])(\d+)", path):
        to_x, to_y = (int(value), y) if sign == "H" else (x, int(value))
        low_x, high_x, low_y, high_y = min(x, to_x), max(x, to_x), min(y, to_y), max(y, to_y)
        for box in boxes:
            beside = high_x <= box.x or low_x >= box.right
            if not beside and high_y > box.y and low_y < box.y + box.height:
                yield box.key
        x, y = to_x, to_y


def test_the_deadlines_of_its_types_stand_behind_a_workflow(city: City) -> None:
    found = behind(catalogue.workflow(catalogue.current("workflow", "street_calls")))
    said = {one.clock: one.words for policy in found.policies for one in policy.deadlines}
    assert said["Arrive"].startswith("30")
    assert any(one.clock == "Accept" for one in found.common)


def test_articles_that_speak_of_its_types_are_cited(city: City) -> None:
    unit_actions.activate_shipped()
    units.forget()
    found = behind(catalogue.workflow(catalogue.current("workflow", "quick_response")))
    assert {one.part for one in found.duties} >= {"must", "never"}
