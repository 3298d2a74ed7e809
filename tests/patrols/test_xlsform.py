"""Checklists go out as XLSForm and come back the same."""

import io
from typing import Any

import pytest
import xlsxwriter

from lingka.patrols import schema, xlsform
from lingka.patrols.actions.publishing import shipped
from tests.cases.city import problem


def sheet(rows: list[list[str]], choices: list[list[str]] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    listed = [["list_name", "name", "label"], *(choices or [["x", "a", "甲"]])]
    for name, lines in (("survey", rows), ("choices", listed)):
        made = book.add_worksheet(name)
        for at, line in enumerate(lines):
            made.write_row(at, 0, line)
    book.close()
    return out.getvalue()


HEAD = ["type", "name", "label", "required", "relevant", "constraint"]


@pytest.mark.parametrize("key", sorted(shipped()))
def test_what_goes_out_comes_back_the_same(key: str) -> None:
    body = shipped()[key]
    back = xlsform.read(xlsform.write(key, body))
    assert back["items"] == body["items"]
    # The rest is not of an XLSForm; with it, all holds together again.
    assert list(schema.faults({**body, "items": back["items"]})) == []


@pytest.mark.parametrize("odd", ["nan", "inf", "1e999"])
def test_a_number_without_an_end_is_kept_as_it_stands_and_named(odd: str) -> None:
    rows = [[*HEAD, "lingka_good_to"], ["decimal", "boxes", "几箱", "", "", "", odd]]
    body = xlsform.read(sheet(rows))
    assert body["items"][0]["good"] == {"to": odd}
    assert "items.0.good" in {one.where for one in schema.faults(body)}


def test_a_form_of_others_becomes_a_checklist_with_what_is_missing_named() -> None:
    rows = [
        HEAD,
        ["select_one yn", "Door", "门开着吗", "yes", "", ""],
        ["begin_group", "more", "细看", "", "${Door} = 'no'", ""],
        ["integer", "boxes", "几箱", "", "", ". >= 0 and . <= 50"],
        ["select_multiple x", "where", "在哪", "", "${boxes} > 2 and ${Door} = 'no'", ""],
        ["end_group", "", "", "", "", ""],
    ]
    yn = [["yn", "yes", "是"], ["yn", "no", "否"], ["x", "a", "甲"], ["x", "b", "乙"]]
    body = xlsform.read(sheet(rows, yn))
    door = {"item": "door", "is": ["no"]}
    kinds = [(one["key"], one["kind"], one.get("if", [])) for one in body["items"]]
    assert kinds == [
        ("door", "check", []), ("more", "note", [door]), ("boxes", "number", [door]),
        ("where", "choices", [door, {"item": "boxes", "above": 2}, door]),
    ]  # fmt: skip
    boxes = body["items"][2]
    assert (boxes["least"], boxes["most"], boxes["whole"], boxes["required"]) == (
        0,
        50,
        True,
        False,
    )
    missing = {one.where for one in schema.faults(body)}
    assert {"title.bo", "items.0.text.bo", "items.0.text.en", "sources"} <= missing


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (["geopoint", "spot", "在哪", "", "", ""], "spot"),
        (["text", "t", "字", "", "count(${t}) > 3 or true()", ""], "count"),
        (["nonsense", "t", "字", "", "", ""], "nonsense"),
    ],
)
def test_what_checklists_do_not_have_is_refused_by_name(row: list[str], word: str) -> None:
    with pytest.raises(xlsform.Problem) as caught:
        xlsform.read(sheet([HEAD, row]))
    assert word in str(caught.value)


@pytest.mark.parametrize("file", [b"", b"PK", b"name,label\n"])
def test_what_is_no_excel_file_is_refused(file: bytes) -> None:
    with problem("xlsform"):
        xlsform.read(file)


def test_a_file_that_unpacks_to_far_too_much_is_not_opened(monkeypatch: Any) -> None:
    monkeypatch.setattr(xlsform, "LARGEST_INSIDE", 100)
    with problem("xlsform"):
        xlsform.read(sheet([HEAD]))
