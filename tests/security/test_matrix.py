"""Every address, every method, everybody: the answers are those of the reviewed table."""

import re
from typing import Any

import pytest

from tests.security import walking
from tests.security.conftest import Walk, staged
from tests.security.stage import COLUMNS, KEYS, STAFF
from tests.security.walking import DENIED, Row

pytestmark = pytest.mark.django_db
STRANGERS = ("none", "holder", "member", *KEYS)
# Who must find every address of a section closed, whatever its rows say.
CLOSED_TO: dict[str, tuple[str, ...]] = {
    "public": (),
    "demo": (),
    "holder": tuple(who for who in COLUMNS if who != "holder"),
    "member": tuple(who for who in COLUMNS if who != "member"),
    "account": STRANGERS,
    "desk": (*STRANGERS, "nopost"),
    "case": (*STRANGERS, "nopost", "far", "admi"),
    "office": (*STRANGERS, "nopost", "disp", "hand", "veri", "supe", "lead", "grid"),
    "office of an area": (
        *STRANGERS, "nopost", "disp", "hand", "veri", "supe", "lead", "grid", "far",
    ),
    "open311": (),
    "api": (),
}  # fmt: skip


def faults(rows: list[Row]) -> list[str]:
    """What the table allows though its section is closed to that column."""
    return [
        f"line {row.line}: {who} must not get `{row.cells[who]}`"
        for row in rows
        for who in CLOSED_TO[row.section]
        if row.cells[who] not in DENIED
    ]


def gaps(rows: list[Row], known: set[str]) -> list[str]:
    """Addresses without rows for GET and POST, and rows without an address."""
    written = {(row.path, row.method) for row in rows}
    wanted = {(path, method) for path in known for method in ("GET", "POST")}
    return [f"no row: {method} {path}" for path, method in sorted(wanted - written)] + [
        f"no such address: {method} {path}" for path, method in sorted(written - wanted)
    ]


def shown(row: Row, cells: dict[str, str]) -> str:
    return f"{row}  is  " + " ".join(f"{who}={cells[who]}" for who in COLUMNS)


def test_everybody_gets_what_the_table_says(walk: Walk) -> None:
    wrong = [shown(row, walk.cells[row.line]) for row in walk.rows
             if walk.cells[row.line] != row.cells]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_nothing_that_is_sent_ends_in_a_server_error(walk: Walk) -> None:
    cells = [cell for by_column in walk.cells.values() for cell in by_column.values()]
    assert not [cell for cell in cells if cell.startswith("5")]


def test_every_address_has_its_rows_and_every_row_its_address() -> None:
    known = set(walking.addresses())
    rows = walking.table(walking.TABLE.read_text(encoding="utf-8"))
    assert gaps(rows, known) == []
    assert "no row: GET /new/" in gaps(rows, known | {"/new/"})
    assert gaps([*rows, rows[0].__class__(1, "public", "GET", False, "/old/", {}, {})], known)


def test_what_is_not_meant_for_everybody_is_closed_to_strangers() -> None:
    text = walking.TABLE.read_text(encoding="utf-8")
    assert faults(walking.table(text)) == []
    opened = text.replace("GET /desk/ ", "GET /desk/ x=y ", 1).splitlines()
    line = next(one for one in opened if "x=y" in one).replace(" in ", " ok ", 1)
    assert faults(walking.table(f"[desk]\n{line}"))


def test_a_browser_s_session_opens_nothing_of_the_interfaces_for_programs(walk: Walk) -> None:
    rows = [row for row in walk.rows if row.section in {"api", "open311"}]
    assert rows
    for row in rows:
        cells = walk.cells[row.line]
        assert {cells[who] for who in (*STAFF, "kdead")} == {cells["none"]}, row


def test_everybody_s_menu_leads_to_pages_that_open(walk: Walk) -> None:
    pages = {row.path: walk.cells[row.line] for row in walk.rows if row.method == "GET"}
    assert all(len(walk.menus[who]) > 2 for who in set(STAFF) - {"nopost"})
    assert not [
        f"{href} by {who}: {pages[href][who]}"
        for who, menu in walk.menus.items()
        for href in menu
        if pages[href][who] not in {"ok", "go"}
    ]


def test_words_and_contacts_reach_nobody_but_those_they_concern(walk: Walk) -> None:
    assert not walk.leaks, "\n".join(sorted(set(walk.leaks)))


def test_every_form_asks_for_its_token_but_those_that_no_cookie_plays_a_part_in(
    walk: Walk,
) -> None:
    assert (walk.unasked, walk.asked) == ([], [])


@pytest.fixture(scope="module")
def others(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    """Answers to methods that no page has, and to names of things that are not there."""
    odd, absent = [], []
    with staged(django_db_blocker, tmp_path_factory.mktemp("media")) as stage:
        for path, view in walking.addresses().items():
            if getattr(view, "__module__", "").startswith("allauth."):
                continue  # one form for every method is its way; the table has what it opens
            for who in ("none", "disp", "admi"):
                for method in ("PUT", "PATCH", "DELETE"):
                    row = Row(0, "", method, True, path, {}, {})
                    answer = walking.outcome(walking.answer(stage, row, who))
                    odd.append((f"{method} {path} by {who}", answer))
                named = set(re.findall(r"<(\w+)>", path))
                if named - {"fmt"}:
                    given = {name: MISSING.get(name, "NIX") for name in named}
                    row = Row(0, "", "GET", False, path, given, {})
                    answer = walking.outcome(walking.answer(stage, row, who))
                    absent.append((f"{row} by {who}", answer))
    return odd, absent


MISSING = {
    **dict.fromkeys(("pk", "area_id", "place_id", "user_id", "unit_id", "calendar_id"), "999999"),
    **dict.fromkeys(("uuid", "receipt", "agreement"), "01a1fd14-2338-77d3-9a98-75283fba15c1"),
    "version": "1", "fmt": "json", "size": "small", "form": "png",
}  # fmt: skip


def test_no_page_does_anything_by_another_method(others: Any) -> None:
    done = [one for one in others[0] if one[1] not in DENIED]
    assert not done, "\n".join(map(str, done))


def test_what_does_not_exist_is_told_so_and_breaks_nothing(others: Any) -> None:
    told = {*DENIED, "410"}  # of a code that changes nobody can say whether it ever was
    done = [one for one in others[1] if one[1] not in told]
    assert not done, "\n".join(map(str, done))
