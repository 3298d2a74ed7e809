"""One case as a row of a list: what it is, where, why it is here, and how long there is."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue, faces, whys
from lingka.core import clock, contents
from lingka.core.clockviews import ClockView
from lingka.core.codes import pretty
from lingka.core.text import language_of, pick
from lingka.units import selectors as units

TITLE = 36  # characters of the resident's words that make a title
SHORTEST = 6  # "你好！" is no title
_ENDS = "。！？!?\n།"


@dataclass(frozen=True)
class Row:
    number: str
    uuid: UUID
    code: str
    title: str
    language: str
    where: str
    why: whys.Why
    clock: ClockView
    version: int
    url: str = ""


def said(value: Any) -> tuple[str, str]:
    """Text of a words content, and the language whose letters it is written in."""
    text = str(value.get("text", "")) if isinstance(value, Mapping) else str(value or "")
    return text, language_of(text)


def title_of(case: Case, words: Any) -> tuple[str, str]:
    """The first sentence of the resident's words, else the type's name."""
    text, language = said(words)
    text = " ".join(text.split("\t")).strip()
    # After some letters a Tibetan sentence ends with a space alone.
    ends = _ENDS + " " if language == "bo" else _ENDS
    for position, letter in enumerate(text):
        if letter in ends and position >= SHORTEST:
            text = text[:position]
            break
    if not text:
        return type_of(case).name, ""
    return (text if len(text) <= TITLE * 2 else text[: TITLE * 2].rstrip() + "…"), language


def titles(uuids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Titles and their languages by case, for whoever looks after these cases: two statements."""
    found = list(Case.objects.filter(uuid__in=list(uuids)))
    words = contents.read([case.words for case in found if case.words])
    return {one.uuid: title_of(one, words.get(one.words) if one.words else None) for one in found}


def type_of(case: Case) -> CaseTypeInfo:
    """The case's type as it was called in the catalogue that it was opened with."""
    return catalogue.case_type(case.case_type, catalogue=case.catalogue_id)


def area_name(case: Case) -> str:
    where = areas.area(case.grid_id or case.desk_area_id)
    return pick(where.name) if where else ""


def unit_name(unit_id: int | None) -> str:
    found = units.unit(unit_id) if unit_id else None
    return pick(found.name) if found else ""


def rows(
    cases: Iterable[Case], *, units_of: AbstractSet[int] = frozenset(), reader: int = 0
) -> list[Row]:
    """Rows for a page of cases. Two SQL statements however many: words and likeness."""
    cases = list(cases)
    now = clock.now()
    words = contents.read([case.words for case in cases if case.words])
    alike = whys.alike_counts(cases)
    return [
        _row(
            case,
            words.get(case.words) if case.words else None,
            whys.why(case, alike=alike.get(case.pk, 0), now=now, units_of=units_of, reader=reader),
            now,
        )
        for case in cases
    ]


def _row(case: Case, words: Any, why: whys.Why, now: datetime) -> Row:
    title, language = title_of(case, words)
    where = [area_name(case), type_of(case).name]
    if case.channel in {"hotline", "letterbox", "open311"}:
        where.append(str(faces.channel(case.channel).label))
    return Row(
        number=case.number,
        uuid=case.uuid,
        code=pretty(case.number),
        title=title or _("No words"),
        language=language,
        where=" · ".join(part for part in where if part),
        why=why,
        clock=faces.case_clock(case, now),
        version=case.version,
    )
