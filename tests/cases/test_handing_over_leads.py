"""Whoever leaves hands over the cases that they lead by name; each answers for itself."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post, User
from lingka.cases import actions, replay
from lingka.cases.selectors import leads
from lingka.core import events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.desks import actions as desks
from lingka.desks import selectors as selectors_of_desks
from tests.cases.city import START, City, case_of

WHY = "调到区里去了"


def come(who: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


@pytest.fixture
def heir(city: City) -> int:
    """Another leader over the street."""
    user = User.objects.create(uuid=uuid7(), username="heir", name="Heir", password="!")
    Post.objects.create(
        user=user, role="leader", unit=city.units["hall"], area=city.street, valid_from=START
    )
    accounts.forget()
    return user.id


def led(city: City) -> Any:
    opened = city.at("handling")
    city.do(opened, "take_lead", "leader")
    return opened


def send(city: City, who: str = "supervisor", **given: Any) -> Any:
    url = f"/desk/hand-over/?officer={city.staff['leader'].id}"
    return come(who).post(url, {"note": WHY} | given)


def test_each_case_gets_its_new_lead_and_records_who_handed_it_over(city: City, heir: int) -> None:
    one, two, other = led(city), led(city), led(city)
    page = come("supervisor").get(f"/desk/hand-over/?officer={city.staff['leader'].id}")
    boxes = re.findall(r'name="case" value="([^"]+)"[^>]* checked', page.content.decode())
    assert len(boxes) == 3
    sent = [box for box in boxes if not box.startswith(other.case_number)]
    answer = send(city, case=sent, leader=str(heir)).content.decode()
    assert "2 of 2 cases done" in answer
    for opened in (one, two):
        case = case_of(opened)
        assert case.facts["leader"] == heir
        assert city.staff["leader"].id in case.facts["hands"]
        last = events.history(case.uuid)[-1]
        assert (last.actor["id"], last.data.action) == (city.staff["supervisor"].id, "name_lead")  # type: ignore[attr-defined]
        assert replay.differences(case, events.history(case.uuid)) == []
    assert case_of(other).facts["leader"] == city.staff["leader"].id


def test_what_hangs_on_the_case_at_their_desk_goes_along(city: City, heir: int) -> None:
    opened, officer = led(city), city.staff["leader"]
    uuid = opened.case_uuid
    actions.note(uuid, actor=city.staff["dispatcher"], words="请看", mentioned=[officer.id])
    for kind, words in (("reply", "周五前修好"), ("note", "问问电工")):
        desks.keep_draft(uuid, kind, actor=officer, words=words)
    send(city, case=[opened.case_number], leader=str(heir))
    [mention], [draft] = selectors_of_desks.hanging(Actor("user", heir))
    assert (mention.case_uuid, mention.by_id) == (uuid, city.staff["dispatcher"].id)
    assert (draft.kind, draft.words) == ("reply", "周五前修好")
    left, [own] = selectors_of_desks.hanging(officer)
    assert (left, own.kind) == ([], "note")


def test_a_reply_that_the_follower_began_is_not_lost(city: City, heir: int) -> None:
    opened = led(city)
    for who, words in ((city.staff["leader"], "先生的话"), (Actor("user", heir), "我的话")):
        desks.keep_draft(opened.case_uuid, "reply", actor=who, words=words)
    send(city, case=[opened.case_number], leader=str(heir))
    found = selectors_of_desks.drafts_of(opened.case_uuid, Actor("user", heir))
    assert found["reply"].words == "我的话"


def test_who_left_altogether_is_still_found(city: City, heir: int) -> None:
    opened = led(city)
    User.objects.filter(username="leader").update(is_active=False)
    page = come("supervisor").get("/desk/hand-over/").content.decode()
    assert f'<option value="{city.staff["leader"].id}"' in page
    answer = send(city, case=[opened.case_number], leader=str(heir)).content.decode()
    assert "1 of 1 case done" in answer


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ("case", "Choose at least one case."),
        ("leader", 'id="leader-error"'),
        ("note", 'id="hand-over-note-error"'),
    ],
)
def test_what_is_missing_is_said_beside_it_and_the_rest_stands(
    city: City, heir: int, left_out: str, told: str
) -> None:
    opened = led(city)
    given = {"case": [opened.case_number], "leader": str(heir), "note": WHY}
    given[left_out] = [] if left_out == "case" else ""
    answer = send(city, **given)
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (422, True)
    assert (" checked" in page) == (left_out != "case")
    assert (f'<option value="{heir}" selected>' in page) == (left_out != "leader")
    assert case_of(opened).facts["leader"] == city.staff["leader"].id


def test_nobody_follows_who_does_not_lead_there(city: City, heir: int) -> None:
    opened = led(city)
    answer = send(city, case=[opened.case_number], leader=str(city.staff["handler"].id))
    assert answer.status_code == 422
    assert case_of(opened).facts["leader"] == city.staff["leader"].id


def test_a_case_that_somebody_else_took_up_is_not_taken_from_them(city: City, heir: int) -> None:
    kept, taken = led(city), led(city)
    city.do(taken, "name_lead", "supervisor", leader=heir)
    rows = [taken.case_number, kept.case_number]
    page = send(city, case=rows, leader=str(heir)).content.decode()
    assert "1 of 2 cases done" in page
    assert "Somebody else leads it by now." in page


def test_the_desk_hands_over_only_what_a_leader_took_live(city: City, heir: int) -> None:
    opened = led(city)
    page = send(city, "dispatcher", case=[opened.case_number], leader=str(heir)).content.decode()
    assert "0 of 1 case done" in page
    assert case_of(opened).facts["leader"] == city.staff["leader"].id


@pytest.mark.parametrize("who", ["handler", "leader", "walker", "verifier"])
def test_it_is_closed_to_whoever_names_no_lead(city: City, who: str) -> None:
    assert come(who).get("/desk/hand-over/").status_code == 404


@pytest.mark.parametrize("odd", ["", "x", "٣", "9" * 30, "999999"])
def test_odd_officers_hold_nothing(city: City, odd: str) -> None:
    assert come("supervisor").get("/desk/hand-over/", {"officer": odd}).status_code == 200


def test_another_area_s_leads_are_not_shown(city: City) -> None:
    led(city)
    posts = accounts.posts_of(city.staff["supervisor"].id or 0)
    assert leads.officers(posts) == [(city.staff["leader"].id, "leader")]
    assert leads.officers([replace(post, area_path="/0/") for post in posts]) == []
