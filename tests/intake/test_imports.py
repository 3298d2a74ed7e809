"""Exports of other systems come in row by row, through the same door as everybody."""

import csv
import datetime as dt
import gzip
import json

import openpyxl
import pytest
from django.utils import translation

from lingka.accounts.models import User
from lingka.cases.models import Case, Contact, Stage
from lingka.core import crypto
from lingka.core.problems import Problem
from lingka.intake import exports, imports
from lingka.units.models import Service
from lingka.units.selectors import forget as forget_units
from tests.intake.conftest import desk_for_all

PLAN = """
source: line-12345
format: csv
id: number
language: zh-hans
time_zone: Asia/Shanghai
columns: {words: [title, text], address: address, opened_at: opened, lon: lon, lat: lat}
refuse: {columns: [kind], parts: [举报人]}
types:
  columns: [kind, title]
  map: {水: water.leak, 灯: light.out}
  default: other.any
replay: {closed_at: closed, words: answer}
"""
HEAD = ["number", "title", "text", "kind", "address", "opened", "closed", "answer", "lon", "lat"]
GOOD = [
    "1",
    "漏水",
    "地下室漏水",
    "供水",
    "甲街 1 号",
    "2026-11-02 10:00",
    "",
    "",
    "91.12",
    "29.65",
]


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def _file(tmp_path, *rows):
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def _row(**changes):
    return [changes.get(name, value) for name, value in zip(HEAD, GOOD, strict=True)]


def test_a_row_becomes_a_case_with_type_grid_unit_and_deadline(town, tmp_path, plan):
    report = imports.import_requests(_file(tmp_path, GOOD), mapping=plan)
    case = Case.objects.get()
    assert (case.case_type, case.grid_id, case.channel) == ("water.leak", town.grid.id, "hotline")
    assert case.opened_at == dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC)
    assert {
        what: report.share(what) for what in ("type", "grid", "unit", "deadline")
    } == dict.fromkeys(("type", "grid", "unit", "deadline"), 1.0)


def test_a_row_without_a_position_goes_where_its_address_says(town, tmp_path, plan):
    row = _row(lon="", lat="", address="甲区乙街道八号")
    imports.import_requests(_file(tmp_path, row), mapping=plan)
    case = Case.objects.get()
    assert (case.grid_id, case.area_path) == (None, town.street.path)
    assert case.desk_area_id == town.street.id


def test_a_row_that_names_no_place_waits_at_the_desk_of_the_whole_town(
    client, town, tmp_path, plan
):
    whole = desk_for_all(town)
    Service.objects.update(area=town.street)  # nobody serves the whole town
    forget_units()
    imports.import_requests(_file(tmp_path, _row(lon="", lat="")), mapping=plan)
    case = Case.objects.get()
    assert case.desk_area_id == town.city.id
    client.force_login(User.objects.get(id=whole.user_id))
    client.cookies["language"] = "en"
    assert case.number in client.get("/desk/").content.decode()
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "Serves Street B" in page


def test_importing_again_changes_nothing(town, tmp_path, plan):
    file = _file(tmp_path, GOOD)
    imports.import_requests(file, mapping=plan)
    again = imports.import_requests(file, mapping=plan)
    assert (again.opened, again.known, Case.objects.count()) == (0, 1, 1)


def test_a_dry_run_says_everything_and_leaves_nothing(town, tmp_path, plan):
    report = imports.import_requests(_file(tmp_path, GOOD), mapping=plan, dry_run=True)
    assert report.opened == 1
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "no-id"),
        ({"title": "", "text": ""}, "no-words"),
        ({"lon": "east"}, "bad-point"),
        ({"lat": "129"}, "bad-point"),
        ({"opened": "yesterday"}, "bad-time"),
        ({"kind": "举报人"}, "not-ours"),
        ({"title": "\x00"}, "signs"),
    ],
)
def test_a_row_that_cannot_come_in_is_named_and_stops_nobody(town, tmp_path, plan, changes, code):
    file = _file(tmp_path, _row(**changes), _row(number="2"))
    report = imports.import_requests(file, mapping=plan)
    assert [(fault.line, fault.code) for fault in report.faults] == [(2, code)]
    assert report.opened == 1


def test_the_history_is_gone_through_at_its_own_times(town, tmp_path, plan):
    row = _row(closed="2026-11-03 17:30", answer="换了接口")
    report = imports.import_requests(_file(tmp_path, row), mapping=plan)
    case = Case.objects.get()
    assert report.replayed == {"": 1}
    assert case.stage == Stage.CLOSED
    assert case.closed_at == dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.UTC)


def test_a_row_closed_before_it_was_opened_comes_in_open_and_is_counted(town, tmp_path, plan):
    report = imports.import_requests(_file(tmp_path, _row(closed="2026-11-01")), mapping=plan)
    assert report.replayed == {"closed-before-opened": 1}
    assert Case.objects.get().closed_at is None


