"""What happened to areas and places."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True, kw_only=True)
class AreaImported(EventData):
    """An area came with an import; `predecessors` are those that it replaces."""

    type: ClassVar[str] = "areas.AreaImported"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "area"
    label: ClassVar[str | Promise] = _("Area imported")

    code: str
    level: str
    kind: str
    parent: str | None
    boundary_sha256: str | None
    valid_from: str
    predecessors: list[str]


@event_type
@dataclass(frozen=True, kw_only=True)
class AreaClosed(EventData):
    """An area is no longer valid from a day on, because boundaries were redrawn."""

    type: ClassVar[str] = "areas.AreaClosed"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "area"
    label: ClassVar[str | Promise] = _("Area closed")

    valid_to: str
    successors: list[str]


@event_type
@dataclass(frozen=True, kw_only=True)
class PlaceAdded(EventData):
    """A place got its code."""

    type: ClassVar[str] = "areas.PlaceAdded"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "place"
    label: ClassVar[str | Promise] = _("Place added")

    code: str
    kind: str
    grid: str


@event_type
@dataclass(frozen=True, kw_only=True)
class PlaceMoved(EventData):
    """A place lies in another grid, because boundaries were redrawn."""

    type: ClassVar[str] = "areas.PlaceMoved"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "place"
    label: ClassVar[str | Promise] = _("Place now in another grid")

    before: str
    grid: str


@event_type
@dataclass(frozen=True, kw_only=True)
class PlaceRetired(EventData):
    """A place is no more; its code leads nowhere and is never given again."""

    type: ClassVar[str] = "areas.PlaceRetired"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "place"
    label: ClassVar[str | Promise] = _("Place retired")


@event_type
@dataclass(frozen=True, kw_only=True)
class PlaceCorrected(EventData):
    """Somebody who was there corrected what is said of a place."""

    type: ClassVar[str] = "areas.PlaceCorrected"
    version: ClassVar[int] = 1
    stream: ClassVar[str] = "place"
    label: ClassVar[str | Promise] = _("Place corrected")
    day_s_work: ClassVar[bool] = True

    before: dict[str, Any]
    after: dict[str, Any]
