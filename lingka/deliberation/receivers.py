"""A resolution's case ends, is late or is opened again, a vote is counted: its topic hears of it.
Whoever left stands behind nothing any more."""

from collections.abc import Sequence
from uuid import UUID

from lingka.cases.events import CaseActed, ClockBreached
from lingka.core.events import StoredEvent
from lingka.core.receivers import batch_receiver, receiver
from lingka.deliberation import actions, selectors
from lingka.members.events import MemberLeft
from lingka.voting.events import VoteCancelled, VoteCounted

CLOSED = "closed"


@batch_receiver("deliberation.results", CaseActed, ClockBreached)
def hear_of_cases(events: Sequence[StoredEvent]) -> None:
    ours = selectors.resolved_cases({one.stream_id for one in events})
    for event in events:
        if event.stream_id in ours:
            _hear(event)


def _hear(event: StoredEvent) -> None:
    data = event.data
    if isinstance(data, ClockBreached):
        if data.clock == "resolve":
            actions.case_late(event.stream_id)
        return
    assert isinstance(data, CaseActed)
    if data.to_stage == CLOSED != data.from_stage:
        said = next((one["content"] for one in data.texts if one["name"] == "words"), None)
        actions.case_ended(event.stream_id, data.to_state, UUID(said) if said else None)
    elif data.from_stage == CLOSED != data.to_stage:
        actions.case_opened_again(event.stream_id)


@receiver("deliberation.votes", VoteCounted, VoteCancelled)
def hear_of_votes(event: StoredEvent) -> None:
    actions.vote_ended(event.stream_id)


@receiver("deliberation.let-go", MemberLeft)
def let_members_go(event: StoredEvent) -> None:
    actions.let_go(event.stream_id)
