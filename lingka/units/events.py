"""What happens to units, their services, agreements and the calendars that clocks count in."""

from dataclasses import dataclass, field
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
    """`fields` names what changed; what each was and is, in events since that is kept."""

    type: ClassVar[str] = "units.UnitChanged"
    stream: ClassVar[str] = "unit"
    label: ClassVar[Any] = _("Unit changed")
    unit: int
    fields: list[str]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


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
class AgreementRegistered(EventData):
    """A version of an agreement: the first, a change or a renewal. `valid_to` is not included."""

    type: ClassVar[str] = "units.AgreementRegistered"
    stream: ClassVar[str] = "agreement"
    label: ClassVar[Any] = _("Agreement registered")
    number: int
    unit: int
    areas: list[int]
    case_types: list[str]
    valid_from: str
    valid_to: str
    document: str | None  # hash of the paper's bytes


@event_type
@dataclass(frozen=True)
class AgreementEnded(EventData):
    """It ends earlier than it was signed for; version `number` says so."""

    type: ClassVar[str] = "units.AgreementEnded"
    stream: ClassVar[str] = "agreement"
    label: ClassVar[Any] = _("Agreement ended early")
    number: int
    unit: int
    valid_to: str


@event_type
@dataclass(frozen=True)
class AgreementRunsOut(EventData):
    """Told once ahead: somebody should renew it, or find who else does the work."""

    type: ClassVar[str] = "units.AgreementRunsOut"
    stream: ClassVar[str] = "agreement"
    label: ClassVar[Any] = _("Agreement runs out soon")
    number: int
    unit: int
    areas: list[int]
    valid_to: str


@event_type
@dataclass(frozen=True)
class AgreementExpired(EventData):
    """It is over: routing uses it no more."""

    type: ClassVar[str] = "units.AgreementExpired"
    stream: ClassVar[str] = "agreement"
    label: ClassVar[Any] = _("Agreement has run out")
    number: int
    unit: int
    areas: list[int]
    valid_to: str


@event_type
@dataclass(frozen=True)
class DutyListActivated(EventData):
    """A duty list came into force; its articles stand in the version, which nothing changes."""

    type: ClassVar[str] = "units.DutyListActivated"
    stream: ClassVar[str] = "duty_list"
    label: ClassVar[Any] = _("Duty list put into force")
    key: str
    number: int
    content_hash: str
    valid_from: str


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
