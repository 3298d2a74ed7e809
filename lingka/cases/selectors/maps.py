"""A schematic map of a case: the grid's own outline, the places in it, and the point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.cases.models import Case
from lingka.core.text import pick

WIDTH, HEIGHT, MARGIN = 133, 100, 6
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Outline:
    d: str
    own: bool


@dataclass(frozen=True)
class Map:
    label: str
    outlines: list[Outline] = field(default_factory=list)
    places: list[Point] = field(default_factory=list)
    point: Point | None = None


def around(case: Case, location: Mapping[str, Any]) -> Map | None:
    """The grid of the case, drawn to fit; None where there is no grid or no outline."""
    grid = areas.area(case.grid_id) if case.grid_id else None
    rings = _rings(areas.boundaries_geojson(case.grid_id)) if case.grid_id else []
    if grid is None or not rings:
        return None
    fit = _Fit([point for ring in rings for point in ring])
    lon, lat = location.get("lon"), location.get("lat")
    place = areas.place(case.place_id) if case.place_id else None
    if lon is None and place is not None:
        lon, lat = place.lon, place.lat
    east = lon if lon is not None else grid.lon
    north = lat if lat is not None else grid.lat
    near = areas.places_near(east, north, 12) if east is not None and north is not None else []
    return Map(
        label=_("Map of %(grid)s with the place marked") % {"grid": pick(grid.name)},
        outlines=[Outline(fit.path(ring), own=True) for ring in rings],
        places=[fit.point(one.lon, one.lat) for one in near],
        point=fit.point(lon, lat) if lon is not None and lat is not None else None,
    )


class _Fit:
    """Longitude and latitude to the small picture, north up, in true proportion."""

    def __init__(self, points: Ring) -> None:
        self.west = min(lon for lon, _lat in points)
        self.north = max(lat for _lon, lat in points)
        south = min(lat for _lon, lat in points)
        east = max(lon for lon, _lat in points)
        self.squeeze = cos(radians((south + self.north) / 2))
        wide = max((east - self.west) * self.squeeze, 1e-9)
        high = max(self.north - south, 1e-9)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def point(self, lon: float, lat: float) -> Point:
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - lat) * self.scale
        return Point(round(min(max(x, 5), WIDTH - 5), 1), round(min(max(y, 5), HEIGHT - 5), 1))

    def path(self, ring: Ring) -> str:
        points = (self.point(lon, lat) for lon, lat in ring)
        return "M" + "L".join(f"{point.x} {point.y}" for point in points) + "Z"


def _rings(collection: Mapping[str, Any] | None) -> list[Ring]:
    """Outer rings of every polygon of a GeoJSON object."""
    if not collection:
        return []
    kind = collection.get("type")
    if kind == "FeatureCollection":
        return [ring for one in collection["features"] for ring in _rings(one)]
    if kind == "Feature":
        return _rings(collection["geometry"])
    if kind == "Polygon":
        return [[(point[0], point[1]) for point in collection["coordinates"][0]]]
    if kind == "MultiPolygon":
        return [[(point[0], point[1]) for point in one[0]] for one in collection["coordinates"]]
    return []
