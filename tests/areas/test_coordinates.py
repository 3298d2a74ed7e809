import json
from pathlib import Path
from statistics import median

import pytest
import shapely
import shapely.ops

from lingka.areas.coordinates import gcj02_to_wgs84, metres_between, wgs84_to_gcj02

GEO = Path(__file__).parents[3] / "shared" / "data" / "geo"
SHARED = next(
    (folder for up in Path(__file__).parents
     if (folder := up / "shared" / "data" / "geo").is_dir()), GEO,
)  # fmt: skip


def test_there_and_back_ends_where_it_began() -> None:
    for lon, lat in [(91.117, 29.647), (116.4, 39.9), (121.5, 31.2), (104.1, 30.7)]:
        there = wgs84_to_gcj02(lon, lat)
        assert 50 < metres_between(lon, lat, *there) < 900
        assert metres_between(lon, lat, *gcj02_to_wgs84(*there)) < 0.001


def test_outside_china_nothing_moves() -> None:
    assert wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert gcj02_to_wgs84(-74.0, 40.7) == (-74.0, 40.7)


def _districts(name: str) -> dict[int, list[tuple[float, float]]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here: the real boundaries lie outside the repository")
    shown = {}
    for one in json.loads(path.read_text())["features"]:
        rings = one["geometry"]["coordinates"]
        ring = rings[0] if one["geometry"]["type"] == "Polygon" else rings[0][0]
        shown[one["properties"]["adcode"]] = [(lon, lat) for lon, lat in ring]
    return shown


def test_districts_drawn_on_a_chinese_map_come_to_lie_on_the_true_ones() -> None:
    drawn = _districts("lhasa_districts_datav_gcj02.geojson")
    true = _districts("lhasa_districts_amap.geojson")
    off = []
    for adcode in drawn.keys() & true.keys():
        moved = shapely.LinearRing([gcj02_to_wgs84(lon, lat) for lon, lat in drawn[adcode]])
        for point in true[adcode][::10]:
            nearest = shapely.ops.nearest_points(moved, shapely.Point(point))[0]
            off.append(metres_between(*point, nearest.x, nearest.y))
    # both files were simplified on their own: long straight pieces differ, most points do not
    assert median(off) < 5
