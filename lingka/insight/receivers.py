"""Reactions to what happens to cases and their assessments: the figures follow."""

from collections.abc import Sequence

from lingka.cases.events import CaseActed, CaseOpened, ClockBreached, ClocksRecomputed
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver
from lingka.insight import counting
from lingka.insight.events import AppealDecided


@batch_receiver(
    "insight.facts", CaseOpened, CaseActed, ClockBreached, ClocksRecomputed, AppealDecided
)
def figures_follow(events: Sequence[StoredEvent]) -> None:
    """Two statements a batch: what was known, and what is known now."""
    counting.take(events)
