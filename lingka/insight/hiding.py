"""What may be told of cases in public: no small group, and none that follows from what is told.

A table has lines (areas, units, types) and columns (measures of cases), and its total is known.
Columns are groups of cases, some within others: what is within can be taken away, and what is
left is a group as well (answered, but not solved). So a column is told of those lines only where
every such group is empty or large enough; the lines where it is not told are one group together,
for they are the total less the lines told, and they too must be large enough in each such way.
Then all that anybody can reckon is a sum of groups of which none is small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lingka.insight.measures import MEASURES, PARTS
from lingka.insight.selectors.boards import Sum

Sizes = Mapping[str, int]  # by column
REST = ""  # what a total has more than the lines of its table: it can be had by subtraction
CASES, LEFT_OUT = "cases", "left_out"  # columns that are no measures; nobody is in both
SAID = {
    (solved, opinion)
    for solved in ("solved", "unsolved")
    for opinion in ("satisfied", "unsatisfied", "silent")
}
ANSWERS = {
    "answered": SAID,
    "solved": {one for one in SAID if one[0] == "solved"},
    "voiced": {one for one in SAID if one[1] != "silent"},
    "satisfied": {one for one in SAID if one[1] == "satisfied"},
}
FAMILY = {name: family for family, names in PARTS.items() for name in names} | dict.fromkeys(
    ANSWERS, "answer"
)


def _atoms(column: str) -> set[object]:
    """The kinds of cases that a measure counts, none of which is within another."""
    measure = MEASURES[column]
    found: set[object] = set()
    for name in measure.columns:
        found |= ANSWERS.get(name, {name})
    return found - {atom for name in measure.less for atom in ANSWERS.get(name, {name})}


ATOMS = {name: _atoms(name) for name in MEASURES} | {LEFT_OUT: {LEFT_OUT}}
FAMILIES = {name: FAMILY.get(one.columns[0], name) for name, one in MEASURES.items()} | {
    LEFT_OUT: LEFT_OUT
}


def sizes(one: Sum) -> Sizes:
    """How large the group of each column is."""
    counted = {name: measure.of(one.tally) for name, measure in MEASURES.items()}
    return counted | {CASES: one.tally.cases, LEFT_OUT: one.left_out}


def less(one: Sizes, other: Sizes) -> Sizes:
    return {name: one[name] - other[name] for name in one}


def _within(inner: str, outer: str) -> bool:
    if CASES in {inner, outer}:
        return outer == CASES and inner not in {CASES, LEFT_OUT}
    return FAMILIES[inner] == FAMILIES[outer] and ATOMS[inner] < ATOMS[outer]


def _apart(one: str, other: str) -> bool:
    return FAMILIES[one] == FAMILIES[other] and not ATOMS[one] & ATOMS[other]


@dataclass(frozen=True)
class Way:
    """A group that follows from columns: one of them, less others within it."""

    outer: str
    inner: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.outer, *self.inner

    def of(self, sizes: Sizes) -> int:
        return sizes[self.outer] - sum(sizes[name] for name in self.inner)


def ways(column: str, known: Iterable[str]) -> list[Way]:
    """All groups that follow once a column is told beside those that are known."""
    every = [column, *known]
    return [
        Way(outer, inner)
        for outer in every
        for inner in _together([one for one in every if _within(one, outer)])
        if column in {outer, *inner}
    ]


def _together(columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every choice of columns no two of which share a case."""
    found: list[tuple[str, ...]] = [()]
    for one in columns:
        found += [(*some, one) for some in found if all(_apart(one, other) for other in some)]
    return found


def told(columns: Iterable[str], minimum: int, *known: Sizes) -> list[str]:
    """The columns that may be told of a single line, the first ones first.

    `known` are its sizes, and how much they differ from others that are told: a difference is a
    group too.
    """
    found: list[str] = []
    for column in columns:
        if not any(
            0 < abs(way.of(sizes)) < minimum for way in ways(column, found) for sizes in known
        ):
            found.append(column)
    return found


def shown(
    columns: Iterable[str], minimum: int, lines: Mapping[str, Sizes], total: Sizes
) -> dict[str, frozenset[str]]:
    """Of which lines each column is told, where all these columns are told of the total."""
    found: dict[str, frozenset[str]] = {}
    columns = list(columns)
    every = {**lines, REST: _rest(columns, lines, total)}
    for column in columns:
        possible = ways(column, found)
        out = {key for key in lines if _gives_away(key, possible, found, every, minimum)} | {REST}
        while more := _one_more(out, possible, found, every, minimum):
            out.add(more)
        found[column] = frozenset(lines) - out
    return found


def _rest(columns: Iterable[str], lines: Mapping[str, Sizes], total: Sizes) -> Sizes:
    return {name: total[name] - sum(one[name] for one in lines.values()) for name in columns}


def _gives_away(
    key: str, possible: list[Way], found: Mapping[str, frozenset[str]],
    every: Mapping[str, Sizes], minimum: int,
) -> bool:  # fmt: skip
    """Whether a small group of a line followed if one more column were told of it."""
    return any(
        0 < way.of(every[key]) < minimum
        for way in possible
        if all(key in found[name] for name in way.columns if name in found)
    )


def _one_more(
    out: set[str], possible: list[Way], found: Mapping[str, frozenset[str]],
    every: Mapping[str, Sizes], minimum: int,
) -> str:  # fmt: skip
    """A line more that must not be told, the smallest that helps; "" once nothing follows."""
    for way in possible:
        hidden = out.union(*(every.keys() - found[name] for name in way.columns if name in found))
        if 0 < sum(way.of(every[key]) for key in hidden) < minimum:
            helps = [(way.of(every[key]), key) for key in every.keys() - hidden]
            return min((one for one in helps if one[0] > 0), default=(0, ""))[1]
    return ""
