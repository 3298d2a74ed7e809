import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from django.core.files.base import ContentFile, File

from lingka.areas import selectors
from lingka.areas.actions import ImportReport, import_areas, import_places, retire_place
from lingka.areas.coordinates import wgs84_to_gcj02
from lingka.areas.events import AreaClosed, AreaImported, PlaceAdded, PlaceMoved
from lingka.areas.models import Area, Place, Succession
from lingka.core import codes, events
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem

from .conftest import CITY, COMMUNITY, DISTRICT, STREET, Town, middle, square


def feature(code: str, shape: shapely.Geometry | None, **more: Any) -> dict[str, Any]:
    properties = {"code": code, "name": f"名{code}", "name_bo": f"མིང་{code}", "name_en": code}
    geometry = shapely.geometry.mapping(shape) if shape is not None else None
    return {"type": "Feature", "properties": properties | more, "geometry": geometry}


def geojson(*features: dict[str, Any]) -> File:
    """One feature a line; the first stands in line 2."""
    lines = ",\n".join(json.dumps(one) for one in features)
    text = '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}"
    return ContentFile(text.encode(), name="areas.geojson")


def table(text: str, name: str = "areas.csv", encoding: str = "utf-8") -> File:
    return ContentFile(text.encode(encoding), name=name)


def six() -> list[dict[str, Any]]:
    return [
        feature(
            f"{COMMUNITY}{number + 1:03}", square(number % 3, number // 3), kind="comprehensive"
        )
        for number in range(6)
    ]


def take(file: File, **more: Any) -> ImportReport:
    return import_areas(file, actor=SYSTEM, **more)


def found(report: ImportReport) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in report.faults]


def test_six_grids_come_in_with_an_event_each(town: Town) -> None:
    trunk = town.trunk()
    report = take(geojson(*six()))
    assert (report.ok, report.added) == (True, 6)
    grids = selectors.subtree_grids(trunk.id)
    assert report.ids == grids
    assert selectors.locate(*middle(2, 1)).grid_id == grids[5]
    told = events.history(selectors.area(grids[0]).uuid)
    assert [type(one.data) for one in told] == [AreaImported]


def test_two_overlapping_grids_are_named_with_line_and_nothing_loads(town: Town) -> None:
    town.trunk()
    features = six()
    features[4] = feature(f"{COMMUNITY}005", square(1, 0, 1, 2))
    report = take(geojson(*features))
    assert found(report) == [(6, "overlap")]
    assert f"{COMMUNITY}002" in str(report.faults[0].message)
    assert not Area.objects.filter(level="grid").exists()


def test_a_dry_run_reports_and_changes_nothing(town: Town) -> None:
    town.trunk()
    report = take(geojson(*six()), dry_run=True)
    assert (report.ok, report.added) == (True, 6)
    assert not Area.objects.filter(level="grid").exists()


def test_a_whole_tree_comes_in_one_file_in_any_order(town: Town) -> None:
    whole = square(0, 0, 3, 3)
    chain = [feature(code, whole) for code in (COMMUNITY, STREET, DISTRICT, CITY)]
    report = take(geojson(*six()[:2], *chain))
    assert report.ok, report.faults
    grid = selectors.area_by_code(f"{COMMUNITY}001")
    assert grid is not None
    assert [one.code for one in selectors.ancestors(grid.path)][:4] == [
        CITY, DISTRICT, STREET, COMMUNITY,
    ]  # fmt: skip


