"""Reads on whom a town thanked: thresholds how many reached them, who wished to be named."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum

from lingka.core.text import pick
from lingka.members import selectors as members
from lingka.points import book, goods, thanks
from lingka.points.models import Leg, Owner, Recognised, Recognition
from lingka.volunteering import selectors as volunteering


@dataclass(frozen=True)
class Thanked:
    """One threshold of a year. Names stand in the order of their letters: there is no other."""

    name: str
    count: int | None  # None: fewer than are told
    names: list[str]


def years() -> list[int]:
    return list(Recognition.objects.order_by("-year").values_list("year", flat=True))


def thanked(year: int) -> list[Thanked] | None:
    """What everybody reads of a year; None where it is not frozen."""
    found = Recognition.objects.filter(year=year).first()
    if found is None:
        return None
    owners = dict(
        Owner.objects.filter(account__in=found.recognised.values("account")).values_list(
            "account_id", "member"
        )
    )
    rows = list(found.recognised.values_list("level", "account", "named"))
    wished = [owners.get(account) for _level, account, named in rows if named]
    names = members.names(one for one in wished if one)
    return [_level(one, rows, owners, names) for one in found.levels]


def _level(
    level: dict[str, Any], rows: list[tuple[str, UUID, bool]],
    owners: dict[UUID, UUID | None], names: dict[UUID, str],
) -> Thanked:  # fmt: skip
    here = [(account, named) for key, account, named in rows if key == level["key"]]
    said = [names.get(owners.get(account) or account, "") for account, named in here if named]
    return Thanked(pick(level["name"]), _told(len(here)), sorted(filter(None, said)))


def earned(year: int) -> list[tuple[UUID, str, int]]:
    """What people's accounts were given in a year. Of those who left, none: their accounts are
    nobody's."""
    return [*_hours(year), *_points(year)]


def _hours(year: int) -> list[tuple[UUID, str, int]]:
    """By the day on which they were served: when they were entered, or corrected, says nothing."""
    served = volunteering.minutes_by_member(year)
    owners = Owner.objects.filter(ledger="hours", member__in=list(served)).order_by("account")
    return [(one.account_id, "hours", served[one.member]) for one in owners if one.member]


def _points(year: int) -> list[tuple[UUID, str, int]]:
    """As they were entered, without what was taken back."""
    owned: Any = Leg.objects.filter(
        transfer__kind="earn", transfer__reversal=None, transfer__at__year=year,
        account__kind="person", account__ledger="points",
        account__in=Owner.objects.values("account"),
    )  # fmt: skip
    rows = owned.values_list("account", "account__ledger").annotate(all=Sum("amount"))
    return list(rows.order_by("account"))


def coming(year: int) -> list[Thanked]:
    """What would be read of a year if it were frozen now; nobody is named yet."""
    levels = thanks.BOOK.now()
    found = Counter(
        level.key for _account, ledger, amount in earned(year)
        if (level := thanks.reached(levels, ledger, amount))
    )  # fmt: skip
    return [Thanked(one.name, _told(found[one.key]), []) for one in levels]


def _told(count: int) -> int | None:
    return count if count >= goods.FEW else None


@dataclass(frozen=True)
class Mine:
    """What somebody is thanked for, and whether they wish to be named."""

    year: int
    account: UUID
    level: str  # its key
    name: str
    named: bool


def mine(member: UUID) -> list[Mine]:
    rows = Recognised.objects.filter(account__in=accounts_of(member))
    rows = rows.select_related("recognition")
    found = []
    for one in rows.order_by("-recognition__year", "id"):
        level = next(kept for kept in one.recognition.levels if kept["key"] == one.level)
        found.append(
            Mine(one.recognition.year, one.account_id, one.level, pick(level["name"]), one.named)
        )
    return found


def accounts_of(member: UUID) -> list[UUID]:
    """In every ledger."""
    rows = Owner.objects.filter(member=member, ledger__in=list(book.LEDGERS))
    return list(rows.values_list("account_id", flat=True))
