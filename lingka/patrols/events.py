"""What happens to checklists and rounds."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class ChecklistPublished(EventData):
    """A version came into force; what it asks stands in the version, which nothing changes."""

    type: ClassVar[str] = "patrols.ChecklistPublished"
    stream: ClassVar[str] = "checklist"
    label: ClassVar[Any] = _("Checklist published")
    key: str
    number: int
    content_hash: str


@event_type
@dataclass(frozen=True)
class ChecklistRetired(EventData):
    type: ClassVar[str] = "patrols.ChecklistRetired"
    stream: ClassVar[str] = "checklist"
    label: ClassVar[Any] = _("Checklist taken out of use")
    key: str
