"""The demo city's map: streets, communities and grids grown inside real district boundaries.

Every level is cut by Voronoi cells of seeded points, clipped to the area above: cells of one
parent share their borders exactly, so nothing overlaps and nothing is left over.
"""

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import shapely
from django.core.files.base import ContentFile
from shapely.geometry.base import BaseGeometry

from lingka.areas import actions
from lingka.core import datafiles
from lingka.core.actors import SYSTEM

DATA = Path(__file__).parent / "data"
LANGUAGES = ("zh-hans", "bo", "en")
ZH = "零一二三四五六七八九十"
BO = ("", "དང་པོ", "གཉིས་པ", "གསུམ་པ", "བཞི་པ", "ལྔ་པ", "དྲུག་པ", "བདུན་པ", "བརྒྱད་པ", "དགུ་པ", "བཅུ་པ")
BO_DIGITS = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
DEDICATED = (  # shown as small grids of their own, cut out of a comprehensive one
    ("540102007003", "统建市场", "ཐུང་ཅན་ཁྲོམ་ར", "Tongjian Market"),
    ("540102002005", "冲赛康商场", "ཁྲོམ་གཟིགས་ཁང་ཚོང་ར", "Tromsikhang Mall"),
    ("540102006003", "拉鲁综合医院", "ལྷ་ཀླུ་སྨན་ཁང", "Lhalu Hospital"),
    ("540102005001", "扎细中学", "གྲ་བཞི་སློབ་འབྲིང", "Drashi Middle School"),
    ("540102009006", "八一客运站", "བརྒྱད་གཅིག་རླངས་འཁོར་ས་ཚིགས", "Bayi Bus Station"),
)
ROUNDS = 4
TOWN, QUARTER = 0.02, 0.008  # degrees about the heart of a street and of a community
MOBILE = (  # pastures that a touring team visits
    ("540102012203", "加尔西流动", "རྒྱར་བཞི་སྤོ་འགྱུར", "Gyarshi Touring"),
    ("540104100204", "新仓流动", "ཤིང་ཚང་སྤོ་འགྱུར", "Shingtsang Touring"),
)
PLACES = (  # kind, share, Chinese, Tibetan, English
    ("courtyard", 26, "{c}{n}号院", "{c}་ར་སྐོར་ཨང་{n}་པ", "{c}, courtyard {n}"),
    ("building", 30, "{c}{n}号院{m}单元", "{c}་ར་སྐོར་ཨང་{n}་པའི་སྡེ་ཚན་{m}་པ", "{c} {n}, stairs {m}"),
    ("shop", 14, "{c}{n}号便民商店", "{c}་ཨང་{n}་པའི་ཚོང་ཁང", "{c}, corner shop {n}"),
    ("restaurant", 10, "{c}{n}号甜茶馆", "{c}་ཨང་{n}་པའི་ཇ་ཁང", "{c}, tea-house {n}"),
    ("street", 8, "{c}{n}巷", "{c}་སྲང་ལམ་ཨང་{n}་པ", "{c}, lane {n}"),
    ("park", 3, "{c}{n}号林卡", "{c}་གླིང་ཁ་ཨང་{n}་པ", "{c}, lingka {n}"),
    ("clinic", 2, "{c}卫生服务点{n}", "{c}་འཕྲོད་བསྟེན་ཁང་ཨང་{n}་པ", "{c}, clinic {n}"),
    ("school", 3, "{c}幼儿园{n}", "{c}་བྱིས་པའི་གླིང་ཨང་{n}་པ", "{c}, kindergarten {n}"),
    ("office", 2, "{c}网格服务站{n}", "{c}་དྲ་མིག་ཞབས་ཞུ་ས་ཚིགས་ཨང་{n}་པ", "{c}, grid station {n}"),
    ("station", 2, "{c}环卫驿站{n}", "{c}་གཙང་སྦྲའི་ངལ་གསོ་ཁང་ཨང་{n}་པ", "{c}, rest station {n}"),
)  # fmt: skip


@dataclass
class City:
    """What was grown: features for the importer, and hearts of grids for its places."""

    features: list[dict[str, Any]] = field(default_factory=list)
    grids: list[tuple[str, BaseGeometry, Sequence[str]]] = field(default_factory=list)


@cache
def tree() -> dict[str, Any]:
    body: dict[str, Any] = datafiles.read(DATA / "tree.yaml")
    return body


