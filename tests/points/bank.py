"""Short ways into the ledger for tests."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.points import actions, selectors
from tests.cases.city import RESIDENT


def joined(points: int = 0, ledger: str = "points", member: UUID | None = None) -> UUID:
    """A member's account, with what they have."""
    account = actions.open_account(ledger, actor=RESIDENT, member=member or uuid4())
    if points:
        give(account, points)
    return account


def give(account: UUID, points: int, *, key: UUID | None = None, until: date | None = None,
         ground: str = "service") -> UUID:  # fmt: skip
    return actions.earn(
        account, points, ground, actor=SYSTEM, key=key or uuid4(), expires_on=until
    )  # fmt: skip


def keep(account: UUID, points: int, **more: Any) -> UUID:
    given = {"until": clock.now() + timedelta(days=3), "actor": RESIDENT, "key": uuid4()}
    return actions.place_hold(account, points, **(given | more))


def has(account: UUID) -> tuple[int, int]:
    """(balance, of which held)"""
    found = selectors.standing(account)
    assert found is not None
    return found.balance, found.held


def settle() -> None:
    """What the end of a transaction checks, checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
