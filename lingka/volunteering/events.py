"""What happens to activities and to those who serve: ids alone. Members are UUIDs.

Nothing that a member does is listed with author and minute: it would follow somebody through the
day. `HoursConfirmed` is what points and records hear.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class ActivityDrafted(EventData):
    type: ClassVar[str] = "volunteering.ActivityDrafted"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity drafted")
    code: str
    kind: str
    area: int
    words: str


@event_type
@dataclass(frozen=True)
class ActivityChanged(EventData):
    """Other words, or another shift; `words` is the hash of what is said, in all languages."""

    type: ClassVar[str] = "volunteering.ActivityChanged"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity changed")
    code: str
    words: str
    shifts: list[str]


@event_type
@dataclass(frozen=True)
class ActivityApproved(EventData):
    type: ClassVar[str] = "volunteering.ActivityApproved"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity approved")
    code: str


@event_type
@dataclass(frozen=True)
class ActivityReturned(EventData):
    """Sent back to whoever wrote it; `words` is the hash of what is asked for."""

    type: ClassVar[str] = "volunteering.ActivityReturned"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity sent back")
    code: str
    words: str


@event_type
@dataclass(frozen=True)
class ActivityPublished(EventData):
    type: ClassVar[str] = "volunteering.ActivityPublished"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity published")
    code: str


@event_type
@dataclass(frozen=True)
class ActivityCancelled(EventData):
    """It does not take place; `PlaceCalledOff` tells each who had a place or waited for one."""

    type: ClassVar[str] = "volunteering.ActivityCancelled"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Activity cancelled")
    code: str


@event_type
@dataclass(frozen=True)
class CampaignBegun(EventData):
    """So many places of an area are to be seen to; `words` is the hash of what is said."""

    type: ClassVar[str] = "volunteering.CampaignBegun"
    stream: ClassVar[str] = "campaign"
    day_s_work: ClassVar[bool] = True
    label: ClassVar[Any] = _("Campaign begun")
    area: int
    kind: str
    places: int
    ends_on: str
    words: str


@event_type
@dataclass(frozen=True)
class CampaignTakenOn(EventData):
    """Whoever is at this activity sees to the campaign's places."""

    type: ClassVar[str] = "volunteering.CampaignTakenOn"
    stream: ClassVar[str] = "campaign"
    day_s_work: ClassVar[bool] = True
    label: ClassVar[Any] = _("Campaign taken on")
    activity: str


@event_type
@dataclass(frozen=True)
class CampaignPlaceMarked(EventData):
    """How a place stands now; never who says so."""

    type: ClassVar[str] = "volunteering.CampaignPlaceMarked"
    stream: ClassVar[str] = "campaign"
    day_s_work: ClassVar[bool] = True
    label: ClassVar[Any] = _("Place of a campaign marked")
    place: int
    state: str


@event_type
@dataclass(frozen=True)
class CampaignClosed(EventData):
    """Its summary was written: so many places of so many."""

    type: ClassVar[str] = "volunteering.CampaignClosed"
    stream: ClassVar[str] = "campaign"
    day_s_work: ClassVar[bool] = True
    label: ClassVar[Any] = _("Campaign closed")
    done: int
    all: int


@event_type
@dataclass(frozen=True)
class PlaceTaken(EventData):
    """A member has a place, or waits for one."""

    type: ClassVar[str] = "volunteering.PlaceTaken"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Signed up")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    waits: bool


@event_type
@dataclass(frozen=True)
class PlaceMovedUp(EventData):
    """Who waited longest has the place that came free."""

    type: ClassVar[str] = "volunteering.PlaceMovedUp"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Moved up from the waiting list")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str


@event_type
@dataclass(frozen=True)
class PlaceCalledOff(EventData):
    """Their activity was cancelled."""

    type: ClassVar[str] = "volunteering.PlaceCalledOff"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Called off")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str


@event_type
@dataclass(frozen=True)
class PlaceNear(EventData):
    """It takes place within a day: somebody may be reminded."""

    type: ClassVar[str] = "volunteering.PlaceNear"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Takes place soon")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str


@event_type
@dataclass(frozen=True)
class PlaceGivenBack(EventData):
    type: ClassVar[str] = "volunteering.PlaceGivenBack"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Signed off")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str


@event_type
@dataclass(frozen=True)
class CheckedIn(EventData):
    """Here, by the code on the spot or (`listed`) by whoever keeps the list."""

    type: ClassVar[str] = "volunteering.CheckedIn"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Checked in")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    listed: bool


@event_type
@dataclass(frozen=True)
class SaidLater(EventData):
    """A phone without a network kept the code of a moment: somebody came then, or left. It counts
    once the desk has looked at it."""

    type: ClassVar[str] = "volunteering.SaidLater"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Said afterwards, without a network on the spot")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    left: bool


