"""A published board for everybody, with small groups hidden and nothing that gives them away.

Tables stand alone: by area one level at a time, by unit and by type for the whole town only, so
that no two of them can be taken together to find what one hides. An area has a page only where
its line is shown, and shows no rate that its line hides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.cases import selectors as cases
from lingka.core import suppressing
from lingka.core.text import pick
from lingka.insight import periods, presenting
from lingka.insight.definitions import Definition
from lingka.insight.measures import NOTHING
from lingka.insight.models import Publication
from lingka.insight.selectors import boards, publications
from lingka.insight.selectors.boards import Line, Scope
from lingka.units import selectors as units

CASES = "cases"  # the column of how many cases there were


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
    left_out: int | None
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
    total: boards.Sum
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
    tally = now.tally if now.tally.cases >= by.minimum else NOTHING
    shares = [
        presenting.share(
            one, by, tally if one.key not in hidden else NOTHING, NOTHING, lambda _measure: ""
        )
        for one in by.rates
    ]
    weighed = None if hidden else by.weighed(tally)
    reasons = sums.reasons if now.tally.cases >= by.minimum else {}
    return PublicBoard(
        chain[-1], chain[:-1], by, shares,
        presenting.percent(None if weighed is None else 100 * weighed),
        now if now.tally.cases >= by.minimum else boards.EMPTY,
        [(pick(by.reason(code)), number) for code, number in sorted(reasons.items())], tables,
    )  # fmt: skip


def columns(lines: Sequence[Line], by: Definition) -> dict[str, dict[str, int]]:
    """The groups behind each column of a table: how many, by line."""
    found = {CASES: {line.key: line.now.tally.cases for line in lines}}
    for rate in by.rates:
        found[rate.key] = {line.key: rate.parts(line.now.tally)[1] for line in lines}
    return found


def hidden_cells(
    lines: Sequence[Line], by: Definition, whole: frozenset[str] = frozenset()
) -> dict[str, frozenset[str]]:
    """Which lines are hidden in each column. Who is hidden as a whole is hidden in every one;
    `whole` names columns that are hidden altogether."""
    sizes = columns(lines, by)
    found = {CASES: suppressing.hidden(sizes[CASES], by.minimum)}
    for rate in by.rates:
        every = frozenset(sizes[rate.key]) if rate.key in whole else found[CASES]
        found[rate.key] = suppressing.hidden(sizes[rate.key], by.minimum, every)
    return found


def _hidden_for(
    scope: Scope, by: Definition, below: AreaInfo, whole: frozenset[str]
) -> frozenset[str]:
    """The columns that are hidden for one of the areas of a table."""
    lines = boards.board(scope, "area").areas
    if str(below.id) not in {line.key for line in lines}:
        return frozenset({CASES})
    cells = hidden_cells(lines, by, whole)
    return frozenset(name for name, keys in cells.items() if str(below.id) in keys)


def _table(
    title: str, lines: Sequence[Line], by: Definition, name: Callable[[str], str],
    whole: frozenset[str] = frozenset(), *, leads: bool = False,
) -> Table:  # fmt: skip
    cells = hidden_cells(lines, by, whole)
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
        left_out=line.now.left_out if shown else None,
        unreached=line.now.tally.unreached if shown else None,
    )  # fmt: skip


def _cell(hidden: bool, numerator: int, denominator: int) -> Cell:  # noqa: FBT001
    if hidden or not denominator:
        return Cell("")
    return Cell(presenting.percent(100 * numerator / denominator), numerator, denominator)


def _areas(scope: Scope, by: Definition, whole: frozenset[str]) -> Table:
    return _table(
        "area",
        boards.board(scope, "area").areas,
        by,
        lambda key: pick(areas.area(int(key)).name),
        whole,
        leads=True,
    )


def _units(scope: Scope, by: Definition) -> Table:
    """Units of one kind are too few to hide among themselves: all stand in one table."""
    found = boards.board(scope, "unit").units
    lines = [line for line in found if line.key != "0" and line.now.tally.cases]
    return _table("unit", lines, by, lambda key: pick(units.unit(int(key)).name))


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
    return _table(
        "type", boards.board(scope, "case_type").groups, by, lambda key: names.get(key, key)
    )


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
