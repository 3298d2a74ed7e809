"""What happens at councils. Nothing says who stands behind a topic, who came, who raised a hand."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class CouncilSet(EventData):
    """A council was opened, changed or closed."""

    type: ClassVar[str] = "deliberation.CouncilSet"
    stream: ClassVar[str] = "council"
    label: ClassVar[Any] = _("Council set up")
    kind: str
    area: int
    unit: int
    seats: int | None
    is_open: bool


@event_type
@dataclass(frozen=True)
class TopicRaised(EventData):
    """Something was brought before a council."""

    type: ClassVar[str] = "deliberation.TopicRaised"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Topic raised")
    council: str
    origin: str
    case: str
    words: dict[str, str]


@event_type
@dataclass(frozen=True)
class TopicMoved(EventData):
    """A topic stands elsewhere on its way."""

    type: ClassVar[str] = "deliberation.TopicMoved"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Topic went on")
    council: str
    state: str


@event_type
@dataclass(frozen=True)
class MeetingMoved(EventData):
    """A meeting was planned, convened, held or called off."""

    type: ClassVar[str] = "deliberation.MeetingMoved"
    stream: ClassVar[str] = "meeting"
    label: ClassVar[Any] = _("Meeting of a council")
    council: str
    state: str
    starts_at: str
    present: int


@event_type
@dataclass(frozen=True)
class MeetingRecorded(EventData):
    """A voice note for the minutes was kept, or erased."""

    type: ClassVar[str] = "deliberation.MeetingRecorded"
    stream: ClassVar[str] = "meeting"
    label: ClassVar[Any] = _("Voice note for the minutes")
    day_s_work: ClassVar[bool] = True
    kept: bool


@event_type
@dataclass(frozen=True)
class MeetingPrepared(EventData):
    """Something was put on a meeting's agenda, or a group or unit invited, or material laid out."""

    type: ClassVar[str] = "deliberation.MeetingPrepared"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Meeting prepared")
    what: str  # "agenda", "invited", "material"
    reason: str
    unit: int | None


@event_type
@dataclass(frozen=True)
class DecisionTaken(EventData):
    """The table decided, by hands that were counted."""

    type: ClassVar[str] = "deliberation.DecisionTaken"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Decision taken")
    meeting: str
    adopted: bool
    yes: int
    no: int
    abstained: int
    words: dict[str, str]


@event_type
@dataclass(frozen=True)
class TopicPutToVote(EventData):
    """A topic's proposal went before a roll; `vote` is the stream of its vote."""

    type: ClassVar[str] = "deliberation.TopicPutToVote"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Topic put to a vote")
    vote: str
    rule: str
    words: dict[str, str]


@event_type
@dataclass(frozen=True)
class TopicVoted(EventData):
    """Its vote was counted or cancelled; the sums stand in the result that has this hash."""

    type: ClassVar[str] = "deliberation.TopicVoted"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Result of the vote on a topic")
    vote: str
    outcome: str
    hash: str


@event_type
@dataclass(frozen=True)
class ContributionMoved(EventData):
    """Something was written on a topic, hidden by a rule, objected to, judged, or taken back. Of
    whoever wrote it nothing is said."""

    type: ClassVar[str] = "deliberation.ContributionMoved"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Talk on a topic")
    day_s_work: ClassVar[bool] = True  # what neighbours write is no change of how things are set
    contribution: str
    what: str  # "written", "hidden", "objected", "shown", "kept_hidden", "taken_back"
    rule: str
    words: dict[str, str]


@event_type
@dataclass(frozen=True)
class ResolutionMade(EventData):
    """What was decided has an owner, a date and a case."""

    type: ClassVar[str] = "deliberation.ResolutionMade"
    stream: ClassVar[str] = "topic"
    label: ClassVar[Any] = _("Resolution given to its owner")
    unit: int
    until: str
    budget: int | None
    case: str
