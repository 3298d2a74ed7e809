"""A heading's sheet: rows with their lines, each as a report, or what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas import tables
from lingka.cases import selectors as cases
from lingka.cases.selectors import CaseTypeInfo
from lingka.core.problems import Problem

MOST = 300  # rows of one heading
CHANNEL = "exposure"  # by which its cases come
LONGEST = 4000
WORDS = ("words", "内容", "问题", "问题描述", "description", "title")
TYPE = ("kind", "case_type", "type", "事项类型")
PLACE = ("code", "place", "场所码", "门牌")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line; `column` as the sheet's own heading means it."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Wanted:
    """A row that can be read."""

    line: int
    words: str
    case_type: str
    place_id: int | None
    lon: float | None
    lat: float | None
    address: str


def read(file: Path | File, default: str) -> tuple[list[Wanted], list[Fault]]:  # type: ignore[type-arg]
    """All rows and all faults. A Problem where the file itself cannot be read."""
    rows = tables.read(file)
    if len(rows) > MOST:
        said = _("At most %(most)s rows under one heading: split the sheet.")
        raise Problem("file", said % {"most": MOST}, field="file", status=422)
    known = _types()
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            wanted.append(_wanted(row, known, default))
        except Problem as problem:
            faults.append(Fault(row.line, problem.field or "", str(problem.message)))
    return wanted, faults


def exposed() -> list[CaseTypeInfo]:
    """What a row may be about: only what public lists may carry, and what comes by such sheets."""
    kinds = (one for one in cases.case_types() if one.publication == "listed")
    return [one for one in kinds if one.comes_by(CHANNEL)]


def _types() -> dict[str, str]:
    """Case types by key and by name."""
    listed = exposed()
    return {one.key: one.key for one in listed} | {one.name: one.key for one in listed}


def _wanted(row: tables.Row, known: dict[str, str], default: str) -> Wanted:
    if row.unstorable:
        raise Problem("signs", _("This has a sign that cannot be stored."), field=row.unstorable[0])
    words = _first(row, WORDS)
    if not words:
        raise Problem("words", _("Nothing is said in this row."), field="words")
    if len(words) > LONGEST:
        raise Problem("words", _("This is too long."), field="words")
    lon, lat = _point(row)
    place = _place(row)
    address = row.get("address")[:200]
    if place is None and lon is None and not address:
        raise Problem(
            "where", _("Say where: a place's code, a point or an address."), field="place"
        )
    return Wanted(row.line, words, _type(row, known, default), place, lon, lat, address)


def _first(row: tables.Row, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := row.get(name).strip())), "")


def _type(row: tables.Row, known: dict[str, str], default: str) -> str:
    named = _first(row, TYPE)
    found = known.get(named or default)
    if found is None:
        said = _("“%(name)s” is no case type that is followed in public.") % {"name": named}
        raise Problem("type", said, field="type")
    return found


def _place(row: tables.Row) -> int | None:
    code = _first(row, PLACE)
    if not code:
        return None
    found = areas.place_by_code(code)
    if found is None:
        raise Problem("place", _("There is no place with this code."), field="place")
    return found.id


def _point(row: tables.Row) -> tuple[float | None, float | None]:
    texts: list[Any] = [row.get("lon"), row.get("lat")]
    if not all(texts):
        return None, None
    try:
        lon, lat = (float(text) for text in texts)
    except ValueError:
        raise Problem("point", _("The position cannot be read."), field="lon") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004
        raise Problem("point", _("The position lies outside the world."), field="lon")
    return lon, lat
