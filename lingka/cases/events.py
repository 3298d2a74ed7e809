"""What happens to cases. Ids, codes and salted hashes only: words live in content rows."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type

Texts = list[dict[str, str]]  # {"name", "audience", "language", "content", "hash"}
Files = list[dict[str, str]]  # {"attachment", "hash"}: hash of the bytes as received


@event_type
@dataclass(frozen=True)
class CaseOpened(EventData):
    """A report came in. `state` is the whole first state of the case."""

    type: ClassVar[str] = "cases.CaseOpened"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Case opened")
    state: dict[str, Any]
    receipt: str
    texts: Texts = field(default_factory=list)
    files: Files = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)  # answers chosen from lists


@event_type
@dataclass(frozen=True)
class CaseActed(EventData):
    """Somebody did something to a case; `changes` is what it meant."""

    type: ClassVar[str] = "cases.CaseActed"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Action on a case")
    action: str
    from_state: str
    to_state: str
    from_stage: str
    to_stage: str
    unit: int | None
    changes: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    texts: Texts = field(default_factory=list)
    files: Files = field(default_factory=list)
    request: str = ""  # keyed hash of what was asked: tells a repeat from another request


@event_type
@dataclass(frozen=True)
class ClockWarned(EventData):
    """A deadline comes near: so much of its time has passed."""

    type: ClassVar[str] = "cases.ClockWarned"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Deadline comes near")
    clock: str
    percent: int
    due: str
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ClockBreached(EventData):
    """A deadline has passed; it is told one level further up each time this is found."""

    type: ClassVar[str] = "cases.ClockBreached"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Deadline has passed")
    clock: str
    level: int
    due: str
    area: int  # whose desk and supervisors are told
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ClocksRecomputed(EventData):
    """The working calendar changed, and with it deadlines that had not passed their case."""

    type: ClassVar[str] = "cases.ClocksRecomputed"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Deadlines computed anew")
    calendar: int  # the version's id
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class CaseFollowed(EventData):
    """Somebody else named the same matter and follows this case."""

    type: ClassVar[str] = "cases.CaseFollowed"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Somebody joined: me too")
    receipt: str
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class CasesMerged(EventData):
    """Another case was about the same: its reporters follow this one from now on."""

    type: ClassVar[str] = "cases.CasesMerged"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Another case was joined with this one")
    merged: str  # the other, which is closed
    number: str
    unit: int | None
    receipts: list[str]
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class CasesParted(EventData):
    """Another case was merged with this one by mistake: its reporters follow their own again."""

    type: ClassVar[str] = "cases.CasesParted"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("A case that was joined with this one goes on by itself")
    merged: str  # the other, which is open again
    number: str
    unit: int | None
    receipts: list[str]
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class PartEnded(EventData):
    """A part that was split off this case has ended, done or not needed any more."""

    type: ClassVar[str] = "cases.PartEnded"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("A part of it ended")
    part: str
    number: str
    unit: int | None  # that had it last
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class CouncilEnded(EventData):
    """The case that a council made of this one has ended, whatever it resolved."""

    type: ClassVar[str] = "cases.CouncilEnded"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("The council is done with it")
    council: str
    number: str
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class CouncilGoesOn(EventData):
    """What the council had ended is open again, and with it what it is to settle."""

    type: ClassVar[str] = "cases.CouncilGoesOn"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("The council takes it up again")
    council: str
    number: str
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ContactErased(EventData):
    """The contact data of one receipt was erased, on time or on request."""

    type: ClassVar[str] = "cases.ContactErased"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Contact data erased")
    receipt: str
    reason: str
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ContactChanged(EventData):
    """The ways by which one reporter can be reached are now these; never what they are."""

    type: ClassVar[str] = "cases.ContactChanged"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("The resident changed how to be reached")
    receipt: str
    ways: list[str]
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ReceiptSentAgain(EventData):
    """A lost receipt goes to the contact that was left with it; why stands in a text."""

    type: ClassVar[str] = "cases.ReceiptSentAgain"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("The receipt was sent again")
    receipt: str
    unit: int | None
    changes: dict[str, Any]
    texts: Texts = field(default_factory=list)


@event_type
@dataclass(frozen=True)
class LinkMade(EventData):
    """A unit without accounts was given a link to one assignment; what was asked is a text."""

    type: ClassVar[str] = "cases.LinkMade"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Link made for a unit without accounts")
    link: str
    unit: int | None  # that made it
    given: dict[str, Any]  # the unit that it is for
    expires_at: str
    changes: dict[str, Any]
    texts: Texts = field(default_factory=list)


@event_type
@dataclass(frozen=True)
class LinkRevoked(EventData):
    """The link opens nothing any more."""

    type: ClassVar[str] = "cases.LinkRevoked"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Link revoked")
    link: str
    unit: int | None
    given: dict[str, Any]
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class ColleaguesMentioned(EventData):
    """Colleagues were named in the internal note before it, and are told of the case."""

    type: ClassVar[str] = "cases.ColleaguesMentioned"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Colleagues named in a note")
    users: list[int]
    unit: int | None  # that named them
    changes: dict[str, Any]


@event_type
@dataclass(frozen=True)
class BroughtIn(EventData):
    """What reached the case apart from its report or action, from where there was no network: their
    files, or an action that no longer fitted, in staff's words."""

    type: ClassVar[str] = "cases.BroughtIn"
    stream: ClassVar[str] = "case"
    label: ClassVar[Any] = _("Brought in later")
    action: str  # that it belongs to, "" for the report itself
    late: bool  # the action was not possible any more
    unit: int | None
    changes: dict[str, Any]
    texts: Texts = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