LINE = shapely.LineString([(91.1, 29.5), (91.2, 29.6)])
BOWTIE = shapely.Polygon([(91.13, 29.51), (91.14, 29.52), (91.14, 29.51), (91.13, 29.52)])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (feature(f"{COMMUNITY}001", BOWTIE), "invalid_ring"),
        (feature(f"{COMMUNITY}001", LINE), "invalid_ring"),
        (feature(f"{COMMUNITY}001", shapely.box(91.19, 29.69, 91.3, 29.8)), "outside_parent"),
        (feature(f"{COMMUNITY}001", shapely.box(9119, 2969, 9130, 2980)), "not_degrees"),
        (feature(f"{COMMUNITY}001", None), "no_boundary"),
        (feature("54010200100", square(0, 0)), "wrong_code"),
        (feature("", square(0, 0)), "wrong_code"),
        (feature(f"{COMMUNITY}001", square(0, 0), level="street"), "wrong_level"),
        (feature(f"{COMMUNITY}001", square(0, 0), kind="round"), "wrong_kind"),
        (feature(f"{COMMUNITY}001", square(0, 0), name_bo=""), "missing_name"),
        (feature(f"{COMMUNITY}001", square(0, 0), households="many"), "wrong_number"),
        (feature(f"{COMMUNITY}001", square(0, 0), households="9" * 12), "wrong_number"),
        (feature(f"{COMMUNITY}001", square(0, 0), name="名\x00"), "wrong_signs"),
        (feature(f"{COMMUNITY}001", square(0, 0), name_bo="\ud800"), "wrong_signs"),
        (feature(f"{COMMUNITY}001", shapely.box(29.51, 91.11, 29.52, 91.12)), "turned"),
        (feature(f"{COMMUNITY}001", square(0, 0), parent=f"{COMMUNITY}900"), "wrong_parent"),
        (feature("540000000000", None, parent=COMMUNITY), "wrong_parent"),
        (feature(f"{COMMUNITY}001", square(0, 0), valid_from="soon"), "wrong_date"),
        (feature(f"{COMMUNITY}001", square(0, 0), predecessors="54"), "unknown_predecessor"),
        (feature("540102009009001", square(0, 0)), "unknown_parent"),
        (feature(COMMUNITY, square(0, 0)), "duplicate_code"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(town: Town, row: dict[str, Any], code: str) -> None:
    town.trunk()
    report = take(geojson(feature(f"{COMMUNITY}900", square(3, 3)), row))
    assert (3, code) in found(report)
    assert all(str(fault.message) for fault in report.faults)
    assert not Area.objects.filter(level="grid").exists()


def test_a_code_given_twice_is_named_at_the_second_line(town: Town) -> None:
    town.trunk()
    again = feature(f"{COMMUNITY}001", square(2, 2))
    assert found(take(geojson(six()[0], again))) == [(3, "duplicate_code")]


def test_a_sliver_along_a_hand_drawn_border_is_no_fault(town: Town) -> None:
    town.trunk()
    shifted = shapely.affinity.translate(square(1, 0), xoff=-0.000005)
    assert take(geojson(six()[0], feature(f"{COMMUNITY}002", shifted))).ok


def test_a_dedicated_grid_may_lie_inside_a_comprehensive_one(town: Town) -> None:
    town.trunk()
    inner = square(0, 0).buffer(-0.002)
    assert take(geojson(six()[0], feature(f"{COMMUNITY}002", inner, kind="专属"))).ok


def test_a_new_grid_must_not_overlap_one_already_there(town: Town) -> None:
    town.grid(1, town.trunk(), square(0, 0))
    report = take(geojson(feature(f"{COMMUNITY}002", square(0, 0, 2, 1))))
    assert found(report) == [(2, "overlap")]


def test_a_chinese_table_is_read_with_its_own_line_numbers(town: Town) -> None:
    town.trunk()
    text = (
        "网格编码,中文名称,藏文名称,英文名称,网格类型,边界,户数\r\n"
        f'{COMMUNITY}001,一网格,དྲ་མིག་དང་པོ།,Grid 1,综合,"{square(0, 0).wkt}",210\r\n'
        "\r\n"
        f'{COMMUNITY}002,"二\n网格",དྲ་མིག,Grid 2,综合,"91.15,29.52; 91.16,29.52; 91.16,29.53",\r\n'
        f'{COMMUNITY}003,三网格,,Grid 3,综合,"POLYGON((",\r\n'
    )
    assert found(take(table(text))) == [(6, "invalid_ring"), (6, "missing_name")]
    good = text.rsplit(f"{COMMUNITY}003", 1)[0]
    report = take(table(good))
    assert report.ok, report.faults
    assert selectors.area(report.ids[0]).households == 210


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_table_in_the_encodings_of_chinese_excel_is_read(town: Town, encoding: str) -> None:
    town.trunk()
    text = (
        "编码,名称,name_bo,name_en,边界\n"
        f"{COMMUNITY}001,八廓一网格,Barkor,Barkor 1,{square(0, 0).wkt.replace(',', ';')}\n"
    )
    ring = "91.13 29.51; 91.14 29.51; 91.14 29.52"
    text = text.replace(square(0, 0).wkt.replace(",", ";"), ring)
    report = take(table(text, encoding=encoding))
    assert report.ok, report.faults
    assert selectors.area(report.ids[0]).name["zh-hans"] == "八廓一网格"


def test_an_excel_sheet_is_read_and_its_number_codes_too(town: Town) -> None:
    town.trunk()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编码", "名称", "name_bo", "name_en", "边界", "生效日期"])
    sheet.append(
        [float(f"{COMMUNITY}001"), "一", "དང་པོ།", "One", square(0, 0).wkt, date(2026, 1, 1)]
    )
    stream = io.BytesIO()
    book.save(stream)
    report = take(ContentFile(stream.getvalue(), name="网格.xlsx"))
    assert report.ok, report.faults
    assert selectors.area(report.ids[0]).valid_from == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("areas.pdf", b"%PDF"),
        ("areas.xlsx", b"no workbook"),
        ("areas.geojson", b'{"type": "Point"}'),
        ("areas.geojson", b'{"features": [{"type": '),
        ("areas.geojson", b'{"features": []}'),
        ("areas.csv", b"code,name\n"),
        ("areas.csv", b'code,name\n"' + b"x" * 10_000_001),
        ("areas.geojson", b'{"features": [{"type": "Feature"}'),
        ("areas.geojson", b'{"features": [' + b"[" * 100_000),
        ("areas.xlsx", b"PK\x03\x04" + b"\x00" * 40),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(town: Town, name: str, content: bytes) -> None:
    with pytest.raises(Problem) as refused:
        take(ContentFile(content, name=name))
    assert refused.value.field == "file"
    assert str(refused.value)


@pytest.mark.parametrize(
    "odd",
    [
        {"properties": [1], "geometry": None},
        {"properties": {"code": {"zh-hans": {}}}, "geometry": {"type": "Point"}},
        {"geometry": {"type": "Polygon", "coordinates": [[[1e999, 1], [2, 2], [3, 1]]]}},
        {"geometry": {"type": "GeometryCollection", "geometries": []}},
        {"geometry": "POLYGON"},
        {"geometry": {"type": "Point", "coordinates": []}},
    ],
)
def test_an_odd_feature_is_a_fault_and_breaks_nothing(town: Town, odd: dict[str, Any]) -> None:
    report = take(ContentFile(json.dumps({"features": [odd]}).encode(), name="a.json"))
    assert report.faults


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingka.core.sheets.UNPACKED", 1000)
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.save(kept)
    with pytest.raises(Problem) as refused:
        take(ContentFile(kept.getvalue(), name="areas.xlsx"))
    assert "太大" in str(refused.value)


def test_an_area_cannot_begin_before_the_one_that_it_replaces(town: Town) -> None:
    town.trunk()
    take(geojson(feature(f"{COMMUNITY}001", square(0, 0), valid_from="2026-05-01")))
    again = feature(
        f"{COMMUNITY}001", square(0, 0), predecessors=f"{COMMUNITY}001", valid_from="2026-01-01"
    )
    assert found(take(geojson(again))) == [(2, "too_early")]


def test_an_area_cannot_lie_below_one_that_the_same_file_ends(town: Town) -> None:
    town.trunk()
    assert take(geojson(feature("540102001002", None))).ok
    heir = feature("540102001003", None, predecessors="540102001002")
    child = feature("540102001002001", square(0, 0))
    assert found(take(geojson(heir, child))) == [(3, "unknown_parent")]


def test_a_feature_that_is_none_is_a_fault_of_its_line(town: Town) -> None:
    town.trunk()
    text = '{"features": [\n7,\n{"geometry": {"type": "Polygon", "coordinates": [[[1]]]}}]}'
    lines = {line for line, code in found(take(ContentFile(text.encode(), name="a.json")))
             if code == "invalid_ring"}  # fmt: skip
    assert lines == {2, 3}


def test_shapes_from_a_chinese_map_are_put_where_they_are(town: Town) -> None:
    town.trunk()
    true = square(2, 2)
    drawn = shapely.Polygon([wgs84_to_gcj02(*point) for point in true.exterior.coords])
    assert take(geojson(feature(f"{COMMUNITY}001", drawn)), datum="gcj02").ok
    assert selectors.locate(*middle(2, 2)).how == "inside"


def test_redrawing_keeps_the_old_grid_and_moves_its_places(town: Town) -> None:
    trunk = town.trunk()
    old = town.grid(1, trunk, square(0, 0, 2, 1))
    place = town.place(old, codes.short_code(), *middle(1, 0))
    today = {"valid_from": "2026-07-01", "predecessors": old.code}
    report = take(
        geojson(
            feature(f"{COMMUNITY}001", square(0, 0), **today),
            feature(f"{COMMUNITY}002", square(1, 0), **today),
        )
    )
    assert (report.ok, report.closed) == (True, 1)
    old.refresh_from_db()
    assert old.valid_to == date(2026, 7, 1)
    assert Succession.objects.filter(predecessor=old).count() == 2
    assert selectors.place(place.id).grid_id == report.ids[1]
    closed = events.history(old.uuid)[-1].data
    assert isinstance(closed, AreaClosed)
    assert len(closed.successors) == 2
    assert isinstance(events.history(place.uuid)[-1].data, PlaceMoved)


def test_a_place_that_no_new_grid_holds_stays_where_it_was(town: Town) -> None:
    trunk = town.trunk()
    old = town.grid(1, trunk, square(0, 0, 2, 1))
    place = town.place(old, codes.short_code(), *middle(1, 0))
    heir = feature(f"{COMMUNITY}001", square(0, 0), predecessors=[old.code])
    assert take(geojson(heir)).ok
    assert selectors.place(place.id).grid_id == old.id


def test_an_area_with_areas_below_is_not_replaced_over_their_heads(town: Town) -> None:
    trunk = town.trunk()
    town.grid(1, trunk, square(0, 0))
    heir = feature(COMMUNITY, shapely.box(91.0, 29.5, 91.2, 29.7), predecessors=COMMUNITY)
    assert found(take(geojson(heir))) == [(2, "orphans")]


# -- places ---------------------------------------------------------------------------------

HEADER = "名称,name_bo,name_en,类型,经度,纬度,地址,门牌码,网格\n"


def line(
    lon: object, lat: object, *, name: str = "一号院", kind: str = "院落", more: str = ",,"
) -> str:
    return f"{name},ར་སྐོར་དང་པོ།,Courtyard 1,{kind},{lon},{lat},{more}\n"


def places(*lines: str) -> File:
    return table(HEADER + "".join(lines), name="places.csv")


@pytest.fixture
def grid(town: Town) -> Area:
    return town.grid(1, town.trunk(), square(0, 0))


def test_places_get_a_code_and_the_grid_that_holds_them(grid: Area) -> None:
    report = import_places(places(line(*middle(0, 0))), actor=SYSTEM)
    assert report.ok, report.faults
    place = selectors.place(report.ids[0])
    assert (place.grid_id, place.kind) == (grid.id, "courtyard")
    assert codes.normalise(place.code) == place.code
    assert [type(one.data) for one in events.history(place.uuid)] == [PlaceAdded]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (line(*middle(3, 3)), "no_grid"),
        (line("east", 29.5), "no_point"),
        (line(29.5, 91.1), "turned"),
        (line(291, 29.5), "no_point"),
        (line(*middle(0, 0), name=""), "missing_name"),
        (line(*middle(0, 0), kind="飞船"), "wrong_kind"),
        (line(*middle(0, 0), more=",ABC,"), "wrong_code"),
        (line(*middle(0, 0), more=",,540102001001009"), "wrong_grid"),
    ],
)
def test_each_fault_of_a_place_is_named(grid: Area, row: str, code: str) -> None:
    report = import_places(places(line(*middle(0, 0)), row), actor=SYSTEM)
    assert found(report) == [(3, code)]
    assert not Place.objects.exists()


