"""What happens to calling back."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class CallsDrawn(EventData):
    """It is fixed which share of a week's cases is called, and by which lots."""

    type: ClassVar[str] = "callbacks.CallsDrawn"
    stream: ClassVar[str] = "calls"
    label: ClassVar[Any] = _("Lots of a week's calls fixed")
    week: str
    counted: int
    share: int
    seed_hash: str