def _districts() -> dict[str, BaseGeometry]:
    text = (DATA / "lhasa_districts_amap.geojson").read_text(encoding="utf-8")
    return {
        str(one["properties"]["adcode"]): shapely.geometry.shape(one["geometry"])
        for one in json.loads(text)["features"]
    }


def official_codes() -> set[str]:
    """The division codes that exist; the demo uses no other."""
    with (DATA / "lhasa_division_codes.csv").open(encoding="utf-8", newline="") as file:
        return {row["code12"] for row in csv.DictReader(file)}


def cells(points: Sequence[tuple[float, float]], inside: BaseGeometry) -> list[BaseGeometry]:
    """One piece of `inside` for each point: all that lies nearest to it."""
    if len(points) == 1:
        return [inside]
    made = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=inside.envelope)
    )
    pieces = [
        next(cell for cell in made if cell.intersects(shapely.Point(point))) for point in points
    ]
    return [_polygons(cell.intersection(inside)) for cell in pieces]


def _near(circle: BaseGeometry, shape: BaseGeometry) -> BaseGeometry:
    """Where people live: the part of the land about a heart, without the mountains behind."""
    return _polygons(circle.intersection(shape))


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Without the stray lines and points that cutting may leave."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def evened(
    points: Sequence[tuple[float, float]], inside: BaseGeometry
) -> list[tuple[float, float]]:
    """The points moved into the middle of their cells, some times over: no cell is a splinter."""
    found = list(points)
    for _time in range(ROUNDS):
        middles = [cell.centroid for cell in cells(found, inside)]
        found = [
            (middle.x, middle.y) if inside.contains(middle) else before
            for middle, before in zip(middles, found, strict=True)
        ]
    return found


def scattered(
    rng: random.Random, count: int, heart: tuple[float, float], spread: float, inside: BaseGeometry
) -> list[tuple[float, float]]:
    """Points around a heart and inside a shape, none two closer than a third of the spread."""
    found: list[tuple[float, float]] = []
    gap, tries = spread / 3, 0
    while len(found) < count:
        tries += 1
        wide = spread * (1 + tries / 400)
        point = (rng.gauss(heart[0], wide * 1.15), rng.gauss(heart[1], wide))
        far = all(abs(point[0] - x) + abs(point[1] - y) > gap for x, y in found)
        if (far or tries > 2000) and shapely.contains_xy(inside, *point):  # noqa: PLR2004
            found.append(point)
    return found


def grow(rng: random.Random, *, small: bool) -> City:
    """The whole city, or a corner of it that suits tests."""
    city, names = City(), tree()
    districts = {
        key: shape for key, shape in _districts().items()
        if key in names["districts"] and not (small and key != "540102")
    }  # fmt: skip
    whole = shapely.union_all(list(districts.values()))
    _add(city, names["city"]["code"], names["city"], whole)
    for key, shape in districts.items():
        _add(city, key + "0" * 6, names["districts"][key], shape)
        streets = [one for one in names["streets"] if one["code"].startswith(key)]
        if small:
            streets = [one for one in streets if one["code"] in {"540102007", "540102013"}]
        for street, piece in zip(streets, _streets(streets, shape), strict=True):
            _add(city, street["code"] + "000", street, piece)
            _communities(city, rng, street, piece)
    return city


def _streets(streets: Sequence[dict[str, Any]], district: BaseGeometry) -> list[BaseGeometry]:
    """A lone street takes the land around its heart, not the whole mountain county."""
    points = [tuple(one["at"]) for one in streets]
    if len(points) > 1:
        return cells(points, district)
    return [_polygons(shapely.Point(points[0]).buffer(0.03).intersection(district))]


def _communities(
    city: City, rng: random.Random, street: dict[str, Any], shape: BaseGeometry
) -> None:
    listed = {
        code: stems for code, stems in tree()["communities"].items()
        if code.startswith(street["code"])
    }  # fmt: skip
    town = _near(shapely.Point(street["at"]).buffer(TOWN), shape)
    hearts = evened(scattered(rng, len(listed), tuple(street["at"]), 0.0045, shape), town)
    for (code, stems), heart, piece in zip(
        listed.items(), hearts, cells(hearts, shape), strict=True
    ):
        village = code[9] == "2"
        names = {
            "zh-hans": stems[0] + ("村" if village else "社区"),
            "bo": stems[1] + ("་གྲོང་ཚོ།" if village else "་སྡེ་ཁུལ།"),
            "en": stems[2] + (" Village" if village else " Community"),
        }
        _add(city, code, names, piece)
        _grids(city, rng, code, stems, heart, piece)


