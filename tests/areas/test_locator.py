"""Speed is measured by `make bench`; here a wide floor guards against a slip into a loop."""

import time
from datetime import date

import numpy as np
import pytest
import shapely

from lingka.areas.locator import Locator, Shape

SIDE = 100
DAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def net() -> Locator:
    """Ten thousand squares of one unit."""
    boxes = [shapely.box(x, y, x + 1, y + 1) for x in range(SIDE) for y in range(SIDE)]
    return Locator(
        Shape(number, f"{number:06}", "comprehensive", shapely.to_wkb(box), date(2020, 1, 1), None)
        for number, box in enumerate(boxes)
    )


def test_many_points_are_located_together(net: Locator) -> None:
    points = np.random.default_rng(1).uniform(-1, SIDE, (100_000, 2))
    net.many(points[:1000], DAY)
    start = time.process_time()
    found = net.many(points, DAY)
    assert len(points) / (time.process_time() - start) > 50_000
    outside = (points < 0).any(axis=1)
    expected = np.floor(points[:, 0]) * SIDE + np.floor(points[:, 1])
    assert (found == np.where(outside, -1, expected)).all()


def test_one_point_is_located_without_a_search_through_all(net: Locator) -> None:
    net.one(5.5, 5.5, DAY)
    start = time.process_time()
    for _round in range(1000):
        net.one(50.5, 50.5, DAY)
    assert (time.process_time() - start) / 1000 < 0.0005


def test_on_a_day_before_all_grids_nothing_is_found(net: Locator) -> None:
    assert net.one(5.5, 5.5, date(2019, 1, 1)) is None
    assert net.many(np.array([[5.5, 5.5]]), date(2019, 1, 1)).tolist() == [-1]
