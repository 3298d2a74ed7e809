"""Keeping points for a moment, and what becomes of it: posted, voided or expired, once."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, locking
from lingka.points.actions.transferring import check_amount
from lingka.points.events import HoldEnded, HoldPlaced
from lingka.points.models import Account, Hold, Owner
from lingka.points.posting import Asked, between, write

AT_ONCE = 200  # holds that one look of the job ends


def place_hold(account: UUID, amount: int, until: datetime, *, actor: Actor, key: UUID) -> UUID:
    """Keep points of an account until a moment; returns the hold. The same key again, the first.

    Raises Problem "too_few" (409) where fewer are free.
    """
    check_amount(amount)
    ends = until.astimezone(UTC).isoformat()
    asked = Asked(key, book.digest(
        {"do": "hold", "account": account, "amount": amount, "until": ends}
    ))  # fmt: skip
    with locking.patience():
        if before := locking.repeated(asked.key, asked.digest):
            return before
        now = clock.now()
        if until <= now:
            raise Problem("until", _("Choose a moment that lies ahead."), status=422)
        _must_have(_released(locking.account(account), now), amount)
        made = Hold.objects.create(
            uuid=uuid7(), account_id=account, amount=amount, key=asked.key, digest=asked.digest,
            placed_at=now, expires_at=until,
        )  # fmt: skip
        told = HoldPlaced(str(account), amount, ends)
        record(told, stream_id=made.uuid, actor=actor, after=NEW)
    return made.uuid


def _released(account: Account, now: datetime) -> Account:
    """The locked account once holds whose time is up are ended, job or no job."""
    over = Hold.objects.filter(account=account, state="open", expires_at__lte=now)
    if account.held and _end(over, "expired"):
        account.refresh_from_db(fields=["held"])
    return account


def _must_have(account: Account, amount: int) -> None:
    if not Owner.objects.filter(account=account).exists():
        raise Problem("left", _("This account was left."), status=409)
    assert account.balance is not None  # it has an owner
    free = account.balance - account.held
    if free < amount:
        said = _("There are %(free)s free points; this takes %(amount)s.")
        raise Problem(
            "too_few", said % {"free": free, "amount": amount}, status=409, free=free
        )  # fmt: skip


def post_hold(hold: UUID, *, actor: Actor) -> UUID:
    """Spend what a hold keeps; again, the same transfer. Problem "over" (409) where it ended."""
    with locking.patience():
        row, account = _locked(hold)
        if row.state == "posted":
            return row.uuid
        if row.state != "open" or row.expires_at <= clock.now():
            raise Problem("over", _("The time to take this is over."), status=409)
        legs = between(account, "redeem", -row.amount)
        asked = Asked(row.key, bytes(row.digest))
        return write(account.ledger, "redeem", legs, asked, actor=actor, hold=row).uuid


def void_hold(hold: UUID, *, actor: Actor) -> bool:
    """Give back what a hold keeps; False where it was given back before. What is spent is not
    given back by this: Problem "over" (409)."""
    with locking.patience():
        row, _account = _locked(hold)
        if row.state == "posted":
            raise Problem("over", _("This was handed over already."), status=409)
        return bool(_end([row] if row.state == "open" else [], "voided", actor))


def _locked(hold: UUID) -> tuple[Hold, Account]:
    """The account first, then the hold as it then is."""
    found = Hold.objects.filter(uuid=hold).first()
    if found is None:
        raise Problem("no_hold", _("There is no such hold."), status=404)
    account = locking.account(found.account_id)
    return Hold.objects.select_for_update().get(pk=found.pk), account


def void_all(account: Account, *, actor: Actor) -> int:
    """Give back everything that is kept of a locked account."""
    return _end(Hold.objects.filter(account=account, state="open").order_by("id"), "voided", actor)


def _end(holds: Iterable[Hold], how: str, actor: Actor = SYSTEM) -> int:
    """End holds of a locked account; returns how many."""
    ended = list(holds)
    for one in ended:
        one.state, one.ended_at = how, clock.now()
        one.save(update_fields=["state", "ended_at"])
        record(HoldEnded(how), stream_id=one.uuid, actor=actor)
    return len(ended)


def expire_holds() -> int:
    """End what ran out; returns how many. An account that somebody is at is left for next time."""
    now = clock.now()
    due = Hold.objects.filter(state="open", expires_at__lte=now).order_by("expires_at")
    accounts = sorted(set(due.values_list("account_id", flat=True)[:AT_ONCE]))
    ended = 0
    for account in accounts:
        with locking.patience():
            free = Account.objects.select_for_update(no_key=True, skip_locked=True)
            if free.filter(id=account).exists():
                ended += _end(due.filter(account_id=account), "expired")
    return ended
