"""Draft, change, approve or send back, publish."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    ActivityChanged,
    ActivityDrafted,
    ActivityPublished,
    ActivityReturned,
    NeedPlanned,
)
from lingka.volunteering.models import Activity, Need

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
    changed(activity, actor)


def changed(activity: Activity, actor: Actor) -> None:
    """Keep what was changed of it, and by whom: other eyes look at it now."""
    if activity.state != State.PUBLISHED:
        activity.state, activity.approved_by = State.DRAFT, None
        activity.changed_by = actor.id
    activity.save()
    tell_changed(activity, actor)


def tell_changed(activity: Activity, actor: Actor) -> None:
    shifts = [str(one.uuid) for one in activity.shifts.filter(off="").order_by("starts_at")]
    told = ActivityChanged(activity.code, _words(activity), shifts)
    record(told, stream_id=activity.uuid, actor=actor)


@transaction.atomic
def approve(code: str, *, actor: Actor) -> None:
    """Somebody else has looked at it and finds it right."""
    activity = _looked_at(code, actor)
    _be(activity, State.DRAFT, State.RETURNED)
    if not activity.shifts.exists():
        raise Problem("shifts", _("Say first when it takes place."), status=409)
    activity.state, activity.approved_by, activity.asked_for = State.APPROVED, actor.id, ""
    activity.save(update_fields=["state", "approved_by", "asked_for"])
    record(ActivityApproved(code), stream_id=activity.uuid, actor=actor)


@transaction.atomic
def send_back(code: str, words: str, *, actor: Actor) -> None:
    """Somebody else has looked and says what it lacks; once changed, it is looked at anew.

    Raises:
        Problem: without words, or when it is public already.
    """
    activity = _looked_at(code, actor)
    _be(activity, State.DRAFT, State.APPROVED)
    asked = words.strip()
    if not asked or len(asked) > rules.ASKED:
        said = _("Between 1 and %(most)s signs, please.") % {"most": rules.ASKED}
        raise Problem("words", said, field="words", status=422)
    activity.state, activity.approved_by, activity.asked_for = State.RETURNED, None, asked
    activity.save(update_fields=["state", "approved_by", "asked_for"])
    told = ActivityReturned(code, digest_of({"words": asked}))
    record(told, stream_id=activity.uuid, actor=actor)


def _looked_at(code: str, actor: Actor) -> Activity:
    """Locked, by somebody who wrote nothing of it."""
    activity = held(code, actor)
    authors = (activity.drafted_by, activity.changed_by)
    must(permissions.may_approve(actor, activity.area.path, *authors))
    return activity


@transaction.atomic
def publish(code: str, *, actor: Actor) -> None:
    """Everybody reads it now, and members can sign up."""
    activity = held(code, actor)
    _be(activity, State.APPROVED)
    activity.state, activity.published_at = State.PUBLISHED, clock.now()
    activity.save(update_fields=["state", "published_at"])
    record(ActivityPublished(code), stream_id=activity.uuid, actor=actor)


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


def _be(activity: Activity, *states: str) -> None:
    if activity.state not in states:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)


def must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
