"""What happens at the counters. Nothing says who came."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class WindowSet(EventData):
    """A window was opened or changed; its numbers as they are from now on."""

    type: ClassVar[str] = "counter.WindowSet"
    stream: ClassVar[str] = "window"
    label: ClassVar[Any] = _("Window set up")
    unit: int
    slot_minutes: int
    capacity: int
    is_open: bool


@event_type
@dataclass(frozen=True)
class AppointmentMoved(EventData):
    """An appointment was made, or the one who holds it arrived, was not there, took it back."""

    type: ClassVar[str] = "counter.AppointmentMoved"
    stream: ClassVar[str] = "appointment"
    label: ClassVar[Any] = _("Appointment")
    day_s_work: ClassVar[bool] = True
    state: str
    window: str
    starts_at: str


@event_type
@dataclass(frozen=True)
class PapersTaken(EventData):
    """Papers were handed in, or some that were missing were brought. `papers`: here, missing or
    not needed, in the order of the guide's version."""

    type: ClassVar[str] = "counter.PapersTaken"
    stream: ClassVar[str] = "papers"
    label: ClassVar[Any] = _("Papers taken in")
    day_s_work: ClassVar[bool] = True
    case: str
    guide: str
    number: int
    papers: list[str]