def test_a_printed_code_is_kept_and_not_given_twice(grid: Area) -> None:
    code = codes.short_code()
    row = line(*middle(0, 0), more=f",{codes.pretty(code)},")
    assert found(import_places(places(row, row), actor=SYSTEM)) == [(3, "duplicate_code")]
    report = import_places(places(row), actor=SYSTEM)
    assert selectors.place(report.ids[0]).code == code


def test_a_dry_run_of_places_changes_nothing(grid: Area) -> None:
    report = import_places(places(line(*middle(0, 0))), actor=SYSTEM, dry_run=True)
    assert (report.ok, report.added) == (True, 1)
    assert not Place.objects.exists()


def test_points_from_a_chinese_map_are_put_where_they_are(grid: Area, tmp_path: Path) -> None:
    lon, lat = wgs84_to_gcj02(*middle(0, 0))
    file = tmp_path / "places.csv"
    file.write_text(HEADER + line(lon, lat))
    report = import_places(file, actor=SYSTEM, datum="gcj02")
    assert selectors.place(report.ids[0]).lon == pytest.approx(middle(0, 0)[0], abs=1e-7)


def test_points_come_from_geojson_too(grid: Area) -> None:
    made = feature("", shapely.Point(*middle(0, 0)), kind="shop")
    made["properties"] |= {"name_en": "Corner shop"}
    assert import_places(geojson(made), actor=SYSTEM).ok


