"""Colleagues named in an internal note."""

from collections.abc import Iterable
from uuid import UUID

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.desks.models import Mention


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
