"""What happens to checklists and rounds."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type, upcaster


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


@event_type
@dataclass(frozen=True)
class SoundKept(EventData):
    """A question was recorded; a checklist speaks it from the version on that names it."""

    type: ClassVar[str] = "patrols.SoundKept"
    stream: ClassVar[str] = "checklist"
    label: ClassVar[Any] = _("Question recorded")
    sha256: str
    seconds: float


@event_type
@dataclass(frozen=True)
class SoundDropped(EventData):
    """A recording that no version names went."""

    type: ClassVar[str] = "patrols.SoundDropped"
    stream: ClassVar[str] = "checklist"
    label: ClassVar[Any] = _("Unused recording erased")
    sha256: str


@event_type
@dataclass(frozen=True)
class PlanMade(EventData):
    """A version of a plan came into force; what it says stands in the version."""

    type: ClassVar[str] = "patrols.PlanMade"
    stream: ClassVar[str] = "plan"
    label: ClassVar[Any] = _("Plan of a round made")
    number: int
    area: int
    unit: int
    content_hash: str


@event_type
@dataclass(frozen=True)
class PlanEnded(EventData):
    type: ClassVar[str] = "patrols.PlanEnded"
    stream: ClassVar[str] = "plan"
    label: ClassVar[Any] = _("Plan of a round ended")
    number: int


@event_type
@dataclass(frozen=True)
class DriveMade(EventData):
    type: ClassVar[str] = "patrols.DriveMade"
    stream: ClassVar[str] = "drive"
    label: ClassVar[Any] = _("Joint drive made")
    area: int
    begins_on: str
    ends_on: str


@event_type
@dataclass(frozen=True)
class DriveJoined(EventData):
    """A unit takes part, by a plan of its own."""

    type: ClassVar[str] = "patrols.DriveJoined"
    stream: ClassVar[str] = "drive"
    label: ClassVar[Any] = _("Unit joined a drive")
    unit: int
    plan: str


@event_type
@dataclass(frozen=True)
class JointVisitNoted(EventData):
    """Units were at a place together: written at a desk, and nobody's hour or name."""

    type: ClassVar[str] = "patrols.JointVisitNoted"
    stream: ClassVar[str] = "drive"
    label: ClassVar[Any] = _("Joint visit noted")
    day_s_work: ClassVar[bool] = True
    place: int
    day: str
    units: list[int]


@event_type
@dataclass(frozen=True)
class DriveEnded(EventData):
    type: ClassVar[str] = "patrols.DriveEnded"
    stream: ClassVar[str] = "drive"
    label: ClassVar[Any] = _("Joint drive ended")


@event_type
@dataclass(frozen=True)
class RoundsLaidOut(EventData):
    """Rounds of a plan were made, changed or cancelled, ahead of their days."""

    type: ClassVar[str] = "patrols.RoundsLaidOut"
    stream: ClassVar[str] = "plan"
    label: ClassVar[Any] = _("Rounds laid out")
    number: int
    rounds: list[str]


@event_type
@dataclass(frozen=True)
class RoundStarted(EventData):
    type: ClassVar[str] = "patrols.RoundStarted"
    stream: ClassVar[str] = "round"
    label: ClassVar[Any] = _("Round started")
    day_s_work: ClassVar[bool] = True
    was_missed: bool


@event_type
@dataclass(frozen=True)
class StopRecorded(EventData):
    """A stop was done or left out. Which one is not said, nor what came of it, by which one could
    tell, nor when by the phone's clock: together with who, that would be a track.
    """

    type: ClassVar[str] = "patrols.StopRecorded"
    version: ClassVar[int] = 3
    stream: ClassVar[str] = "round"
    label: ClassVar[Any] = _("Stop recorded")
    day_s_work: ClassVar[bool] = True


@upcaster("patrols.StopRecorded", 1)
def _which_stop_is_not_read(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "stop"}


@upcaster("patrols.StopRecorded", 2)
def _nor_what_came_of_it(_data: dict[str, Any]) -> dict[str, Any]:
    return {}


@event_type
@dataclass(frozen=True)
class RoundEnded(EventData):
    type: ClassVar[str] = "patrols.RoundEnded"
    stream: ClassVar[str] = "round"
    label: ClassVar[Any] = _("Round ended")
    day_s_work: ClassVar[bool] = True
    done: int
    skipped: int
    open: int


@event_type
@dataclass(frozen=True)
class RoundMissed(EventData):
    """Its time is over and nobody started it; `brought_to` is the area whose desk is told."""

    type: ClassVar[str] = "patrols.RoundMissed"
    stream: ClassVar[str] = "round"
    label: ClassVar[Any] = _("Round missed")
    in_a_row: int
    brought_to: int


@event_type
@dataclass(frozen=True)
class MissExplained(EventData):
    type: ClassVar[str] = "patrols.MissExplained"
    stream: ClassVar[str] = "round"
    label: ClassVar[Any] = _("Missed round explained")
    excuse: str


@event_type
@dataclass(frozen=True)
class ChecklistSubmitted(EventData):
    """A checklist was gone through. Where, and what was found, is not said: that stands with the
    place and the day, without who. Its stream is its own, and leads to nothing.
    """

    type: ClassVar[str] = "patrols.ChecklistSubmitted"
    version: ClassVar[int] = 2
    stream: ClassVar[str] = "submission"
    label: ClassVar[Any] = _("Checklist gone through")
    day_s_work: ClassVar[bool] = True


@upcaster("patrols.ChecklistSubmitted", 1)
def _the_place_is_not_read(_data: dict[str, Any]) -> dict[str, Any]:
    return {}


@event_type
@dataclass(frozen=True)
class EntryMade(EventData):
    """A place was put into a register, at a desk."""

    type: ClassVar[str] = "patrols.EntryMade"
    stream: ClassVar[str] = "entry"
    label: ClassVar[Any] = _("Place entered in a register")
    day_s_work: ClassVar[bool] = True
    register: str
    place: int
    state: str
    values: dict[str, Any]


@event_type
@dataclass(frozen=True)
class EntryChanged(EventData):
    type: ClassVar[str] = "patrols.EntryChanged"
    stream: ClassVar[str] = "entry"
    label: ClassVar[Any] = _("Register changed")
    day_s_work: ClassVar[bool] = True
    before: dict[str, Any]
    after: dict[str, Any]


@event_type
@dataclass(frozen=True)
class EntryEnded(EventData):
    type: ClassVar[str] = "patrols.EntryEnded"
    stream: ClassVar[str] = "entry"
    label: ClassVar[Any] = _("Place taken out of a register")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class EntrySeen(EventData):
    """A register was kept up by a phone. Which entry is not said: with who, it would be a way."""

    type: ClassVar[str] = "patrols.EntrySeen"
    stream: ClassVar[str] = "submission"
    label: ClassVar[Any] = _("Register kept up on a round")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class DecisionMade(EventData):
    """A monthly review decided something; it became a case or a version of a plan."""

    type: ClassVar[str] = "patrols.DecisionMade"
    stream: ClassVar[str] = "decision"
    label: ClassVar[Any] = _("Decided in a monthly review")
    area: int
    month: str
    words: dict[str, str]
    case: str | None
    plan: int | None
    plan_number: int | None
