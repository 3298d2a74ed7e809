"""Polygons of real cities, some of them broken: optional, they lie outside the repository."""

import gzip
import json
from pathlib import Path

import pytest
import shapely

from lingka.areas import rules
from lingka.areas.levels import scheme
from lingka.areas.tables import Row

NAMES = ("boston_neighborhoods", "la_neighborhood_councils", "nyc_neighborhood_tabulation_area")


def polygons(name: str) -> list[shapely.Geometry]:
    for up in Path(__file__).parents:
        path = up / "shared" / "data" / "geo" / f"{name}.geojson.gz"
        if path.exists():
            shapes = json.loads(gzip.decompress(path.read_bytes()))["features"]
            return [shapely.from_geojson(json.dumps(one["geometry"])) for one in shapes]
    pytest.skip(f"{name} is not here: the real polygons lie outside the repository")


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_broken_rings_are_refused(name: str) -> None:
    said = {"name": "n", "name_bo": "n", "name_en": "n"}
    rows = [
        Row(number, {"code": f"540102001001{number:03}"} | said, shape)
        for number, shape in enumerate(polygons(name)[:999], start=1)
    ]
    faults = [
        fault for row in rows
        for fault in rules._faults_of_row(row, scheme(), ["zh-hans", "bo", "en"])
    ]  # fmt: skip
    broken = [row.line for row in rows if row.shape is not None and not row.shape.is_valid]
    assert [fault.line for fault in faults if fault.code == "invalid_ring"] == broken
    assert 1 <= len(broken) <= 2
    assert all("crosses" in str(fault.message) or fault.message for fault in faults)
