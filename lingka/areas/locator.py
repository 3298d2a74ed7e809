"""Points to grids, exactly and fast: a tree of boxes, then the shapes themselves.

Which grid wins where several hold a point:

1. a dedicated grid (market, hospital, school) before a comprehensive one, because it was cut out
   for a purpose; a mobile one (touring the pastures) only where no other grid is;
2. among the same kind, as on a common border, the lower code.

Shapes are kept in this order, so that the winner is the smallest index: one minimum per point,
which NumPy takes over all points at once. A border belongs to the grids on both sides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

How = Literal["inside", "border", "dedicated", "none"]
RANK = {"dedicated": 0, "comprehensive": 1, "": 1, "mobile": 2}
CHUNK = 250_000  # points looked up at once, to bound memory


@dataclass(frozen=True)
class Shape:
    id: int
    code: str
    kind: str
    wkb: bytes
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Hit:
    id: int
    how: How
    also: tuple[int, ...]


class Locator:
    """All grids that ever were, each counted only on its days."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        ordered = sorted(shapes, key=lambda one: (RANK[one.kind], one.code, one.valid_from))
        self.ids = np.array([one.id for one in ordered], dtype=np.int64)
        self.dedicated = [one.kind == "dedicated" for one in ordered]
        self.since = np.array([one.valid_from.toordinal() for one in ordered], dtype=np.int64)
        self.until = np.array(
            [one.valid_to.toordinal() if one.valid_to else date.max.toordinal() for one in ordered],
            dtype=np.int64,
        )
        self.geometries = shapely.from_wkb(np.array([one.wkb for one in ordered], dtype=object))
        self.geometries = np.atleast_1d(self.geometries)
        shapely.prepare(self.geometries)
        self.tree = shapely.STRtree(self.geometries)

    def one(self, lon: float, lat: float, day: date) -> Hit | None:
        """The grid of one point on a day."""
        near = self.tree.query(shapely.Point(lon, lat))
        if not len(near):
            return None
        near = near[shapely.intersects_xy(self.geometries[near], lon, lat)]
        today = day.toordinal()
        holding = sorted(index for index in near if self.since[index] <= today < self.until[index])
        if not holding:
            return None
        first, *others = holding
        inside = shapely.contains_xy(self.geometries[first], lon, lat)
        how: How = "border" if not inside else "dedicated" if self.dedicated[first] else "inside"
        return Hit(int(self.ids[first]), how, tuple(int(self.ids[index]) for index in others))

    def many(self, points: NDArray[np.float64], day: date) -> NDArray[np.int64]:
        """The grid of each row (lon, lat); -1 where there is none."""
        parts = [
            self._part(points[start : start + CHUNK], day) for start in range(0, len(points), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _part(self, points: NDArray[np.float64], day: date) -> NDArray[np.int64]:
        """Boxes first, then shapes; per point the smallest index, which is the winner."""
        found = np.full(len(points), -1, dtype=np.int64)
        which, shape = self.tree.query(shapely.points(points))
        today = day.toordinal()
        counted = (self.since[shape] <= today) & (today < self.until[shape])
        which, shape = which[counted], shape[counted]
        by_shape = np.argsort(shape, kind="stable")  # one shape's points together: warm caches
        which, shape = which[by_shape], shape[by_shape]
        held = shapely.intersects_xy(self.geometries[shape], points[which, 0], points[which, 1])
        which, shape = which[held], shape[held]
        # ascending by shape: the first entry of each point is its winner
        winners, first = np.unique(which, return_index=True)
        found[winners] = self.ids[shape[first]]
        return found
