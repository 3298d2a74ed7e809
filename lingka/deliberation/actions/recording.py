"""A voice note from which the minutes are written by hand: the desk's alone, and gone with them."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import actions as cases
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.deliberation.actions.meetings import erase_recording, kept_meeting
from lingka.deliberation.events import MeetingRecorded
from lingka.deliberation.models import Council, Meeting

KEPT_FOR = timedelta(days=90)  # where nobody ever writes the minutes


@transaction.atomic
def keep_recording(meeting: UUID, file: bytes, *, actor: Actor) -> None:
    """Keep it while the meeting goes on; another one takes its place."""
    held = kept_meeting(actor, meeting)
    if held.state != Meeting.State.CONVENED:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    made = cases.add_attachment(file, actor=actor, kind="voice")
    cases.hold_attachments([made])
    erase_recording(held, actor)
    held.recording = made
    held.save(update_fields=["recording"])
    record(MeetingRecorded(kept=True), stream_id=held.uuid, actor=actor)


@transaction.atomic
def forget_recordings() -> int:
    """Of meetings whose minutes nobody wrote for long; how many went."""
    before = clock.now() - KEPT_FOR
    old = Meeting.objects.filter(recording__isnull=False, starts_at__lt=before)
    list(Council.objects.select_for_update().filter(meetings__in=old).order_by("id"))
    rows = list(old.order_by("id"))
    for row in rows:
        erase_recording(row, SYSTEM)
    return len(rows)
