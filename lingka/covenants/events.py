"""What happens to covenants."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type, upcaster


@event_type
@dataclass(frozen=True)
class CovenantAdopted(EventData):
    """A version came about; `digest` is of its name and text, `vote` empty where a meeting adopted
    it."""

    type: ClassVar[str] = "covenants.CovenantAdopted"
    stream: ClassVar[str] = "covenant"
    label: ClassVar[Any] = _("Covenant adopted")
    area: int
    number: int
    vote: str
    since: str
    digest: str


@event_type
@dataclass(frozen=True)
class CovenantEnded(EventData):
    """It holds no longer from the day `on`; empty where that was not told yet."""

    type: ClassVar[str] = "covenants.CovenantEnded"
    version: ClassVar[int] = 2
    stream: ClassVar[str] = "covenant"
    label: ClassVar[Any] = _("Covenant ended")
    on: str


@upcaster("covenants.CovenantEnded", 1)
def _the_day_was_not_told(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"on": ""}