def test_a_retired_place_no_longer_answers(town: Town, grid: Area) -> None:
    place = town.place(grid, codes.short_code(), *middle(0, 0))
    retire_place(place.id, actor=SYSTEM)
    retire_place(place.id, actor=SYSTEM)
    assert selectors.place_by_code(place.code) is None
    assert len(events.history(place.uuid)) == 1
    with pytest.raises(Problem):
        retire_place(999_999, actor=SYSTEM)


def test_below_an_area_that_has_a_fault_only_that_fault_is_named(town: Town) -> None:
    town.trunk()
    parent = feature("540102001002", None, name_bo="")
    child = feature("540102001002001", square(0, 0))
    assert found(take(geojson(parent, child))) == [(2, "missing_name")]


def test_a_new_place_never_gets_a_code_that_is_taken(
    grid: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["5KX87MV", "5KX87MV", "7ZZZZZ0"])
    monkeypatch.setattr(codes, "short_code", lambda: next(drawn))
    report = import_places(places(line(*middle(0, 0)), line(*middle(0, 0))), actor=SYSTEM)
    assert report.ok
    assert set(Place.objects.values_list("code", flat=True)) == {"5KX87MV", "7ZZZZZ0"}


def test_a_file_of_too_many_rows_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingka.areas.tables.MOST_ROWS", 2)
    with pytest.raises(Problem):
        take(geojson(*six()))


def test_rings_of_too_few_points_are_a_fault_of_their_line(town: Town) -> None:
    town.trunk()
    text = f'code,name,name_bo,name_en,boundary\n{COMMUNITY}001,一,གཅིག,one,"91.1 29.5; 91.2 29.6"\n'
    assert found(take(table(text))) == [(2, "invalid_ring")]
