"""What happens to headings. What happens to promises are events of their cases."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class HeadingOpened(EventData):
    """Cases came in under one heading, all at once."""

    type: ClassVar[str] = "promises.HeadingOpened"
    stream: ClassVar[str] = "heading"
    label: ClassVar[Any] = _("Heading opened")
    code: str
    day: str
    unit: int
    area: int
    cases: list[str]
    words: str  # hash of title and source
