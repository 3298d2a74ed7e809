"""The board of rates: sums of counts by month or week, area, unit, type. Five statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

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


def _ask(scope: Scope, by: str, since: date, over: Sequence[int]) -> list[tuple[Any, ...]]:
    """Sums by something, as rows of keys and numbers; the last number is of those left out."""
    table = "insight_weekcount" if scope.period.by_week else "insight_count"
    where, params = ["area = ANY(%s)"], [list(over)]
    if scope.publication is None:
        where += ["month >= %s", "month < %s"]
        params += [since, scope.period.end]  # type: ignore[list-item]
    else:
        table, where = "insight_frozencount", [*where, "publication_id = %s"]
        params.append(scope.publication)  # type: ignore[arg-type]
    if scope.unit is not None:
        where.append("unit = %s")
        params.append(scope.unit)  # type: ignore[arg-type]
    if scope.group:
        where.append("case_type = ANY(%s)")
        params.append(scope.types)  # type: ignore[arg-type]
    text = f"SELECT {by}, {_SUMS} FROM {table} WHERE {' AND '.join(where)} GROUP BY {by}"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())


def _sum(numbers: Sequence[int]) -> Sum:
    return Sum(Tally(*map(int, numbers[:-1])), int(numbers[-1]))


def by_month(scope: Scope) -> dict[date, Sum]:
    """One's own past, and now: the months of the period, of the one before, and some more; or
    the weeks, by their Mondays, where the period is a week."""
    since = min(scope.period.ago(LOOK_BACK), scope.period.before.first)
    rows = _ask(scope, "month", since, [scope.area.id])
    return {row[0]: _sum(row[1:]) for row in rows}


def total(months: dict[date, Sum], period: Period) -> Sum:
    found = [one for month, one in months.items() if period.first <= month < period.end]
    return sum(found, EMPTY)


def by_area(scope: Scope) -> list[Line]:
    """The areas right below, in the order of their codes."""
    below = [one.id for one in areas.children(scope.area.id)]
    found = _lines(scope, "area", below, str)
    return [found.get(str(one), Line(str(one))) for one in below if str(one) in found]


def by_unit(scope: Scope) -> list[Line]:
    """The units in charge, in no order of merit: by id."""
    found = _lines(scope, "unit", [scope.area.id], str)
    return [found[key] for key in sorted(found, key=int)]


def by_group(scope: Scope) -> list[Line]:
    """Groups of types in the catalogue's order."""
    groups = {one.key: one.group_key for one in cases.case_types()}
    found = _lines(scope, "case_type", [scope.area.id], lambda key: groups.get(str(key), "other"))
    order = dict.fromkeys(groups.values())
    return [found[key] for key in order if key in found]


def _lines(
    scope: Scope, by: str, over: Sequence[int], key_of: Callable[[Any], str]
) -> dict[str, Line]:
    rows = _ask(scope, f"{by}, month", scope.period.before.first, over)
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


def reasons(scope: Scope) -> dict[str, int]:
    """How many cases were left out, by reason."""
    rows = _ask(scope, "reason", scope.period.first, [scope.area.id])
    return {row[0]: int(row[-1]) for row in rows if row[0]}


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
