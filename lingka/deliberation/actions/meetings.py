"""A meeting: planned, with its agenda, convened, come to, held."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.core import clock, contents, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import permissions, rules
from lingka.deliberation.actions.councils import (
    kept_by,
    must_be_short,
    must_be_the_same,
    unknown,
)
from lingka.deliberation.actions.topics import back_to, kept_topic, move, must_be_supported
from lingka.deliberation.events import MeetingMoved, MeetingPrepared, MeetingRecorded
from lingka.deliberation.models import Council, Invited, Item, Meeting, Topic
from lingka.units import selectors as units
from lingka.volunteering import rules as codes

State = Meeting.State


@transaction.atomic
def plan(
    council: UUID, starts_at: datetime, where: str, *, actor: Actor,
    idempotency_key: UUID | None = None,
) -> UUID:  # fmt: skip
    """A time at which the council sits. With a key, which becomes its number, twice is once."""
    key = idempotency_key or uuid7()
    locks.hold(key)
    held = kept_by(actor, council)
    before = Meeting.objects.filter(uuid=key).first()
    if before is not None:
        had = (before.council_id, before.starts_at, before.where)
        must_be_the_same(same=had == (held.pk, starts_at, where.strip()))
        return key
    if rules.kinds()[held.kind].talk:
        said = _("This council talks in writing and holds no meetings.")
        raise Problem("online", said, status=409)
    must_be_short("where", where, rules.WHERE)
    if starts_at <= clock.now():
        said = _("Choose a time that is still to come.")
        raise Problem("starts_at", said, field="starts_at", status=422)
    made = Meeting.objects.create(
        uuid=key, council=held, starts_at=starts_at, where=where.strip(),
        secret=secrets.token_bytes(32),
    )  # fmt: skip
    _tell(made, actor, first=True)
    return made.uuid


@transaction.atomic
def put_on_agenda(meeting: UUID, topic: UUID, *, actor: Actor) -> None:
    """A topic comes to the table; a neighbour's proposal once enough stand behind it."""
    held, about = kept_meeting(actor, meeting), kept_topic(actor, topic)
    _must_be(held, State.PLANNED)
    if about.council_id != held.council_id:
        raise unknown()
    must_be_supported(about, rules.kinds()[held.council.kind])
    move(about, Topic.State.AGENDA, actor)
    held.items.filter(topic=about).delete()  # it was on it before its case ended: asked anew
    Item.objects.create(meeting=held, topic=about)
    record(MeetingPrepared("agenda", "", None), stream_id=about.uuid, actor=actor)


@transaction.atomic
def invite(
    meeting: UUID, topic: UUID, reason: str, *, actor: Actor, name: str = "",
    unit: int | None = None,
) -> UUID:  # fmt: skip
    """Ask a group or a unit to come for a topic, and say why."""
    held = kept_meeting(actor, meeting)
    _must_be(held, State.PLANNED, State.CONVENED)
    item = held.items.filter(topic__uuid=topic).first()
    if item is None:
        raise unknown()
    if reason not in rules.reasons():
        raise Problem("reason", _("Please choose one of these."), field="reason", status=422)
    if (unit is None) == (not name.strip()):
        said = _("Name a group, or choose a unit.")
        raise Problem("name", said, field="name", status=422)
    if unit is None:
        must_be_short("name", name, rules.GROUP)
    else:
        units.unit(unit)
    made = Invited.objects.create(item=item, name=name.strip(), unit_id=unit, reason=reason)
    record(MeetingPrepared("invited", reason, unit), stream_id=topic, actor=actor)
    return made.uuid


@transaction.atomic
def convene(meeting: UUID, *, actor: Actor) -> None:
    """Make the invitation public. Whoever a topic concerns is among those who are asked."""
    held = kept_meeting(actor, meeting)
    _must_be(held, State.PLANNED)
    if held.starts_at <= clock.now():
        said = _("Its time has passed: call it off, and choose another.")
        raise Problem("late", said, status=409)
    items = list(held.items.select_related("topic"))
    if not items:
        raise Problem("agenda", _("Put something on the agenda first."), status=409)
    for item in items:
        if not item.invited.filter(reason=rules.AFFECTED).exists():
            said = _("Invite those whom each topic concerns, first.")
            raise Problem("affected", said, status=409)
        needs = "materials" in rules.kinds()[held.council.kind].steps
        if needs and not item.topic.materials.exists():
            raise Problem("materials", _("Lay out the materials of each topic first."), status=409)
    held.state = State.CONVENED
    _saved(held, actor)