def _grids(  # noqa: PLR0917
    city: City, rng: random.Random, community: str, stems: Sequence[str],
    heart: tuple[float, float], shape: BaseGeometry,
) -> None:  # fmt: skip
    lived_in = _near(shapely.Point(heart).buffer(QUARTER), shape)
    hearts = evened(
        scattered(rng, rng.choice((4, 5, 5, 5, 6, 6)), heart, 0.0016, lived_in), lived_in
    )
    for number, (point, piece) in enumerate(
        zip(hearts, cells(hearts, shape), strict=True), start=1
    ):
        names = {
            "zh-hans": f"{stems[0]}第{ZH[number]}网格",
            "bo": f"{stems[1]}་དྲ་མིག་{BO[number]}།",
            "en": f"{stems[2]} Grid {number}",
        }
        code = f"{community}{number:03}"
        _add(city, code, names, piece, kind="comprehensive", households=rng.randint(60, 320))
        near = shapely.Point(point).buffer(0.0016).intersection(piece)
        city.grids.append((code, near, stems))
    for code, zh, bo, en in DEDICATED:
        if code == community:
            names = {"zh-hans": f"{zh}专属网格", "bo": f"{bo}་དྲ་མིག", "en": f"{en} Grid"}
            box = shapely.Point(hearts[0]).buffer(0.0006, cap_style="square").intersection(shape)
            _add(city, f"{code}901", names, _polygons(box), kind="dedicated")
    for code, zh, bo, en in MOBILE:
        if code == community:
            names = {"zh-hans": f"{zh}网格", "bo": f"{bo}་དྲ་མིག", "en": f"{en} Grid"}
            _add(city, f"{code}951", names, shape, kind="mobile")


def _add(city: City, code: str, names: dict[str, str], shape: BaseGeometry, **more: Any) -> None:
    shown = {"code": code, "name": {one: names[one] for one in LANGUAGES}} | more
    city.features.append(
        {"type": "Feature", "properties": shown, "geometry": shapely.geometry.mapping(shape)}
    )


def import_city(city: City, since: str) -> None:
    """Through the importer, as any town would."""
    for one in city.features:
        one["properties"]["valid_from"] = since
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in city.features)
    text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}'
    report = actions.import_areas(ContentFile(text.encode(), name="city.geojson"), actor=SYSTEM)
    _must(report)


def import_places(city: City, rng: random.Random) -> list[int]:
    """Some five places a grid, near its heart, named in three languages."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(("name", "name_bo", "name_en", "kind", "lon", "lat"))
    kinds = [one for one in PLACES for _share in range(one[1])]
    used: set[tuple[str, int]] = set()
    for _code, near, stems in city.grids:
        for _place in range(rng.choice((4, 5, 5, 5))):
            kind, _share, zh, bo, en = rng.choice(kinds)
            number = rng.randint(1, 9)
            while (stems[0] + zh, number) in used:
                number += 1
            used.add((stems[0] + zh, number))
            door = rng.randint(1, 6)
            lon, lat = _within(rng, near)
            writer.writerow((
                zh.format(c=stems[0], n=number, m=door),
                bo.format(c=stems[1], n=_bo(number), m=_bo(door)) + "།",
                en.format(c=stems[2], n=number, m=door),
                kind, f"{lon:.6f}", f"{lat:.6f}",
            ))  # fmt: skip
    file = ContentFile(table.getvalue().encode(), name="places.csv")
    report = actions.import_places(file, actor=SYSTEM)
    _must(report)
    return report.ids


def _bo(number: int) -> str:
    return str(number).translate(BO_DIGITS)


def _within(rng: random.Random, shape: BaseGeometry) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    for _try in range(500):
        point = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(shape, *point):
            return point
    inner = shapely.point_on_surface(shape)
    return inner.x, inner.y


def _must(report: actions.ImportReport) -> None:
    if not report.ok:
        shown = "; ".join(f"{one.line}: {one.message}" for one in report.faults[:5])
        raise RuntimeError(f"the demo city has faults: {shown}")
