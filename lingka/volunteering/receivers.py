"""Whoever left takes part in nothing any more."""

from lingka.core.events import StoredEvent
from lingka.core.receivers import receiver
from lingka.members.events import MemberLeft
from lingka.volunteering.actions import let_go, let_go_of_teams


@receiver("volunteering.let-go", MemberLeft)
def let_members_go(event: StoredEvent) -> None:
    let_go_of_teams(event.stream_id)  # teams before times, as where a captain signs people up
    let_go(event.stream_id)
