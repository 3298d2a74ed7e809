"""Ledgers follow what happens to cases."""

from collections.abc import Sequence

from lingka.cases.events import CaseActed, CaseOpened
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver
from lingka.ledgers import entering


@batch_receiver("ledgers.entries", CaseOpened, CaseActed)
def ledgers_follow(events: Sequence[StoredEvent]) -> None:
    entering.take(events)
