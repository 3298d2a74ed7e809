"""What happens to guides."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class GuidePublished(EventData):
    """A version came into force; its words stand in the version, which nothing changes."""

    type: ClassVar[str] = "guides.GuidePublished"
    stream: ClassVar[str] = "guide"
    label: ClassVar[Any] = _("Guide published")
    key: str
    number: int
    content_hash: str


@event_type
@dataclass(frozen=True)
class GuideRetired(EventData):
    type: ClassVar[str] = "guides.GuideRetired"
    stream: ClassVar[str] = "guide"
    label: ClassVar[Any] = _("Guide taken down")
    key: str
