"""What happens to standard replies, and which lists were taken out."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class ReplyPublished(EventData):
    """A standard reply came into use; its words stand in the version, which nothing changes."""

    type: ClassVar[str] = "desks.ReplyPublished"
    stream: ClassVar[str] = "reply"
    label: ClassVar[Any] = _("Standard reply changed")
    key: str
    number: int


@event_type
@dataclass(frozen=True)
class ReplyRetired(EventData):
    type: ClassVar[str] = "desks.ReplyRetired"
    stream: ClassVar[str] = "reply"
    label: ClassVar[Any] = _("Standard reply taken down")
    key: str
    number: int


@event_type
@dataclass(frozen=True)
class ListTaken(EventData):
    """Somebody asked for a list as a file: which list, by which filters, how many rows."""

    type: ClassVar[str] = "desks.ListTaken"
    stream: ClassVar[str] = "list"
    label: ClassVar[Any] = _("List taken out as a file")
    listing: str
    query: dict[str, str]
    rows: int
