"""Stations, rooms, special days and the programme, set up by who may."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import Allowed, Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.rooms import catalogue, permissions, rules, selectors
from lingka.rooms.events import ProgrammeSet, RoomSet, SpecialDaySet, StationSet
from lingka.rooms.models import Programme, Room, SpecialDay, Station
from lingka.units import selectors as units

Names = Mapping[str, str]


@transaction.atomic
def set_station(
    uuid: UUID | None,
    *,
    actor: Actor,
    key: str,
    kind: str,
    unit: int,
    place: int,
    name: Names,
    about: Names,
    audiences: Sequence[str],
    equipment: Sequence[str] = (),
    hours: Mapping[str, rules.Spans] | None = None,
    on_holidays: bool = False,
    is_open: bool = True,
) -> UUID:
    """Open a station (no `uuid` yet), change it, or close it for good."""
    _permit(permissions.may_set_up(actor, units.unit(unit).area_path))
    row = _to_change(uuid, actor) if uuid else None
    _must_be_known("kind", [kind], catalogue.kinds())
    _must_be_known("audiences", audiences, catalogue.audiences())
    _must_be_known("equipment", equipment, catalogue.equipment())
    if hours is not None and any(map(rules.faults, hours.values())):
        raise _no_hours()
    others = Station.objects.exclude(pk=row.pk) if row else Station.objects.all()
    if others.filter(key=key).exists():
        raise Problem("key_taken", _("Another station has this address."), field="key", status=409)
    row = row or Station(uuid=uuid7())
    row.key, row.kind, row.unit_id, row.place_id = key, kind, unit, place
    row.name, row.about = dict(name), dict(about)
    row.audiences, row.equipment = list(audiences), list(equipment)
    row.hours = None if hours is None else dict(hours)
    row.on_holidays = on_holidays
    row.closed_at = None if is_open else row.closed_at or clock.now()
    row.save()
    selectors.forget_running()
    told = StationSet(unit, place, kind, list(audiences), is_open)
    record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


def _to_change(uuid: UUID, actor: Actor) -> Station:
    row = Station.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise _unknown_station()
    _permit(permissions.may_set_up(actor, units.unit(row.unit_id).area_path))
    return row


def _must_be_known(field: str, given: Sequence[str], known: catalogue.Names) -> None:
    if not set(given) <= set(known):
        raise Problem("unknown_choice", _("Choose one of these."), field=field, status=422)


@transaction.atomic
def set_room(
    uuid: UUID | None,
    *,
    actor: Actor,
    station: str,
    name: Names,
    seats: int,
    equipment: Sequence[str] = (),
    longest: int = 120,
    needs_approval: bool = False,
    is_open: bool = True,
) -> UUID:
    """Open a room of a station (no `uuid` yet), change it, or close it. What is booked stays."""
    of = _run_by(actor, station)
    row = Room.objects.select_for_update().filter(uuid=uuid, station=of).first() if uuid else None
    if uuid and row is None:
        raise Problem("unknown_room", _("There is no such room."), status=404)
    _must_be_known("equipment", equipment, catalogue.equipment())
    row = row or Room(uuid=uuid7(), station=of)
    row.name, row.seats, row.equipment = dict(name), seats, list(equipment)
    row.longest, row.needs_approval = longest, needs_approval
    row.closed_at = None if is_open else row.closed_at or clock.now()
    row.save()
    told = RoomSet(str(of.uuid), seats, needs_approval, is_open)
    record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


@transaction.atomic
def set_special_day(
    station: str, day: date, *, actor: Actor, hours: rules.Spans | None, why: Names | None = None
) -> None:
    """Other hours on one day, none at all (`[]`), or as usual again (`None`). Bookings stay."""
    of = _run_by(actor, station)
    if hours is None:
        if not SpecialDay.objects.filter(station=of, day=day).delete()[0]:
            return
    else:
        if rules.faults(hours):
            raise _no_hours()
        given: dict[str, Any] = {"hours": [list(one) for one in hours], "why": dict(why or {})}
        SpecialDay.objects.update_or_create(station=of, day=day, defaults=given)
    told = SpecialDaySet(day.isoformat(), [list(one) for one in hours or ()], hours is None)
    record(told, stream_id=of.uuid, actor=actor)


@transaction.atomic
def put_on(
    station: str,
    *,
    actor: Actor,
    title: Names,
    starts: str,
    ends: str,
    weekday: int | None = None,
    day: date | None = None,
    room: UUID | None = None,
) -> UUID:
    """Put something on the programme: every week on a day, or once. A room's bookings stay."""
    of = _run_by(actor, station)
    if rules.faults([[starts, ends]]):
        raise _no_hours()
    if (weekday is None) == (day is None):
        message = _("Say either on which day of the week, or on which date.")
        raise Problem("weekly_or_once", message, field="weekday", status=422)
    held = Room.objects.filter(uuid=room, station=of).first() if room else None
    if room and held is None:
        raise Problem("unknown_room", _("There is no such room."), field="room", status=404)
    row = Programme.objects.create(
        uuid=uuid7(), station=of, room=held, title=dict(title), weekday=weekday, day=day,
        starts=starts, ends=ends,
    )  # fmt: skip
    record(ProgrammeSet(str(row.uuid), is_on=True), stream_id=of.uuid, actor=actor)
    return row.uuid


@transaction.atomic
def take_off(station: str, entry: UUID, *, actor: Actor) -> None:
    """Take something off the programme; what is no longer there stays off."""
    of = _run_by(actor, station)
    if Programme.objects.filter(station=of, uuid=entry).delete()[0]:
        record(ProgrammeSet(str(entry), is_on=False), stream_id=of.uuid, actor=actor)


def _run_by(actor: Actor, station: str) -> Station:
    """The station, locked, if the actor runs it."""
    row = Station.objects.select_for_update().filter(key=station).first()
    if row is None:
        raise _unknown_station()
    _permit(permissions.may_run(actor, row.unit_id, units.unit(row.unit_id).area_path))
    return row


def _permit(verdict: Allowed | Denied) -> None:
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)


def _unknown_station() -> Problem:
    return Problem("unknown_station", _("There is no such station."), status=404)


def _no_hours() -> Problem:
    message = _("Write hours as in 09:30-13:00, one after the other.")
    return Problem("hours", message, field="hours", status=422)
