"""What happened to reports before they became cases."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True, kw_only=True)
class ReportHeld(EventData):
    """A report waits for a dispatcher's look."""

    type: ClassVar[str] = "intake.ReportHeld"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "report"
    label: ClassVar[str | Promise] = _("Held for a look")
    day_s_work: ClassVar[bool] = True

    case_type: str
    reason: str


@event_type
@dataclass(frozen=True, kw_only=True)
class HeldReportReviewed(EventData):
    """A dispatcher looked at a held report."""

    type: ClassVar[str] = "intake.HeldReportReviewed"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "report"
    label: ClassVar[str | Promise] = _("Looked at")
    day_s_work: ClassVar[bool] = True

    outcome: str
    case: str | None


@event_type
@dataclass(frozen=True, kw_only=True)
class CallDaySet(EventData):
    """A leader is to take calls in person, or will not after all."""

    type: ClassVar[str] = "intake.CallDaySet"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "call_day"
    label: ClassVar[str | Promise] = _("Day of live calls")

    area: int
    leader: int
    starts_at: str
    ends_at: str
    off: bool
