"""Keeping what is to be heard with a checklist."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import media
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.patrols import permissions
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import SoundKept
from lingka.patrols.models import Sound

LARGEST, LONGEST = 5_000_000, 60  # bytes as received, seconds


def keep_sound(received: bytes, *, actor: Actor) -> str:
    """Keep a spoken question, and return the hash by which an item names it.

    Raises Problem (422) for what is no sound, is damaged, too large or too long.
    """
    must(permissions.may_publish(actor))
    if len(received) > LARGEST:
        raise _refused(_("This recording is too large. At most 5 MB, please."))
    made = media.make(received, "voice")
    if (made.seconds or 0) > LONGEST:
        raise _refused(_("This recording is too long. At most one minute, please."))
    return _keep(made, actor)


@transaction.atomic
def _keep(made: media.Made, actor: Actor) -> str:
    """The same sound again is the one that is there."""
    sha256, seconds = media.digest(made.data), float(made.seconds or 0)
    given = {"uuid": uuid7(), "data": made.data, "seconds": seconds}
    row, fresh = Sound.objects.get_or_create(sha256=sha256, defaults=given)
    if fresh:
        record(SoundKept(sha256, seconds), stream_id=row.uuid, actor=actor)
    return sha256


def _refused(said: object) -> Problem:
    return Problem("sound", said, field="voice", status=422)
