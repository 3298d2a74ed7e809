"""`lingka import`: files into the town's tables, what is wrong in them said line by line."""

from pathlib import Path

import pytest

from lingka.areas.models import Area, Place
from lingka.cases.models import Case
from lingka.ops import imports
from tests.cases import city as cities
from tests.cases.city import HERE, City

PLACES = "name,name_bo,name_en,kind,lon,lat\n"
GOOD = "一号院,ར་སྐོར་དང་པོ།,Courtyard 1,院落,{},{}\n".format(*HERE)
NOWHERE = "二号院,ར་སྐོར་གཉིས་པ།,Courtyard 2,院落,0,0\n"
PLAN = """
source: line-12345
format: csv
id: number
language: zh-hans
columns: {words: [title], lon: lon, lat: lat}
types: {columns: [title], map: {水: water.leak}, default: other.any}
"""
REQUESTS = "number,title,lon,lat\n1,漏水,{},{}\n".format(*HERE)


@pytest.fixture
def city(db: None) -> City:
    return cities.build()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "places.csv").write_text(PLACES + GOOD)
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "requests.csv").write_text(REQUESTS)
    return tmp_path


def places(file: Path, *, dry_run: bool = False) -> int:
    return imports.run("places", file, None, dry_run=dry_run, limit=None)


def requests(folder: Path, *, dry_run: bool = False) -> int:
    plan = folder / "plan.yaml"
    return imports.run("requests", folder / "requests.csv", plan, dry_run=dry_run, limit=None)


def test_places_come_in_and_their_number_is_said(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert places(folder / "places.csv") == 0
    assert "1 added, 0 closed, of 1 rows." in capsys.readouterr().out
    assert Place.objects.count() == 1


def test_a_dry_run_of_places_changes_nothing_and_says_so(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert places(folder / "places.csv", dry_run=True) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert not Place.objects.exists()


def test_a_fault_is_said_with_its_line_and_nothing_is_taken(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "places.csv"
    file.write_text(PLACES + GOOD + NOWHERE)
    assert places(file) == 1
    said = capsys.readouterr().out
    assert "line 3: " in said
    assert "1 faults in 2 rows; nothing was taken." in said
    assert not Place.objects.exists()


def test_areas_go_to_the_areas(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "areas.csv"
    file.write_text("code,name,name_bo,name_en\n540103000000,乙区,ཆུས།,District B\n")
    assert imports.run("areas", file, None, dry_run=False, limit=None) == 0
    assert Area.objects.filter(code="540103000000").exists()


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "places.xlsx"
    file.write_bytes(b"PK no workbook")
    assert places(file) == 1
    assert capsys.readouterr().out.strip()


def test_requests_become_cases(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert requests(folder) == 0
    assert Case.objects.get().case_type == "water.leak"


def test_a_dry_run_of_requests_keeps_nothing_and_says_so(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert requests(folder, dry_run=True) == 0
    assert "nothing was kept" in capsys.readouterr().out
    assert not Case.objects.exists()


def test_requests_of_which_none_is_taken_are_a_failure_named_by_line(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "requests.csv").write_text("number,title,lon,lat\n7,漏水,east,north\n")
    assert requests(folder) == 1
    assert "line 2 (7): " in capsys.readouterr().out


def test_what_is_wrong_with_a_file_is_said_in_the_terminals_one_language(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.xlsx").write_text("no workbook")
    (folder / "nameless.csv").write_text("name,lon,lat,kind\n,91.13,29.65,building\n")
    assert places(folder / "broken.xlsx") == places(folder / "nameless.csv") == 1
    assert capsys.readouterr().out.isascii()
