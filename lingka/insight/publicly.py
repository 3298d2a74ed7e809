"""A published board for everybody, with small groups hidden and nothing that gives them away.

Tables stand alone: by area one level at a time, by unit and by type for the whole town only. An
area has a page only where its line tells something, and tells no more than that line. What may be
told is decided in `insight.hiding`, rates first, the number of cases last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.cases import selectors as cases
from lingka.core import suppressing
from lingka.core.text import pick
from lingka.insight import hiding, periods, presenting
from lingka.insight.definitions import Definition, Rate
from lingka.insight.hiding import CASES, LEFT_OUT
from lingka.insight.models import Publication
from lingka.insight.presenting import Figure
from lingka.insight.selectors import boards, publications
from lingka.insight.selectors.boards import Line, Scope, Sum
from lingka.units import selectors as units

UNREACHED = "unreached"
Columns = frozenset[str]  # those that may be told


@dataclass(frozen=True)
class Cell:
    """A rate in a table; where it is hidden, at most which side of a bound it is on."""

    percent: str = ""
    numerator: int = 0
    denominator: int = 0
    bound: str = ""

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

    @property
    def told(self) -> bool:
        """Whether anything is told of it but that there is none of something."""
        return any(one.denominator for one in self.cells) or bool(
            self.cases or self.left_out or self.unreached
        )


@dataclass(frozen=True)
class PublicShare:
    """A rate with all that may be told of it; a number that is hidden is 0."""

    key: str
    label: str
    means: str
    cell: Cell
    of: str
    beside: list[Figure]


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
    shares: list[PublicShare]
    weighed: str
    cases: int | None  # None: hidden
    left_out: int | None
    reasons: list[tuple[str, int]]
    tables: list[Table]
    empty: bool  # nothing may be told


def board(publication: Publication, area_id: int | None) -> PublicBoard | None:
    """What may be shown of an area; None for one of which nothing is told, or that is none."""
    root = areas.roots()[0]
    chain = _chain(root, area_id)
    newest = publications.published(publication.month) == publication
    if chain is None or (len(chain) > 1 and not newest):
        return None
    town = _scope(publication, root)
    by, told = town.definition, told_of_town(town)
    for above, below in pairwise(chain):
        told = _told_of(_scope(publication, above), by, below, told)
    scope = _scope(publication, chain[-1])
    tables = [_areas(scope, by, told)] if newest else []
    if len(chain) == 1 and tables:
        tables += [_units(scope, by, told), _types(scope, by, told)]
    made = _board(scope, chain, told, [one for one in tables if one.rows])
    return None if made.empty and len(chain) > 1 else made


def columns(by: Definition) -> list[str]:
    """What tables tell, the dearest first: what is told first may hide what comes after."""
    rates = [*(rate.of for rate in by.rates), *(rate.counts for rate in by.rates)]
    return list(dict.fromkeys([*rates, UNREACHED, LEFT_OUT, CASES]))


def told_of_town(scope: Scope) -> Columns:
    """What may be told of the whole town. A version that is not the newest tells nothing that
    differs by a small group from a later one: that group would be what was appealed."""
    by, now = scope.definition, hiding.sizes(_total(scope))
    known = [now]
    for later in publications.later(scope.publication or 0):
        changed = _total(Scope(scope.period, scope.area, publication=later.pk))
        known.append(hiding.less(now, hiding.sizes(changed)))
    beside = [name for rate in by.rates for name in rate.beside]
    return frozenset(hiding.told(dict.fromkeys([*columns(by), *beside]), by.minimum, *known))


def _total(scope: Scope) -> Sum:
    return boards.total(boards.board(scope, "month").months, scope.period)


def _scope(publication: Publication, area: AreaInfo) -> Scope:
    return Scope(periods.month_of(publication.month), area, publication=publication.pk)


def _chain(root: AreaInfo, area_id: int | None) -> list[AreaInfo] | None:
    """The areas from the root to the one asked for; None where it is no area."""
    known = {one.id: one for one in areas.areas_below(root.id)}
    if area_id is None:
        return [root]
    return areas.ancestors(known[area_id].path) if area_id in known else None


def _board(scope: Scope, chain: list[AreaInfo], told: Columns, tables: list[Table]) -> PublicBoard:
    by, sums = scope.definition, boards.board(scope, "month", "reason")
    now = boards.total(sums.months, scope.period)
    shares = [share(one, by, now, told, alone=len(chain) == 1) for one in by.rates]
    row = _row(Line("", now), by, "", told)
    weighed = None if any(one.cell.hidden for one in shares) else by.weighed(now.tally)
    whole = len(chain) == 1 and tables  # the newest version: reasons changed by few would be seen
    return PublicBoard(
        area=chain[-1], above=chain[:-1], by=by, shares=shares,
        weighed=presenting.percent(None if weighed is None else 100 * weighed),
        cases=row.cases, left_out=row.left_out,
        reasons=reasons_told(sums.reasons, by) if whole and LEFT_OUT in told else [],
        tables=tables, empty=not row.told,
    )  # fmt: skip


def share(rate: Rate, by: Definition, now: Sum, told: Columns, *, alone: bool) -> PublicShare:
    """A rate with what stands beside it: where it does not stand alone, only what its line in the
    table above tells as well."""
    sizes = hiding.sizes(now)
    beside = [
        Figure(sizes[name] if name in told else 0, presenting.BESIDE[name])
        for name in rate.beside
        if sizes[name] and (alone or name in told)
    ]
    return PublicShare(
        rate.key, pick(rate.label), pick(rate.means), _cell(rate, by, now, told, alone=alone),
        str(presenting.OF.get(rate.of, presenting.BESIDE[rate.of])), beside,
    )  # fmt: skip


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


def _told_in(
    lines: Sequence[Line], by: Definition, total: Sum, told: Columns
) -> dict[str, Columns]:
    """What a table tells of each of its lines; of the total it is told what `told` says."""
    sizes = {line.key: hiding.sizes(line.now) for line in lines}
    names = [name for name in columns(by) if name in told]
    found = hiding.shown(names, by.minimum, sizes, hiding.sizes(total))
    return {key: frozenset(name for name in names if key in found[name]) for key in sizes}


def _told_of(scope: Scope, by: Definition, below: AreaInfo, told: Columns) -> Columns:
    """What may be told of one of the areas of a table."""
    sums = boards.board(scope, "area", "month")
    found = _told_in(sums.areas, by, boards.total(sums.months, scope.period), told)
    return found.get(str(below.id), frozenset())


def table(
    title: str, lines: Sequence[Line], by: Definition, name: Callable[[str], str], total: Sum,
    *, told: Columns, leads: bool = False,
) -> Table:  # fmt: skip
    """The lines of a table with what may be shown of them beside the total of all."""
    cells = _told_in(lines, by, total, told)
    rows = [_row(line, by, name(line.key), cells[line.key]) for line in lines]
    return Table(title, sorted(rows, key=lambda one: one.name) if title == "unit" else rows, leads)


def _row(line: Line, by: Definition, name: str, told: Columns) -> PublicRow:
    sizes = hiding.sizes(line.now)
    return PublicRow(
        key=line.key, name=name, cells=[_cell(rate, by, line.now, told) for rate in by.rates],
        **{part: sizes[part] if part in told else None for part in (CASES, LEFT_OUT, UNREACHED)},
    )  # fmt: skip


def _cell(rate: Rate, by: Definition, now: Sum, told: Columns, *, alone: bool = False) -> Cell:
    """A rate as far as it is told: numbers, or only of how many and that few are on one side.

    Beside lines that are hidden for its sake a bound would tell how few, by what the others lack
    to their total; so only what stands alone has one.
    """
    numerator, denominator = rate.parts(now.tally)
    if rate.of not in told or not denominator:
        return Cell()
    if rate.counts in told:
        return Cell(presenting.percent(100 * numerator / denominator), numerator, denominator)
    few, bound = by.minimum, ""
    if not alone:
        return Cell(denominator=denominator)
    if denominator > 2 * few and denominator - numerator < few:
        bound = _("over %(percent)s%%") % {"percent": 100 * (denominator - few) // denominator}
    elif denominator > 2 * few and numerator < few:
        bound = _("under %(percent)s%%") % {"percent": -(-100 * few // denominator)}
    return Cell(denominator=denominator, bound=bound)


def _areas(scope: Scope, by: Definition, told: Columns) -> Table:
    sums = boards.board(scope, "area", "month")
    total = boards.total(sums.months, scope.period)
    return table(
        "area", sums.areas, by, lambda key: pick(areas.area(int(key)).name), total,
        told=told, leads=True,
    )  # fmt: skip


def _units(scope: Scope, by: Definition, told: Columns) -> Table:
    """Units of one kind are too few to hide among themselves: all stand in one table."""
    sums = boards.board(scope, "unit", "month")
    lines = [line for line in sums.units if line.key != "0" and line.now.tally.cases]
    total = boards.total(sums.months, scope.period)
    return table("unit", lines, by, lambda key: pick(units.unit(int(key)).name), total, told=told)


def units_in(publication: Publication) -> dict[int, dict[str, tuple[int, int]]]:
    """What a published month lets everybody read of each unit, by rate."""
    scope = _scope(publication, areas.roots()[0])
    return shown_in(_units(scope, scope.definition, told_of_town(scope)), scope.definition)


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


def _types(scope: Scope, by: Definition, told: Columns) -> Table:
    names = {one.group_key: one.group for one in cases.case_types()}
    sums = boards.board(scope, "case_type", "month")
    total = boards.total(sums.months, scope.period)
    return table("type", sums.groups, by, lambda key: names.get(key, key), total, told=told)


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
