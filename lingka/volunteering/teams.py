"""Reads on service teams: what they can do and, for their captain alone, who is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from lingka.core.text import pick
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.volunteering import teaming
from lingka.volunteering.labels import SERVICE
from lingka.volunteering.models import Service, Team, TeamMember

NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class TeamInfo:
    uuid: UUID
    code: str
    name: str
    kind: str
    skills: list[str]
    languages: list[str]
    area_id: int
    area: str
    area_path: str
    captain: UUID | None
    confirmed_at: datetime | None
    size: int
    weekdays: Sequence[int] = ()  # a team has no hours of its own
    times: Sequence[str] = ()

    @property
    def kinds(self) -> list[str]:
        return [self.kind]

    @property
    def kind_name(self) -> str:
        return kinds.kinds()[self.kind].name

    @property
    def picture(self) -> str:
        return kinds.kinds()[self.kind].picture

    @property
    def can(self) -> list[str]:
        return [*teaming.skill_names(self.skills), *(str(NAMES[one]) for one in self.languages)]

    @property
    def shown_size(self) -> str:
        return kinds.shown_count(self.size)


def _infos(rows: QuerySet[Team]) -> list[TeamInfo]:
    found = rows.filter(ended_at=None).select_related("area").annotate(size=Count("members"))
    return [
        TeamInfo(
            row.uuid, row.code, row.name, row.kind, row.skills, row.languages, row.area_id,
            pick(row.area.name), row.area.path, row.captain, row.confirmed_at, row.size,
        ) for row in found.order_by("confirmed_at", "pk")
    ]  # fmt: skip


def of_member(member: UUID) -> list[TeamInfo]:
    own = TeamMember.objects.filter(member=member).values("team")
    return _infos(Team.objects.filter(pk__in=own))


def under(paths: Iterable[str]) -> list[TeamInfo]:
    """A desk's: names of teams and how many are in them, not who."""
    chosen = Q(pk__in=())
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    return _infos(Team.objects.filter(chosen))


def team(uuid: UUID) -> TeamInfo | None:
    return next(iter(_infos(Team.objects.filter(uuid=uuid))), None)


def in_team(uuid: UUID, member: UUID) -> bool:
    return TeamMember.objects.filter(team__uuid=uuid, member=member).exists()


def people(uuid: UUID) -> list[tuple[UUID, str]]:
    """Who is in it, by the names that they chose, in the order of joining: for the captain."""
    rows = list(
        TeamMember.objects.filter(team__uuid=uuid).order_by("pk").values_list("member", flat=True)
    )
    names = members.names(rows)
    return [(one, names.get(one, "")) for one in rows]


@dataclass(frozen=True)
class Place:
    """One of a team's people at one time."""

    uuid: UUID
    name: str
    state: str
    own: bool  # the captain's own: they scan the code as everybody does

    @property
    def label(self) -> Any:
        return SERVICE[self.state]


def places(uuid: UUID, shift: UUID, captain: UUID) -> list[Place]:
    """The captain's list for one time: the team's people who have a place there through it.
    Where they go by themselves is not told to their captain."""
    named = dict(people(uuid))
    rows = Service.objects.filter(shift__uuid=shift, team__uuid=uuid, member__in=list(named))
    rows = rows.filter(state__in=["going", "here", "gone", "review", "served"]).order_by("pk")
    return [
        Place(one.uuid, named[one.member], one.state, one.member == captain)
        for one in rows if one.member
    ]  # fmt: skip
