"""WGS 84 inside, GCJ-02 at the edge where Chinese base maps are used.

The published formula moves a point by up to some 700 m, in China only. It has no closed inverse:
the way back repeats the shift until it stops changing, which takes a few rounds to well under a
millimetre.
"""

from math import cos, hypot, pi, radians, sin, sqrt

SEMI_MAJOR = 6378245.0  # Krasovsky 1940, metres
ECCENTRICITY_2 = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
ENOUGH = 1e-10  # degrees, about 0.01 mm
METRES_A_DEGREE = 111_320.0


def in_china(lon: float, lat: float) -> bool:
    """Whether the formula's rectangle holds the point; outside it both systems are the same."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _north(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    metres += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return metres


def _east(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    metres += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return metres


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """How far GCJ-02 lies from a WGS 84 point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    slant = radians(lat)
    bulge = 1 - ECCENTRICITY_2 * sin(slant) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_2) / (bulge * sqrt(bulge))
    parallel = SEMI_MAJOR / sqrt(bulge) * cos(slant)
    return _east(x, y) * 180.0 / (parallel * pi), _north(x, y) * 180.0 / (meridian * pi)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The point as Chinese base maps draw it."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The true point of one read off a Chinese base map."""
    if not in_china(lon, lat):
        return lon, lat
    true_lon, true_lat = lon, lat
    for _round in range(12):
        east, north = _shift(true_lon, true_lat)
        change = hypot(lon - east - true_lon, lat - north - true_lat)
        true_lon, true_lat = lon - east, lat - north
        if change < ENOUGH:
            break
    return true_lon, true_lat


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance of two points near each other (some tens of kilometres), good to 0.5 %."""
    east = (other_lon - lon) * cos(radians((lat + other_lat) / 2))
    return hypot(east, other_lat - lat) * METRES_A_DEGREE
