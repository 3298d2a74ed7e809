"""What was agreed with another platform, and what went over."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class PeerSet(EventData):
    """Another platform was set up or changed. Its key and address are not told."""

    type: ClassVar[str] = "exchange.PeerSet"
    stream: ClassVar[str] = "peer"
    label: ClassVar[Any] = _("Platform set up")
    key: str
    shares: str
    active: bool


@event_type
@dataclass(frozen=True)
class Exchanged(EventData):
    """Cases went over, one way or the other, or both lists were compared."""

    type: ClassVar[str] = "exchange.Exchanged"
    stream: ClassVar[str] = "peer"
    label: ClassVar[Any] = _("Exchanged with a platform")
    kind: str
    counts: dict[str, int]
