"""What somebody did to the running of Lingka by hand."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type

DELIVERIES = UUID("0199f000-0000-7000-8000-00000000de11")  # the one stream of these acts


@event_type
@dataclass(frozen=True)
class DeliveriesRetried(EventData):
    """Held deliveries were tried again by hand: one, or all (`held` is empty)."""

    type: ClassVar[str] = "ops.DeliveriesRetried"
    stream: ClassVar[str] = "deliveries"
    label: ClassVar[Promise] = _("Held deliveries tried again")
    delivered: int
    held: int | None


@event_type
@dataclass(frozen=True)
class DeliverySkipped(EventData):
    """A delivery was given up by hand: the receiver will never hear of this event."""

    type: ClassVar[str] = "ops.DeliverySkipped"
    stream: ClassVar[str] = "deliveries"
    label: ClassVar[Promise] = _("A held delivery given up")
    receiver: str
    position: int
