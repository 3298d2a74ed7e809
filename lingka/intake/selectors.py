"""What the resident's pages show, gathered from the modules below."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from lingka.accounts.selectors import PostInfo, on_duty_until
from lingka.areas.selectors import AreaInfo, PlaceInfo, ancestors, area
from lingka.cases.selectors import CaseTypeInfo, case_types
from lingka.core import clock, crypto
from lingka.core.text import pick
from lingka.intake import permissions
from lingka.intake.models import Quarantined
from lingka.units.selectors import UnitInfo, grid_office

MOST_TILES = 8


@dataclass(frozen=True)
class Tile:
    """A picture and a word to choose by."""

    url: str
    picture: str
    title: str
    note: str


@dataclass(frozen=True)
class Door:
    """What is known of a place whose code was scanned."""

    place: PlaceInfo
    name: str
    community: str
    grid: str
    until: dt.datetime | None
    office: UnitInfo | None


def tiles(place_code: str) -> list[Tile]:
    """Return the eight pictures: one per group of case types, its first type behind it."""
    first: dict[str, CaseTypeInfo] = {}
    for info in case_types(translation.get_language() or "zh-hans"):
        first.setdefault(info.group, info)
    return [_tile(info, place_code) for info in list(first.values())[:MOST_TILES]]


def _tile(info: CaseTypeInfo, place_code: str) -> Tile:
    return Tile(report_url(info.key, place_code), info.icon, info.name, info.description)


def report_url(case_type: str, place_code: str) -> str:
    url = reverse("intake:report", args=[case_type])
    return f"{url}?place={place_code}" if place_code else url


def door(place: PlaceInfo) -> Door:
    """Return place, community, grid, who is on duty and the grid office's number."""
    grid = area(place.grid_id)
    above = _above(grid)
    return Door(
        place=place,
        name=pick(place.name),
        community=pick(above.name) if above else "",
        grid=pick(grid.name),
        until=on_duty_until(grid.id, "grid_worker", clock.now()),
        office=grid_office(grid.path),
    )


def _above(grid: AreaInfo) -> AreaInfo | None:
    chain = ancestors(grid.path)
    return chain[-2] if len(chain) > 1 else None


def where(place: PlaceInfo | None) -> str:
    """Return a place with its community, as a receipt names it."""
    if place is None:
        return ""
    above = _above(area(place.grid_id))
    return f"{pick(above.name)} {pick(place.name)}" if above else pick(place.name)


def siblings(info: CaseTypeInfo) -> list[CaseTypeInfo]:
    """Return the other types of the same group, to choose a nearer one from."""
    every = case_types(translation.get_language() or "zh-hans")
    return [other for other in every if other.group == info.group]


@dataclass(frozen=True)
class Flood:
    """Held reports that came together."""

    key: str
    reports: list[tuple[Quarantined, dict[str, Any]]]


def held(posts: Sequence[PostInfo], *, limit: int = 200) -> list[Flood]:
    """Return the floods that wait in the areas of these posts, oldest first."""
    floods: dict[str, Flood] = {}
    for report in Quarantined.objects.filter(outcome="").order_by("id")[:limit]:
        if permissions.reaches(posts, report.desk_path):
            flood = floods.setdefault(report.flood, Flood(report.flood, []))
            flood.reports.append((report, crypto.unseal(bytes(report.sealed or b""))))
    return list(floods.values())


def held_report(uuid: UUID) -> tuple[str, str]:
    """Return the receipt that a held report got, if it did, and what became of it."""
    report = Quarantined.objects.filter(uuid=uuid).first()
    if report is None:
        return "", Quarantined.Outcome.DISCARDED
    token = crypto.unseal(bytes(report.sealed_token)) if report.sealed_token else ""
    return token, report.outcome
