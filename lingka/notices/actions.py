"""Putting up notices, prolonging them, taking them down; templates for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.core import clock, codes, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import history, record
from lingka.core.ids import uuid7
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.versions import after, digest_of
from lingka.notices import permissions, rules, templates
from lingka.notices.events import (
    NoticeEnded,
    NoticeProlonged,
    NoticePublished,
    TemplatePublished,
    TemplateRetired,
)
from lingka.notices.models import Notice, Template
from lingka.units import selectors as units


@dataclass(frozen=True)
class Draft:
    """A notice as somebody wants it published. Words may hold `rules.VARIABLES`."""

    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    begins_at: datetime
    ends_at: datetime
    areas: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    case_uuid: UUID | None = None
    unit: int | None = None
    phone: str = ""
    template: str = ""


@transaction.atomic
def publish(draft: Draft, *, actor: Actor, key: UUID | None = None) -> str:
    """Tell residents; returns the notice's code. The same `key` again gives the first one's.

    Raises Problem beside the field that does not do, PermissionRefused outside one's area.
    """
    key = key or uuid7()
    locks.hold(key)
    if made := Notice.objects.filter(uuid=key).first():
        return made.code
    area = _area_of(draft)
    _must(permissions.may_publish(actor, area.path))
    _check(draft)
    unit = units.unit(draft.unit) if draft.unit else None
    notice = Notice.objects.create(
        uuid=key, code=codes.short_code(), kind=draft.kind, template=draft.template,
        case_uuid=draft.case_uuid, area_id=area.id, areas=sorted(set(draft.areas)),
        places=sorted(set(draft.places)), title=dict(draft.title), text=dict(draft.text),
        unit_id=draft.unit, phone=draft.phone or (unit.phone if unit else ""),
        begins_at=draft.begins_at, ends_at=draft.ends_at,
    )  # fmt: skip
    record(_told(notice), stream_id=notice.uuid, actor=actor)
    return notice.code


def _told(notice: Notice) -> NoticePublished:
    words = digest_of({"title": notice.title, "text": notice.text})
    return NoticePublished(
        notice.code, notice.kind, notice.template, _case(notice), notice.areas, notice.places,
        notice.begins_at.isoformat(), notice.ends_at.isoformat(), words,
    )  # fmt: skip


def _case(notice: Notice) -> str | None:
    return str(notice.case_uuid) if notice.case_uuid else None


def _area_of(draft: Draft) -> areas.AreaInfo:
    """The smallest area that holds everything the notice is for."""
    count = len(draft.areas) + len(draft.places)
    if not 1 <= count <= rules.MOST_TARGETS:
        said = _("Choose between 1 and %(most)s places or areas.") % {"most": rules.MOST_TARGETS}
        raise Problem("targets", said, field="targets", status=422)
    found = areas.places(draft.places)
    if len(found) < len(set(draft.places)):
        raise Problem("no_place", _("There is no such place."), field="targets", status=422)
    paths = [areas.area(one).path for one in draft.areas]
    paths += [areas.area(one.grid_id).path for one in found.values()]
    common = [same for same, *others in zip(*(p.strip("/").split("/") for p in paths), strict=False)
              if all(one == same for one in others)]  # fmt: skip
    return areas.area(int(common[-1]))


def _check(draft: Draft) -> None:
    if draft.kind not in rules.KINDS:
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    rules.check(draft.title, draft.text)
    _check_times(draft.begins_at, draft.ends_at)
    if draft.case_uuid is not None:
        case = cases.standings([draft.case_uuid]).get(draft.case_uuid)
        if case is None or not case.listed:
            raise Problem(
                "case", _("Nothing is said in public of a case of this type."), status=422
            )
        if case.over:
            raise Problem("case", _("This case is over: there is nothing to warn of."), status=409)


def _check_times(begins_at: datetime, ends_at: datetime) -> None:
    if ends_at <= max(begins_at, clock.now()):
        said = _("It must end later than it begins, and later than now.")
        raise Problem("ends", said, field="ends_at", status=422)
    if ends_at - begins_at > rules.LONGEST_RUN:
        said = _("A notice stands for three months at most; prolong it when they are over.")
        raise Problem("ends", said, field="ends_at", status=422)


@transaction.atomic
def prolong(code: str, ends_at: datetime, *, actor: Actor) -> None:
    """Let a notice stand longer than it said."""
    notice = _going(code, actor)
    if ends_at <= notice.ends_at:
        said = _("This is no later than it ends already.")
        raise Problem("ends", said, field="ends_at", status=422)
    _check_times(max(notice.begins_at, clock.now()), ends_at)
    notice.ends_at = ends_at
    notice.save(update_fields=["ends_at"])
    told = NoticeProlonged(notice.code, _case(notice), ends_at.isoformat())
    record(told, stream_id=notice.uuid, actor=actor)


@transaction.atomic
def withdraw(code: str, why: str, *, actor: Actor) -> None:
    """Take a notice down before its time; its page goes on saying so, and why."""
    if why not in rules.WITHDRAWN:
        raise Problem("why", _("Please choose one of these."), field="why", status=422)
    _end(_going(code, actor), why, actor)


@transaction.atomic
def end_with_case(case_uuid: UUID, why: str = "case") -> int:
    """End what a case that is over had people told; returns how many notices that were.

    Nobody has looked at what its reporter took back: a danger stays until the desk ends it, or its
    own time does.
    """
    now = clock.now()
    going = Notice.objects.select_for_update().filter(
        case_uuid=case_uuid, ended_at=None, ends_at__gt=now
    )
    ending = going.exclude(kind="danger") if why == rules.TAKEN_BACK else going
    found = list(ending.order_by("id"))
    for notice in found:
        _end(notice, why, SYSTEM)
    return len(found)


def go_on_with(merged: UUID, case_uuid: UUID) -> int:
    """What a merged case had people told ends with the case that goes on. Its event tells of it."""
    return Notice.objects.filter(case_uuid=merged, ended_at=None).update(case_uuid=case_uuid)


def go_back_to(parted: UUID, case_uuid: UUID) -> int:
    """What a case that was merged by mistake brought along is its own again: what was published for
    it, or for one that had been merged into it before."""
    own = {str(parted), *cases.merged_into(parted)}
    going = Notice.objects.filter(case_uuid=case_uuid, ended_at=None)
    back = [one.pk for one in going if _first_case(one) in own]
    return Notice.objects.filter(pk__in=back).update(case_uuid=parted)


def _first_case(notice: Notice) -> str | None:
    published = history(notice.uuid)[0].data
    return published.case if isinstance(published, NoticePublished) else None


def _end(notice: Notice, why: str, actor: Actor) -> None:
    notice.ended_at, notice.ended_by = clock.now(), why
    notice.save(update_fields=["ended_at", "ended_by"])
    record(NoticeEnded(notice.code, _case(notice), why), stream_id=notice.uuid, actor=actor)


def _going(code: str, actor: Actor) -> Notice:
    """A notice that stands, locked; a Problem where it is over."""
    notice = Notice.objects.select_for_update(of=("self",)).filter(code=code).first()
    if notice is None:
        raise Problem("no_notice", _("There is no such notice."), status=404)
    _must(permissions.may_publish(actor, areas.area(notice.area_id).path))
    if notice.ended_at is not None or notice.ends_at <= clock.now():
        raise Problem("over", _("This notice is over. Publish a new one."), status=409)
    return notice


@transaction.atomic
def publish_template(key: str, body: Mapping[str, Any], *, actor: Actor) -> int:
    """Put a template into force and return its number; the same words again change nothing.

    Raises Problem (422) beside the field that does not do.
    """
    _must(permissions.may_write_templates(actor))
    rules.check_template(body)
    version, new = _next_template(key, body, actor)
    if new:
        told = TemplatePublished(key, version.number, version.content_hash)
        record(told, stream_id=templates.stream_of(key), actor=actor)
    return version.number


@transaction.atomic
def retire_template(key: str, *, actor: Actor) -> None:
    """Offer a template no more, be it shipped or the town's own; notices keep their words."""
    _must(permissions.may_write_templates(actor))
    version, new = _next_template(key, {}, actor)
    if new:
        told = TemplateRetired(key, version.number)
        record(told, stream_id=templates.stream_of(key), actor=actor)


def _next_template(key: str, body: Mapping[str, Any], actor: Actor) -> tuple[Template, bool]:
    """The version with these words, and whether it is new: the same again is the last one."""
    return after(
        Template.objects.filter(key=key), body, key=key, body=dict(body),
        published_at=clock.now(), published_by=actor.id if actor.kind == "user" else None,
    )  # fmt: skip


def _must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
