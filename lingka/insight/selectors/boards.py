"""The board of rates: sums of counts by month or week, area, unit, type, in one statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from django.db import connection

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.cases import selectors as cases
from lingka.insight.definitions import Definition, Rate
from lingka.insight.measures import COLUMNS, NOTHING, Tally
from lingka.insight.periods import Period
from lingka.insight.selectors import definitions

LOOK_BACK = 6  # months, or weeks, of one's own past


@dataclass(frozen=True)
class Scope:
    """Whose rates: of an area, of one unit in it, of a group of types; now or as published."""

    period: Period
    area: AreaInfo
    unit: int | None = None
    group: str = ""
    publication: int | None = None

    @property
    def definition(self) -> Definition:
        return definitions.on(self.period.last)

    @property
    def types(self) -> list[str]:
        """The types of the chosen group."""
        return [one.key for one in cases.case_types() if one.group_key == self.group]


@dataclass(frozen=True)
class Sum:
    """What was counted, and how many were left out."""

    tally: Tally = NOTHING
    left_out: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.tally + other.tally, self.left_out + other.left_out)


EMPTY = Sum()


@dataclass(frozen=True)
class Line:
    """One area, unit or group: now, and in the period before."""

    key: str
    now: Sum = EMPTY
    before: Sum = EMPTY


_SUMS = ", ".join(
    ["coalesce(sum(cases) FILTER (WHERE reason = ''), 0)"]
    + [f"coalesce(sum({name}), 0)" for name in COLUMNS[1:]]
    + ["coalesce(sum(cases) FILTER (WHERE reason <> ''), 0)"]
)


@dataclass(frozen=True)
class Board:
    """The sums of a scope; what was not asked for is empty."""

    months: dict[date, Sum]  # or weeks by their Mondays: one's own past, and now
    areas: list[Line]  # right below, in the order of their codes
    units: list[Line]  # in charge, in no order of merit: by id
    groups: list[Line]  # of types, in the catalogue's order
    reasons: dict[str, int]  # how many cases were left out for each


Kind = Literal["month", "area", "unit", "case_type", "reason"]
Rows = list[tuple[Any, ...]]  # key, month, numbers; the last one is of those left out


def board(scope: Scope, *kinds: Kind) -> Board:
    """The sums by each of these."""
    rows = _ask(scope, kinds)
    below = [str(one.id) for one in areas.children(scope.area.id)] if "area" in kinds else []
    groups = {one.key: one.group_key for one in cases.case_types()}
    by_area = _lines(scope, rows["area"], str)
    by_unit = _lines(scope, rows["unit"], str)
    by_group = _lines(scope, rows["case_type"], lambda key: groups.get(key, "other"))
    return Board(
        months={month: _sum(numbers) for _key, month, *numbers in rows["month"]},
        areas=[by_area[key] for key in below if key in by_area],
        units=[by_unit[key] for key in sorted(by_unit, key=int)],
        groups=[by_group[key] for key in dict.fromkeys(groups.values()) if key in by_group],
        reasons=_reasons(rows["reason"]),
    )


def _ask(scope: Scope, kinds: Sequence[Kind]) -> dict[str, Rows]:
    """The rows of each kind, in one statement."""
    parts = [_part(scope, kind) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(text for text, _params in parts),
            [one for _text, params in parts for one in params],
        )
        rows = cursor.fetchall()
    found: dict[str, Rows] = {kind: [] for kind in get_args(Kind)}
    for kind, *row in rows:
        found[kind].append(tuple(row))
    return found


def _part(scope: Scope, kind: Kind) -> tuple[str, list[Any]]:
    table = "insight_weekcount" if scope.period.by_week else "insight_count"
    over = [scope.area.id]
    if kind == "area":
        over = [one.id for one in areas.children(scope.area.id)]
    where, params = ["area = ANY(%s)"], [over]
    if scope.publication is None:
        where += ["month >= %s", "month < %s"]
        params += [_since(scope.period, kind), scope.period.end]  # type: ignore[list-item]
    else:
        table, where = "insight_frozencount", [*where, "publication_id = %s"]
        params.append(scope.publication)  # type: ignore[arg-type]
    if scope.unit is not None:
        where.append("unit = %s")
        params.append(scope.unit)  # type: ignore[arg-type]
    if scope.group:
        where.append("case_type = ANY(%s)")
        params.append(scope.types)  # type: ignore[arg-type]
    key = "''::text" if kind == "month" else f"{kind}::text"
    text = (
        f"SELECT '{kind}', {key}, month, {_SUMS} FROM {table}"  # noqa: S608 - our own names
        f" WHERE {' AND '.join(where)} GROUP BY 2, 3"
    )
    return text, params


def _since(period: Period, kind: Kind) -> date:
    """How far back a kind looks: the whole past, the period before, or the period alone."""
    if kind == "month":
        return min(period.ago(LOOK_BACK), period.before.first)
    return period.first if kind == "reason" else period.before.first


def _sum(numbers: Sequence[int]) -> Sum:
    return Sum(Tally(*map(int, numbers[:-1])), int(numbers[-1]))


def total(months: dict[date, Sum], period: Period) -> Sum:
    found = [one for month, one in months.items() if period.first <= month < period.end]
    return sum(found, EMPTY)


def _lines(scope: Scope, rows: Rows, key_of: Callable[[str], str]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for key, month, *numbers in rows:
        name, one = key_of(key), _sum(numbers)
        line = found.get(name, Line(name))
        if month >= scope.period.first:
            found[name] = replace(line, now=line.now + one)
        else:
            found[name] = replace(line, before=line.before + one)
    return {
        key: line for key, line in found.items() if line.now.tally.cases or line.now.left_out
    }  # fmt: skip


def _reasons(rows: Rows) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, _month, *numbers in rows:
        if key:
            found[key] = found.get(key, 0) + int(numbers[-1])
    return found


def pooled(lines: Iterable[Line], kind_of: Callable[[str], str]) -> dict[str, Tally]:
    """All units of a kind together, for a unit to be seen beside its like."""
    found: dict[str, Tally] = {}
    for line in lines:
        kind = kind_of(line.key)
        found[kind] = found.get(kind, NOTHING) + line.now.tally
    return found


def share(rate: Rate, tally: Tally, minimum: int) -> float | None:
    """A rate in per cent; None where it would be made of too few."""
    numerator, denominator = rate.parts(tally)
    return 100 * numerator / denominator if denominator >= minimum else None
