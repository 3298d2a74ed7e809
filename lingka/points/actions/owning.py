"""Taking part, which is chosen, and leaving, which is one step."""

from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from lingka.core import locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.points import book, locking, permissions, selectors
from lingka.points.actions.holding import void_all
from lingka.points.events import AccountLeft, AccountOpened
from lingka.points.models import Account, Award, ExpiryNotice, Owner, Recognised
from lingka.points.permissions import must
from lingka.points.posting import Asked, between, write

# What holders do themselves is told of nobody: an event is for ever, and would lead to them.
HOLDER = Actor("resident")


def open_account(
    ledger: str, *, actor: Actor, member: UUID | None = None, unit: int | None = None
) -> UUID:
    """The account of a member or a unit in a ledger, opened where there is none."""
    if ledger not in book.LEDGERS or (member is None) == (unit is None):
        raise Problem("owner", _("An account has one owner in one ledger."), status=422)
    with locking.patience():
        locks.hold(uuid5(book.NAMESPACE, f"{ledger}:{member or unit}"))
        if found := selectors.account_of(ledger, member=member, unit=unit):
            return found
        kind = "person" if member else "unit"
        account = Account.objects.create(ledger=ledger, kind=kind, balance=0)
        Owner.objects.create(account=account, ledger=ledger, member=member, unit_id=unit)
        by = HOLDER if member else actor
        record(AccountOpened(ledger, kind), stream_id=account.id, actor=by, after=NEW)
    return account.id


def take_part(unit: int, *, actor: Actor) -> UUID:
    """A workplace collects points beside its people, where the rules give it any."""
    must(permissions.may_speak_for(actor, unit))
    return open_account("points", actor=actor, unit=unit)


def leave(ledger: str, member: UUID, *, actor: Actor) -> bool:
    """Leave a ledger: what is kept is given back, what is left is given up, and nothing leads from
    the account to the member any more. False where they had none."""
    del actor  # told of nobody
    with locking.patience():
        owner = Owner.objects.filter(ledger=ledger, member=member).first()
        if owner is None:
            return False
        account = locking.account(owner.account_id)
        void_all(account, actor=HOLDER)
        account.refresh_from_db(fields=["held"])
        if account.balance:
            key = uuid7()
            asked = Asked(key, book.digest({"do": "leave", "account": account.id}))
            legs = between(account, "leave", -account.balance)
            write(ledger, "leave", legs, asked, actor=HOLDER)
        Award.objects.filter(account=account).delete()  # what it was given for
        Recognised.objects.filter(account=account).delete()
        ExpiryNotice.objects.filter(account=account).delete()
        if not Owner.objects.filter(pk=account.id).delete()[0]:
            return False  # somebody left at the same moment; both had waited for the account
        record(AccountLeft(ledger), stream_id=account.id, actor=HOLDER)
    return True
