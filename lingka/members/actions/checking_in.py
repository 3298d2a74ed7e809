"""Workplaces check in with the community they serve; its desk confirms, counting, not naming."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.members import permissions, rules, selectors
from lingka.members.events import WorkplaceAsked, WorkplaceConfirmed, WorkplaceEnded
from lingka.members.models import Member, Workplace
from lingka.units import selectors as units


@transaction.atomic
def check_in(
    unit: int, area: int, *, actor: Actor, kinds: Iterable[str], weekdays: Iterable[int],
    times: Iterable[str],
) -> UUID:  # fmt: skip
    """Say what a unit's people help with in a community, and when; a second time says it anew.

    Done by the community's desk it counts at once; asked for by the unit, it waits for the desk.
    """
    if not selectors.is_community(area):
        raise Problem("area", _("Choose a community."), field="area", status=422)
    path = areas.area(area).path
    if not units.unit(unit).active:
        raise Problem("unit", _("This unit is no longer at work."), field="unit", status=422)
    _must(permissions.may_check_in(actor, unit, path))
    offered = _offered(kinds, weekdays, times)
    rows = Workplace.objects.select_for_update(of=("self",))
    row = rows.filter(unit_id=unit, area_id=area, ended_at=None).first()
    if row is None:
        row = Workplace.objects.create(
            unit_id=unit, area_id=area, asked_at=clock.now(), **offered
        )  # fmt: skip
    else:
        row.kinds, row.weekdays, row.times = (
            offered["kinds"], offered["weekdays"], offered["times"],
        )  # fmt: skip
        row.save(update_fields=["kinds", "weekdays", "times"])
    told = WorkplaceAsked(unit, area, row.kinds, row.weekdays, row.times)
    record(told, stream_id=row.uuid, actor=actor)
    if row.confirmed_at is None and permissions.may_confirm(actor, path):
        _confirm(row, actor)
    return row.uuid


def _offered(kinds: Iterable[str], weekdays: Iterable[int], times: Iterable[str]) -> dict[str, Any]:
    """In the order of the lists that they are chosen from."""
    chosen, days, parts = set(kinds), set(weekdays), set(times)
    if not chosen or not chosen <= rules.kinds().keys():
        raise Problem("kinds", _("Choose at least one."), field="kinds", status=422)
    if not days or not days <= rules.WEEKDAYS.keys():
        raise Problem("weekdays", _("Choose at least one day."), field="weekdays", status=422)
    if not parts or not parts <= rules.TIMES.keys():
        raise Problem("times", _("Choose at least one."), field="times", status=422)
    return {
        "kinds": [one for one in rules.kinds() if one in chosen],
        "weekdays": sorted(days),
        "times": [one for one in rules.TIMES if one in parts],
    }


@transaction.atomic
def confirm(uuid: UUID, *, actor: Actor) -> int:
    """The desk has looked at it; returns how many of its people take part here today."""
    row = _standing(uuid)
    _must(permissions.may_confirm(actor, row.area.path))
    return _confirm(row, actor)


def _confirm(row: Workplace, actor: Actor) -> int:
    named = Member.objects.filter(left_at=None, workplace_id=row.unit_id, area_id=row.area_id)
    row.members, row.confirmed_at = named.count(), clock.now()
    row.save(update_fields=["members", "confirmed_at"])
    told = WorkplaceConfirmed(row.unit_id, row.area_id, row.members < rules.FEW)
    record(told, stream_id=row.uuid, actor=actor)
    return row.members


@transaction.atomic
def end(uuid: UUID, *, actor: Actor) -> None:
    """It serves here no more; those who named it stay members and name none."""
    row = _standing(uuid)
    _must(permissions.may_check_in(actor, row.unit_id, row.area.path))
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    Member.objects.filter(workplace_id=row.unit_id, area_id=row.area_id).update(workplace=None)
    record(WorkplaceEnded(row.unit_id, row.area_id), stream_id=row.uuid, actor=actor)


def _standing(uuid: UUID) -> Workplace:
    rows = Workplace.objects.select_for_update(of=("self",)).select_related("area")
    row = rows.filter(uuid=uuid, ended_at=None).first()
    if row is None:
        raise Problem("no_workplace", _("It is not on the list any more."), status=404)
    return row


def _must(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
