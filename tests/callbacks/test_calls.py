"""The caller's pages: whom now, the words, the number for a reason, what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import Post, User
from lingka.cases.actions import ContactData
from lingka.cases.models import ContactReading
from lingka.core import clock
from lingka.core.actors import Actor
from tests.cases.city import MONDAY, City, case_of

LIST = "/desk/calls/"
WORD = timedelta(days=1)  # the resident's hours are over, and it is morning again


def browser(actor: Actor, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.id))
    client.cookies["language"] = language
    return client


def parts(city: City, who: str = "verifier") -> dict[str, int]:
    found = browser(city.staff[who]).get(LIST).context["parts"]
    return {part["key"]: len(part["rows"]) for part in found}


def sheet(city: City, opened: Any) -> str:
    return f"{LIST}{case_of(opened).number}/"


def test_the_resident_has_the_first_word_then_it_is_called_then_at_another_time(
    city: City,
) -> None:
    opened = city.at("calling_back")
    assert parts(city) == {"first": 1}
    with clock.at(MONDAY + WORD):
        assert parts(city) == {"now": 1}
        city.do(opened, "call_back_tried", "verifier", outcome="busy")
        assert parts(city) == {"later": 1}


def test_what_the_own_unit_handled_is_left_to_somebody_else(city: City) -> None:
    opened = city.at("calling_back")
    Post.objects.filter(user=city.staff["verifier"].id).update(unit=city.units["light"])
    answer = browser(city.staff["verifier"]).get(LIST)
    assert answer.context["parts"] == []
    assert answer.context["others"] == 1
    said = browser(city.staff["verifier"]).get(sheet(city, opened)).content.decode()
    assert "Whoever handled this cannot check it." in said
    assert 'name="do"' not in said


def test_the_words_stand_in_three_languages_the_residents_own_first(city: City) -> None:
    opened = city.at("calling_back", language="bo", contact=ContactData(phone="13900000000"))
    answer = browser(city.staff["verifier"]).get(sheet(city, opened))
    assert [one["language"] for one in answer.context["scripts"]] == ["bo", "zh-hans", "en"]
    said = answer.content.decode()
    assert "not from light" in said
    assert "13900000000" not in said


def test_the_number_is_read_on_a_press_and_the_reading_is_kept(city: City) -> None:
    opened = city.at("calling_back", contact=ContactData(phone="13900000000"))
    client = browser(city.staff["verifier"])
    receipt = client.get(sheet(city, opened)).context["people"][0].receipt
    said = client.post(sheet(city, opened), {"do": "read", "receipt": receipt}).content.decode()
    assert "13900000000" in said
    assert ContactReading.objects.get().reason == "To call back"


@pytest.mark.parametrize(
    ("do", "given", "state"),
    [
        ("call_back_done", {"satisfied": "yes"}, "resolved"),
        ("call_back_unsolved", {"words": "楼上还是没水"}, "handling"),
        ("call_back_tried", {"outcome": "busy"}, "calling_back"),
    ],
)
def test_what_came_of_a_call_moves_the_case(
    city: City, do: str, given: dict[str, str], state: str
) -> None:
    opened = city.at("calling_back")
    answer = browser(city.staff["verifier"]).post(sheet(city, opened), {"do": do} | given)
    assert answer.status_code == 302
    assert case_of(opened).state == state


def test_what_is_wrong_stands_on_the_sheet_and_what_was_typed_stays(city: City) -> None:
    opened = city.at("calling_back")
    client = browser(city.staff["verifier"])
    answer = client.post(sheet(city, opened), {"do": "call_back_unsolved", "words": ""})
    assert answer.status_code == 422
    refused = client.post(sheet(city, opened), {"do": "call_back_unreached"})
    assert refused.status_code == 403
    assert "3 calls at 2 times of day" in refused.content.decode()
    assert client.post(sheet(city, opened), {"do": "nonsense"}).status_code == 422
    nonsense = client.post(sheet(city, opened), {"do": "read", "receipt": "x"})
    assert nonsense.status_code == 422


def test_only_callers_find_the_list(city: City) -> None:
    assert browser(city.staff["handler"]).get(LIST).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_pages_speak_every_language(city: City, language: str) -> None:
    opened = city.at("calling_back")
    client = browser(city.staff["verifier"], language)
    title = {"zh-hans": "回访", "bo": "ཕྱིར་འདྲི།", "en": "Call-backs"}[language]
    assert title in client.get(LIST).content.decode()
    assert client.get(sheet(city, opened)).status_code == 200
    assert client.get("/calls/").status_code == 200
