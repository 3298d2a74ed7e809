"""What happens to units, their services and the calendars that clocks count in."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class UnitAdded(EventData):
    type: ClassVar[str] = "units.UnitAdded"
    stream: ClassVar[str] = "unit"
    label: ClassVar[Any] = _("Unit added")
    unit: int
    key: str
    kind: str
    area: int


@event_type
@dataclass(frozen=True)
class UnitChanged(EventData):
    """`fields` names what changed; the values stand in the row."""

    type: ClassVar[str] = "units.UnitChanged"
    stream: ClassVar[str] = "unit"
    label: ClassVar[Any] = _("Unit changed")
    unit: int
    fields: list[str]


@event_type
@dataclass(frozen=True)
class ServiceAdded(EventData):
    type: ClassVar[str] = "units.ServiceAdded"
    stream: ClassVar[str] = "unit"
    label: ClassVar[Any] = _("Service added")
    unit: int
    service: int
    area: int
    case_type: str
    valid_from: str


@event_type
@dataclass(frozen=True)
class ServiceEnded(EventData):
    type: ClassVar[str] = "units.ServiceEnded"
    stream: ClassVar[str] = "unit"
    label: ClassVar[Any] = _("Service ended")
    unit: int
    service: int
    valid_to: str


@event_type
@dataclass(frozen=True)
class CalendarVersionAdded(EventData):
    """Open clocks that count in this calendar have to be computed anew."""

    type: ClassVar[str] = "units.CalendarVersionAdded"
    stream: ClassVar[str] = "calendar"
    label: ClassVar[Any] = _("Working calendar changed")
    calendar: int
    version_id: int  # the row's id
    number: int
    valid_from: str