@transaction.atomic
def call_off(meeting: UUID, *, actor: Actor) -> None:
    """It does not take place; its topics wait for another."""
    held = kept_meeting(actor, meeting)
    _must_be(held, State.PLANNED, State.CONVENED)
    for item in held.items.order_by("id"):
        about = kept_topic(actor, item.topic.uuid)
        if about.state == Topic.State.AGENDA and is_newest(item):
            move(about, back_to(about), actor)
    held.state = State.CALLED_OFF
    _saved(held, actor)
    erase_recording(held, actor)


@transaction.atomic
def come(meeting: UUID, code: str) -> None:
    """Somebody scanned the code on the table. One more is there: who, and when, is kept nowhere,
    so no event tells of it."""
    row = Meeting.objects.filter(uuid=meeting, state=State.CONVENED).first()
    if row is None:
        raise unknown()
    now = clock.now()
    if not row.starts_at - rules.EARLY <= now <= row.starts_at + rules.LATE:
        raise Problem("not_now", _("It is not the time for this."), status=409)
    if not codes.fits(bytes(row.secret), code, now):
        raise Problem("stale_code", _("This code has changed. Please scan again."), status=409)
    still = Meeting.objects.filter(
        pk=row.pk, state=State.CONVENED, present__lt=rules.MOST_PRESENT
    )  # the desk may have entered its own count meanwhile
    still.update(present=F("present") + 1)


@transaction.atomic
def hold(meeting: UUID, *, actor: Actor, present: int, minutes: str) -> None:
    """It took place: how many were there, and what was said in short."""
    must_be_short("minutes", minutes, rules.WORDS)
    if not 1 <= present <= rules.MOST_PRESENT:
        said = _("Count those who were there.")
        raise Problem("present", said, field="present", status=422)
    held = kept_meeting(actor, meeting)
    _must_be(held, State.CONVENED)
    if clock.now() < held.starts_at - rules.EARLY:
        raise Problem("not_now", _("It is not the time for this."), status=409)
    held.present, held.state = present, State.HELD
    held.minutes = contents.keep("minutes", minutes.strip(), written_in(minutes)).id
    _saved(held, actor)
    erase_recording(held, actor)


def erase_recording(meeting: Meeting, actor: Actor) -> None:
    """What the minutes were to be written from goes when they are, or when there are none."""
    if meeting.recording is None:
        return
    cases.erase_attachments([meeting.recording], unused=True)
    meeting.recording = None
    meeting.save(update_fields=["recording"])
    record(MeetingRecorded(kept=False), stream_id=meeting.uuid, actor=actor)


def kept_meeting(actor: Actor, meeting: UUID) -> Meeting:
    """A meeting, locked with its council, if the actor keeps the table."""
    found = Meeting.objects.filter(uuid=meeting).values_list("council_id", flat=True).first()
    if found is None:
        raise unknown()
    council = Council.objects.select_for_update().get(pk=found)
    permissions.must_keep(actor, areas.area(council.area_id).path)
    return Meeting.objects.select_related("council").get(uuid=meeting)


def is_newest(item: Item) -> bool:
    """Has the topic come to no later agenda?"""
    return not Item.objects.filter(topic=item.topic_id, pk__gt=item.pk).exists()


def _must_be(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)


def _saved(meeting: Meeting, actor: Actor) -> None:
    meeting.save(update_fields=["state", "present", "minutes"])
    _tell(meeting, actor)


def _tell(meeting: Meeting, actor: Actor, *, first: bool = False) -> None:
    told = MeetingMoved(
        str(meeting.council.uuid), meeting.state, meeting.starts_at.isoformat(), meeting.present
    )
    record(told, stream_id=meeting.uuid, actor=actor, after=NEW if first else None)
