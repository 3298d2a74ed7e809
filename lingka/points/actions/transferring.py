"""Giving what was earned, and taking back what was entered wrongly."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.points import book, locking, permissions
from lingka.points.models import Account, Owner, Transfer
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
    """Take an entry back by its mirror, once. Nobody falls below what they have: where the points
    are spent, or kept for something, Problem "spent" (409)."""
    must(permissions.may_correct(actor))
    if reason not in book.REASONS:
        raise Problem("reason", _("Please choose one of these."), field="reason", status=422)
    asked = Asked(key, book.digest({"do": "reverse", "transfer": transfer, "reason": reason}))
    with locking.patience():
        if before := locking.repeated(asked.key, asked.digest):
            return before
        first = Transfer.objects.filter(uuid=transfer).exclude(kind="reverse").first()
        if first is None:
            raise Problem("no_transfer", _("No entry is kept under this number."), status=404)
        rows = first.legs.values_list("account", "amount", "expires_on")
        legs = book.mirrored(rows)
        holders = locking.accounts(one for one, _amount, _day in legs if one not in OWN)
        if Transfer.objects.filter(reverses=first).exists():
            raise Problem("reversed", _("This entry was taken back before."), status=409)
        for account, amount, _day in legs:
            if account in holders:
                _must_have(_owned(holders[account]), -amount)
        return write(
            first.ledger, "reverse", legs, asked, actor=actor, reason=reason, reverses=first
        ).uuid


def _must_have(account: Account, amount: int) -> None:
    assert account.balance is not None  # a holder's
    if account.balance - account.held < amount:
        raise Problem("spent", _("What this gave is spent by now, or kept."), status=409)
