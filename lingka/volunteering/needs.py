"""Needs beside what workplaces offer: which fit, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from lingka.areas.selectors import day_of
from lingka.core.text import pick
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.members.selectors import WorkplaceInfo
from lingka.units import selectors as units
from lingka.volunteering.labels import NEED
from lingka.volunteering.matching import Fit, fits
from lingka.volunteering.models import Need

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

    @property
    def title(self) -> str:
        return pick(self.titles)

    @property
    def text(self) -> str:
        return pick(self.texts)

    @property
    def kind_name(self) -> str:
        return kinds.kinds()[self.kind].name

    @property
    def picture(self) -> str:
        return kinds.kinds()[self.kind].picture

    @property
    def label(self) -> Any:
        return NEED[self.state]

    @property
    def when(self) -> list[str]:
        days = [str(kinds.WEEKDAYS[day]) for day in self.weekdays]
        return days + [str(kinds.TIMES[time]) for time in self.times]


def _infos(rows: Iterable[Need]) -> list[NeedInfo]:
    return [
        NeedInfo(
            row.uuid, row.kind, row.title, row.text, row.area_id, row.area.path,
            pick(row.area.name), row.weekdays, row.times, row.until, row.state, row.taken_by_id,
            pick(units.unit(row.taken_by_id).name) if row.taken_by_id else "",
        )
        for row in rows
    ]  # fmt: skip


def open_needs() -> list[NeedInfo]:
    """What communities look for hands for, for everybody."""
    rows = Need.objects.select_related("area").filter(state="open", until__gte=day_of(None))
    return _infos(rows.order_by("until", "pk")[:MOST])


def needs_of(paths: Iterable[str], own: Iterable[int], *, over: bool = False) -> list[NeedInfo]:
    """Under these areas; for the people of units, in communities that they checked in with, and
    what they picked up."""
    mine = set(own)
    here = {one.area_id for one in members.workplaces(own=mine) if one.confirmed_at} if mine else ()
    chosen = Q(area_id__in=here) | Q(taken_by_id__in=mine)
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    states = ["done", "withdrawn"] if over else ["open", "taken"]
    rows = Need.objects.select_related("area").filter(chosen, state__in=states)
    return _infos(rows.order_by("state", "until", "pk")[:MOST])


def need(uuid: UUID) -> NeedInfo | None:
    return next(iter(_infos(Need.objects.select_related("area").filter(uuid=uuid))), None)


def offers_for(found: NeedInfo) -> list[tuple[WorkplaceInfo, Fit]]:
    """Workplaces that checked in with the same community or street, with what speaks for each."""
    street = found.area_path.rstrip("/").rpartition("/")[0] + "/"
    near = [one for one in members.workplaces(paths=(street,)) if one.confirmed_at is not None]
    fitting = [(one, fit) for one in near if (fit := fits(found, one, found.area_id)) is not None]
    return sorted(fitting, key=lambda one: (-len(one[1].reasons), one[0].unit))
