"""A schematic map of a case: the grid's own outline, the places in it, and the point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lingka.areas import drawing
from lingka.areas import selectors as areas
from lingka.areas.drawing import Point
from lingka.cases.models import Case
from lingka.core.text import pick

WIDTH, HEIGHT, MARGIN = 133, 100, 6


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
    rings = drawing.rings(areas.boundaries_geojson(case.grid_id)) if case.grid_id else []
    if grid is None or not rings:
        return None
    fit = drawing.Fit([point for ring in rings for point in ring], WIDTH, HEIGHT, MARGIN)
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