def test_a_history_nobody_may_go_through_stops_where_it_must(town, tmp_path, plan):
    row = _row(kind="路灯", closed="2026-11-03")
    report = imports.import_requests(_file(tmp_path, row), mapping=plan)
    assert report.replayed == {"no-unit": 1}


def test_excel_and_json_lines_are_read_alike(town, tmp_path, plan):
    book = openpyxl.Workbook()
    for row in (HEAD, GOOD):
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    from_excel = list(exports.lines_of(tmp_path / "export.xlsx", "xlsx"))
    from_csv = list(exports.lines_of(_file(tmp_path, GOOD), "csv"))
    assert [(n, {k: v or "" for k, v in row.items()}) for n, row in from_excel] == from_csv


def test_types_are_found_by_the_words_of_the_catalogue(town, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        PLAN.replace("  columns: [kind, title]", "  columns: [title, text]\n  keywords: true")
    )
    plan = imports.load_plan(path)
    row = dict(zip(HEAD, _row(title="小区门口路灯不亮", text=""), strict=True))
    assert imports.type_of(row, plan) == "light.out"


@pytest.mark.parametrize("text", ["- a", "source: x", PLAN.replace("Asia/Shanghai", "Nowhere/X")])
def test_a_mapping_that_lacks_something_says_what(tmp_path, text):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem):
        imports.load_plan(path)


@pytest.mark.parametrize(
    "name", ["boston311", "newyork311", "losangeles311", "messages", "messages_with_replies"]
)
def test_the_mappings_in_the_package_name_only_types_that_exist(town, name):
    from pathlib import Path

    from lingka.cases.selectors import case_types

    plan = imports.load_plan(Path(imports.__file__).parent / "data" / "mappings" / f"{name}.yaml")
    known = {info.key for info in case_types()}
    assert {*plan.types.get("map", {}).values(), plan.types["default"]} <= known


WITH_CONTACT = PLAN.replace("lon: lon", "phone: address, email: answer, lon: lon")


def test_a_caller_whose_contact_is_in_the_row_can_be_told(town, tmp_path, plan):
    plan.write_text(WITH_CONTACT, encoding="utf-8")
    row = _row(address="139 0000 0000", answer="dolma@example.org")
    report = imports.import_requests(_file(tmp_path, row), mapping=plan)
    assert report.opened == 1
    contact = crypto.unseal(bytes(Contact.objects.get().sealed))
    assert (contact["phone"], contact["email"]) == ("139 0000 0000", "dolma@example.org")


@pytest.mark.parametrize(
    ("cells", "code"), [({"address": "call me"}, "bad-phone"), ({"answer": "x@"}, "bad-email")]
)
def test_a_contact_that_cannot_be_read_is_named(town, tmp_path, plan, cells, code):
    plan.write_text(WITH_CONTACT, encoding="utf-8")
    row = _row(**{"address": "", "answer": ""} | cells)
    report = imports.import_requests(_file(tmp_path, row), mapping=plan)
    assert [fault.code for fault in report.faults] == [code]
    assert not Case.objects.exists()


def test_a_fault_is_named_by_its_line_though_cells_before_it_span_lines(town, tmp_path, plan):
    file = _file(tmp_path, _row(text="一\n二\n三"), _row(number="2", lon="east"))
    report = imports.import_requests(file, mapping=plan)
    assert [(fault.line, fault.source_id) for fault in report.faults] == [(5, "2")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "9" * 130}, "bad-id"),
        ({"number": "a\x00"}, "bad-id"),
        ({"title": "a\x00b"}, "signs"),
        ({"lon": "nan"}, "bad-point"),
        ({"lon": "29.65", "lat": "91.12"}, "bad-point"),
        ({"opened": "0001-01-01"}, "bad-time"),
        ({"opened": "2999-01-01"}, "bad-time"),
        ({"opened": "2026-13-01"}, "bad-time"),
        ({"closed": "yesterday"}, "bad-time"),
    ],
)
def test_odd_cells_are_faults_of_their_row_alone(town, tmp_path, plan, changes, code):
    file = _file(tmp_path, _row(**changes), _row(number="2"))
    report = imports.import_requests(file, mapping=plan)
    assert [fault.code for fault in report.faults] == [code]
    assert report.opened == Case.objects.count() == 1


