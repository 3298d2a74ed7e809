"""Whoever left stays a number in the rolls."""

from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.members.events import MemberLeft
from lingka.voting import actions


@receiver("voting.let-go", MemberLeft)
def let_members_go(event: StoredEvent) -> None:
    actions.let_go(event.stream_id)
    actions.forget_follower(event.stream_id)
