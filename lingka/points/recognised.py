"""Reads on whom a town thanked: thresholds how many reached them, who wished to be named."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingka.core.text import pick
from lingka.members import selectors as members
from lingka.points import book, goods
from lingka.points.models import Owner, Recognised, Recognition


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
    count = len(here) if len(here) >= goods.FEW else None
    return Thanked(pick(level["name"]), count, sorted(filter(None, said)))


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