def test_a_line_that_is_no_json_stops_nobody(town, tmp_path, plan):
    plan.write_text(PLAN.replace("format: csv", "format: jsonl"), encoding="utf-8")
    good = json.dumps(dict(zip(HEAD, GOOD, strict=True)))
    odd = ["{", "[]", "[" * 100_000, json.dumps({"number": "3", "title": "\ud800"})]
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join([*odd, good]), encoding="utf-8")
    report = imports.import_requests(path, mapping=plan)
    found = [(fault.line, fault.code) for fault in report.faults]
    assert found == [(1, "json"), (2, "json"), (3, "json"), (4, "signs")]
    assert report.opened == 1


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("between", [",", "\t", ";"])
def test_a_table_is_read_as_excel_writes_it(town, tmp_path, plan, encoding, between):
    path = tmp_path / "export.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=between).writerows([HEAD, _row(text="漏水,\n两处")])
    assert imports.import_requests(path, mapping=plan).opened == 1
    assert Case.objects.get().case_type == "water.leak"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32", "latin-1"])
def test_a_table_in_another_encoding_is_refused_with_what_to_do(town, tmp_path, plan, encoding):
    path = tmp_path / "export.csv"
    text = "number,title\n" + "1,Été à Genève: où, dès là\n" * 9
    path.write_bytes(text.encode(encoding))
    with translation.override("en"), pytest.raises(Problem, match="CSV UTF-8"):
        imports.import_requests(path, mapping=plan)
    assert not Case.objects.exists()


def test_one_torn_letter_refuses_no_table(town, tmp_path, plan):
    file = _file(tmp_path, _row(text="漏水" * 200))
    file.write_bytes(file.read_bytes().replace("下".encode(), "下".encode()[:2], 1))
    assert imports.import_requests(file, mapping=plan).opened == 1
    assert Case.objects.get().case_type == "water.leak"


def test_dates_are_read_as_clerks_write_them(town, tmp_path, plan):
    imports.import_requests(_file(tmp_path, _row(opened="2026/1/6 9:05")), mapping=plan)
    assert Case.objects.get().opened_at == dt.datetime(2026, 1, 6, 1, 5, tzinfo=dt.UTC)


def test_columns_that_the_file_lacks_are_said_before_anything_comes_in(town, tmp_path, plan):
    plan.write_text(PLAN.replace("lon: lon", "lon: longitude"), encoding="utf-8")
    with pytest.raises(Problem, match="longitude"):
        imports.import_requests(_file(tmp_path, GOOD), mapping=plan)
    assert not Case.objects.exists()


def test_a_number_that_stands_twice_in_a_file_comes_in_once_in_a_dry_run_too(town, tmp_path, plan):
    report = imports.import_requests(_file(tmp_path, GOOD, GOOD), mapping=plan, dry_run=True)
    assert (report.opened, report.known) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"PK\x03\x04 no zip"),
        ("x.xlsx", b""),
        ("x.csv.gz", b"\x1f\x8b broken"),
        ("x.csv.gz", gzip.compress(b"number,title\n1,a\n", mtime=0)[:-6]),
        ("x.csv", b'a,b\n"' + b"x" * (exports.LONGEST_CELL + 1)),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_and_no_fault_of_ours(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Problem):
        list(exports.lines_of(path, name.split(".")[1]))


@pytest.mark.parametrize(
    "text",
    [
        "source: [",
        PLAN.replace("  columns: [kind, title]", "  columns: kind"),
        PLAN.replace("id: number", "id: 7"),
    ],
)
def test_a_mapping_of_another_shape_says_so(tmp_path, text):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        imports.load_plan(path)
    assert refused.value.code == "mapping"


def test_a_format_that_is_none_is_refused(town, tmp_path, plan):
    plan.write_text(PLAN.replace("format: csv", "format: pdf"), encoding="utf-8")
    with pytest.raises(Problem) as refused:
        imports.import_requests(_file(tmp_path, GOOD), mapping=plan)
    assert refused.value.code == "mapping"


def test_only_rows_that_are_kept_count_and_no_more_than_asked_for(town, tmp_path, plan):
    plan.write_text(PLAN + "\nkeep: {kind: 供水}\n", encoding="utf-8")
    rows = [_row(number="1", kind="路灯"), *(_row(number=str(n)) for n in range(2, 6))]
    report = imports.import_requests(_file(tmp_path, *rows), mapping=plan, limit=2)
    assert (report.filtered, report.rows, report.opened) == (1, 2, 2)


def test_a_row_of_no_known_type_is_named_where_the_mapping_has_no_default(town, tmp_path, plan):
    plan.write_text(PLAN.replace("  default: other.any\n", ""), encoding="utf-8")
    row = _row(kind="税务", title="发票", text="开不了票")
    report = imports.import_requests(_file(tmp_path, row), mapping=plan)
    assert [fault.code for fault in report.faults] == ["no-type"]


def test_a_row_with_more_cells_than_headings_is_named_and_empty_ones_are_passed_by(
    town, tmp_path, plan
):
    file = _file(tmp_path, [*GOOD, "one more"], [""] * len(HEAD), _row(number="2"))
    report = imports.import_requests(file, mapping=plan)
    assert [(fault.line, fault.code) for fault in report.faults] == [(2, "cells")]
    assert (report.rows, report.opened) == (2, 1)
