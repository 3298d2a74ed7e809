"""Fifty ballots of one voter at once: one counts; and what happens without lock and trigger."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from lingka.core import clock, verify
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.voting import actions, locking
from lingka.voting.models import Ballot, Voter
from tests.cases import city as cities
from tests.cases.city import MONDAY, City
from tests.cases.test_concurrency import at_once
from tests.voting.hall import FOR, actor, cast, close, heads, opened, people, seen, unguarded

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


@pytest.fixture
def live() -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def test_of_fifty_ballots_of_one_voter_one_counts(live: City) -> None:
    voters = people(live, 5)
    vote = opened(live)
    cast(vote, *[(one, FOR) for one in voters[1:]])

    def again(place: int) -> str:
        try:
            with clock.at(MONDAY):
                actions.cast(vote, place % 2, actor=actor(voters[0]))
        except Problem as problem:
            return problem.code
        finally:
            connections.close_all()
        return "cast"

    with ThreadPoolExecutor(MANY) as crowd:
        became = Counter(crowd.map(again, range(MANY)))
    assert became == {"cast": 1, "voted": MANY - 1}
    close(vote)
    actions.count(vote, actor=SYSTEM)
    assert heads(seen(vote).result or {})["cast"] == "5"
    assert verify.run() == []


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read that the voter has not voted before either writes."""
    both = Barrier(2)

    def read(vote: Any, **which: Any) -> Voter | None:
        found = Voter.objects.filter(vote=vote, **which).first()
        both.wait(10)
        return found

    monkeypatch.setattr(locking, "voter", read)


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_the_database_still_takes_one_and_somebody_gets_an_error(
    live: City,
) -> None:
    voters = people(live, 3)
    vote = opened(live)
    results = at_once(*[lambda: cast(vote, (voters[0], FOR))] * 2)
    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "NoneType"]
    assert Ballot.objects.count() == 1


@pytest.mark.usefixtures("unlocked")
def test_without_lock_and_trigger_one_voter_would_vote_twice(live: City) -> None:
    """The control."""
    voters = people(live, 3)
    vote = opened(live)

    def cast_unwatched() -> None:
        with unguarded():
            cast(vote, (voters[0], FOR))

    assert at_once(*[cast_unwatched] * 2) == [None, None]
    assert Ballot.objects.count() == 2


def test_closed_at_the_same_moment_a_ballot_is_in_the_count_or_refused(live: City) -> None:
    voters = people(live, 5)
    vote = opened(live)
    deeds = [partial(cast, vote, (one, FOR)) for one in voters]
    *became, closed = at_once(*deeds, partial(close, vote))
    assert closed is None
    refused = [one for one in became if one is not None]
    assert {getattr(one, "code", one) for one in refused} <= {"state"}
    actions.count(vote, actor=SYSTEM)  # refuses a box that does not hold what the roll says
    assert Voter.objects.filter(voted="online").count() == len(voters) - len(refused)