@event_type
@dataclass(frozen=True)
class CheckedOut(EventData):
    type: ClassVar[str] = "volunteering.CheckedOut"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Checked out")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    listed: bool


@event_type
@dataclass(frozen=True)
class HoursConfirmed(EventData):
    """Minutes served, inside the shift, confirmed by somebody who did not earn them."""

    type: ClassVar[str] = "volunteering.HoursConfirmed"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Hours confirmed")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    kind: str
    training: bool
    minutes: int
    confirmed_by: int


@event_type
@dataclass(frozen=True)
class HoursCorrected(EventData):
    """The minutes confirmed `before` were entered wrongly: `minutes` are right. The `number`th
    correction of this service."""

    type: ClassVar[str] = "volunteering.HoursCorrected"
    stream: ClassVar[str] = "service"
    label: ClassVar[Any] = _("Hours corrected")
    day_s_work: ClassVar[bool] = True
    activity: str
    shift: str
    member: str
    training: bool
    before: int
    minutes: int
    number: int
    corrected_by: int


@event_type
@dataclass(frozen=True)
class ShiftClosed(EventData):
    """Its hours are confirmed; so many wait for a look, since nobody checked them out."""

    type: ClassVar[str] = "volunteering.ShiftClosed"
    stream: ClassVar[str] = "activity"
    label: ClassVar[Any] = _("Hours of a shift confirmed")
    code: str
    shift: str
    served: int
    to_review: int


@event_type
@dataclass(frozen=True)
class NeedPublished(EventData):
    """A community looks for hands; `words` is the hash of what for, in all languages."""

    type: ClassVar[str] = "volunteering.NeedPublished"
    stream: ClassVar[str] = "need"
    label: ClassVar[Any] = _("Need published")
    area: int
    kind: str
    until: str
    words: str


@event_type
@dataclass(frozen=True)
class NeedTaken(EventData):
    """A unit sees to it; or, with none, gave it back."""

    type: ClassVar[str] = "volunteering.NeedTaken"
    stream: ClassVar[str] = "need"
    label: ClassVar[Any] = _("Need picked up")
    unit: int | None


@event_type
@dataclass(frozen=True)
class NeedEnded(EventData):
    """Delivered, says the community; or a wish, a project, or declined for a public reason."""

    type: ClassVar[str] = "volunteering.NeedEnded"
    stream: ClassVar[str] = "need"
    label: ClassVar[Any] = _("Need ended")
    state: str
    unit: int | None


@event_type
@dataclass(frozen=True)
class ResourceOffered(EventData):
    """A unit lends what stands idle; `words` is the hash of what, in all languages."""

    type: ClassVar[str] = "volunteering.ResourceOffered"
    stream: ClassVar[str] = "resource"
    label: ClassVar[Any] = _("Resource offered")
    unit: int
    area: int
    kind: str
    until: str
    words: str


@event_type
@dataclass(frozen=True)
class ResourceEnded(EventData):
    type: ClassVar[str] = "volunteering.ResourceEnded"
    stream: ClassVar[str] = "resource"
    label: ClassVar[Any] = _("Resource not offered any more")
    unit: int


@event_type
@dataclass(frozen=True)
class NeedTakenByTeam(EventData):
    """A service team sees to it."""

    type: ClassVar[str] = "volunteering.NeedTakenByTeam"
    stream: ClassVar[str] = "need"
    label: ClassVar[Any] = _("Need picked up by a team")
    team: str


@event_type
@dataclass(frozen=True)
class NeedPlanned(EventData):
    """An activity was drafted for it."""

    type: ClassVar[str] = "volunteering.NeedPlanned"
    stream: ClassVar[str] = "need"
    label: ClassVar[Any] = _("Activity drafted for a need")
    activity: str


@event_type
@dataclass(frozen=True)
class TeamAsked(EventData):
    """A team was founded; who is in it is told of nobody."""

    type: ClassVar[str] = "volunteering.TeamAsked"
    stream: ClassVar[str] = "team"
    label: ClassVar[Any] = _("Service team founded")
    day_s_work: ClassVar[bool] = True
    area: int
    kind: str
    skills: list[str]
    languages: list[str]


@event_type
@dataclass(frozen=True)
class TeamConfirmed(EventData):
    type: ClassVar[str] = "volunteering.TeamConfirmed"
    stream: ClassVar[str] = "team"
    label: ClassVar[Any] = _("Service team confirmed")
    area: int


@event_type
@dataclass(frozen=True)
class TeamEnded(EventData):
    type: ClassVar[str] = "volunteering.TeamEnded"
    stream: ClassVar[str] = "team"
    label: ClassVar[Any] = _("Service team ended")
    day_s_work: ClassVar[bool] = True
    area: int
