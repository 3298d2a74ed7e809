"""Colleagues named in an internal note, and who follows one of them."""

from collections.abc import Iterable
from uuid import UUID

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.desks.models import Draft, Mention

REPLY = "reply"  # a draft of words to the resident


def mention(case: UUID, users: Iterable[int], *, actor: Actor, position: int) -> None:
    """Put a case before colleagues; the event at `position` tells of it. Within its transaction."""
    Mention.objects.bulk_create(
        (
            Mention(position=position, user_id=user, by_id=actor.id or 0, case_uuid=case,
                    at=clock.now())
            for user in users
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def see(case: UUID, *, actor: Actor) -> None:
    """What this colleague was named for in a case has been seen."""
    rows = Mention.objects.filter(user_id=actor.id or 0, case_uuid=case, seen_at=None)
    rows.update(seen_at=clock.now())


def hand_over(case: UUID, leaves: int, follows: int) -> None:
    """Who follows somebody in a case is asked to look where they were, and has the reply that they
    had begun, unless one was begun already. A note among colleagues that was only begun stays its
    writer's alone. Within the transaction of who hands over."""
    known = Mention.objects.filter(user_id=follows, case_uuid=case).values("position")
    unseen = Mention.objects.filter(user_id=leaves, case_uuid=case, seen_at=None)
    unseen.exclude(position__in=known).update(user_id=follows, at=clock.now())
    unseen.update(seen_at=clock.now())
    begun = Draft.objects.filter(case_uuid=case, kind=REPLY)
    if not begun.filter(user_id=follows).exists():
        begun.filter(user_id=leaves).update(user_id=follows, changed_at=clock.now())
