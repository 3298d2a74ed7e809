"""Limits, the waiting list that moves up, and leaving Lingka altogether."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.members import actions as members
from lingka.volunteering import actions
from lingka.volunteering.models import Service
from tests.cases.city import City, problem, refusal
from tests.members.people import hear, joined
from tests.volunteering.helping import Town


def test_who_comes_too_late_waits_and_moves_up_in_turn(town: Town) -> None:
    people = [town.member(number) for number in range(4)]
    for number, one in enumerate(people):
        with clock.at(clock.now() + timedelta(minutes=number)):
            actions.sign_up(town.shift, actor=one.actor)
    assert [town.state(one) for one in people] == ["going", "going", "waiting", "waiting"]
    actions.give_back(town.shift, actor=people[0].actor)
    assert [town.state(one) for one in people] == ["cancelled", "going", "going", "waiting"]
    moved = Event.objects.get(type="volunteering.PlaceMovedUp")
    assert moved.data["member"] == str(people[2].uuid)


def test_whoever_signs_up_again_waits_behind_the_others(town: Town) -> None:
    people = [town.member(number) for number in range(3)]
    for one in people:
        actions.sign_up(town.shift, actor=one.actor)
    actions.give_back(town.shift, actor=people[0].actor)
    assert actions.sign_up(town.shift, actor=people[0].actor) == "waiting"
    assert Service.objects.count() == 3


def test_signing_up_twice_is_once(town: Town) -> None:
    one = town.member()
    assert actions.sign_up(town.shift, actor=one.actor) == "going"
    assert actions.sign_up(town.shift, actor=one.actor) == "going"
    assert Event.objects.filter(type="volunteering.PlaceTaken").count() == 1


def test_whoever_waited_and_signs_off_moves_nobody_up(town: Town) -> None:
    people = [town.member(number) for number in range(4)]
    for one in people:
        actions.sign_up(town.shift, actor=one.actor)
    actions.give_back(town.shift, actor=people[2].actor)
    assert town.state(people[3]) == "waiting"
    with problem("not_signed_up"):
        actions.give_back(town.shift, actor=people[2].actor)


def test_only_members_sign_up_and_not_for_what_is_over(town: Town) -> None:
    for actor in (SYSTEM, town.city.staff["dispatcher"]):
        with refusal("not_member"):
            actions.sign_up(town.shift, actor=actor)
    one = town.member()
    with clock.at(town.ends), problem("over"):
        actions.sign_up(town.shift, actor=one.actor)


def test_leaving_lingka_frees_the_place_and_names_nobody_in_what_was(town: Town) -> None:
    people = [town.member(number) for number in range(3)]
    for one in people:
        actions.sign_up(town.shift, actor=one.actor)
    members.leave(actor=people[0].actor)
    hear("volunteering.let-go")
    assert town.state(people[2]) == "going"
    assert not Service.objects.filter(member=people[0].uuid).exists()
    hear("volunteering.let-go")  # told again, it is as it was


@pytest.fixture
def phone(town: Town) -> Any:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["member"] = joined(town.home, "13900004444", "Lark").key
    return browser


def test_somebody_signs_up_and_off_from_a_phone(town: Town, phone: Any) -> None:
    page = f"/v/{town.code}"
    assert "2 of 2 places left" in phone.get(page).content.decode()
    phone.post(f"{page}/{town.shift}/place", {"do": "on"})
    shown = phone.get(page).content.decode()
    assert "You have a place." in shown
    assert "1 of 2 places left" in shown
    assert "捡垃圾" in phone.get("/me/").content.decode()
    phone.post(f"{page}/{town.shift}/place", {"do": "off"})
    assert "2 of 2 places left" in phone.get(page).content.decode()


def test_a_stranger_is_asked_to_sign_in_and_led_back(town: Town) -> None:
    asked = Client().post(f"/v/{town.code}/{town.shift}/place", {"do": "on"})
    assert asked["Location"].startswith("/me/in/?next=%2Fv%2F")


def test_other_software_reads_what_is_to_come_and_no_names(town: Town) -> None:
    actions.sign_up(town.shift, actor=town.member().actor)
    software = Client(headers={"accept-language": "zh-hans"})
    code = areas.area(town.home).code
    asked = {"service_code": "environment", "area_code": code}
    answer = software.get("/v/activities.json", asked)
    [one] = answer.json()
    assert (one["activity_id"], one["status"], one["title"]) == (town.code, "open", "捡垃圾")
    assert one["times"] == [{
        "time_id": str(town.shift), "starts": "2026-11-17T02:00:00+00:00",
        "ends": "2026-11-17T04:00:00+00:00", "places": 2, "places_left": 1,
    }]  # fmt: skip
    assert "云0" not in answer.content.decode()
    assert software.get("/v/activities.json?service_code=care").json() == []


@pytest.mark.parametrize("asked", ["service_code=spying", "area_code=nowhere"])
def test_other_software_is_told_which_parameter_means_nothing(city: City, asked: str) -> None:
    answer = Client().get(f"/v/activities.json?{asked}")
    assert (answer.status_code, answer.json()[0]["code"]) == (404, 404)


def test_lists_calendars_and_posters_tell_of_it(town: Town) -> None:
    everybody = Client(headers={"accept-language": "en"})
    assert "捡垃圾" in everybody.get("/v/?kind=environment").content.decode()
    assert "捡垃圾" not in everybody.get("/v/?kind=care").content.decode()
    for address in ("/v/calendar.ics", f"/v/{town.code}/calendar.ics"):
        text = everybody.get(address).content.decode()
        assert "DTSTART:20261117T020000Z" in text
        assert f"UID:{town.shift}@" in text
    assert everybody.get(f"/v/{town.code}/poster.pdf").content[:5] == b"%PDF-"
    with clock.at(town.ends):
        assert everybody.get(f"/v/{town.code}/poster.pdf").status_code == 410
