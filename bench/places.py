"""Points into 100,000 polygons, in bulk."""

import time
from datetime import date

import numpy as np
import shapely

SIDE = 317  # about 100,000 squares
POINTS = 200_000


def points_per_second() -> int:
    """Points a second of the bulk search, on a grid of squares as large as a province."""
    from lingka.areas.locator import Locator, Shape

    lon, lat = np.meshgrid(np.arange(SIDE) * 0.01 + 90, np.arange(SIDE) * 0.01 + 28)
    boxes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + 0.01, lat.ravel() + 0.01)
    first = date(2020, 1, 1)
    locator = Locator(
        Shape(number, f"{number:06}", "comprehensive", wkb, first, None)
        for number, wkb in enumerate(shapely.to_wkb(boxes))
    )
    points = np.random.default_rng(7).uniform((90, 28), (93.1, 31.1), (POINTS, 2))
    locator.many(points[:1000], first)
    began = time.perf_counter()
    found = locator.many(points, first)
    if (found < 0).any():
        raise SystemExit("points were not found")
    return int(POINTS / (time.perf_counter() - began))
