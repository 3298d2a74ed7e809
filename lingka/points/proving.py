"""`lingka verify`: every entry is told of by an event, and says what the event says."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from uuid import UUID

from django.db import connection

from lingka.core import verify
from lingka.core.events import StoredEvent
from lingka.core.verify import Fault, Histories
from lingka.points import book
from lingka.points.events import AccountOpened, HoldPlaced, Transferred
from lingka.points.models import Account, Hold, Leg, Transfer


def register() -> None:
    verify.register("points", faults, untold)
    verify.register("points_account", account_faults, untold_accounts)


def faults(histories: Histories) -> Iterator[Fault]:
    """Transfers and holds beside what their events tell."""
    transfers = _transfers(histories)
    holds = {one.uuid: one for one in Hold.objects.filter(uuid__in=list(histories))}
    for uuid, told in histories.items():
        for event in told:
            if isinstance(event.data, Transferred) and transfers.get(uuid) != event.data:
                yield Fault(f"points {uuid}", "the transfer is not what its event tells")
            if isinstance(event.data, HoldPlaced) and not _same(holds.get(uuid), event.data):
                yield Fault(f"points {uuid}", "the hold is not what its event tells")
        if (hold := holds.get(uuid)) and hold.state != _state(told):
            yield Fault(f"points {uuid}", f"the hold is {hold.state}, its events tell another end")


def _transfers(histories: Histories) -> dict[UUID, Transferred]:
    rows = Transfer.objects.filter(uuid__in=list(histories)).select_related("reverses")
    made = {one.pk: one for one in rows}
    legs: dict[int, list[book.Leg]] = {}
    found = Leg.objects.filter(transfer__in=list(made))
    for one in found:
        leg = (one.account_id, one.amount, one.expires_on)
        legs.setdefault(one.transfer_id, []).append(leg)
    return {
        one.uuid: Transferred(
            one.ledger, one.kind, book.told(legs.get(pk, [])), one.ground, one.reason,
            str(one.reverses.uuid) if one.reverses else None,
        ) for pk, one in made.items()
    }  # fmt: skip


def _same(hold: Hold | None, told: HoldPlaced) -> bool:
    if hold is None:
        return False
    until = hold.expires_at.astimezone(UTC).isoformat()
    return HoldPlaced(str(hold.account_id), hold.amount, until) == told


def _state(told: list[StoredEvent]) -> str:
    last = told[-1].data
    if isinstance(last, HoldPlaced):
        return "open"
    return "posted" if isinstance(last, Transferred) else str(getattr(last, "how", ""))


_UNTOLD = """
SELECT kept.uuid FROM {table} kept WHERE NOT EXISTS (SELECT FROM core_event told
    WHERE told.stream_id = kept.uuid AND told.type = %s) LIMIT 1000
"""


def untold() -> Iterable[Fault]:
    """Entries that no event tells of."""
    yield from _untold("points_transfer", "points.Transferred", "transfer")
    yield from _untold("points_hold", "points.HoldPlaced", "hold")


def _untold(table: str, type_: str, what: str) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD.format(table=table), [type_])
        for (uuid,) in cursor.fetchall():
            yield Fault(f"points {uuid}", f"no event tells of this {what}")


def account_faults(histories: Histories) -> Iterator[Fault]:
    kept = {one.id: one for one in Account.objects.filter(id__in=list(histories))}
    for uuid, told in histories.items():
        first, row = told[0].data, kept.get(uuid)
        opened = isinstance(first, AccountOpened) and row is not None
        if not opened or (row.ledger, row.kind) != (first.ledger, first.kind):  # type: ignore[union-attr,attr-defined]
            yield Fault(f"points_account {uuid}", "the account is not what its event tells")


_HOLDERS = "(SELECT id AS uuid FROM points_account WHERE balance IS NOT NULL)"


def untold_accounts() -> Iterable[Fault]:
    yield from _untold(_HOLDERS, "points.AccountOpened", "account")
