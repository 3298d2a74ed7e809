"""What happens to notices: ids, codes and moments. The words stand in the notice, for all."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class NoticePublished(EventData):
    """Residents are told; `words` is the hash of what, in all languages."""

    type: ClassVar[str] = "notices.NoticePublished"
    stream: ClassVar[str] = "notice"
    label: ClassVar[Any] = _("Notice published")
    code: str
    kind: str
    template: str
    case: str | None
    areas: list[int]
    places: list[int]
    begins: str
    ends: str
    words: str


@event_type
@dataclass(frozen=True)
class NoticeProlonged(EventData):
    type: ClassVar[str] = "notices.NoticeProlonged"
    stream: ClassVar[str] = "notice"
    label: ClassVar[Any] = _("Notice prolonged")
    code: str
    case: str | None
    ends: str


@event_type
@dataclass(frozen=True)
class NoticeEnded(EventData):
    """Over before its time: with its case, or withdrawn for the reason named by `by`."""

    type: ClassVar[str] = "notices.NoticeEnded"
    stream: ClassVar[str] = "notice"
    label: ClassVar[Any] = _("Notice ended")
    code: str
    case: str | None
    by: str


@event_type
@dataclass(frozen=True)
class TemplatePublished(EventData):
    """A template came into force; its words stand in its version, which nothing changes."""

    type: ClassVar[str] = "notices.TemplatePublished"
    stream: ClassVar[str] = "notice_template"
    label: ClassVar[Any] = _("Template for notices published")
    key: str
    number: int
    content_hash: str


@event_type
@dataclass(frozen=True)
class TemplateRetired(EventData):
    """A template is offered no more; what was written from it keeps its words."""

    type: ClassVar[str] = "notices.TemplateRetired"
    stream: ClassVar[str] = "notice_template"
    label: ClassVar[Any] = _("Template for notices taken down")
    key: str
    number: int
