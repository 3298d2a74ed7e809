"""Many at once, and what would happen without the lock."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from lingka.core import clock, locks, rulebooks, verify
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.points import actions, balancing, locking, rules
from lingka.points.models import Account, Award, Transfer
from tests.cases.city import MONDAY, RESIDENT, City
from tests.cases.conftest import city
from tests.cases.test_concurrency import at_once
from tests.points.bank import give, has, joined, keep
from tests.points.test_rules import body

__all__ = ["city"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def codes(results: list[Any]) -> list[str]:
    """What became of each: "done", the code of its refusal, or another error's name."""
    return sorted(
        one.code if isinstance(one, Problem)
        else type(one).__name__ if isinstance(one, Exception) else "done"
        for one in results
    )  # fmt: skip


def test_of_many_who_keep_the_last_points_one_does() -> None:
    account = joined(20)
    results = at_once(*[lambda: keep(account, 20)] * 6)
    assert codes(results) == ["done"] + ["too_few"] * 5
    assert has(account) == (20, 20)
    assert verify.run() == []


def test_without_the_lock_the_constraint_still_holds_and_somebody_gets_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: all have read before anybody writes."""
    account, both = joined(20), Barrier(2)

    def unlocked(one: UUID) -> Account:
        found = Account.objects.get(id=one)
        both.wait(10)
        return found

    monkeypatch.setattr(locking, "account", unlocked)
    assert codes(at_once(*[lambda: keep(account, 20)] * 2)) == ["IntegrityError", "done"]
    assert has(account) == (20, 20)


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two send one request; each is held up after looking for the key until the other is there."""
    account, key, both = joined(), uuid4(), Barrier(2)
    look = locking.account

    def meet(one: UUID) -> Account:
        with suppress(BrokenBarrierError):  # the other waits for the key
            both.wait(0.5)
        return look(one)

    monkeypatch.setattr(locking, "account", meet)
    return lambda: (account, at_once(*[lambda: give(account, 5, key=key)] * 2))


def test_the_same_key_at_once_is_one_entry_and_both_get_it(twice: Any) -> None:
    account, results = twice()
    assert len(set(results)) == Transfer.objects.count() == 1
    assert has(account) == (5, 0)


def test_without_the_key_s_lock_one_would_get_an_error(
    twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda _name: None)
    _account, results = twice()
    assert IntegrityError in {type(one) for one in results}


def test_posted_and_voided_at_once_a_hold_ends_in_one_way() -> None:
    account = joined(20)
    hold = keep(account, 20)
    results = at_once(
        lambda: actions.post_hold(hold, actor=SYSTEM),
        lambda: actions.void_hold(hold, actor=RESIDENT),
    )
    assert codes(results) == ["done", "over"]
    assert has(account) in {(0, 0), (20, 0)}
    assert verify.run() == []


def test_corrected_twice_at_once_an_entry_is_corrected_once() -> None:
    account = joined(20)
    given = give(account, 5)
    results = at_once(*[lambda: actions.reverse(given, "mistake", actor=SYSTEM, key=uuid4())] * 4)
    assert codes(results) == ["done", "reversed", "reversed", "reversed"]
    assert has(account) == (20, 0)


def test_without_the_locks_one_of_two_corrections_would_get_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: both have seen that it was never taken back; the constraint lets one through."""
    given, both = give(joined(20), 5), Barrier(2)

    def unlocked(ids: Iterable[UUID]) -> dict[UUID, Account]:
        found = Account.objects.in_bulk(list(ids))
        both.wait(10)
        return found

    monkeypatch.setattr(locking, "accounts", unlocked)
    results = at_once(*[lambda: actions.reverse(given, "mistake", actor=SYSTEM, key=uuid4())] * 2)
    assert codes(results) == ["IntegrityError", "done"]


def test_two_colleagues_entries_corrected_at_once_take_both_parts_of_their_workplace(
    city: City,
) -> None:
    rulebooks.put(rules.BOOK, body(unit=True), actor=SYSTEM)
    unit = city.units["light"].pk
    theirs = actions.open_account("points", actor=SYSTEM, unit=unit)
    for one in range(3):
        member = uuid4()
        joined(member=member)
        occasion = actions.Occasion(f"served:{one}", MONDAY.date(), city.street.pk, unit)
        actions.award_event("volunteering.HoursConfirmed", {"minutes": 60}, occasion, member=member)
    awards = Award.objects.exclude(account=theirs)
    tries = [partial(actions.correct_award, one.uuid, "twice", actor=SYSTEM) for one in awards]
    assert codes(at_once(*tries * 2)) == ["done"] * 3 + ["reversed"] * 3
    assert has(theirs) == (0, 0)
    assert verify.run() == []


def test_left_twice_at_once_an_account_is_left_once() -> None:
    member = uuid4()
    account = joined(20, member=member)
    results = at_once(*[lambda: actions.leave("points", member, actor=RESIDENT)] * 3)
    assert sorted(map(str, results)) == ["False", "False", "True"]
    assert has(account) == (0, 0)
    assert verify.run() == []


def test_joining_twice_at_once_is_one_account() -> None:
    member = uuid4()
    results = at_once(*[lambda: joined(member=member)] * 4)
    assert len(set(results)) == 1


def test_who_waits_too_long_is_told_so_and_nothing_happened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", locking.PATIENCE / 30)
    account = joined(20)
    with transaction.atomic():
        locking.account(account)
        assert codes(at_once(lambda: keep(account, 5))) == ["busy"]
    assert has(account) == (20, 0)
    assert balancing.differences() == []


def test_after_waiting_in_vain_the_caller_s_own_patience_is_as_before() -> None:
    with transaction.atomic():
        joined(20)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone()[0] == "0"
