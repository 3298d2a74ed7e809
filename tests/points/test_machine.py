"""Any order of earning, keeping, redeeming, expiring, correcting and leaving, beside a model that
knows nothing of the database. Whatever happens, both agree and nobody is below zero."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from lingka.core import clock, verify
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.points import actions, balancing, selectors
from lingka.points.selectors import own_total
from tests.cases.city import MONDAY, RESIDENT
from tests.points.bank import settle

POINTS = st.integers(1, 30)


class Bank(RuleBasedStateMachine):
    """Three members. The model: what each has, what is kept of it, what became of the rest."""

    holds = Bundle("holds")
    given = Bundle("given")

    @initialize()
    def open(self) -> None:
        self.now: datetime = MONDAY
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.members = [uuid4() for _ in range(3)]
        self.accounts = {
            one: actions.open_account("points", actor=RESIDENT, member=one) for one in self.members
        }
        self.has = dict.fromkeys(self.accounts.values(), 0)
        self.kept: dict[UUID, tuple[UUID, int, datetime]] = {}  # open holds
        self.entries: dict[UUID, tuple[UUID, int]] = {}  # what may be corrected
        self.total = dict.fromkeys(("issued", "spent", "left"), 0)

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            assert verify.run() == []
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def held(self, account: UUID) -> int:
        return sum(points for one, points, _ in self.kept.values() if one == account)

    def free(self, account: UUID) -> int:
        return self.has[account] - self.held(account)

    def member_s(self, number: int) -> UUID | None:
        return self.accounts.get(self.members[number])

    def tried(self, deed: Any, *codes: str) -> Any:
        """What the ledger answered: a result, or the code of its refusal."""
        try:
            with clock.at(self.now):
                return deed()
        except Problem as problem:
            return problem.code

    @rule(target=given, number=st.integers(0, 2), points=POINTS)
    def earn(self, number: int, points: int) -> Any:
        account = self.member_s(number)
        if account is None:
            return None
        made = self.tried(
            lambda: actions.earn(account, points, "service", actor=SYSTEM, key=uuid4())
        )
        self.has[account] += points
        self.total["issued"] -= points
        self.entries[made] = (account, points)
        return made

    @rule(target=holds, number=st.integers(0, 2), points=POINTS, hours=st.integers(1, 40))
    def keep(self, number: int, points: int, hours: int) -> Any:
        account, until = self.member_s(number), self.now + timedelta(hours=hours)
        if account is None:
            return None
        for hold, (one, _points, ends) in list(self.kept.items()):
            if one == account and ends <= self.now:
                del self.kept[hold]
        made = self.tried(
            lambda: actions.place_hold(account, points, until, actor=RESIDENT, key=uuid4())
        )
        if self.free(account) < points:
            assert made == "too_few"
            self.expired_by_nobody(account)
            return None
        self.kept[made] = (account, points, until)
        return made

    def expired_by_nobody(self, account: UUID) -> None:
        """A refusal changes nothing: what had run out is still there for the job to end."""
        with clock.at(self.now):
            actions.expire_holds()
        for hold, (_one, _points, ends) in list(self.kept.items()):
            if ends <= self.now:
                del self.kept[hold]

    @rule(hold=holds)
    def redeem(self, hold: UUID | None) -> None:
        if hold is None:
            return
        answer = self.tried(lambda: actions.post_hold(hold, actor=SYSTEM))
        if hold in self.entries:
            assert answer == hold  # again: the first result
        elif hold in self.kept and self.kept[hold][2] > self.now:
            account, points, _until = self.kept.pop(hold)
            assert answer == hold
            self.has[account] -= points
            self.total["spent"] += points
            self.entries[hold] = (account, -points)
        else:
            assert answer == "over"

    @rule(hold=holds)
    def void(self, hold: UUID | None) -> None:
        if hold is None:
            return
        answer = self.tried(lambda: actions.void_hold(hold, actor=RESIDENT))
        if hold in self.entries:
            assert answer == "over"
        else:
            assert answer is (self.kept.pop(hold, None) is not None)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with clock.at(self.now):
            ended = actions.expire_holds()
        over = [hold for hold, (_a, _p, ends) in self.kept.items() if ends <= self.now]
        assert ended == len(over)
        for hold in over:
            del self.kept[hold]

    @rule(entry=consumes(given))
    def correct(self, entry: UUID | None) -> None:
        if entry is not None:
            self.corrected(entry, "mistake")

    @rule(hold=holds)
    def bring_back(self, hold: UUID | None) -> None:
        if hold in self.entries:
            self.corrected(hold, "returned")

    def corrected(self, entry: UUID, reason: str) -> None:
        answer = self.tried(lambda: actions.reverse(entry, reason, actor=SYSTEM, key=uuid4()))
        account, points = self.entries[entry]
        if points == 0:
            assert answer == "reversed"
        elif account not in self.accounts.values():
            assert answer == "left"
        elif self.free(account) < points:
            assert answer == "spent"
        else:
            self.has[account] -= points
            self.total["issued" if points > 0 else "spent"] += points
            self.entries[entry] = (account, 0)

    @rule(number=st.integers(0, 2))
    def leave(self, number: int) -> None:
        member, account = self.members[number], self.member_s(number)
        answer = self.tried(lambda: actions.leave("points", member, actor=RESIDENT))
        assert answer is (account is not None)
        if account is not None:
            self.total["left"] += self.has[account]
            self.has[account] = 0
            self.kept = {h: kept for h, kept in self.kept.items() if kept[0] != account}
            del self.accounts[member]

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "has"):
            return
        settle()
        for account, balance in self.has.items():
            found = selectors.standing(account)
            assert found is not None
            assert (found.balance, found.held) == (balance, self.held(account))
            assert found.free >= 0
        for kind, total in self.total.items():
            assert own_total("points", kind) == total
        assert sum(self.has.values()) + sum(self.total.values()) == 0
        assert balancing.differences() == []


@pytest.mark.django_db
def test_books_and_model_agree_whatever_happens() -> None:
    run_state_machine_as_test(
        Bank, settings=settings(max_examples=10, stateful_step_count=20, deadline=None)
    )  # fmt: skip
