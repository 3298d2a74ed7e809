"""What happens to rates: definitions, appeals, publications. Ids and codes only."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type

Texts = list[dict[str, str]]


@event_type
@dataclass(frozen=True)
class DefinitionActivated(EventData):
    """A version of the rates came into force for cases opened from a day on."""

    type: ClassVar[str] = "insight.DefinitionActivated"
    stream: ClassVar[str] = "rates"
    label: ClassVar[Any] = _("Definition of the rates activated")
    number: int
    valid_from: str
    content_hash: str


@event_type
@dataclass(frozen=True)
class AppealFiled(EventData):
    """A unit asks that a case, or part of it, be not counted."""

    type: ClassVar[str] = "insight.AppealFiled"
    stream: ClassVar[str] = "appeal"
    label: ClassVar[Any] = _("Appeal against an assessment")
    case: str
    unit: int
    kind: str
    ground: str
    texts: Texts = field(default_factory=list)


@event_type
@dataclass(frozen=True)
class AppealDecided(EventData):
    """Somebody else decided: what is upheld counts no more, what is refused counts on.

    `told` says that the resident is to hear of it, and may object until then.
    """

    type: ClassVar[str] = "insight.AppealDecided"
    stream: ClassVar[str] = "appeal"
    label: ClassVar[Any] = _("Appeal decided")
    case: str
    unit: int
    kind: str
    ground: str
    upheld: bool
    final: bool
    told: str
    texts: Texts = field(default_factory=list)


@event_type
@dataclass(frozen=True)
class AppealObjected(EventData):
    """The resident does not agree that the case is not counted."""

    type: ClassVar[str] = "insight.AppealObjected"
    stream: ClassVar[str] = "appeal"
    label: ClassVar[Any] = _("The resident objects")
    case: str
    unit: int
    kind: str
    texts: Texts = field(default_factory=list)


@event_type
@dataclass(frozen=True)
class RatesShown(EventData):
    """Units see the figures of a month before anybody else, and may appeal."""

    type: ClassVar[str] = "insight.RatesShown"
    stream: ClassVar[str] = "publication"
    label: ClassVar[Any] = _("Rates shown to the units")
    month: str
    number: int
    until: str


@event_type
@dataclass(frozen=True)
class RatesPublished(EventData):
    """The figures of a month are frozen and public; an earlier version stays."""

    type: ClassVar[str] = "insight.RatesPublished"
    stream: ClassVar[str] = "publication"
    label: ClassVar[Any] = _("Rates published")
    month: str
    number: int
    cases: int


@event_type
@dataclass(frozen=True)
class UnitMarked(EventData):
    """A unit said how another did in a quarter."""

    type: ClassVar[str] = "insight.UnitMarked"
    stream: ClassVar[str] = "mark"
    label: ClassVar[Any] = _("A unit was assessed by another")
    period: str
    unit: int
    by_unit: int
    side: str
    given: dict[str, int]


@event_type
@dataclass(frozen=True)
class AssessmentPublished(EventData):
    """A quarter's open assessment is public; an earlier version stays."""

    type: ClassVar[str] = "insight.AssessmentPublished"
    stream: ClassVar[str] = "assessment"
    label: ClassVar[Any] = _("Open assessment published")
    period: str
    number: int
    units: int
