"""Taking part on a phone: consent first, nothing before it, once, and the desk's pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.surveys import actions, selectors, views
from lingka.surveys.models import Round, Tally
from tests.cases.city import MONDAY, City

LIST = "/desk/surveys/"


@pytest.fixture
def made(city: City) -> Round:
    until = clock.now() + timedelta(days=7)
    boss = city.staff["supervisor"]
    return actions.open_round("around_home", city.root.pk, until, actor=boss)


def desk(city: City, who: str = "supervisor") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=city.staff[who].id))
    client.cookies["language"] = "en"
    return client


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_nothing_of_it_is_put_on_a_phone_before_somebody_takes_part(made: Round) -> None:
    phone = Client(headers={"accept-language": "en"})
    address = f"/survey/{made.code}/"
    assert "nothing of it is kept on your phone" in said(phone.get(address))
    assert "survey" not in phone.cookies
    assert phone.post(address, {"clean": "yes"}).status_code == 409
    assert Tally.objects.count() == 0
    phone.post(address, {"do": "start"})
    held = phone.cookies["survey"]
    assert (held["path"], held["httponly"], held["samesite"]) == (address, True, "Lax")


def test_a_phone_takes_part_once_and_reads_what_came_of_it_later(made: Round) -> None:
    phone = Client(headers={"accept-language": "en"})
    address = f"/survey/{made.code}/"
    phone.post(address, {"do": "start", "at": "5KX8N2P"})
    assert "You may leave out any question" in said(phone.get(address))
    assert phone.post(address, {}).status_code == 422
    assert "It is counted" in said(phone.post(address, {"clean": "yes"}))
    assert "It is counted" in said(phone.get(address))
    phone.post(address, {"clean": "no"})
    assert Tally.objects.get(question="").answers == 1
    assert phone.get(f"{address}results").status_code == 302
    with clock.at(MONDAY + timedelta(days=7)):
        assert "This survey is over" in said(phone.get(address))
        actions.close_due()
        assert phone.get(address)["Location"] == f"{address}results"
        assert "Too few answered" in said(phone.get(f"{address}results"))


def test_the_results_show_sums_and_shares(made: Round) -> None:
    for _phone in range(10):
        actions.answer(made.code, actions.begin(made.code), made.area, {"clean": "yes"})
    actions.answer(made.code, actions.begin(made.code), made.area, {"light": "no"})
    actions.close_round(made.code, actor=SYSTEM)
    page = said(Client(headers={"accept-language": "en"}).get(f"/survey/{made.code}/results"))
    assert "11 phones answered." in page
    assert "100%" in page
    assert page.count("too few to show</small>") == 4, "one alone is no figure"


def test_the_form_keeps_what_was_chosen_when_it_is_refused(
    made: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Client(headers={"accept-language": "en"})
    address = f"/survey/{made.code}/"
    phone.post(address, {"do": "start"})

    def refuse(*_args: object) -> None:
        raise Problem("over", "it is over", status=409)

    monkeypatch.setattr(actions, "answer", refuse)
    refused = phone.post(address, {"clean": "partly"})
    assert refused.status_code == 409
    assert 'name="clean" value="partly" checked' in said(refused)


def test_a_double_tap_is_thanked_once_more(made: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Client(headers={"accept-language": "en"})
    address = f"/survey/{made.code}/"
    phone.post(address, {"do": "start"})
    phone.post(address, {"clean": "yes"})
    monkeypatch.setattr(selectors, "standing", lambda *_: "begun")  # as the second tap found it
    second = phone.post(address, {"clean": "yes"})
    assert (second.status_code, Tally.objects.get(question="").answers) == (200, 1)
    assert "It is counted" in said(second)


def test_the_desk_does_not_see_how_many_have_answered_before_it_is_over(
    made: Round, city: City
) -> None:
    def answer() -> None:
        actions.answer(made.code, actions.begin(made.code), made.area, {"clean": "no"})

    for _phone in range(4):
        answer()
    assert "fewer than 10" in said(desk(city).get(f"{LIST}{made.code}/"))
    for _phone in range(8):
        answer()
    assert "10 or more" in said(desk(city).get(LIST))


def test_everybody_finds_what_is_over_and_nothing_that_runs(made: Round) -> None:
    page = Client(headers={"accept-language": "en"})
    assert "No survey is over yet" in said(page.get("/surveys/"))
    actions.close_round(made.code, actor=SYSTEM)
    shown = said(page.get("/surveys/"))
    assert f"/survey/{made.code}/results" in shown
    assert "too few to show" in shown


def test_one_connection_does_not_start_without_end(
    made: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "STARTS", 1)
    address = f"/survey/{made.code}/"
    assert Client().post(address, {"do": "start"}).status_code == 302
    assert Client().post(address, {"do": "start"}).status_code == 429


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_pages_speak_every_language(made: Round, language: str) -> None:
    phone = Client()
    phone.cookies["language"] = language
    title = {"zh-hans": "住在这里", "bo": "འདིར་བསྡད་ན", "en": "How is it to live here"}[language]
    assert title in said(phone.get(f"/survey/{made.code}/"))


def test_an_unknown_survey_is_not_there(city: City) -> None:
    assert Client().get("/survey/nonsense/").status_code == 404
    assert desk(city).get(f"{LIST}nonsense/").status_code == 404


def test_the_desk_opens_hangs_up_and_closes_a_survey(city: City) -> None:
    client = desk(city)
    wrong = client.post(LIST, {"template": "at_the_counter", "area": city.root.pk, "until": "x"})
    assert wrong.status_code == 422
    late = {"template": "at_the_counter", "area": city.root.pk, "until": "2030-01-01"}
    assert "within the next three months" in said(client.post(LIST, late))
    asked = late | {"until": "2026-11-30"}
    address = client.post(LIST, asked)["Location"]
    assert client.post(LIST, asked).status_code == 422
    with clock.at(MONDAY + timedelta(days=3)):
        assert "Close it now" in said(client.get(address))
    poster = said(client.get(f"{address}poster"))
    assert "<svg" in poster
    wrong = client.get(f"{address}poster", {"at": "NONE"})
    assert wrong.status_code == 422
    assert 'value="NONE" aria-invalid' in said(wrong)
    assert client.post(address).status_code == 409
    with clock.at(MONDAY + timedelta(days=3)):
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 409
    assert "closed, public" in said(client.get(LIST, {"page": "x"}))


def test_only_who_oversees_finds_the_desks_page(city: City) -> None:
    assert desk(city, "handler").get(LIST).status_code == 404
    assert Client().get(LIST).status_code == 302
