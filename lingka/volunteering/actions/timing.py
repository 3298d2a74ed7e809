"""When an activity takes place, and when it does not."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.volunteering import permissions, rules
from lingka.volunteering.actions.organising import changed, held, must, tell_changed
from lingka.volunteering.actions.taking_part import locked
from lingka.volunteering.events import ActivityCancelled, PlaceCalledOff
from lingka.volunteering.labels import OFF
from lingka.volunteering.models import Activity, Service, Shift

State = Activity.State


@transaction.atomic
def add_shift(code: str, begins: datetime, ends: datetime, places: int, *, actor: Actor) -> UUID:
    """One more time that it takes place. Somebody else looks at it before others read of it: with
    the activity where that is not public yet, else by `open_shift`."""
    activity = held(code, actor)
    _check(activity, begins, ends, places)
    public = activity.state == State.PUBLISHED
    made = Shift.objects.create(
        activity=activity, starts_at=begins, ends_at=ends, places=places,
        secret=secrets.token_bytes(32), added_by=actor.id if public else None,
    )  # fmt: skip
    changed(activity, actor)
    return made.uuid


def _check(activity: Activity, begins: datetime, ends: datetime, places: int) -> None:
    if begins <= clock.now():
        raise Problem("begins", _("Choose a time that is still to come."), field="begins",
                      status=422)  # fmt: skip
    if not begins < ends <= begins + rules.LONGEST:
        said = _("It must end later than it begins, and on the same day.")
        raise Problem("ends", said, field="ends", status=422)
    if not 1 <= places <= rules.MOST_PLACES:
        raise Problem("places", _("At least one place."), field="places", status=422)
    if activity.shifts.filter(starts_at=begins, off="").exists():
        said = _("It takes place at this time already.")
        raise Problem("twice", said, field="begins", status=409)


@transaction.atomic
def open_shift(shift: UUID, *, actor: Actor) -> None:
    """Somebody else than added it finds a time right: members can sign up."""
    found = _coming(shift, actor)
    must(permissions.may_approve(actor, found.activity.area.path, found.added_by))
    if found.added_by is None:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    found.added_by = None
    found.save(update_fields=["added_by"])
    tell_changed(found.activity, actor)


@transaction.atomic
def call_off(shift: UUID, why: str, *, actor: Actor) -> bool:
    """One time does not take place: whoever had a place there, or waited for one, is told why. True
    of one that nobody could read of: it is gone."""
    found = _coming(shift, actor)
    unread = not found.is_open
    if unread:
        found.delete()
    else:
        _call_off(found, why, actor)
    tell_changed(found.activity, actor)
    return unread


def _coming(shift: UUID, actor: Actor) -> Shift:
    """A time of one's own area that has not begun, and its activity, both locked."""
    code = Shift.objects.filter(uuid=shift).values_list("activity__code", flat=True).first()
    activity = held(code or "", actor)
    found = locked(shift)
    found.activity = activity
    if found.closed_at is not None or found.starts_at <= clock.now():
        said = _("It has begun, or is over. Confirm its hours; it ends by itself.")
        raise Problem("begun", said, status=409)
    return found


@transaction.atomic
def cancel(code: str, why: str, *, actor: Actor) -> None:
    """It does not take place: who had a place is told, and nothing more can be done with it."""
    activity = held(code, actor)
    if activity.shifts.filter(starts_at__lte=clock.now(), closed_at=None).exists():
        said = _("It has begun. Confirm its hours; it ends by itself.")
        raise Problem("begun", said, status=409)
    for one in activity.shifts.filter(closed_at=None).order_by("id"):
        _call_off(locked(one.uuid), why, actor)
    activity.state = State.CANCELLED
    activity.save(update_fields=["state"])
    record(ActivityCancelled(code), stream_id=activity.uuid, actor=actor)


def _call_off(shift: Shift, why: str, actor: Actor) -> None:
    if why not in OFF:
        raise Problem("why", _("Please choose one of these."), field="why", status=422)
    waiting = [Service.State.GOING, Service.State.WAITING]
    for one in shift.services.filter(state__in=waiting).order_by("id"):
        one.state = Service.State.OFF
        one.save(update_fields=["state"])
        off = PlaceCalledOff(str(shift.activity.uuid), str(shift.uuid), str(one.member))
        record(off, stream_id=one.uuid, actor=actor)
    shift.off, shift.closed_at, shift.added_by = why, clock.now(), None
    shift.save(update_fields=["off", "closed_at", "added_by"])
