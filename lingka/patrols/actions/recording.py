"""Keeping what is to be heard with a checklist, for as long as a version names it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from lingka.cases import media
from lingka.core import clock, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.patrols import permissions
from lingka.patrols.actions.publishing import NAMING, must
from lingka.patrols.events import SoundDropped, SoundKept
from lingka.patrols.models import ChecklistVersion, Sound

SPARED = timedelta(days=2)  # somebody may have the form open still
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
    """The same sound again is the one that is there, made just now."""
    sha256, seconds = media.digest(made.data), float(made.seconds or 0)
    given = {"uuid": uuid7(), "data": made.data, "seconds": seconds, "made_at": clock.now()}
    again = {"made_at": given["made_at"]}
    row, fresh = Sound.objects.update_or_create(
        sha256=sha256, defaults=again, create_defaults=given
    )
    if fresh:
        record(SoundKept(sha256, seconds), stream_id=row.uuid, actor=actor)
    return sha256


@transaction.atomic
def drop_sounds() -> int:
    """Erase the recordings that no version names, and none that was just made; tells how many.
    What versions name stays, of old ones too: what was gone through stays as it was asked."""
    locks.hold(NAMING)
    body = Cast("body", TextField())
    naming = ChecklistVersion.objects.alias(said=body).filter(said__contains=OuterRef("sha256"))
    old = Sound.objects.filter(~Exists(naming), made_at__lt=clock.now() - SPARED)
    found = list(old.order_by("id"))
    for row in found:
        record(SoundDropped(row.sha256), stream_id=row.uuid, actor=SYSTEM)
        row.delete()
    return len(found)


def _refused(said: object) -> Problem:
    return Problem("sound", said, field="voice", status=422)
