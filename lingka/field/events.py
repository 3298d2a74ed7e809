"""What happened to workers' phones."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class DeviceRegistered(EventData):
    """A phone was made known and may send in a worker's name."""

    type: ClassVar[str] = "field.DeviceRegistered"
    stream: ClassVar[str] = "device"
    label: ClassVar[Any] = _("Phone registered")
    user: int
    instead_of: str  # the device whose storage was cleared, "" where there was none


@event_type
@dataclass(frozen=True)
class FileLeftOut(EventData):
    """A photo or voice note that the server refused was given up by its worker."""

    type: ClassVar[str] = "field.FileLeftOut"
    stream: ClassVar[str] = "device"
    label: ClassVar[Any] = _("Photo left out by its worker")
    day_s_work: ClassVar[bool] = True
    attachment: str


@event_type
@dataclass(frozen=True)
class CorrectionDecided(EventData):
    """Of two corrections of a place that clashed, one was chosen; `taken`: the worker's."""

    type: ClassVar[str] = "field.CorrectionDecided"
    stream: ClassVar[str] = "correction"
    label: ClassVar[Any] = _("Clashing correction of a place decided")
    day_s_work: ClassVar[bool] = True
    place: str
    taken: bool
    fields: list[str]


@event_type
@dataclass(frozen=True)
class DeviceRevoked(EventData):
    """A phone may send nothing any more and erases itself when it comes by."""

    type: ClassVar[str] = "field.DeviceRevoked"
    stream: ClassVar[str] = "device"
    label: ClassVar[Any] = _("Phone revoked")
    user: int
