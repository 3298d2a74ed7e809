"""What the database itself refuses, in raw SQL, whoever asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.points import actions, balancing
from lingka.points.book import own_account
from tests.points.bank import give, has, joined, keep, settle

pytestmark = pytest.mark.django_db
Leg = tuple[UUID, int]


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def refused(saying: str, error: type[Exception] = DatabaseError) -> Iterator[None]:
    with pytest.raises(error, match=saying), transaction.atomic(), settled():
        yield


@contextmanager
def settled() -> Iterator[None]:
    yield
    settle()


def entry(kind: str, *legs: Leg, ground: str = "", ledger: str = "points",
          reverses: int | None = None) -> None:  # fmt: skip
    """A transfer written by hand."""
    reason = "mistake" if reverses else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO points_transfer (uuid, ledger, kind, ground, reason, reverses_id, key,"
            " digest, at) VALUES (%s, %s, %s, %s, %s, %s, %s, '', now()) RETURNING id",
            [uuid4(), ledger, kind, ground, reason, reverses, uuid4()],
        )
        number = cursor.fetchone()[0]
    for account, amount in legs:
        sql("INSERT INTO points_leg (transfer_id, account_id, amount) VALUES (%s, %s, %s)",
            number, account, amount)  # fmt: skip


ISSUED, SPENT = own_account("points", "issued"), own_account("points", "spent")


def test_an_entry_that_fits_is_taken_from_raw_sql_too() -> None:
    account = joined(20)  # the control of all that follow
    entry("earn", (account, 5), (ISSUED, -5), ground="service")
    settle()
    assert has(account) == (25, 0)


@pytest.mark.parametrize(
    "legs",
    [[5, -4], [5], [-5, 5], []],
    ids=["sums to one", "one leg", "points for the ledger", "no legs"],
)
def test_legs_that_do_not_sum_to_zero_fail(legs: list[int]) -> None:
    account = joined(20)
    with refused("sum to zero", IntegrityError):
        entry("earn", *zip((account, ISSUED), legs, strict=False), ground="service")
    assert has(account) == (20, 0)


def test_a_leg_added_to_an_entry_that_was_whole_fails() -> None:
    other, account = joined(3), joined(20)
    with refused("sum to zero", IntegrityError):
        sql("INSERT INTO points_leg (transfer_id, account_id, amount)"
            " SELECT max(transfer_id), %s, 1 FROM points_leg", other)  # fmt: skip
    assert has(account) == (20, 0)


def test_legs_of_two_ledgers_make_no_entry() -> None:
    hours = joined(20, ledger="hours")
    joined(20)
    with refused("fit its kind", IntegrityError):
        entry("earn", (hours, 5), (ISSUED, -5), ground="service")


@pytest.mark.parametrize("kind", ["penalty", "deduct", "fine"])
def test_there_is_no_kind_of_entry_that_takes_points_away(kind: str) -> None:
    account = joined(20)
    with refused("points_transfer_known", IntegrityError):
        entry(kind, (account, -5), (ISSUED, 5))


def test_nobody_earns_less_than_nothing() -> None:
    account = joined(20)
    with refused("fit its kind", IntegrityError):
        entry("earn", (account, -5), (ISSUED, 5), ground="service")


@pytest.mark.parametrize("ground", ["report", "", "tip_off"])
def test_nothing_is_earned_on_another_ground(ground: str) -> None:
    account = joined(20)
    with refused("points_ground_known", IntegrityError):
        entry("earn", (account, 5), (ISSUED, -5), ground=ground)


def test_points_do_not_go_from_one_member_to_another() -> None:
    account, other = joined(20), joined()
    with refused("fit its kind", IntegrityError):
        entry("redeem", (account, -5), (other, 5))


def test_a_balance_does_not_fall_below_zero() -> None:
    account = joined(20)
    actions.post_hold(keep(account, 1), actor=SYSTEM)
    with refused("points_never_below_zero", IntegrityError):
        entry("redeem", (account, -20), (SPENT, 20))


def test_what_is_held_is_not_spent_beside_its_hold() -> None:
    account = joined(20)
    actions.post_hold(keep(account, 1), actor=SYSTEM)
    keep(account, 15)
    with refused("points_never_below_zero", IntegrityError):
        entry("redeem", (account, -5), (SPENT, 5))


def test_a_correction_that_is_no_mirror_fails() -> None:
    account = joined()
    give(account, 20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM points_transfer")
        first = cursor.fetchone()[0]
    with refused("mirror", IntegrityError):
        entry("reverse", (account, -19), (ISSUED, 19), reverses=first)


def test_an_entry_is_corrected_once() -> None:
    account = joined(20)
    actions.reverse(give(account, 5), "mistake", actor=SYSTEM, key=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(reverses_id) FROM points_transfer")
        first = cursor.fetchone()[0]
    with refused("duplicate key", IntegrityError):
        entry("reverse", (account, -5), (ISSUED, 5), reverses=first)


CHANGES: list[Callable[[], str]] = [
    lambda: "UPDATE points_transfer SET ground = 'sharing'",
    lambda: "DELETE FROM points_transfer",
    lambda: "UPDATE points_leg SET amount = amount * 2",
    lambda: "DELETE FROM points_leg",
    lambda: "UPDATE points_account SET balance = balance + 100",
    lambda: "UPDATE points_account SET held = 0",
    lambda: "UPDATE points_account SET ledger = 'hours'",
    lambda: "DELETE FROM points_account",
    lambda: "DELETE FROM points_hold",
    lambda: "UPDATE points_hold SET amount = 1",
    lambda: "UPDATE points_hold SET expires_at = expires_at + interval '1 day'",
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change())
def test_rows_are_neither_changed_nor_deleted(change: Callable[[], str]) -> None:
    keep(joined(20), 5)
    with refused("annot|changed"):
        sql(change())


@pytest.mark.parametrize("table", ["account", "transfer", "leg", "hold"])
def test_a_ledger_is_never_emptied(table: str) -> None:
    joined(20)
    settle()
    with refused("never emptied"):
        sql("SET LOCAL lingka.never_empty = 'on'")
        sql(f"TRUNCATE points_{table} CASCADE")


def ended(hold: UUID, state: str, transfer: str = "NULL") -> None:
    sql(f"UPDATE points_hold SET state = %s, ended_at = now(), transfer_id = {transfer}"
        " WHERE uuid = %s", state, hold)  # fmt: skip


def test_a_hold_ends_once() -> None:
    account = joined(20)
    hold = keep(account, 5)
    ended(hold, "voided")
    with refused("ends once", IntegrityError):
        ended(hold, "expired")
    assert has(account) == (20, 0)


def test_a_hold_is_not_posted_by_an_entry_of_another_amount() -> None:
    account = joined(20)
    hold = keep(account, 5)
    with refused("its own amount", IntegrityError):
        ended(hold, "posted", "(SELECT max(id) FROM points_transfer)")


def test_a_hold_begins_open() -> None:
    account = joined(20)
    with refused("begins open", IntegrityError):
        sql("INSERT INTO points_hold (uuid, account_id, amount, state, key, digest, placed_at,"
            " expires_at, ended_at) VALUES (%s, %s, 5, 'voided', %s, '', now(), %s, now())",
            uuid4(), account, uuid4(), clock.now() + timedelta(days=1))  # fmt: skip


@pytest.mark.parametrize("forged", ["balance = balance + 7", "held = held + 1"])
def test_a_balance_forged_with_the_triggers_off_is_found_at_night(forged: str) -> None:
    account = joined(20)
    settle()
    sql("ALTER TABLE points_account DISABLE TRIGGER USER")
    sql(f"UPDATE points_account SET {forged} WHERE balance IS NOT NULL")
    sql("ALTER TABLE points_account ENABLE TRIGGER USER")
    found = balancing.balance()
    assert found.differences == 1
    assert str(account) in found.first


def test_an_entry_whose_legs_were_forged_with_the_triggers_off_is_found_at_night() -> None:
    joined(20)
    settle()
    sql("ALTER TABLE points_leg DISABLE TRIGGER USER")
    sql("DELETE FROM points_leg WHERE amount < 0")
    sql("ALTER TABLE points_leg ENABLE TRIGGER USER")
    assert "its legs sum to 20" in balancing.balance().first
