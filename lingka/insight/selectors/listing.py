"""The cases behind a figure: one page after another by key, however many there are."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lingka.insight.counting import flag
from lingka.insight.measures import MEASURES
from lingka.insight.models import Fact
from lingka.insight.selectors.boards import Scope

PAGE = 30


@dataclass(frozen=True)
class Listed:
    """One case as it counts."""

    case: UUID
    number: str
    opened_at: datetime
    areas: list[int]
    unit: int
    case_type: str
    reason: str
    contact: str
    handled: str
    answer: str
    solved: bool
    satisfied: bool | None


@dataclass(frozen=True)
class Page:
    rows: list[Listed]
    next: str = ""


_COLUMNS = ", ".join(f'"{name}"' for name in Listed.__dataclass_fields__)


def page(scope: Scope, measure: str, after: str = "", size: int = PAGE) -> Page:
    """Cases of a scope that a measure counts ("" all that count, "left_out" those that do not,
    "left_out:code" those of a reason), newest first."""
    where, params = _scoped(scope)
    condition, more = _measured(measure)
    where.append(condition)
    params += more
    if key := _decoded(after):
        where.append('(opened_at, "case") < (%s, %s)')
        params += key
    table = "insight_fact" if scope.publication is None else "insight_frozenfact"
    text = (
        f"SELECT {_COLUMNS} FROM {table} WHERE {' AND '.join(where)}"  # noqa: S608 - our own names
        f' ORDER BY opened_at DESC, "case" DESC LIMIT {size + 1}'
    )
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        rows = [Listed(*row) for row in cursor.fetchall()]
    following = _encoded(rows[size - 1]) if len(rows) > size else ""
    return Page(rows[:size], following)


def _scoped(scope: Scope) -> tuple[list[str], list[Any]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    ends = (scope.period.first, scope.period.end)
    begin, end = (datetime.combine(day, time(), zone) for day in ends)
    where, params = ["opened_at >= %s", "opened_at < %s"], [begin, end]
    found: list[tuple[str, Any]] = [("%s = ANY(areas)", scope.area.id)]
    if scope.unit is not None:
        found.append(("unit = %s", scope.unit))
    if scope.group:
        found.append(("case_type = ANY(%s)", scope.types))
    if scope.publication is not None:
        found.append(("publication_id = %s", scope.publication))
    return where + [text for text, _value in found], [*params, *(value for _text, value in found)]


def _measured(measure: str) -> tuple[str, Sequence[Any]]:
    kind, _, code = measure.partition(":")
    if kind == "left_out":
        return ("reason = %s", [code]) if code else ("reason <> ''", [])
    if measure not in MEASURES:
        return "reason = ''", []
    known = MEASURES[measure]
    some = " OR ".join(f"({flag(name)})" for name in known.columns)
    none = "".join(f" AND NOT coalesce(({flag(name)}), false)" for name in known.less)
    return f"({some}){none}", []


def _encoded(row: Listed) -> str:
    text = f"{row.opened_at.isoformat()}|{row.case}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(text: str) -> list[Any]:
    """The place after which a page starts; empty where the text is no key of ours."""
    try:
        moment, _, case = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        return [datetime.fromisoformat(moment), UUID(case)] if case else []
    except ValueError:
        return []


def fact(number: str) -> Fact | None:
    """How one case counts, by its number."""
    return Fact.objects.filter(number=number).first()
