"""Whoever said “me too” is asked too: answers once a round, closes nothing, may open it again."""

from datetime import timedelta
from typing import Any

import pytest

from lingka.cases import actions, replay
from lingka.cases.models import Rating
from lingka.cases.selectors import receipt_by_token
from lingka.cases.selectors.receipts import ReceiptView
from lingka.core import clock, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.cases.city import RESIDENT, City, case_of, refusal


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


def test_a_stranger_s_words_stay_unseen_by_the_reporter_who_reads_their_own_page(
    joined: Joined,
) -> None:
    joined.rate(solved=True, words="一直很黑")
    own = receipt_by_token(joined.opened.token)
    assert own
    assert not any("一直很黑" in text for text in [*own.own_words, *(r.words for r in own.replies)])
