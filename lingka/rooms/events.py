"""What happens at stations. Nothing says who booked, or what for."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class StationSet(EventData):
    """A station was opened or changed; what it is from now on."""

    type: ClassVar[str] = "rooms.StationSet"
    stream: ClassVar[str] = "station"
    label: ClassVar[Any] = _("Station set up")
    unit: int
    place: int
    kind: str
    audiences: list[str]
    is_open: bool


@event_type
@dataclass(frozen=True)
class RoomSet(EventData):
    """A room was opened or changed."""

    type: ClassVar[str] = "rooms.RoomSet"
    stream: ClassVar[str] = "room"
    label: ClassVar[Any] = _("Room set up")
    station: str
    seats: int
    needs_approval: bool
    is_open: bool


@event_type
@dataclass(frozen=True)
class SpecialDaySet(EventData):
    """A station is open otherwise on one day; without hours closed; "usual" takes it back."""

    type: ClassVar[str] = "rooms.SpecialDaySet"
    stream: ClassVar[str] = "station"
    label: ClassVar[Any] = _("Special day")
    day: str
    hours: list[list[str]]
    usual: bool


@event_type
@dataclass(frozen=True)
class ProgrammeSet(EventData):
    """Something was put on a station's programme, or taken off."""

    type: ClassVar[str] = "rooms.ProgrammeSet"
    stream: ClassVar[str] = "station"
    label: ClassVar[Any] = _("Programme changed")
    entry: str
    is_on: bool


@event_type
@dataclass(frozen=True)
class BookingMoved(EventData):
    """One date of a booking came into a state."""

    type: ClassVar[str] = "rooms.BookingMoved"
    stream: ClassVar[str] = "booking_date"
    label: ClassVar[Any] = _("Room booking")
    day_s_work: ClassVar[bool] = True
    booking: str
    room: str
    state: str
    starts_at: str
    ends_at: str


@event_type
@dataclass(frozen=True)
class BookingMovedUp(EventData):
    """A group that waited has the room now, and is told if it left a number."""

    type: ClassVar[str] = "rooms.BookingMovedUp"
    stream: ClassVar[str] = "booking_date"
    label: ClassVar[Any] = _("Moved up on a room’s waiting list")
    day_s_work: ClassVar[bool] = True
    booking: str


@event_type
@dataclass(frozen=True)
class BookingForgotten(EventData):
    """A booking's words and number were erased."""

    type: ClassVar[str] = "rooms.BookingForgotten"
    stream: ClassVar[str] = "booking"
    label: ClassVar[Any] = _("Booking erased")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class BookingContactRead(EventData):
    """Somebody of the station opened a group's number; the reason stands with the group."""

    type: ClassVar[str] = "rooms.BookingContactRead"
    stream: ClassVar[str] = "booking"
    label: ClassVar[Any] = _("Number read")
    day_s_work: ClassVar[bool] = True
