"""How a transfer is written: its row, its legs, its event. The accounts are locked by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.points import book
from lingka.points.book import Leg
from lingka.points.events import Transferred
from lingka.points.models import Account, Hold, Transfer
from lingka.points.models import Leg as LegRow


@dataclass(frozen=True)
class Asked:
    """Whoever asks names it once; the same again is the same request."""

    key: UUID
    digest: bytes


def between(account: Account, kind: str, amount: int, expires_on: object = None) -> list[Leg]:
    """The two legs of what a holder gains or loses against the ledger's own account."""
    other = book.own_account(account.ledger, book.OTHER[kind])
    Account.objects.bulk_create(
        [Account(id=other, ledger=account.ledger, kind=book.OTHER[kind])], ignore_conflicts=True
    )
    return [(account.id, amount, expires_on), (other, -amount, None)]  # type: ignore[list-item]


def write(
    ledger: str, kind: str, legs: Sequence[Leg], asked: Asked, *, actor: Actor, ground: str = "",
    reason: str = "", reverses: Transfer | None = None, hold: Hold | None = None,
) -> Transfer:  # fmt: skip
    """Write a transfer. One that posts a hold stands in the hold's stream, under its id; the hold
    ends before its points go, so that they are never counted twice."""
    made = Transfer.objects.create(
        uuid=hold.uuid if hold else uuid7(), ledger=ledger, kind=kind, ground=ground,
        reason=reason, reverses=reverses, key=asked.key, digest=asked.digest, at=clock.now(),
    )  # fmt: skip
    if hold:
        hold.state, hold.ended_at, hold.transfer = "posted", made.at, made
        hold.save(update_fields=["state", "ended_at", "transfer"])
    LegRow.objects.bulk_create(
        [LegRow(transfer=made, account_id=account, amount=amount, expires_on=expires)
         for account, amount, expires in legs]
    )  # fmt: skip
    told = Transferred(
        ledger, kind, book.told(legs), ground, reason, str(reverses.uuid) if reverses else None
    )
    record(told, stream_id=made.uuid, actor=actor, after=None if hold else NEW)
    return made
