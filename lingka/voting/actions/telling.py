"""Who is told of votes: whoever asked for it, of those in whose rolls they are.

All of them are told alike, whether they have voted or not: a reminder to those alone who have not
would be a list of them, in the messages that are kept and with whoever carries them.
"""

from datetime import UTC, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.permissions import PermissionRefused
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.voting import permissions
from lingka.voting.events import VoteNear
from lingka.voting.models import Follower, Vote

NEAR = timedelta(days=1)


def follow(*, actor: Actor) -> None:
    """Be told when a vote opens, a day before it ends, and of its result."""
    Follower.objects.get_or_create(member=_acting(actor).uuid)


def unfollow(*, actor: Actor) -> None:
    """Be told no more; nothing of it is kept."""
    Follower.objects.filter(member=_acting(actor).uuid).delete()


def forget_follower(member: UUID) -> None:
    """Whoever left is told nothing."""
    Follower.objects.filter(member=member).delete()


def tell_near() -> int:
    """Say once of each open vote that it ends within a day; how many those were. One that was open
    for less than that was just told of."""
    now = clock.now()
    soon = Vote.objects.filter(
        state="open", near_told=False, closes_at__gt=now, closes_at__lte=now + NEAR,
        opened_at__lt=F("closes_at") - NEAR,
    )  # fmt: skip
    told = 0
    for uuid in list(soon.values_list("uuid", flat=True)):
        with transaction.atomic():
            row = soon.select_for_update().filter(uuid=uuid).first()
            if row is not None:
                row.near_told = True
                row.save(update_fields=["near_told"])
                until = row.closes_at.astimezone(UTC).isoformat()
                record(VoteNear(until), stream_id=row.uuid, actor=SYSTEM)
                told += 1
    return told


def _acting(actor: Actor) -> MemberInfo:
    me = members.of_actor(actor)
    if me is None:
        raise PermissionRefused(permissions.NO_MEMBER)
    return me
