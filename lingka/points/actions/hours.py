"""The ledger of hours: the minutes of a service once they are confirmed; what was entered wrongly
is taken back by its mirror, once, and what is right entered."""

from uuid import UUID

from lingka.core.actors import SYSTEM
from lingka.core.crypto import mac
from lingka.points import locking
from lingka.points.actions.owning import open_account
from lingka.points.actions.transferring import earn, reverse
from lingka.points.models import Transfer


def book_hours(
    service: UUID, number: int, minutes: int, *, training: bool, member: UUID
) -> UUID | None:
    """Enter what was confirmed of a service, or (from number 1 on) its correction; returns the
    entry, None where nothing counts. Told twice, it is entered once."""
    with locking.patience():
        account = open_account("hours", actor=SYSTEM, member=member)
        before = Transfer.objects.filter(key=_key(service, number - 1)).first() if number else None
        if before is not None:
            back = _key(service, number, "back")
            reverse(before.uuid, "mistake", actor=SYSTEM, key=back)
        if not minutes:
            return None
        ground = "attendance" if training else "service"
        return earn(account, minutes, ground, actor=SYSTEM, key=_key(service, number))


def _key(service: UUID, number: int, what: str = "") -> UUID:
    """Of this entry and no other, and nobody can make it who has the service alone: entries of
    those who left stay nobody's."""
    return UUID(bytes=mac("points-hours", f"{service}:{number}:{what}")[:16], version=4)
