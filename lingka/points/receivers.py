"""Who leaves altogether leaves the ledgers too."""

from lingka.core.actors import SYSTEM
from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.members.events import MemberLeft
from lingka.points import actions, book


@receiver("points.left", MemberLeft)
def leave_with_them(event: StoredEvent) -> None:
    """Told twice, the second time there is nothing to leave."""
    for ledger in book.LEDGERS:
        actions.leave(ledger, event.stream_id, actor=SYSTEM)
