"""Reads on areas and places: where a point lies, what an area is, what is near."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from lingka.areas import naming
from lingka.areas.cache import AreaInfo, PlaceInfo, forget, snapshot
from lingka.areas.coordinates import METRES_A_DEGREE, metres_between
from lingka.areas.levels import scheme
from lingka.areas.locator import How
from lingka.areas.models import Area, Place
from lingka.core import clock, codes
from lingka.core.problems import Problem

__all__ = [
    "AreaInfo", "Located", "PlaceInfo", "ancestors", "area", "area_by_code", "areas_below",
    "boundaries_geojson", "children", "desks_under", "locate", "locate_bulk", "named",
    "near_geojson", "outlines", "place", "place_by_code", "place_by_uuid", "places",
    "places_by_uuid", "places_in", "places_near", "places_of", "retired_place",
    "retired_places_in", "roots", "subtree_grids", "uuids_below",
]  # fmt: skip

NEAR_STEPS = (300.0, 1500.0, 10_000.0)  # metres, tried in turn until enough places are found
TOLERANCE = 0.00002  # degrees, about two metres: outlines for the schematic map


@dataclass(frozen=True)
class Located:
    """`also` lists further grids that hold the point, in order of precedence."""

    grid_id: int | None
    path: str | None
    how: How
    also: tuple[int, ...]


NOWHERE = Located(None, None, "none", ())


def day_of(at: datetime | None) -> date:
    """The calendar day of a moment where the town is."""
    return (at or clock.now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def locate(lon: float, lat: float, at: datetime | None = None) -> Located:
    """The grid of a WGS 84 point (rules: `areas.locator`)."""
    held = snapshot()
    hit = held.locator.one(lon, lat, day_of(at))
    if hit is None:
        return NOWHERE
    return Located(hit.id, held.areas[hit.id].path, hit.how, hit.also)


def locate_bulk(points: NDArray[np.float64], at: datetime | None = None) -> NDArray[np.int64]:
    """The grid id of each row (lon, lat); -1 where there is none."""
    return snapshot().locator.many(points, day_of(at))


def named(text: str) -> AreaInfo | None:
    """The area above grids that an address names (rules: `areas.naming`), if it names one."""
    if not text:
        return None
    today, grid = day_of(None), scheme().grid
    valid = (one for one in snapshot().areas.values() if one.level != grid and one.valid_on(today))
    path = naming.best(text, valid)
    return area(int(path.strip("/").rpartition("/")[2])) if path.strip("/") else None


def area(area_id: int) -> AreaInfo:
    """One area, also one no longer valid; Problem("no_area") for an id that never was."""
    found = snapshot().areas.get(area_id)
    if found is None:
        forget()  # perhaps made a moment ago by another process
        found = snapshot().areas.get(area_id)
    if found is None:
        raise Problem("no_area", _("There is no such area."), status=404)
    return found


def area_by_code(code: str, at: datetime | None = None) -> AreaInfo | None:
    """The area that carries a code on that day."""
    day = day_of(at)
    infos = snapshot().areas.values()
    return next((one for one in infos if one.code == code and one.valid_on(day)), None)


def roots() -> list[AreaInfo]:
    """The areas at the top that are valid now: one, in an installation as usual."""
    return children(None)


def children(area_id: int | None) -> list[AreaInfo]:
    """The areas right below that are valid now, by code."""
    today = day_of(None)
    return [one for one in snapshot().children.get(area_id, []) if one.valid_on(today)]


def ancestors(path: str) -> list[AreaInfo]:
    """The areas of a path, root first, itself last."""
    return [area(int(part)) for part in path.split("/") if part]


def areas_below(area_id: int) -> list[AreaInfo]:
    """An area and all below it that are valid now, depth first, each before its children."""
    found = [area(area_id)]
    for child in children(area_id):
        found += areas_below(child.id)
    return found


def desks_under(area_id: int) -> list[int]:
    """The area and those below it where a desk can sit: all but grids."""
    grid = scheme().grid
    return [one.id for one in areas_below(area_id) if one.level != grid]


def subtree_grids(area_id: int) -> list[int]:
    """The grids of an area that are valid now."""
    grid = scheme().grid
    return [one.id for one in areas_below(area_id) if one.level == grid]


def place(place_id: int) -> PlaceInfo:
    """One place; Problem("no_place") for an id that never was."""
    found = places([place_id]).get(place_id)
    if found is None:
        raise Problem("no_place", _("There is no such place."), status=404)
    return found


def places(place_ids: Iterable[int]) -> dict[int, PlaceInfo]:
    """Places by id: one statement at most, none where all are known."""
    held, wanted = snapshot(), set(place_ids)
    missing = wanted - held.places.keys()
    if missing:
        held.keep_places(Place.objects.filter(id__in=missing))
    return {number: held.places[number] for number in wanted if number in held.places}


def place_by_uuid(uuid: UUID) -> PlaceInfo | None:
    """The active place with this id."""
    number = Place.objects.filter(uuid=uuid, active=True).values_list("id", flat=True).first()
    return place(number) if number else None


def place_by_code(code: str) -> PlaceInfo | None:
    """The active place whose code was scanned or typed, in any way of writing it."""
    found = _by_code(code)
    return found if found is not None and found.active else None


def retired_place(code: str) -> PlaceInfo | None:
    """The place that carried a code once and is no longer in use."""
    found = _by_code(code)
    return None if found is None or found.active else found


def _by_code(code: str) -> PlaceInfo | None:
    held = snapshot()
    exact = codes.normalise(code)
    if exact is None:
        return None
    number = held.place_ids.get(exact)
    if number is None:
        held.keep_places(Place.objects.filter(code=exact))
        number = held.place_ids.get(exact)
    return held.places[number] if number is not None else None


def places_in(grid_id: int) -> list[PlaceInfo]:
    """The active places of a grid, by code."""
    return _of_grid(grid_id, active=True)


def places_of(grid_ids: Iterable[int], after: int, limit: int) -> list[PlaceInfo]:
    """The active places of these grids behind an id, by id."""
    rows = Place.objects.filter(grid_id__in=list(grid_ids), active=True, id__gt=after)
    return snapshot().keep_places(rows.order_by("id")[:limit])


def places_by_uuid(uuids: Iterable[UUID]) -> list[PlaceInfo]:
    """Places with these ids, also those out of use, as they now are."""
    return snapshot().keep_places(Place.objects.filter(uuid__in=list(uuids)))


def uuids_below(paths: Iterable[str]) -> QuerySet[Place, UUID]:
    """The ids of all places in the grids under these areas, for a query that asks on."""
    chosen = Q(pk__in=())
    for path in paths:
        chosen |= Q(grid__path__startswith=path)
    return Place.objects.filter(chosen).values_list("uuid", flat=True)


def outlines(area_ids: list[int], *, tolerance: float = TOLERANCE) -> dict[int, dict[str, Any]]:
    """Simplified outlines as GeoJSON geometries, of those areas that have one."""
    return _outlines(area_ids, tolerance)


def retired_places_in(grid_id: int) -> list[PlaceInfo]:
    """The places of a grid that are no longer in use, by code."""
    return _of_grid(grid_id, active=False)


def _of_grid(grid_id: int, *, active: bool) -> list[PlaceInfo]:
    rows = Place.objects.filter(grid_id=grid_id, active=active).order_by("code")
    return snapshot().keep_places(rows)


def places_named(
    text: str, area_ids: Iterable[int], limit: int, *, kinds: Iterable[str] = (),
    without: Iterable[int] = (),
) -> list[PlaceInfo]:  # fmt: skip
    """Active places of these areas' grids whose name or address holds the text, by name; of these
    kinds, if any are given, and none of those left out."""
    grids = sorted({grid for number in area_ids for grid in subtree_grids(number)})
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = [grids, sorted(kinds), sorted(kinds), sorted(without), f"%{escaped}%", limit]
    return snapshot().keep_places(Place.objects.raw(_NAMED, given))


_NAMED = """
SELECT * FROM areas_place WHERE grid_id = ANY(%s) AND active
AND (cardinality(%s::text[]) = 0 OR kind = ANY(%s)) AND NOT id = ANY(%s::bigint[]) AND EXISTS (
    SELECT 1 FROM jsonb_path_query(
        jsonb_build_array(name, address), '$.** ? (@.type() == "string")') AS said
    WHERE said #>> '{}' ILIKE %s)
ORDER BY name::text, id LIMIT %s
"""


def places_near(lon: float, lat: float, limit: int) -> list[PlaceInfo]:
    """The nearest active places, nearest first, none farther than ten kilometres."""
    rows: list[Place] = []
    for metres in NEAR_STEPS:
        north = metres / METRES_A_DEGREE
        east = north / max(cos(radians(lat)), 0.01)
        box = Place.objects.filter(
            active=True, lat__range=(lat - north, lat + north), lon__range=(lon - east, lon + east)
        )
        rows = list(box[: max(limit * 20, 400)])
        if len(rows) >= limit:
            break
    rows.sort(key=lambda row: metres_between(lon, lat, row.lon, row.lat))
    return snapshot().keep_places(rows[:limit])


def boundaries_geojson(area_id: int, *, tolerance: float = TOLERANCE) -> dict[str, Any]:
    """An area's simplified outline as a FeatureCollection, empty where it has none."""
    return collection(_features([area_id], own=area_id, tolerance=tolerance))


def near_geojson(lon: float, lat: float, limit: int = 80) -> dict[str, Any]:
    """Outlines of the grid of a point and those beside it, and the places around."""
    located = locate(lon, lat)
    grids = [located.grid_id] if located.grid_id else []
    if located.path:
        beside = subtree_grids(int(located.path.strip("/").split("/")[-2]))
        grids = sorted({*grids, *located.also, *beside})
    features = _features(grids, own=located.grid_id, tolerance=TOLERANCE)
    for one in places_near(lon, lat, limit):
        point = {"type": "Point", "coordinates": [round(one.lon, 6), round(one.lat, 6)]}
        shown = {"kind": "place", "code": one.code, "names": dict(one.name)}
        features.append({"type": "Feature", "geometry": point, "properties": shown})
    return collection(features)


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _features(area_ids: list[int], *, own: int | None, tolerance: float) -> list[dict[str, Any]]:
    shapes = _outlines(area_ids, tolerance)
    return [
        {
            "type": "Feature",
            "geometry": shapes[number],
            "properties": {"kind": "grid", "names": dict(area(number).name), "own": number == own},
        }
        for number in area_ids
        if number in shapes
    ]


def _outlines(area_ids: list[int], tolerance: float) -> dict[int, dict[str, Any]]:
    """Simplified outlines by area, kept until areas change; one statement for those not yet."""
    held = snapshot()
    kept = held.boundaries if tolerance == TOLERANCE else {}
    missing = [number for number in area_ids if number not in kept]
    rows = Area.objects.filter(id__in=missing, boundary__isnull=False) if missing else []
    for row in rows:
        shape = shapely.simplify(shapely.from_wkb(bytes(row.boundary or b"")), tolerance)
        kept[row.id] = shapely.geometry.mapping(shapely.set_precision(shape, 1e-6))
    return {number: kept[number] for number in area_ids if number in kept}


def whole_town(posts: Iterable[Any]) -> bool:
    """Is one of these posts that of an administrator of the whole town? What all desks use, nobody
    else changes."""
    mine = [post for post in posts if post.role == "administrator"]
    return any(area(post.area_id).parent_id is None for post in mine)
