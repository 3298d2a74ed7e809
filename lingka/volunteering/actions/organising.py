"""Draft, approve, publish, cancel; and when it takes place."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock, codes
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.members import rules as members
from lingka.volunteering import permissions, rules
from lingka.volunteering.events import (
    ActivityApproved,
    ActivityCancelled,
    ActivityChanged,
    ActivityDrafted,
    ActivityPublished,
    NeedPlanned,
    PlaceCalledOff,
)
from lingka.volunteering.models import Activity, Need, Service, Shift

State = Activity.State
LENGTHS = {"title": rules.TITLE, "text": rules.TEXT, "where": rules.WHERE}


@dataclass(frozen=True)
class Draft:
    """An activity as somebody wants it; its words in every language."""

    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    where: Mapping[str, str]
    training: bool = False


@transaction.atomic
def draft(area: int, wanted: Draft, *, actor: Actor, need: UUID | None = None) -> str:
    """Begin an activity, perhaps for a need of the same community; returns its code. Nobody outside
    sees it yet."""
    must(permissions.may_organise(actor, areas.area(area).path))
    _check(wanted)
    found = _needed(need, area) if need else None
    made = Activity.objects.create(
        code=codes.short_code(), kind=wanted.kind, training=wanted.training, area_id=area,
        title=dict(wanted.title), text=dict(wanted.text), where=dict(wanted.where),
        drafted_by=actor.id or 0, need=found,
    )  # fmt: skip
    told = ActivityDrafted(made.code, made.kind, area, _words(made))
    record(told, stream_id=made.uuid, actor=actor)
    if found is not None:
        record(NeedPlanned(str(made.uuid)), stream_id=found.uuid, actor=actor)
    return made.code


def _needed(need: UUID, area: int) -> Need:
    """A need of this community that somebody still has."""
    found = Need.objects.filter(uuid=need, area=area, state__in=["open", "taken"]).first()
    if found is None:
        raise Problem("no_need", _("There is no such need."), status=404)
    return found


def _check(wanted: Draft) -> None:
    if wanted.kind not in members.kinds():
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    for name, most in LENGTHS.items():
        for language, _name in settings.LANGUAGES:
            said = getattr(wanted, name).get(language, "").strip()
            if not said or len(said) > most:
                words = _("Between 1 and %(most)s signs, please.") % {"most": most}
                raise Problem(name, words, field=f"{name}_{language}", status=422)


def _words(activity: Activity) -> str:
    return digest_of({one: getattr(activity, one) for one in LENGTHS})


@transaction.atomic
def change(code: str, wanted: Draft, *, actor: Actor) -> None:
    """Other words. What was approved is approved again: the eyes saw something else."""
    activity = held(code, actor)
    if activity.state == State.PUBLISHED:
        said = _("It is public: its words stay. Cancel it and draft another.")
        raise Problem("public", said, status=409)
    _check(wanted)
    for name in ("kind", "training"):
        setattr(activity, name, getattr(wanted, name))
    for name in LENGTHS:
        setattr(activity, name, dict(getattr(wanted, name)))
    if activity.state == State.APPROVED:
        activity.state, activity.approved_by = State.DRAFT, None
    activity.save()
    _tell_changed(activity, actor)


@transaction.atomic
def add_shift(code: str, begins: datetime, ends: datetime, places: int, *, actor: Actor) -> UUID:
    """One more time that it takes place."""
    activity = held(code, actor)
    if begins <= clock.now():
        raise Problem("begins", _("Choose a time that is still to come."), field="begins",
                      status=422)  # fmt: skip
    if not begins < ends <= begins + rules.LONGEST:
        said = _("It must end later than it begins, and on the same day.")
        raise Problem("ends", said, field="ends", status=422)
    if not 1 <= places <= rules.MOST_PLACES:
        raise Problem("places", _("At least one place."), field="places", status=422)
    made = Shift.objects.create(
        activity=activity, starts_at=begins, ends_at=ends, places=places,
        secret=secrets.token_bytes(32),
    )  # fmt: skip
    _tell_changed(activity, actor)
    return made.uuid


def _tell_changed(activity: Activity, actor: Actor) -> None:
    shifts = [str(one.uuid) for one in activity.shifts.order_by("starts_at")]
    told = ActivityChanged(activity.code, _words(activity), shifts)
    record(told, stream_id=activity.uuid, actor=actor)


@transaction.atomic
def approve(code: str, *, actor: Actor) -> None:
    """Somebody else has looked at it and finds it right."""
    activity = held(code, actor)
    must(permissions.may_approve(actor, activity.area.path, activity.drafted_by))
    _be(activity, State.DRAFT)
    if not activity.shifts.exists():
        raise Problem("shifts", _("Say first when it takes place."), status=409)
    activity.state, activity.approved_by = State.APPROVED, actor.id
    activity.save(update_fields=["state", "approved_by"])
    record(ActivityApproved(code), stream_id=activity.uuid, actor=actor)


@transaction.atomic
def publish(code: str, *, actor: Actor) -> None:
    """Everybody reads it now, and members can sign up."""
    activity = held(code, actor)
    _be(activity, State.APPROVED)
    activity.state, activity.published_at = State.PUBLISHED, clock.now()
    activity.save(update_fields=["state", "published_at"])
    record(ActivityPublished(code), stream_id=activity.uuid, actor=actor)


@transaction.atomic
def cancel(code: str, *, actor: Actor) -> None:
    """It does not take place: who had a place is told, and nothing more can be done with it."""
    activity = held(code, actor)
    if activity.shifts.filter(starts_at__lte=clock.now(), closed_at=None).exists():
        said = _("It has begun. Confirm its hours; it ends by itself.")
        raise Problem("begun", said, status=409)
    coming = (
        Service.objects.select_for_update(of=("self",))
        .select_related("shift")
        .filter(shift__activity=activity, state__in=[Service.State.GOING, Service.State.WAITING])
    )
    for one in coming.order_by("id"):
        one.state = Service.State.CANCELLED
        one.save(update_fields=["state"])
        off = PlaceCalledOff(str(activity.uuid), str(one.shift.uuid), str(one.member))
        record(off, stream_id=one.uuid, actor=actor)
    activity.state = State.CANCELLED
    activity.save(update_fields=["state"])
    record(ActivityCancelled(code), stream_id=activity.uuid, actor=actor)


def held(code: str, actor: Actor) -> Activity:
    """An activity of one's own area, locked, that is not cancelled."""
    rows = Activity.objects.select_for_update(of=("self",)).select_related("area")
    found = rows.filter(code=code).first()
    if found is None:
        raise Problem("no_activity", _("There is no such activity."), status=404)
    must(permissions.may_organise(actor, found.area.path))
    if found.state == State.CANCELLED:
        raise Problem("cancelled", _("This activity was cancelled."), status=409)
    return found


def _be(activity: Activity, state: str) -> None:
    if activity.state != state:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
