"""Fifty want the last item at once: one gets it, nobody else loses anything."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from lingka.core import clock, verify
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.points import actions, balancing
from lingka.points.actions import exchanging
from lingka.points.models import Good
from tests.cases import city as cities
from tests.cases.city import MONDAY, RESIDENT
from tests.cases.test_concurrency import at_once
from tests.points.bank import has, joined
from tests.points.test_shops import lies, offered, opened

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


@pytest.fixture
def good() -> Iterator[UUID]:
    with clock.at(MONDAY):
        yield offered(opened(cities.build()), 1)


def reserve(good: UUID, account: UUID) -> str:
    """What became of it."""
    try:
        with clock.at(MONDAY):
            actions.reserve(good, account, actor=RESIDENT, key=uuid4())
    except Problem as problem:
        return problem.code
    finally:
        connections.close_all()
    return "reserved"


def test_of_fifty_who_want_the_last_item_one_gets_it(good: UUID) -> None:
    accounts = [joined(10) for _ in range(MANY)]
    with ThreadPoolExecutor(MANY) as crowd:  # as many at once as there are connections
        became = Counter(crowd.map(lambda one: reserve(good, one), accounts))
    assert became == {"reserved": 1, "gone": MANY - 1}
    assert lies(good) == (1, 1)
    assert sorted(held for _points, held in map(has, accounts)) == [0] * (MANY - 1) + [10]
    assert balancing.differences() == verify.run() == []


def test_without_the_lock_the_constraint_still_holds_and_somebody_gets_an_error(
    good: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have seen the item lying there before either takes it."""
    accounts, both = [joined(10), joined(10)], Barrier(2)

    def unlocked(uuid: UUID) -> Good:
        found = Good.objects.select_related("shop").get(uuid=uuid)
        both.wait(10)
        return found

    monkeypatch.setattr(exchanging, "locked", unlocked)

    def take(one: UUID) -> Any:
        return lambda: actions.reserve(good, one, actor=RESIDENT, key=uuid4())

    results = at_once(*map(take, accounts))
    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "Reserved"]
    assert lies(good) == (1, 1)


def test_handed_over_and_given_back_at_once_it_ends_in_one_way(good: UUID) -> None:
    account = joined(10)
    made = actions.reserve(good, account, actor=RESIDENT, key=uuid4())
    results = at_once(
        lambda: actions.hand_over(made.uuid, actor=SYSTEM),
        lambda: actions.cancel(made.uuid, account),
    )
    refused = [one for one in results if isinstance(one, Problem)]
    assert [one.code for one in refused] == ["over"]
    assert (lies(good), has(account)) in {((0, 0), (0, 0)), ((1, 0), (10, 0))}
    assert verify.run() == []
