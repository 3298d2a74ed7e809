"""The points bank on a member's own page: what they have, what is kept of it, the way out."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lingka.core import saying
from lingka.members.parts import Part, register
from lingka.members.selectors import MemberInfo
from lingka.points import book, recognised, selectors, showing
from lingka.volunteering.records import Commendation, commended_by
from lingka.volunteering.rules import hours


def _context(_request: HttpRequest, me: MemberInfo) -> dict[str, Any]:
    account, thanked = selectors.account_of("points", member=me.uuid), recognised.mine(me.uuid)
    if account is None:
        return {"thanked": thanked}
    return {
        "thanked": thanked, "standing": selectors.standing(account),
        "reserved": showing.reservations_of(account), "going": selectors.going(account),
    }  # fmt: skip


def _rows(me: MemberInfo) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for ledger, label in book.LEDGERS.items():
        account = selectors.account_of(ledger, member=me.uuid)
        held = selectors.standing(account) if account else None
        if account and held:
            found.append((str(label), _said(ledger, held.balance)))
            found += [
                (saying.moment(one.at), f"{one.label} {one.detail}: {_signed(ledger, one.amount)}")
                for one in selectors.statement(account, 500)
            ]
    return found


def _said(ledger: str, amount: int) -> str:
    """Hours are kept in minutes and told in hours."""
    return hours(amount) if ledger == "hours" else str(amount)


def _signed(ledger: str, amount: int) -> str:
    return f"{'-' if amount < 0 else '+'}{_said(ledger, abs(amount))}"


def _export(me: MemberInfo) -> Any:
    return {
        ledger: [
            {"at": one.at.isoformat(), "kind": one.kind, "ground": one.ground,
             "reason": one.reason, "amount": one.amount, "goods": one.what, "shop": one.where}
            for one in selectors.statement(account, 10_000)
        ]
        for ledger in book.LEDGERS
        if (account := selectors.account_of(ledger, member=me.uuid))
    }  # fmt: skip


def _commendations(member: UUID) -> list[Commendation]:
    """What somebody agreed to be named for; what they did not stands on no paper."""
    return [Commendation(one.year, one.name) for one in recognised.mine(member) if one.named]


commended_by(_commendations)
register(
    Part("points", gettext_lazy("Points bank"), 40, "points/_mine.html", _context, _rows, _export)
)
