"""Every area in memory, and places as they are asked for: read without SQL on a hit.

A process looks at `Revision` (one row) every second at most and loads anew when its token
changed; its own changes call `forget`. Shapes are read only when somebody locates or draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from lingka.areas.levels import scheme
from lingka.areas.locator import Locator, Shape
from lingka.areas.models import Area, Place, Revision
from lingka.core.keeping import Kept

LOOK_EVERY = 1.0  # seconds
MOST_PLACES = 50_000  # kept in memory; more are asked for anew


@dataclass(frozen=True)
class AreaInfo:
    id: int
    uuid: UUID
    level: str
    code: str
    name: Mapping[str, str]
    path: str
    kind: str
    parent_id: int | None
    lon: float | None
    lat: float | None
    households: int | None
    valid_from: date
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class PlaceInfo:
    id: int
    uuid: UUID
    code: str
    kind: str
    name: Mapping[str, str]
    address: Mapping[str, str]
    grid_id: int
    lon: float
    lat: float
    active: bool


@dataclass
class Snapshot:
    areas: dict[int, AreaInfo]
    places: dict[int, PlaceInfo] = field(default_factory=dict)
    place_ids: dict[str, int] = field(default_factory=dict)
    boundaries: dict[int, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def children(self) -> dict[int | None, list[AreaInfo]]:
        found: dict[int | None, list[AreaInfo]] = {}
        for info in sorted(self.areas.values(), key=lambda one: one.code):
            found.setdefault(info.parent_id, []).append(info)
        return found

    @cached_property
    def locator(self) -> Locator:
        grids = Area.objects.filter(level=scheme().grid, boundary__isnull=False)
        rows = grids.values_list(
            "id", "code", "kind", "boundary", "valid_from", "valid_to"
        ).iterator()
        return Locator(
            Shape(number, code, kind, bytes(wkb or b""), since, until)
            for number, code, kind, wkb, since, until in rows
        )

    def keep_places(self, rows: Iterable[Place]) -> list[PlaceInfo]:
        """Remember places read from the database."""
        infos = [
            PlaceInfo(
                row.id, row.uuid, row.code, row.kind, row.name, row.address, row.grid_id, row.lon,
                row.lat, row.active,
            )
            for row in rows
        ]  # fmt: skip
        if len(self.places) + len(infos) > MOST_PLACES:
            self.places.clear()
            self.place_ids.clear()
        for info in infos:
            self.places[info.id] = info
            self.place_ids[info.code] = info.id
        return infos


def _areas() -> dict[int, AreaInfo]:
    rows = Area.objects.values_list(
        "id", "uuid", "level", "code", "name", "path", "kind", "parent_id", "lon", "lat",
        "households", "valid_from", "valid_to",
    )  # fmt: skip
    return {row[0]: AreaInfo(*row) for row in rows}


def _token() -> object:
    return Revision.objects.values_list("token", flat=True).first()


_ALL = Kept(lambda: Snapshot(_areas()), every=LOOK_EVERY, sign=_token)
forget, token = _ALL.forget, _ALL.sign


def snapshot() -> Snapshot:
    """What is known now, at most a second old."""
    return _ALL.now()
