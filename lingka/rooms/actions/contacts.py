"""A group's number, opened for a stated reason that the group can read."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.crypto import unseal
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.rooms import permissions
from lingka.rooms.events import BookingContactRead
from lingka.rooms.models import Booking, Contact, ContactReading
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
