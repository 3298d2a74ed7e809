"""Reads on the ledgers: what somebody has, how it came about, and whether the books balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from lingka.core import clock
from lingka.core.text import pick
from lingka.points import book
from lingka.points.goods import FEW
from lingka.points.models import Account, Balancing, ExpiryNotice, Hold, Leg, Owner

PAGE = 50


@dataclass(frozen=True)
class Standing:
    """What a holder has; `free` is what no hold keeps."""

    account: UUID
    ledger: str
    balance: int
    held: int

    @property
    def free(self) -> int:
        return self.balance - self.held


@dataclass(frozen=True)
class Entry:
    """One line of a statement."""

    uuid: UUID
    kind: str
    ground: str
    reason: str
    amount: int
    at: datetime
    expires_on: date | None
    goods: dict[str, str] | None = None  # what was fetched, or came back
    shop: dict[str, str] | None = None

    @property
    def label(self) -> str:
        return str(book.KINDS[self.kind])

    @property
    def detail(self) -> str:
        why = book.GROUNDS.get(self.ground) or book.REASONS.get(self.reason)
        said = [str(why or ""), self.what, self.where]
        return " · ".join(one for one in said if one)

    @property
    def what(self) -> str:
        return pick(self.goods) if self.goods else ""

    @property
    def where(self) -> str:
        return pick(self.shop) if self.shop else ""

    @property
    def lasts_until(self) -> date | None:
        """Of what was given; what takes it back lasts for ever."""
        return self.expires_on if self.kind == "earn" else None


@dataclass(frozen=True)
class HoldInfo:
    uuid: UUID
    amount: int
    state: str
    expires_at: datetime


def account_of(ledger: str, *, member: UUID | None = None, unit: int | None = None) -> UUID | None:
    """The account of a member or unit, None where they take no part."""
    if member is None and unit is None:
        return None
    own = Q(member=member) if member else Q(unit=unit)
    rows = Owner.objects.filter(own, ledger=ledger)
    return rows.values_list("account_id", flat=True).first()


def member_of(account: UUID) -> UUID | None:
    """Whose account this is; None where it was left."""
    return Owner.objects.filter(account=account).values_list("member", flat=True).first()


@dataclass(frozen=True)
class Going:
    points: int
    expires_on: date


def going(account: UUID) -> list[Going]:
    """Of which points the holder has been told that they will go, and when."""
    rows = ExpiryNotice.objects.filter(account=account, settled_on=None).order_by("expires_on")
    return [Going(one.points, one.expires_on) for one in rows]


def told_in(night: UUID) -> dict[UUID, Going]:
    """What the members are told who are told by one event; of whoever left the ledger, nothing."""
    rows = ExpiryNotice.objects.filter(night=night).order_by("-expires_on")
    going = {one.account_id: Going(one.points, one.expires_on) for one in rows}
    owners = Owner.objects.filter(account__in=list(going), member__isnull=False).order_by("member")
    return {one.member: going[one.account_id] for one in owners if one.member}


def standing(account: UUID) -> Standing | None:
    found = Account.objects.filter(id=account, balance__isnull=False).first()
    return Standing(found.id, found.ledger, found.balance or 0, found.held) if found else None


def statement(account: UUID, limit: int = PAGE) -> list[Entry]:
    """What an account gained and lost, the newest first."""
    rows = Leg.objects.filter(account_id=account).order_by("-id").values_list(
        "transfer__uuid", "transfer__kind", "transfer__ground", "transfer__reason", "amount",
        "transfer__at", "expires_on", *(f"{of}__{name}" for of in _FETCHED for name in _NAMES),
    )  # fmt: skip
    return [_entry(row) for row in rows[:limit]]


def _entry(row: Sequence[Any]) -> Entry:
    *known, good, shop, back, back_at = row
    return Entry(*[*known, good or back, shop or back_at])


_FETCHED = ("transfer__hold__reservation", "transfer__reverses__hold__reservation")
_NAMES = ("good__name", "good__shop__name")


def by_ground(account: UUID, year: int) -> list[tuple[str, int | None]]:
    """What an account was given in a year, by ground; None where few entries make the sum."""
    rows = Leg.objects.filter(
        account=account, transfer__kind="earn", transfer__reversal=None, transfer__at__year=year
    ).values_list("transfer__ground")
    found = rows.annotate(entries=Count("id"), all=Sum("amount")).order_by("transfer__ground")
    return [
        (str(book.GROUNDS[ground]), total if entries >= FEW else None)
        for ground, entries, total in found
    ]


def hold(uuid: UUID) -> HoldInfo | None:
    found = Hold.objects.filter(uuid=uuid).first()
    return HoldInfo(found.uuid, found.amount, found.state, found.expires_at) if found else None


def own_total(ledger: str, kind: str) -> int:
    """What stands on one of a ledger's own accounts: -issued, or +spent, +expired, +left."""
    rows = Leg.objects.filter(account_id=book.own_account(ledger, kind))
    found: dict[str, Any] = rows.aggregate(total=Sum("amount"))
    return int(found["total"] or 0)


@dataclass(frozen=True)
class Balanced:
    """What the last look at all balances found; `first` says where."""

    at: datetime
    accounts: int
    legs: int
    differences: int
    first: str


def balanced() -> Balanced | None:
    found = Balancing.objects.first()
    if found is None:
        return None
    return Balanced(found.at, found.accounts, found.legs, found.differences, found.first)


def seconds_old(found: Balanced) -> float:
    return (clock.now() - found.at).total_seconds()
