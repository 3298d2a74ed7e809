"""Small maps drawn by the server: outlines and points fitted into a picture, north up."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

EDGE = 5  # nothing is drawn nearer to the frame
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Point:
    x: float
    y: float


class Fit:
    """Longitude and latitude to a picture of this size, north up, in true proportion."""

    def __init__(self, points: Ring, width: int, height: int, margin: int) -> None:
        self.width, self.height = width, height
        self.west = min(lon for lon, _lat in points)
        self.north = max(lat for _lon, lat in points)
        south = min(lat for _lon, lat in points)
        east = max(lon for lon, _lat in points)
        self.squeeze = cos(radians((south + self.north) / 2))
        wide = max((east - self.west) * self.squeeze, 1e-9)
        high = max(self.north - south, 1e-9)
        self.scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
        self.left = (width - wide * self.scale) / 2
        self.top = (height - high * self.scale) / 2

    def point(self, lon: float, lat: float) -> Point:
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - lat) * self.scale
        return Point(_within(x, self.width), _within(y, self.height))

    def path(self, ring: Ring) -> str:
        points = (self.point(lon, lat) for lon, lat in ring)
        return "M" + "L".join(f"{point.x} {point.y}" for point in points) + "Z"


def _within(at: float, most: int) -> float:
    return round(min(max(at, EDGE), most - EDGE), 1)


def rings(collection: Mapping[str, Any] | None) -> list[Ring]:
    """Outer rings of every polygon of a GeoJSON object."""
    if not collection:
        return []
    kind = collection.get("type")
    if kind == "FeatureCollection":
        return [ring for one in collection["features"] for ring in rings(one)]
    if kind == "Feature":
        return rings(collection["geometry"])
    if kind == "Polygon":
        return [[(point[0], point[1]) for point in collection["coordinates"][0]]]
    if kind == "MultiPolygon":
        return [[(point[0], point[1]) for point in one[0]] for one in collection["coordinates"]]
    return []
