"""Whoever said “me too” is asked too: answers once a round, closes nothing, may open it again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lingka.cases import actions, replay
from lingka.cases.models import Contact, Rating, Receipt
from lingka.cases.selectors import receipt_by_token
from lingka.cases.selectors.receipts import ReceiptView
from lingka.core import clock, events, verify
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.cases.city import RESIDENT, City, case_of, picture, refusal


class Joined:
    """A case with one follower, in a state."""

    def __init__(self, city: City, state: str) -> None:
        self.city, self.opened = city, city.open()
        self.mine = actions.follow_case(
            self.opened.case_uuid, actor=RESIDENT, language="bo", idempotency_key=uuid7()
        )
        self.actor = Actor("resident", self.mine.receipt_id)
        city.walk(self.opened, state)

    def rate(self, *, solved: bool, **more: Any) -> actions.Performed:
        return self.city.do(self.opened, "rate_along", self.actor, solved=solved, **more)

    def reporter_rates(self, *, solved: bool) -> None:
        self.city.do(self.opened, "rate", self.city.reporter(self.opened), solved=solved)

    @property
    def facts(self) -> dict[str, Any]:
        case = case_of(self.opened)
        assert replay.differences(case, events.history(case.uuid)) == []
        return case.facts

    @property
    def page(self) -> ReceiptView:
        found = receipt_by_token(self.mine.token)
        assert found
        return found


@pytest.fixture
def joined(city: City) -> Joined:
    return Joined(city, "resolved")


def test_a_follower_s_answer_is_kept_and_leaves_the_case_to_its_reporter(joined: Joined) -> None:
    done = joined.rate(solved=True, satisfied="yes")
    assert done.state == "resolved"
    rating = Rating.objects.get()
    assert (rating.receipt_id, rating.solved, rating.satisfied) == (joined.actor.id, True, "yes")
    assert "solved" not in joined.facts


def test_every_receipt_counts_in_the_answers_of_a_round(joined: Joined) -> None:
    joined.rate(solved=False)
    joined.reporter_rates(solved=True)
    assert joined.facts["answers"] == {"solved": 1, "not_solved": 1}
    assert joined.facts["solved"] is True


def test_a_follower_is_asked_still_after_the_reporter_s_answer_closed_it(joined: Joined) -> None:
    joined.reporter_rates(solved=True)
    assert joined.page.can_rate
    assert joined.rate(solved=True).state == "closed"
    assert not joined.page.can_rate


def test_a_follower_answers_once_a_round(joined: Joined) -> None:
    joined.rate(solved=True)
    with refusal("rated"):
        joined.rate(solved=True)


def test_a_follower_for_whom_it_is_not_solved_opens_it_again_and_is_asked_anew(
    joined: Joined,
) -> None:
    joined.reporter_rates(solved=True)
    joined.rate(solved=False)
    joined.city.do(joined.opened, "reopen", joined.actor, words="我家门口还是黑的")
    assert case_of(joined.opened).state == "handling"
    assert "answers" not in joined.facts
    joined.city.do(joined.opened, "report_back", "handler", words="又修了")
    joined.city.do(joined.opened, "verify", "verifier", how="visit")
    joined.rate(solved=True)
    assert Rating.objects.filter(receipt=joined.actor.id).count() == 2


def test_after_the_days_for_reopening_nobody_is_asked_any_more(joined: Joined) -> None:
    joined.reporter_rates(solved=True)
    with clock.at(clock.now() + timedelta(days=16)):
        assert not joined.page.can_rate
        with refusal("too_late"):
            joined.rate(solved=True)


def test_a_follower_neither_withdraws_nor_closes_what_another_reported(joined: Joined) -> None:
    assert not joined.page.can & {"withdraw", "rate", "close"}
    with refusal("relation"):
        joined.city.do(joined.opened, "withdraw", joined.actor)


class Left(Joined):
    """A case that its reporter took back while somebody else follows it."""

    def leave(self) -> None:
        self.city.do(self.opened, "leave", self.city.reporter(self.opened))


@pytest.fixture
def left(city: City) -> Left:
    return Left(city, "handling")


def test_one_reporter_does_not_end_what_another_waits_for(left: Left) -> None:
    with refusal("others"):
        left.city.do(left.opened, "withdraw", left.city.reporter(left.opened))
    left.leave()
    assert case_of(left.opened).state == "handling"
    own = receipt_by_token(left.opened.token)
    assert own
    assert (own.left, own.can, own.own_words) == (True, frozenset(), ["路灯不亮"])


def test_who_followed_it_first_has_it_then_and_may_end_it_alone(left: Left) -> None:
    left.leave()
    assert left.page.is_reporter
    assert "followers" not in left.facts
    assert "withdraw" in left.page.can
    left.city.do(left.opened, "withdraw", left.actor)
    assert case_of(left.opened).state == "withdrawn"


def test_what_the_first_reporter_said_and_was_asked_is_not_handed_over(
    city: City, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    left = Left(city, "handling")
    city.do(left.opened, "add", city.reporter(left.opened), attachments=[picture()])
    city.do(left.opened, "ask", "handler", words="您家是几楼？")
    left.leave()
    page = left.page
    assert (page.own_words, page.address, page.question, page.photos) == ([], "", "", [])
    assert not left.facts.get("asked")
    assert not case_of(left.opened).clocks["resolve"]["paused"]
    city.do(left.opened, "add", left.actor, words="我这边也黑")
    assert left.page.own_words == ["我这边也黑"]


def test_the_contact_of_who_left_is_erased_and_nobody_calls_them(city: City) -> None:
    mine = city.open(contact=actions.ContactData(phone="13900000001"))
    actions.follow_case(mine.case_uuid, actor=RESIDENT, language="bo", idempotency_key=uuid7())
    city.do(mine, "leave", city.reporter(mine))
    assert not Contact.objects.exists()
    assert verify.run() == []


def test_what_is_merged_and_parted_again_finds_its_reporters(city: City) -> None:
    one, two = Left(city, "handling"), city.open(words="我家门口灯坏了")
    city.do(two, "merge", "dispatcher", into=one.opened.case_number)
    assert one.facts["followers"] == 2
    one.leave()
    assert one.facts["followers"] == 1
    city.do(one.opened, "leave", one.actor)  # whoever was merged is the last one now
    with refusal("nothing_asked"):
        city.do(one.opened, "leave", city.reporter(two))
    city.do(two, "part_again", "dispatcher", words="是两盏灯")
    assert not one.facts.get("followers")
    kinds = dict(Receipt.objects.values_list("case__uuid", "kind"))
    assert kinds[two.case_uuid] == "reporter"
    assert set(Receipt.objects.filter(case__uuid=one.opened.case_uuid).values_list("kind")) == {
        ("left",)
    }


def test_a_stranger_s_words_stay_unseen_by_the_reporter_who_reads_their_own_page(
    joined: Joined,
) -> None:
    joined.rate(solved=True, words="一直很黑")
    own = receipt_by_token(joined.opened.token)
    assert own
    assert not any("一直很黑" in text for text in [*own.own_words, *(r.words for r in own.replies)])
