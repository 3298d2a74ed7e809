"""What a ledger can hold: its kinds of accounts and transfers. Pure; `triggers` holds the database
to the same."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import rfc8785
from django.utils.translation import gettext_lazy as _

from lingka.core.crypto import sha256

LEDGERS = {"points": _("Points"), "hours": _("Hours served")}  # points; minutes served
HOLDERS = ("person", "unit")  # whose balance is kept and never lies below zero
# What stands on the other side of a transfer. There is no kind that takes points away.
OTHER = {"earn": "issued", "redeem": "spent", "expire": "expired", "leave": "left"}
KINDS = {
    "earn": _("Earned"),
    "redeem": _("Redeemed"),
    "expire": _("Expired"),
    "leave": _("Given up on leaving"),
    "reverse": _("Corrected"),
}
# A closed list: nothing is earned by telling on anybody, by agreeing with anybody, or by paying.
GROUNDS = {
    "service": _("Voluntary service"),
    "environment": _("Environment"),
    "proposal": _("Adopted proposals"),
    "sharing": _("Sharing"),
    "attendance": _("Attendance"),
}
REASONS = {  # why a transfer is taken back; what somebody is like is none
    "twice": _("It was entered twice."),
    "mistake": _("It was entered by mistake."),
    "not_held": _("What it was given for did not take place."),
    "returned": _("The goods came back."),
}
HOLD_STATES = ("open", "posted", "voided", "expired")
LARGEST = 1_000_000  # points or minutes in one transfer
NAMESPACE = UUID("c1a2f0e4-5d3b-5b8e-9a67-3f1e8d2b7c90")  # makes ledgers' own accounts

Leg = tuple[UUID, int, date | None]  # account, amount, the day on which what is left of it expires


def own_account(ledger: str, kind: str) -> UUID:
    """The account of a ledger itself that stands on the other side: one for each kind."""
    return uuid5(NAMESPACE, f"{ledger}:{kind}")


def mirrored(legs: Iterable[Leg]) -> list[Leg]:
    """The legs that undo these."""
    return [(account, -amount, expires) for account, amount, expires in legs]


def told(legs: Iterable[Leg]) -> list[list[Any]]:
    """Legs as an event holds them, in one order."""
    found = sorted(legs, key=lambda leg: (str(leg[0]), leg[1]))
    return [[str(account), amount, expires.isoformat() if expires else None]
            for account, amount, expires in found]  # fmt: skip


def digest(said: Mapping[str, Any]) -> bytes:
    """What two requests with the same content have in common."""
    return sha256(rfc8785.dumps({name: _plain(value) for name, value in said.items()}))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | list) or value is None else str(value)
