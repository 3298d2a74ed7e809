"""Where a campaign's remaining places are: a small map of each grid, numbered as its list is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lingka.areas import drawing
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.volunteering.campaigns import Stop

WIDTH, HEIGHT, MARGIN = 320, 200, 14


@dataclass(frozen=True)
class Mark:
    number: int
    state: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    label: str
    outlines: list[str]
    marks: list[Mark]


@dataclass(frozen=True)
class Round:
    """One grid's remaining places, and where they are if the grid has an outline."""

    grid: str
    stops: Sequence[Stop]
    map: Map | None


def rounds(grids: Sequence[tuple[str, Sequence[Stop]]]) -> list[Round]:
    return [Round(name, several, _map(several)) for name, several in grids]


def _map(stops: Sequence[Stop]) -> Map | None:
    grid = areas.area(stops[0].place.grid_id)
    rings = drawing.rings(areas.boundaries_geojson(grid.id))
    if not rings:
        return None
    at = [(one.place.lon, one.place.lat) for one in stops]
    fit = drawing.Fit([*at, *(point for ring in rings for point in ring)], WIDTH, HEIGHT, MARGIN)
    marks = []
    for number, (one, where) in enumerate(zip(stops, at, strict=True), start=1):
        point = fit.point(*where)
        marks.append(Mark(number, one.state, point.x, point.y))
    label = _("Map of %(grid)s with the places that remain") % {"grid": pick(grid.name)}
    return Map(label, [fit.path(ring) for ring in rings], marks)
