"""Needs beside what workplaces offer: which fit, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core.text import pick
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.members.selectors import WorkplaceInfo
from lingka.units import selectors as units
from lingka.volunteering import teams
from lingka.volunteering.kinds import kinds as all_kinds
from lingka.volunteering.labels import NEED
from lingka.volunteering.matching import AT_HOME, LANGUAGES, Fit, fits
from lingka.volunteering.models import Need, Resource
from lingka.volunteering.rules import street_of
from lingka.volunteering.teams import TeamInfo

MOST = 100  # in one list


@dataclass(frozen=True)
class NeedInfo:
    uuid: UUID
    kind: str
    titles: dict[str, str]
    texts: dict[str, str]
    area_id: int
    area_path: str
    area: str
    weekdays: list[int]
    times: list[str]
    until: date
    state: str
    unit_id: int | None
    unit: str
    languages: list[str]
    published_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    why: str
    became: str
    activities: list[str]  # codes of what was drafted for it
    public: list[str]  # of these, what everybody reads

    @property
    def title(self) -> str:
        return pick(self.titles)

    @property
    def text(self) -> str:
        return pick(self.texts)

    @property
    def kind_name(self) -> str:
        return all_kinds()[self.kind].name

    @property
    def picture(self) -> str:
        return all_kinds()[self.kind].picture

    @property
    def label(self) -> Any:
        return NEED[self.state]

    @property
    def when(self) -> list[str]:
        return _when(self.weekdays, self.times, self.languages)


def _when(weekdays: list[int], times: list[str], languages: list[str]) -> list[str]:
    days = [str(kinds.WEEKDAYS[day]) for day in weekdays]
    spoken = [str(LANGUAGES[one]) for one in languages]
    return days + [str(kinds.TIMES[time]) for time in times] + spoken


@dataclass(frozen=True)
class ResourceInfo:
    """What a unit lends, and when it is free."""

    uuid: UUID
    unit_id: int
    unit: str
    area_id: int
    area: str
    area_path: str
    kind: str
    titles: dict[str, str]
    texts: dict[str, str]
    weekdays: list[int]
    times: list[str]
    languages: list[str]
    until: date

    @property
    def kinds(self) -> list[str]:
        return [self.kind]

    @property
    def kind_name(self) -> str:
        return all_kinds()[self.kind].name

    @property
    def picture(self) -> str:
        return all_kinds()[self.kind].picture

    @property
    def title(self) -> str:
        return pick(self.titles)

    @property
    def text(self) -> str:
        return pick(self.texts)

    @property
    def when(self) -> list[str]:
        return _when(self.weekdays, self.times, self.languages)


def resources(paths: Iterable[str] = ("/",), own: Iterable[int] = ()) -> list[ResourceInfo]:
    """What is lent now, under these areas or by these units."""
    chosen = Q(unit__in=list(own))
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    rows = Resource.objects.filter(chosen, ended_at=None, until__gte=day_of(None))
    rows = rows.select_related("area").order_by("kind", "until", "pk")
    return [
        ResourceInfo(
            row.uuid, row.unit_id, pick(units.unit(row.unit_id).name), row.area_id,
            pick(row.area.name), row.area.path, row.kind, row.title, row.text, row.weekdays,
            row.times, row.languages, row.until,
        )
        for row in rows[:MOST]
    ]  # fmt: skip


def listed(since: datetime, paths: Iterable[str] = ("/",)) -> list[NeedInfo]:
    """Every need published since then, however it ended, and those that wait from before: they
    come first."""
    rows = _rows().filter(_since(since, paths))
    waiting = {"open": 0, "taken": 1}
    found = sorted(rows, key=lambda row: (waiting.get(row.state, 2), -row.pk))
    return _infos(found[: 2 * MOST])


def _since(since: datetime, paths: Iterable[str]) -> Q:
    under = Q(pk=None)
    for path in paths:
        under |= Q(area__path__startswith=path)
    return under & (Q(published_at__gte=since) | Q(state__in=["open", "taken"]))


@dataclass(frozen=True)
class Counts:
    """How needs stand: pledged is not delivered."""

    all: int
    open: int
    taken: int
    done: int
    wish: int
    project: int
    declined: int


def counts(since: datetime, paths: Iterable[str] = ("/",)) -> Counts:
    """Of all of them, also of those that the list has no room for."""
    rows = Need.objects.filter(_since(since, paths)).values_list("state")
    found = dict(rows.annotate(number=Count("pk")).order_by())
    return Counts(
        sum(found.values()),
        *(found.get(one, 0) for one in ("open", "taken", "done", "wish", "project", "declined")),
    )


def _infos(rows: Iterable[Need]) -> list[NeedInfo]:
    return [
        NeedInfo(
            row.uuid, row.kind, row.title, row.text, row.area_id, row.area.path,
            pick(row.area.name), row.weekdays, row.times, row.until, row.state, row.taken_by_id,
            _who(row), row.languages,
            row.published_at, row.taken_at, row.ended_at, row.why, row.became,
            [one.code for one in row.activities.all()],
            [one.code for one in row.activities.all() if one.state == "published"],
        )
        for row in rows
    ]  # fmt: skip


def _who(row: Need) -> str:
    if row.team is not None:
        return row.team.name
    return pick(units.unit(row.taken_by_id).name) if row.taken_by_id else ""


def _rows() -> QuerySet[Need]:
    return Need.objects.select_related("area", "team").prefetch_related("activities")


def open_needs() -> list[NeedInfo]:
    """What communities look for hands for, for everybody."""
    rows = _rows().filter(state="open", until__gte=day_of(None))
    return _infos(rows.order_by("until", "pk")[:MOST])


def needs_of(paths: Iterable[str], own: Iterable[int], *, over: bool = False) -> list[NeedInfo]:
    """Under these areas; for the people of units, in communities that they checked in with, and
    what they picked up."""
    mine = set(own)
    here = {one.area_id for one in members.workplaces(own=mine) if one.confirmed_at} if mine else ()
    chosen = Q(area_id__in=here) | Q(taken_by_id__in=mine)
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    states = ["done", "wish", "project", "declined"] if over else ["open", "taken"]
    rows = _rows().filter(chosen, state__in=states)
    return _infos(rows.order_by("state", "until", "pk")[:MOST])


def need(uuid: UUID) -> NeedInfo | None:
    return next(iter(_infos(_rows().filter(uuid=uuid))), None)


def offers_for(found: NeedInfo) -> list[tuple[WorkplaceInfo | ResourceInfo, Fit]]:
    """What is lent around, and workplaces that checked in there, with what speaks for each."""
    street = street_of(found.area_path)
    near = [one for one in members.workplaces(paths=(street,)) if one.confirmed_at is not None]
    fitting: list[tuple[WorkplaceInfo | ResourceInfo, Fit]] = [
        (one, fit) for one in near if (fit := fits(found, one, found.area_id)) is not None
    ]
    here = _("lies in this community")
    for lent in resources((street,)):
        fit = fits(found, lent, found.area_id, here=here, speaks=lent.languages)
        if fit is not None:
            fitting.append((lent, fit))
    return sorted(fitting, key=lambda one: (-len(one[1].reasons), one[0].unit))


def teams_for(found: NeedInfo) -> list[tuple[TeamInfo, Fit]]:
    """Confirmed teams of the same street, with what speaks for each."""
    street = street_of(found.area_path)
    near = [one for one in teams.under((street,)) if one.confirmed_at is not None]
    fitting = [
        (one, fit) for one in near
        if (fit := fits(found, one, found.area_id, here=AT_HOME, speaks=one.languages)) is not None
    ]  # fmt: skip
    return sorted(fitting, key=lambda one: (-len(one[1].reasons), one[0].name))


def for_team(team: TeamInfo) -> list[tuple[NeedInfo, Fit]]:
    """Open needs of a team's street that fit it, with the reasons; what it sees to has none."""
    street = street_of(team.area_path)
    rows = _rows().filter(state="open", until__gte=day_of(None), area__path__startswith=street)
    found = [
        (one, fit) for one in _infos(rows.order_by("until", "pk")[:MOST])
        if (fit := fits(one, team, one.area_id, here=AT_HOME, speaks=team.languages)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: -len(one[1].reasons))


def seen_to_by(team: TeamInfo) -> list[NeedInfo]:
    return _infos(_rows().filter(team__uuid=team.uuid, state="taken").order_by("until", "pk"))
