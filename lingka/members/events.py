"""What happens to members and workplaces: ids and which fields, never a value of a person's.

Nothing is recorded of signing in. None of a member's events is listed with author and minute: it
would follow somebody through the day.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class MemberJoined(EventData):
    """Somebody takes part from now on; `consent` is the version of the text agreed to."""

    type: ClassVar[str] = "members.MemberJoined"
    stream: ClassVar[str] = "member"
    label: ClassVar[Any] = _("Somebody joined")
    day_s_work: ClassVar[bool] = True
    consent: str
    name: dict[str, str]


@event_type
@dataclass(frozen=True)
class MemberChanged(EventData):
    """They corrected what is kept of them; `fields` says which, not to what."""

    type: ClassVar[str] = "members.MemberChanged"
    stream: ClassVar[str] = "member"
    label: ClassVar[Any] = _("A member corrected their entry")
    day_s_work: ClassVar[bool] = True
    fields: list[str]


@event_type
@dataclass(frozen=True)
class MemberConsented(EventData):
    """They agreed to another version of the text."""

    type: ClassVar[str] = "members.MemberConsented"
    stream: ClassVar[str] = "member"
    label: ClassVar[Any] = _("A member agreed to the new text")
    day_s_work: ClassVar[bool] = True
    consent: str


@event_type
@dataclass(frozen=True)
class MemberWarned(EventData):
    """Away for long: all that is kept goes on that day unless they come by."""

    type: ClassVar[str] = "members.MemberWarned"
    stream: ClassVar[str] = "member"
    label: ClassVar[Any] = _("A member was told that their entry will go")
    day_s_work: ClassVar[bool] = True
    goes_on: str


@event_type
@dataclass(frozen=True)
class MemberLeft(EventData):
    """Whoever keeps anything of theirs lets it go. `why`: "own" or "inactive"."""

    type: ClassVar[str] = "members.MemberLeft"
    stream: ClassVar[str] = "member"
    label: ClassVar[Any] = _("Somebody left")
    day_s_work: ClassVar[bool] = True
    why: str


@event_type
@dataclass(frozen=True)
class WorkplaceAsked(EventData):
    """A unit checks in with a community, or says anew what it offers there."""

    type: ClassVar[str] = "members.WorkplaceAsked"
    stream: ClassVar[str] = "workplace"
    label: ClassVar[Any] = _("Workplace checked in")
    unit: int
    area: int
    kinds: list[str]
    weekdays: list[int]
    times: list[str]


@event_type
@dataclass(frozen=True)
class WorkplaceConfirmed(EventData):
    """The community has looked at it, and how many of its people take part there."""

    type: ClassVar[str] = "members.WorkplaceConfirmed"
    stream: ClassVar[str] = "workplace"
    label: ClassVar[Any] = _("Workplace's check-in confirmed")
    unit: int
    area: int
    few: bool  # fewer than are told


@event_type
@dataclass(frozen=True)
class WorkplaceEnded(EventData):
    """It serves there no more; whoever named it names none."""

    type: ClassVar[str] = "members.WorkplaceEnded"
    stream: ClassVar[str] = "workplace"
    label: ClassVar[Any] = _("Workplace's check-in ended")
    unit: int
    area: int
