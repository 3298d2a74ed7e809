"""Who takes part claims a wish: one of many, for some days, and only the wisher confirms."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.areas import cache
from lingka.cases import actions as cases
from lingka.cases.actions import performing
from lingka.cases.models import Case
from lingka.core import clock, verify
from lingka.core.permissions import PermissionRefused
from lingka.ledgers import actions, selectors
from lingka.members import actions as members
from lingka.notifications import sending
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, case_of, grid_elsewhere, problem, refusal
from tests.cases.plans import crowd, plans
from tests.cases.test_concurrency import at_once
from tests.ledgers.conftest import SignIn
from tests.ledgers.test_ledgers import wished
from tests.members.people import Joined, hear, joined


def member(city: City, number: int = 1) -> Joined:
    return joined(city.grid.parent_id or 0, f"1390000400{number}", f"雪{number}")


def phone_of(who: Joined) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["member"] = who.key
    return client


def test_a_member_has_a_claimed_wish_beside_the_desk_and_others_are_told(city: City) -> None:
    wish = wished(city)
    first, second = member(city).info, member(city, 2).info
    city.do(wish, "claim", first.actor)
    assert case_of(wish).lead_unit_id == city.units["office"].pk
    with refusal("state"):
        city.do(wish, "claim", second.actor)
    for action in ("deliver", "give_up"):
        with refusal("relation"):
            city.do(wish, action, second.actor, **({"words": "x"} if action == "deliver" else {}))
    city.do(wish, "deliver", first.actor, words="老花镜送到社区了")
    with refusal("relation"):
        city.do(wish, "rate", "dispatcher", solved=True)
    city.do(wish, "rate", city.reporter(wish), solved=True)
    assert case_of(wish).stage == "closed"
    assert verify.run() == []


def test_a_receipt_speaks_of_a_wish_in_a_wish_s_words(city: City) -> None:
    wish, who = wished(city), member(city).info
    city.do(wish, "claim", who.actor)
    city.do(wish, "deliver", who.actor, words="老花镜送到社区了")
    wisher = Client(headers={"accept-language": "en"})
    html = wisher.get(f"/r/{wish.token}").content.decode()
    for said in ("On the wall", "Claimed", "Did your wish come true?", "It came true"):
        assert said in html
    for unsaid in ("Passed on", "Checked", "Is it solved?", "checks it anew", "Were people kind?"):
        assert unsaid not in html
    wisher.post(f"/r/{wish.token}/do/rate", {"solved": "yes", "op_id": str(uuid4())})
    assert "It came true" in wisher.get(f"/r/{wish.token}").content.decode()
    assert case_of(wish).stage == "closed"


def test_a_member_s_idle_claim_lapses_and_another_may_have_it(city: City) -> None:
    wish, first, second = wished(city), member(city).info, member(city, 2).info
    city.do(wish, "claim", first.actor)
    with clock.at(MONDAY + timedelta(days=3)):
        cases.due_now()
        with refusal("relation"):
            city.do(wish, "deliver", first.actor, words="晚了")
        city.do(wish, "claim", second.actor)
    assert [one.words for one in selectors.claimed_by(second.id)] == ["一副老花镜"]
    assert selectors.claimed_by(first.id) == []


def test_who_claimed_a_wish_is_reminded_before_it_hangs_free_again(city: City) -> None:
    wish, who = wished(city), joined(city.grid.parent_id or 0, "w@example.org", "雪").info
    other = wished(city)
    city.do(wish, "claim", who.actor)
    city.do(other, "claim", "handler")
    for hours, told in ((37, 0), (55, 1)):
        with clock.at(MONDAY + timedelta(hours=hours)):
            cases.due_now()
            hear("notifications.claims")
            sending.send_some()
            assert len([one for one in mail.outbox if "认领的心愿" in one.body]) == told


def test_a_member_claims_on_the_wall_and_says_on_their_own_page_that_it_is_done(
    city: City,
) -> None:
    wish = wished(city)
    number, phone = case_of(wish).number, phone_of(member(city))
    assert "I make it true" in phone.get("/wishes/").content.decode()
    assert phone.post(f"/wishes/{number}/claim")["Location"] == "/me/"
    page = phone.get("/me/").content.decode()
    assert "一副老花镜" in page
    assert "13900000000" not in page  # what the wisher wrote stays with the desk
    assert "一副老花镜" not in phone.get("/wishes/").content.decode()
    assert "One more is claimed" in phone.get("/wishes/").content.decode()
    phone.post(f"/wishes/{number}/deliver", {"words": ""})
    assert case_of(wish).state == "claimed"
    phone.post(f"/wishes/{number}/deliver", {"words": "送到社区了"})
    assert case_of(wish).state == "resolved"
    phone.post(f"/wishes/{number}/deliver", {"do": "leave"})
    assert case_of(wish).state == "resolved"


def test_a_member_leaves_a_wish_to_others(city: City) -> None:
    wish, phone = wished(city), phone_of(member(city))
    number = case_of(wish).number
    phone.post(f"/wishes/{number}/claim")
    phone.post(f"/wishes/{number}/deliver", {"do": "leave"})
    assert case_of(wish).state == "wished"
    assert phone.post("/wishes/5KX87M/deliver").status_code == 404


def test_what_hangs_for_staff_alone_no_member_claims(city: City) -> None:
    wish = wished(city, agreed=False)
    phone = phone_of(member(city))
    assert phone.post(f"/wishes/{case_of(wish).number}/claim").status_code == 404
    assert case_of(wish).state == "wished"


def test_whoever_has_a_post_elsewhere_claims_as_a_member(city: City, sign_in: SignIn) -> None:
    Post.objects.filter(user__username="handler").update(area=grid_elsewhere())
    for cached in (accounts, cache):
        cached.forget()
    wish, who, client = wished(city), member(city), sign_in("handler")
    client.cookies["member"] = who.key
    assert "I make it true" in client.get("/wishes/").content.decode()
    assert client.post(f"/wishes/{case_of(wish).number}/claim")["Location"] == "/me/"
    assert len(selectors.claimed_by(who.info.id)) == 1


def test_a_member_has_three_wishes_at_a_time(city: City) -> None:
    phone, wishes = phone_of(member(city)), [wished(city) for _one in range(4)]
    for one in wishes:
        answer = phone.post(f"/wishes/{case_of(one).number}/claim", follow=True)
    assert "3 wishes already" in answer.content.decode()
    assert [case_of(one).state for one in wishes] == ["claimed"] * 3 + ["wished"]


def test_a_member_s_claims_are_found_without_reading_what_others_have_in_hand(city: City) -> None:
    crowd((case_of(city.at("handling")), 2000))
    with CaptureQueriesContext(connection) as asked:
        selectors.claimed_by(1)
    assert "case_claimed_by_member" in plans(asked)[0]


def test_what_a_member_who_leaves_had_claimed_hangs_free_again(city: City) -> None:
    wish, who, stays = wished(city), member(city).info, member(city, 2).info
    other = wished(city)
    actions.claim(wish.case_uuid, actor=who.actor)
    actions.claim(other.case_uuid, actor=stays.actor)
    members.leave(actor=who.actor)
    hear("ledgers.let-go")
    hear("ledgers.let-go")  # told twice
    assert [case_of(one).state for one in (wish, other)] == ["wished", "claimed"]


def test_the_newest_on_the_wall_are_those_that_everybody_sees(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "OPEN", 1)
    wished(city)
    with clock.at(MONDAY + timedelta(hours=1)):
        newest = wished(city)
        wished(city, agreed=False)
    assert [one.standing.uuid for one in selectors.public()] == [newest.case_uuid]


def test_a_member_does_nothing_else_to_cases(city: City) -> None:
    lamp = city.at("handling")
    with problem("unknown_case"):
        city.do(lamp, "report_back", member(city).info.actor, words="修好了")


@pytest.fixture
def live(transactional_db: None) -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


@pytest.mark.usefixtures("connections_for_all")
def test_of_fifty_who_claim_one_wish_at_once_one_has_it(live: City) -> None:
    wish = wished(live)
    who = [live.staff["handler"], live.staff["plumber"]] * 25
    results = at_once(*[lambda one=one: live.do(wish, "claim", one) for one in who])
    refused = [one for one in results if isinstance(one, PermissionRefused)]
    assert (len(refused), {one.denied.code for one in refused}) == (49, {"state"})
    assert len(case_of(wish).assignments) == 1


def test_without_the_lock_two_would_both_go_on_to_claim_it(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both find it free; only the chain of events keeps the second out, with an
    error that nobody can use."""
    wish, both = wished(live), Barrier(2)

    def unlocked(case_uuid: Any) -> Case:
        case = Case.objects.get(uuid=case_uuid)
        with suppress(BrokenBarrierError):
            both.wait(10)
        return case

    monkeypatch.setattr(performing, "_locked", unlocked)
    results = at_once(
        lambda: live.do(wish, "claim", "handler"), lambda: live.do(wish, "claim", "plumber")
    )
    assert "IntegrityError" in {type(one).__name__ for one in results}
