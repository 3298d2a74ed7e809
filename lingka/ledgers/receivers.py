"""Ledgers follow what happens to cases, and free the wishes that somebody who left had claimed."""

from collections.abc import Sequence

from lingka.cases.events import CaseActed, CaseOpened
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver, receiver
from lingka.ledgers import actions, entering
from lingka.members.events import MemberLeft


@batch_receiver("ledgers.entries", CaseOpened, CaseActed)
def ledgers_follow(events: Sequence[StoredEvent]) -> None:
    entering.take(events)


@receiver("ledgers.let-go", MemberLeft)
def let_members_go(event: StoredEvent) -> None:
    actions.let_go(event.stream_id)
