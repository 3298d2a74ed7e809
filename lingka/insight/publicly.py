"""A published board for everybody, with small groups hidden and nothing that gives them away.

Tables stand alone: by area one level at a time, by unit and by type for the whole town only, so
that no two of them can be taken together to find what one hides. An area has a page only where
its line is shown, and shows no rate that its line hides. What stands beside a rate and what was
left out are groups too, hidden as rates are; why cases were left out is told of the town alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.cases import selectors as cases
from lingka.core import suppressing
from lingka.core.text import pick
from lingka.insight import periods, presenting
from lingka.insight.definitions import Definition, Rate
from lingka.insight.measures import NOTHING, count
from lingka.insight.models import Publication
from lingka.insight.selectors import boards, publications
from lingka.insight.selectors.boards import Line, Scope, Sum
from lingka.units import selectors as units

CASES = "cases"  # the column of how many cases there were
BESIDE = "beside:{}"  # the columns of what stands beside the rates
LEFT_OUT, UNREACHED = BESIDE.format("left_out"), BESIDE.format("unreached")
REST = ""  # what a total has more than the lines of its table: it can be had by subtraction


@dataclass(frozen=True)
class Cell:
    """A rate in a table, or that it is hidden."""

    percent: str
    numerator: int = 0
    denominator: int = 0

    @property
    def hidden(self) -> bool:
        return not self.percent


@dataclass(frozen=True)
class PublicRow:
    key: str
    name: str
    cases: int | None  # None: hidden
    cells: list[Cell]
    left_out: int | None  # None: hidden
    unreached: int | None


@dataclass(frozen=True)
class Table:
    title: str  # which: "area", "unit", "type"
    rows: list[PublicRow]
    leads: bool  # whether its lines lead on


@dataclass(frozen=True)
class PublicBoard:
    area: AreaInfo
    above: list[AreaInfo]
    by: Definition
    shares: list[presenting.Share]
    weighed: str
    total: Sum
    left_out: int | None  # None: hidden
    reasons: list[tuple[str, int]]
    tables: list[Table]


def board(publication: Publication, area_id: int | None) -> PublicBoard | None:
    """What may be shown of an area; None for one whose figures are hidden, or that is none."""
    root = areas.roots()[0]
    chain = _chain(root, area_id)
    newest = publications.published(publication.month)
    if chain is None or (len(chain) > 1 and publication != newest):
        return None
    by, hidden = _scope(publication, root).definition, frozenset[str]()
    for above, below in pairwise(chain):
        hidden = _hidden_for(_scope(publication, above), by, below, hidden)
        if CASES in hidden:
            return None
    scope = _scope(publication, chain[-1])
    tables = [_areas(scope, by, hidden)] if publication == newest else []
    if len(chain) == 1 and tables:
        tables += [_units(scope, by), _types(scope, by)]
    return _board(scope, by, chain, hidden, [one for one in tables if one.rows])


def _scope(publication: Publication, area: AreaInfo) -> Scope:
    return Scope(periods.month_of(publication.month), area, publication=publication.pk)


def _chain(root: AreaInfo, area_id: int | None) -> list[AreaInfo] | None:
    """The areas from the root to the one asked for; None where it is no area."""
    known = {one.id: one for one in areas.areas_below(root.id)}
    if area_id is None:
        return [root]
    return areas.ancestors(known[area_id].path) if area_id in known else None


def _board(
    scope: Scope, by: Definition, chain: list[AreaInfo], hidden: frozenset[str],
    tables: list[Table],
) -> PublicBoard:  # fmt: skip
    sums = boards.board(scope, "month", "reason")
    now = boards.total(sums.months, scope.period)
    if now.tally.cases < by.minimum:
        now, hidden = boards.EMPTY, hidden | {LEFT_OUT}
    weighed = None if any(rate.key in hidden for rate in by.rates) else by.weighed(now.tally)
    few = LEFT_OUT in hidden or 0 < now.left_out < by.minimum
    return PublicBoard(
        chain[-1], chain[:-1], by, [share(one, by, now, hidden) for one in by.rates],
        presenting.percent(None if weighed is None else 100 * weighed), now,
        None if few else now.left_out,
        [] if few or len(chain) > 1 else reasons_told(sums.reasons, by), tables,
    )  # fmt: skip


def share(rate: Rate, by: Definition, now: Sum, hidden: frozenset[str]) -> presenting.Share:
    """A rate with what stands beside it; the number of a hidden figure is 0, which no shown one
    has."""
    tally = now.tally if rate.key not in hidden else NOTHING
    made = presenting.share(rate, by, tally, NOTHING, lambda _measure: "")
    beside = [
        one if one.number >= by.minimum and BESIDE.format(name) not in hidden
        else replace(one, number=0)
        for name in rate.beside if (one := presenting.figure(name, tally, str)).number
    ]  # fmt: skip
    return replace(made, beside=beside)


def reasons_told(reasons: Mapping[str, int], by: Definition) -> list[tuple[str, int]]:
    """How many were left out for each reason; those of few cases together as one."""
    few = suppressing.hidden(reasons, by.minimum)
    told = [
        (pick(by.reason(code)), number)
        for code, number in sorted(reasons.items())
        if code not in few
    ]
    rest = sum(reasons[code] for code in few)
    return [*told, (_("for other reasons"), rest)] if told and few else told


def columns(lines: Sequence[Line], by: Definition, total: Sum) -> dict[str, dict[str, int]]:
    """The groups behind each column of a table: how many, by line, and the rest of the total."""
    beside = {"unreached", *(name for rate in by.rates for name in rate.beside)}
    kinds: dict[str, Callable[[Sum], int]] = {
        CASES: lambda one: one.tally.cases,
        LEFT_OUT: lambda one: one.left_out,
        **{rate.key: _denominator(rate) for rate in by.rates},
        **{BESIDE.format(name): _counted(name) for name in beside},
    }
    found = {name: {line.key: of(line.now) for line in lines} for name, of in kinds.items()}
    for name, of in kinds.items():
        found[name][REST] = max(0, of(total) - sum(found[name].values()))
    return found


def _denominator(rate: Rate) -> Callable[[Sum], int]:
    return lambda one: rate.parts(one.tally)[1]


def _counted(measure: str) -> Callable[[Sum], int]:
    return lambda one: count(measure, one.tally)


def hidden_cells(
    lines: Sequence[Line], by: Definition, total: Sum, whole: frozenset[str] = frozenset()
) -> dict[str, frozenset[str]]:
    """Which lines are hidden in each column. Who is hidden as a whole is hidden in every one;
    `whole` names columns that are hidden altogether."""
    sizes = columns(lines, by, total)
    cases = suppressing.hidden(sizes[CASES], by.minimum)
    found = {CASES: cases}
    for name in sizes.keys() - {CASES}:
        every = frozenset(sizes[name]) if name in whole else cases
        found[name] = suppressing.hidden(sizes[name], by.minimum, every)
    return found


def _hidden_for(
    scope: Scope, by: Definition, below: AreaInfo, whole: frozenset[str]
) -> frozenset[str]:
    """The columns that are hidden for one of the areas of a table."""
    sums = boards.board(scope, "area", "month")
    if str(below.id) not in {line.key for line in sums.areas}:
        return frozenset({CASES})
    cells = hidden_cells(sums.areas, by, boards.total(sums.months, scope.period), whole)
    return frozenset(name for name, keys in cells.items() if str(below.id) in keys)


def table(
    title: str, lines: Sequence[Line], by: Definition, name: Callable[[str], str], total: Sum,
    *, whole: frozenset[str] = frozenset(), leads: bool = False,
) -> Table:  # fmt: skip
    """The lines of a table with what may be shown of them beside the total of all."""
    cells = hidden_cells(lines, by, total, whole)
    rows = [
        _row(line, by, name(line.key), {key for key, keys in cells.items() if line.key in keys})
        for line in lines
    ]
    return Table(title, sorted(rows, key=lambda one: one.name) if title == "unit" else rows, leads)


def _row(line: Line, by: Definition, name: str, hidden: set[str]) -> PublicRow:
    shown = CASES not in hidden
    return PublicRow(
        key=line.key, name=name, cases=line.now.tally.cases if shown else None,
        cells=[_cell(rate.key in hidden, *rate.parts(line.now.tally)) for rate in by.rates],
        left_out=line.now.left_out if shown and LEFT_OUT not in hidden else None,
        unreached=line.now.tally.unreached if shown and UNREACHED not in hidden else None,
    )  # fmt: skip


def _cell(hidden: bool, numerator: int, denominator: int) -> Cell:  # noqa: FBT001
    if hidden or not denominator:
        return Cell("")
    return Cell(presenting.percent(100 * numerator / denominator), numerator, denominator)


def _areas(scope: Scope, by: Definition, whole: frozenset[str]) -> Table:
    sums = boards.board(scope, "area", "month")
    total = boards.total(sums.months, scope.period)
    return table(
        "area", sums.areas, by, lambda key: pick(areas.area(int(key)).name), total,
        whole=whole, leads=True,
    )  # fmt: skip


def _units(scope: Scope, by: Definition) -> Table:
    """Units of one kind are too few to hide among themselves: all stand in one table."""
    sums = boards.board(scope, "unit", "month")
    lines = [line for line in sums.units if line.key != "0" and line.now.tally.cases]
    total = boards.total(sums.months, scope.period)
    return table("unit", lines, by, lambda key: pick(units.unit(int(key)).name), total)


def units_in(publication: Publication) -> dict[int, dict[str, tuple[int, int]]]:
    """What a published month lets everybody read of each unit, by rate."""
    scope = _scope(publication, areas.roots()[0])
    return shown_in(_units(scope, scope.definition), scope.definition)


def shown_in(table: Table, by: Definition) -> dict[int, dict[str, tuple[int, int]]]:
    """What a table of units shows, by unit and rate; what it hides is not there."""
    return {
        int(row.key): {
            rate.key: (cell.numerator, cell.denominator)
            for rate, cell in zip(by.rates, row.cells, strict=True)
            if not cell.hidden
        }
        for row in table.rows
    }


def _types(scope: Scope, by: Definition) -> Table:
    names = {one.group_key: one.group for one in cases.case_types()}
    sums = boards.board(scope, "case_type", "month")
    total = boards.total(sums.months, scope.period)
    return table("type", sums.groups, by, lambda key: names.get(key, key), total)


def explained(by: Definition) -> dict[str, object]:
    """A version of the rates in words: formulas, weights, what is left out, what is appealed."""
    said = presenting.BESIDE
    rates = [
        {
            "label": pick(one.label), "means": pick(one.means), "weight": by.weights.get(one.key),
            "counts": said[one.counts], "of": presenting.OF.get(one.of, said[one.of]),
            "beside": [said[name] for name in one.beside],
        }
        for one in by.rates
    ]  # fmt: skip
    appeals = [(pick(one.label), [pick(by.reason(code)) for code in one.grounds])
               for one in by.appeals]  # fmt: skip
    return {
        "by": by, "rates": rates, "appeals": appeals,
        "left_out": [pick(names) for names in by.left_out.values()],
    }  # fmt: skip
