"""What happens to votes. Of ballots, of who voted and when, nothing is told, at no time: that paper
was handed out, entered or compared, and by whom, but not which number it was, or what it chose."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class VotePrepared(EventData):
    """Written, or written anew; `digest` is of what is asked and of whom."""

    type: ClassVar[str] = "voting.VotePrepared"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote prepared")
    area: int
    rule: str
    digest: str


@event_type
@dataclass(frozen=True)
class VoteOpened(EventData):
    """The roll is frozen: so many are in it. `digest` is of what is asked and by which rule."""

    type: ClassVar[str] = "voting.VoteOpened"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote opened")
    area: int
    roll: int
    secret: bool
    closes_at: str
    digest: str


@event_type
@dataclass(frozen=True)
class VoteNear(EventData):
    """It ends within a day. Who has not voted, it does not say."""

    type: ClassVar[str] = "voting.VoteNear"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote ends soon")
    closes_at: str


@event_type
@dataclass(frozen=True)
class VoteClosed(EventData):
    type: ClassVar[str] = "voting.VoteClosed"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote closed")


@event_type
@dataclass(frozen=True)
class PaperHanded(EventData):
    """A colleague handed one paper ballot out. To whom, the roll alone says."""

    type: ClassVar[str] = "voting.PaperHanded"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Paper ballot handed out")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class PaperEntered(EventData):
    """A colleague entered one ballot of an open vote. Whose, and what it chose, is not told."""

    type: ClassVar[str] = "voting.PaperEntered"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Paper ballot entered")
    day_s_work: ClassVar[bool] = True


@event_type
@dataclass(frozen=True)
class PaperCompared(EventData):
    """Another compared an entry with its ballot: it counts, or is entered anew."""

    type: ClassVar[str] = "voting.PaperCompared"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Paper ballot compared")
    day_s_work: ClassVar[bool] = True
    right: bool


@event_type
@dataclass(frozen=True)
class PaperLeftOut(EventData):
    """A colleague found so many ballots missing that were handed out; another may count."""

    type: ClassVar[str] = "voting.PaperLeftOut"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Paper ballots found missing")
    missing: int


@event_type
@dataclass(frozen=True)
class PaperCounted(EventData):
    """A colleague entered what they counted of the paper ballots; the numbers are not told."""

    type: ClassVar[str] = "voting.PaperCounted"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Paper ballots counted")


@event_type
@dataclass(frozen=True)
class VoteCounted(EventData):
    """`hash` is of the result's canonical JSON, as published."""

    type: ClassVar[str] = "voting.VoteCounted"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote counted")
    area: int
    carried: bool
    option: int | None
    hash: str


@event_type
@dataclass(frozen=True)
class VoteCancelled(EventData):
    """`digest` is of the reason."""

    type: ClassVar[str] = "voting.VoteCancelled"
    stream: ClassVar[str] = "vote"
    label: ClassVar[Any] = _("Vote cancelled")
    digest: str
