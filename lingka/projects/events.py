"""What happens to projects. What a user answers is no event: the log would keep what nobody may."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type


@event_type
@dataclass(frozen=True)
class ListBegun(EventData):
    type: ClassVar[str] = "projects.ListBegun"
    stream: ClassVar[str] = "project_list"
    label: ClassVar[Any] = _("The year's list begun")
    area: int
    year: int


@event_type
@dataclass(frozen=True)
class ListPublished(EventData):
    """From now on nothing leaves it; so many projects."""

    type: ClassVar[str] = "projects.ListPublished"
    stream: ClassVar[str] = "project_list"
    label: ClassVar[Any] = _("The year's list published")
    projects: int


@event_type
@dataclass(frozen=True)
class ProjectSet(EventData):
    """Entered, or entered anew before the list is public; `words` is the hash of what it says."""

    type: ClassVar[str] = "projects.ProjectSet"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Project entered")
    code: str
    owner: int
    planned: int
    due: str
    words: str


@event_type
@dataclass(frozen=True)
class MilestoneSet(EventData):
    type: ClassVar[str] = "projects.MilestoneSet"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Milestone entered")
    milestone: str
    due: str
    words: str


@event_type
@dataclass(frozen=True)
class ProjectLeftOut(EventData):
    """Taken out again before the list was public."""

    type: ClassVar[str] = "projects.ProjectLeftOut"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Project left out")
    code: str


@event_type
@dataclass(frozen=True)
class MilestoneLeftOut(EventData):
    """Taken out again before the list was public."""

    type: ClassVar[str] = "projects.MilestoneLeftOut"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Milestone left out")
    milestone: str


@event_type
@dataclass(frozen=True)
class MilestoneReached(EventData):
    type: ClassVar[str] = "projects.MilestoneReached"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Milestone reached")
    day_s_work: ClassVar[bool] = True
    milestone: str
    on: str


@event_type
@dataclass(frozen=True)
class ProjectChanged(EventData):
    """A day, a cost or the whole changed, for a reason that everybody reads; `why` is its hash."""

    type: ClassVar[str] = "projects.ProjectChanged"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Project changed")
    kind: str
    before: str
    after: str
    why: str


@event_type
@dataclass(frozen=True)
class PhotoShown(EventData):
    """A photo for everybody; what is said under it goes with it when it is taken down."""

    type: ClassVar[str] = "projects.PhotoShown"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Photo shown")
    day_s_work: ClassVar[bool] = True
    photo: str
    shows: str
    milestone: str


@event_type
@dataclass(frozen=True)
class PhotoTakenDown(EventData):
    type: ClassVar[str] = "projects.PhotoTakenDown"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Photo taken down")
    day_s_work: ClassVar[bool] = True
    photo: str


@event_type
@dataclass(frozen=True)
class UsersAsked(EventData):
    """Its owner says that it is done: whoever uses it is asked."""

    type: ClassVar[str] = "projects.UsersAsked"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Its users are asked")
    round: int
    done_on: str
    until: str


@event_type
@dataclass(frozen=True)
class UsersAnswered(EventData):
    """The asking is over: confirmed, denied, or too few."""

    type: ClassVar[str] = "projects.UsersAnswered"
    stream: ClassVar[str] = "project"
    label: ClassVar[Any] = _("Its users answered")
    round: int
    outcome: str
