"""Voting from a phone, and the desk's pages."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.voting import actions, selectors
from lingka.voting.models import Ballot, Vote, Voter
from tests.cases.city import City, names
from tests.cases.conftest import city, monday
from tests.members.people import joined
from tests.points.test_mine import browser_of, desk, said
from tests.voting.hall import (
    AFTER,
    AGAINST,
    FOR,
    cast,
    close,
    counted,
    draft,
    opened,
    people,
    seen,
)

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(city: City) -> Client:
    """Somebody who takes part, beside six others."""
    people(city, 6)
    return browser_of(joined(city.grid.parent_id or 0))


def page(vote: UUID) -> str:
    return f"/votes/{vote}/"


def test_a_choice_is_looked_at_once_more_then_cast_and_shown_to_nobody(
    city: City, phone: Client
) -> None:
    vote = opened(city)
    assert "Against" in said(phone.get(page(vote)))
    review = phone.post(page(vote), {"choice": "1"})
    assert "Cast my ballot" in said(review)
    assert review["Cache-Control"] == "no-store"
    assert not Ballot.objects.exists()
    done = phone.post(page(vote), {"choice": "1", "sure": "1"})
    assert done["Location"] == page(vote)
    receipt = said(phone.get(page(vote)))
    assert "You have voted" in receipt
    assert "Against" not in receipt
    again = phone.post(page(vote), {"choice": "0", "sure": "1"})
    assert again.status_code == 409
    assert "In the roll · voted" in said(phone.get("/me/kept/"))


def test_without_a_choice_nothing_is_cast_and_the_fault_stands_beside_it(
    city: City, phone: Client
) -> None:
    vote = opened(city)
    for given in ({}, {"choice": "7"}, {"choice": "-2"}, {"choice": "", "sure": "1"}):
        answer = phone.post(page(vote), given)
        assert (answer.status_code, "Choose one of these" in said(answer)) == (422, True)


def test_blank_is_a_choice(city: City, phone: Client) -> None:
    vote = opened(city)
    phone.post(page(vote), {"choice": "blank", "sure": "1"})
    assert Ballot.objects.count() == 1


def test_who_is_not_in_the_roll_reads_why_and_a_stranger_is_asked_to_sign_in(
    city: City, phone: Client
) -> None:
    people(city, 3)
    vote = opened(city)
    late = browser_of(joined(city.grid.parent_id or 0, "13900002222"))
    assert "You are not in the roll" in said(late.get(page(vote)))
    assert late.post(page(vote), {"choice": "0", "sure": "1"}).status_code == 403
    stranger = Client(headers={"accept-language": "en"})
    assert "Sign in to vote" in said(stranger.get(page(vote)))
    assert stranger.post(page(vote), {"choice": "0"})["Location"].startswith("/me/in/?next=")


def test_a_member_s_own_page_asks_for_their_vote_until_it_is_cast(
    city: City, phone: Client
) -> None:
    vote = opened(city)
    assert page(vote) in said(phone.get("/me/"))
    phone.post(page(vote), {"choice": "0", "sure": "1"})
    assert page(vote) not in said(phone.get("/me/"))
    kept = json.loads(phone.get("/me/kept.json").content)
    assert kept["votes"][0]["voted"] == "online"
    assert set(kept["votes"][0]) == {"vote", "number", "voted"}


def test_the_result_s_file_has_the_hash_that_its_page_shows(city: City) -> None:
    voters = people(city, 6)
    vote = opened(city)
    anybody = Client(headers={"accept-language": "en"})
    assert anybody.get(f"{page(vote)}result.json").status_code == 404
    cast(vote, *[(one, FOR) for one in voters[:5]], (voters[5], AGAINST))
    counted(vote)
    file = anybody.get(f"{page(vote)}result.json").content
    shown = said(anybody.get(page(vote)))
    assert hashlib.sha256(file).hexdigest() in shown
    assert "6 of 6 took part, 100%" in shown
    assert "carried" in said(anybody.get("/votes/"))


def test_a_small_or_cancelled_vote_s_page_tells_the_decision_and_the_reason(city: City) -> None:
    voters = people(city, 3)
    vote, stopped, waiting = opened(city), opened(city), opened(city, papers=1)
    cast(vote, *[(one, FOR) for one in voters])
    counted(vote)
    actions.cancel(stopped, names("并到下次。"), actor=SYSTEM)
    close(waiting)
    anybody = Client(headers={"accept-language": "en"})
    assert "Only the decision is told" in said(anybody.get(page(vote)))
    assert "took part, 1" not in said(anybody.get(page(vote)))
    assert "并到下次。" in said(anybody.get(page(stopped)))
    assert "two colleagues have counted" in said(anybody.get(page(waiting)))
    assert "cancelled" in said(anybody.get("/votes/"))


def test_an_open_vote_s_roll_reads_who_chose_what(city: City, phone: Client) -> None:
    vote = opened(city, rule="hands")
    phone.post(page(vote), {"choice": "1", "sure": "1"})
    assert "voted · Against" in said(phone.get("/me/kept/"))
    assert json.loads(phone.get("/me/kept.json").content)["votes"][0]["choice"] == "Against"
    counted(vote)
    assert "云雀" in said(phone.get(page(vote)))
    assert "云雀" not in said(Client().get(page(vote)))


def filled(city: City, **more: Any) -> dict[str, Any]:
    words = {
        f"vote-{name}_{code}": "长椅？" for name in ("question", "about")
        for code in ("zh-hans", "bo", "en")
    }  # fmt: skip
    ends = clock.now() + timedelta(days=3)
    return words | {
        "do": "vote", "vote-rule": "simple", "vote-area": city.street.pk, "vote-members": "on",
        "vote-closes_at": f"{ends:%Y-%m-%dT%H:%M}",
    } | {f"vote-{name}": value for name, value in more.items()}  # fmt: skip


def test_the_desk_prepares_changes_and_opens_a_vote(city: City) -> None:
    people(city, 3)
    browser = desk("dispatcher")
    assert "Prepare a vote" in said(browser.get("/desk/votes/"))
    options = "车位 | འཇོག་ས། | Bays\n长椅 | རྐུབ་ཀྱག | Benches"
    made = browser.post("/desk/votes/new", filled(city, rule="most", options=options))
    vote = Vote.objects.get().uuid
    assert made["Location"] == f"/desk/votes/{vote}"
    assert [one["bo"] for one in seen(vote).option_texts] == ["འཇོག་ས།", "རྐུབ་ཀྱག"]
    assert "Benches" in said(browser.get(f"/desk/votes/{vote}/edit"))
    browser.post(f"/desk/votes/{vote}/edit", filled(city, papers="2"))
    assert seen(vote).proposal
    browser.post(f"/desk/votes/{vote}", {"do": "open"})
    assert (seen(vote).state, seen(vote).roll) == ("open", 5)
    assert browser.get(f"/desk/votes/{vote}/edit").status_code == 404
    shown = said(Client(headers={"accept-language": "en"}).get(page(vote)))
    assert "Sign in to vote" in shown
    assert "Prepare a vote" not in shown


def test_changing_a_draft_keeps_the_members_that_it_invites(city: City) -> None:
    invited = [one.uuid for one in people(city, 3)]
    vote = actions.prepare(draft(city, members=False, invited=invited), actor=SYSTEM)
    desk("dispatcher").post(f"/desk/votes/{vote}/edit", filled(city, members=""))
    assert seen(vote).question == "长椅？"
    assert seen(vote).invited["invited"] == sorted(str(one) for one in invited)


def test_a_draft_that_is_cancelled_was_never_public(city: City) -> None:
    vote, anybody = actions.prepare(draft(city), actor=SYSTEM), Client()
    actions.cancel(vote, names("不问了。"), actor=SYSTEM)
    assert anybody.get(page(vote)).status_code == 404
    assert page(vote) not in said(anybody.get("/votes/"))
    assert f'"{page(vote)}"' not in said(desk("dispatcher").get(f"/desk/votes/{vote}"))
    assert seen(vote).invited == {}


@pytest.mark.parametrize(
    ("more", "said_beside"),
    [
        ({"options": "车位 | Bays"}, "three parts"),
        ({"rule": "owners", "sizes": "89,5,viel", "members": ""}, "Write numbers"),
        ({"rule": "owners", "sizes": "NaN", "members": ""}, "Write numbers"),
        ({"rule": "owners", "sizes": "1e30", "members": ""}, "Write numbers"),
        ({"rule": "owners", "sizes": "Infinity", "members": ""}, "Write numbers"),
        ({"rule": "owners"}, "the list of flats"),
        ({"closes_at": "2020-01-01T10:00"}, "next three months"),
        ({"question_bo": ""}, "required"),
    ],
)
def test_a_draft_that_cannot_be_taken_says_so_and_keeps_what_was_typed(
    city: City, more: dict[str, Any], said_beside: str
) -> None:
    answer = desk("dispatcher").post("/desk/votes/new", filled(city, **more))
    assert answer.status_code == 400
    assert said_beside in said(answer)
    assert "长椅？" in said(answer)
    assert not Vote.objects.exists()


def test_the_desk_hands_paper_out_two_count_it_and_one_publishes(city: City) -> None:
    people(city, 3)
    vote = opened(city, papers=5)
    one, other, at = desk("dispatcher"), desk("supervisor"), f"/desk/votes/{vote}"
    for number in Voter.objects.filter(member=None).values_list("number", flat=True):
        one.post(at, {"do": "hand", "hand-number": number})
    assert "already" in said(one.post(at, {"do": "hand", "hand-number": number}))
    early = one.post(at, {"do": "close"})
    assert "when everybody has voted" in said(early)
    with clock.at(AFTER):
        one.post(at, {"do": "close"})
        heaps = {"do": "papers", **{f"papers-heap{at}": n for at, n in enumerate((3, 1, 1, 0))}}
        one.post(at, heaps)
        assert "Two colleagues" in said(one.post(at, {"do": "count"}))
        other.post(at, heaps)
        one.post(at, {"do": "count"})
    assert (seen(vote).state, seen(vote).carried) == ("counted", True)
    assert "5 of 8 took part" in said(one.get(at))


def test_ballots_of_owners_are_entered_and_compared_at_the_desk(city: City) -> None:
    vote = opened(city, rule="owners", members=False, sizes=[90, 100, 80])
    one, other, at = desk("dispatcher"), desk("supervisor"), f"/desk/votes/{vote}"
    for number in (1, 2, 3):
        one.post(at, {"do": "hand", "hand-number": number})
        one.post(at, {"do": "enter", "enter-number": number, "enter-choice": FOR})
    assert "waits for a colleague" in said(one.get(at))
    other.post(at, {"do": "wrong", "wrong-number": 3})
    for number in (1, 2):
        other.post(at, {"do": "right", "right-number": number})
    assert selectors.paper(vote).to_enter == [3]
    actions.close_vote(vote, actor=SYSTEM)
    for who in (one, other):
        assert "says first that they are missing" in said(who.post(at, {"do": "count"}))
    one.post(at, {"do": "missing"})
    assert "You have: a colleague counts" in said(one.get(at))
    other.post(at, {"do": "count"})
    shown = said(one.get(at))
    assert "Show this list to owners" in shown
    assert "by area" in shown
    assert "190 of 270 took part" in shown


def test_a_vote_is_cancelled_with_a_reason(city: City) -> None:
    people(city, 3)
    vote, browser = opened(city), desk("dispatcher")
    at = f"/desk/votes/{vote}"
    assert browser.post(at, {"do": "cancel"}).status_code == 400
    why = {f"cancel-why_{code}": "并到下次。" for code in ("zh-hans", "bo", "en")}
    browser.post(at, {"do": "cancel", **why})
    assert seen(vote).state == "cancelled"


def test_a_desk_elsewhere_finds_nothing_here(city: City) -> None:
    people(city, 3)
    vote = opened(city)
    assert desk("handler").get("/desk/votes/").status_code == 404
    assert desk("handler").get(f"/desk/votes/{vote}").status_code == 404
    assert desk("dispatcher").get(f"/desk/votes/{UUID(int=1)}").status_code == 404
    asked = actions.prepare(draft(city), actor=SYSTEM)
    assert Client().get(page(asked)).status_code == 404
