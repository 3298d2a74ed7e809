"""Giving what was earned, and taking back what was entered wrongly."""

from datetime import date
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.points import book, locking, pairs, permissions
from lingka.points.book import Leg
from lingka.points.models import Account, Award, Owner, Reservation, Transfer
from lingka.points.permissions import must
from lingka.points.posting import Asked, between, write

# The ledgers' own accounts: nobody waits for them.
OWN = {book.own_account(ledger, kind) for ledger in book.LEDGERS for kind in book.OTHER.values()}


def earn(
    account: UUID, amount: int, ground: str, *, actor: Actor, key: UUID,
    expires_on: date | None = None,
) -> UUID:  # fmt: skip
    """Give points or minutes to a holder; returns the transfer. The same key again, the first one.

    Whoever calls this has found by a rule that they are due.
    """
    check_amount(amount)
    if ground not in book.GROUNDS:
        raise Problem("ground", _("Nothing is given on this ground."), field="ground", status=422)
    asked = Asked(key, book.digest(
        {"do": "earn", "account": account, "amount": amount, "ground": ground, "until": expires_on}
    ))  # fmt: skip
    with locking.patience():
        if before := locking.repeated(asked.key, asked.digest):
            return before
        holder = _owned(locking.account(account))
        legs = between(holder, "earn", amount, expires_on)
        return write(holder.ledger, "earn", legs, asked, actor=actor, ground=ground).uuid


def check_amount(amount: int) -> None:
    if not 1 <= amount <= book.LARGEST:
        said = _("Choose an amount from 1 to %(most)s.") % {"most": book.LARGEST}
        raise Problem("amount", said, field="amount", status=422)


def _owned(account: Account) -> Account:
    """An account that somebody has; what was left takes part in nothing more."""
    if not Owner.objects.filter(account=account).exists():
        raise Problem("left", _("This account was left."), status=409)
    return account


def reverse(transfer: UUID, reason: str, *, actor: Actor, key: UUID) -> UUID:
    """Take an entry back by its mirror, once; what a workplace was given beside it goes with it.
    Nobody falls below what they have: where the points are spent, or kept for something, Problem
    "spent" (409), and all stays as it is."""
    first = Transfer.objects.filter(uuid=transfer).exclude(kind="reverse").first()
    award = pairs.of_entry(first) if first else None
    must(permissions.may_correct(actor, _path(first, award)))
    if reason not in book.REASONS:
        raise Problem("reason", _("Please choose one of these."), field="reason", status=422)
    asked = Asked(key, book.digest({"do": "reverse", "transfer": transfer, "reason": reason}))
    with locking.patience():
        if before := locking.repeated(asked.key, asked.digest):
            return before
        if first is None:
            raise Problem("no_transfer", _("No entry is kept under this number."), status=404)
        entries = _together(first, award)
        legs = {one: book.mirrored(_legs(one)) for one in entries}
        _must_be_free(entries, [leg for one in entries for leg in legs[one]])
        for one in entries[1:]:
            apart = Asked(uuid5(key, "beside"), asked.digest)
            write(one.ledger, "reverse", legs[one], apart, actor=actor, reason=reason, reverses=one)
        return write(
            first.ledger, "reverse", legs[first], asked, actor=actor, reason=reason, reverses=first
        ).uuid


def _path(entry: Transfer | None, award: Award | None) -> str:
    """Where an entry belongs: the area of what it was given for, or of where it was spent."""
    if award:
        return award.area.path if award.area else ""
    rows = Reservation.objects.filter(hold__transfer__isnull=False, hold__transfer=entry)
    spent = rows.select_related("good__shop__area").first()
    return spent.good.shop.area.path if spent else ""


def _together(first: Transfer, award: Award | None) -> list[Transfer]:
    """The entry and the one beside it, as far as it gave a workplace anything."""
    if award and award.account.kind == "unit":
        said = _("A workplace has this beside one of its people: take back what those were given.")
        raise Problem("beside", said, status=409)
    theirs = pairs.beside(award) if award else None
    return [first, theirs.transfer] if theirs else [first]


def _legs(entry: Transfer) -> list[Leg]:
    return list(entry.legs.values_list("account", "amount", "expires_on"))


def _must_be_free(entries: list[Transfer], legs: list[Leg]) -> None:
    """None was taken back before, and those who were given it have it still; from here on nobody
    else changes what they have."""
    holders = locking.accounts(one for one, _amount, _day in legs if one not in OWN)
    if Transfer.objects.filter(reverses__in=entries).exists():
        raise Problem("reversed", _("This entry was taken back before."), status=409)
    for account, amount, _day in legs:
        if account in holders:
            _must_have(_owned(holders[account]), -amount)


def _must_have(account: Account, amount: int) -> None:
    assert account.balance is not None  # a holder's
    if account.balance - account.held < amount:
        raise Problem("spent", _("What this gave is spent by now, or kept."), status=409)
