"""A group's number, opened for a stated reason that the group can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.crypto import unseal
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.rooms import permissions, tokens
from lingka.rooms.events import BookingContactRead
from lingka.rooms.models import HOLDING, Booking, BookingDate, Contact, ContactReading
from lingka.units import selectors as units


@transaction.atomic
def read_contact(booking: UUID, *, actor: Actor, reason: str) -> str:
    """The number; "" where none was left."""
    if not reason.strip():
        raise Problem("reason", _("Please say why you need the number."), field="reason")
    row = Booking.objects.select_related("room__station").filter(uuid=booking).first()
    if row is None:
        raise Problem("unknown_booking", _("There is no such booking any more."), status=404)
    of = row.room.station
    verdict = permissions.may_run(actor, of.unit_id, units.unit(of.unit_id).area_path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    held = Contact.objects.filter(booking=booking).first()
    if held is None:
        return ""
    ContactReading.objects.create(
        booking=booking, user_id=actor.id or 0, reason=reason.strip()[:200], read_at=clock.now()
    )
    record(BookingContactRead(), stream_id=booking, actor=actor)
    return str(unseal(bytes(held.sealed))["phone"])


@dataclass(frozen=True)
class Group:
    """Whom to tell of a date that came to them: their number is for sending alone."""

    phone: str
    token: str


@dataclass(frozen=True)
class Freed:
    """What is told: which room, when, in which language."""

    language: str
    room: Mapping[str, str]
    starts_at: datetime


def freed(date: UUID) -> Freed | None:
    """A date that still has its room, of a group that left a number; no number is opened."""
    row = _holding(date)
    if row is None or not Contact.objects.filter(booking=row.booking.uuid).exists():
        return None
    return Freed(row.booking.language, row.room.name, row.starts_at)


def read_for_sending(date: UUID) -> Group | None:
    """For the message that they asked for by waiting; no person reads it."""
    row = _holding(date)
    held = Contact.objects.filter(booking=row.booking.uuid).first() if row else None
    if row is None or held is None:
        return None
    token = tokens.token_of(row.booking.uuid, row.booking.token_key)
    return Group(str(unseal(bytes(held.sealed))["phone"]), token)


def _holding(date: UUID) -> BookingDate | None:
    rows = BookingDate.objects.select_related("booking", "room")
    return rows.filter(uuid=date, state__in=HOLDING).first()
