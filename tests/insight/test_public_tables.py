"""No public figure is a small group, and none follows from all that is shown, taken together."""

from collections.abc import Iterable, Mapping
from itertools import combinations, product

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.insight import hiding, publicly
from lingka.insight.definitions import definition, shipped
from lingka.insight.measures import Tally
from lingka.insight.selectors.boards import EMPTY, Line, Sum

BY = definition(shipped())
PRIME = (1 << 61) - 1  # counting modulo it is counting with fractions, but for rare luck
Atom = tuple[str, object]
Form = dict[tuple[str, Atom], int]  # how often each kind of case of each line is counted
FAMILIES = {  # the ways in which the cases of a line are divided, each into kinds
    "contact": ["contact_open", "contact_met", "contact_missed", "contact_aside", "none"],
    "handled": ["handled_open", "handled_overdue", "handled_met", "handled_missed", "none"],
    "answer": ["unasked", "unreached", "undrawn", "answer_aside", *sorted(hiding.SAID)],
    "left_out": ["left_out"],
}


@st.composite
def sums(draw: st.DrawFn) -> Sum:
    """Cases of a line: most kinds of few, for these are what is to be hidden."""
    sizes = st.one_of(st.integers(0, 12), st.integers(0, 60))
    answers = {one: draw(sizes) for one in FAMILIES["answer"]}
    cases = sum(answers.values())
    met, missed, late = (draw(st.integers(0, cases // 3)) for _time in range(3))
    said = {one: number for one, number in answers.items() if one in hiding.SAID}
    tally = Tally(
        cases=cases, answered=sum(said.values()),
        solved=sum(number for one, number in said.items() if one[0] == "solved"),
        voiced=sum(number for one, number in said.items() if one[1] != "silent"),
        satisfied=sum(number for one, number in said.items() if one[1] == "satisfied"),
        unreached=answers["unreached"], unasked=answers["unasked"], undrawn=answers["undrawn"],
        answer_aside=answers["answer_aside"], contact_met=met, contact_missed=missed,
        handled_met=met, handled_missed=late, handled_open=cases - met - late,
    )  # fmt: skip
    return Sum(tally, draw(st.integers(0, 25)))


def whole(column: str, line: str) -> Form:
    """What a column counts in a line. All cases can be counted by any of the ways."""
    if column == "cases":
        return {(line, ("contact", kind)): 1 for kind in FAMILIES["contact"]}
    family, atoms = hiding.FAMILIES[column], hiding.ATOMS[column]
    return {(line, (family, kind)): 1 for kind in FAMILIES[family] if kind in atoms}


class Reader:
    """Somebody who adds and subtracts whatever is told (Gaussian elimination)."""

    def __init__(self) -> None:
        self.known: list[tuple[tuple[str, Atom], Form]] = []

    def reduced(self, form: Mapping[tuple[str, Atom], int]) -> Form:
        left = dict(form)
        for lead, row in self.known:
            if times := left.get(lead, 0):
                for key, value in row.items():
                    left[key] = (left.get(key, 0) - times * value) % PRIME
        return {key: value for key, value in left.items() if value}

    def told(self, form: Form) -> None:
        if left := self.reduced(form):
            lead, value = next(iter(left.items()))
            turned = pow(value, -1, PRIME)
            self.known.append((lead, {key: one * turned % PRIME for key, one in left.items()}))

    def knows(self, form: Form) -> bool:
        return not self.reduced(form)


def reader(told: Iterable[str], rows: Mapping[str, Iterable[str]], lines: list[str]) -> Reader:
    """Who reads a table and its total, and knows that the ways of dividing divide the same."""
    found = Reader()
    for line, (one, other) in product(lines, (("contact", "handled"), ("contact", "answer"))):
        found.told({(line, (one, kind)): 1 for kind in FAMILIES[one]}
                   | {(line, (other, kind)): -1 for kind in FAMILIES[other]})  # fmt: skip
    for column in told:
        found.told(_over(whole(column, line) for line in lines))
    for line, columns in rows.items():
        for column in columns:
            found.told(whole(column, line))
    return found


def _over(forms: Iterable[Form]) -> Form:
    return {key: value for form in forms for key, value in form.items()}


GROUPS = [
    [(family, kind) for kind in kinds]
    for family, names in FAMILIES.items() if family != "answer"
    for size in range(1, len(names) + 1)
    for kinds in combinations(names, size)
] + [
    [("answer", kind) for kind in (*some, *(one for one in hiding.SAID if said(one)))]
    for size in (0, 1, 4)
    for some in combinations(FAMILIES["answer"][:4], size)
    for said in (
        lambda _one: False, lambda _one: True,
        *(lambda one, at=at, are=are: one[at] in are
          for at, are in ((0, {"solved"}), (0, {"unsolved"}), (1, {"satisfied"}), (1, {"silent"}),
                          (1, {"unsatisfied"}), (1, {"satisfied", "unsatisfied"}),
                          (1, {"satisfied", "silent"}), (1, {"unsatisfied", "silent"})))
    )
]  # fmt: skip


def size_of(kind: Atom, one: Sum) -> int:
    """How many cases of a kind a line has; of answers, by any of two kinds of saying."""
    family, name = kind
    tally = one.tally._asdict()
    if name == "left_out":
        return one.left_out
    if name == "none":
        return one.tally.cases - sum(v for k, v in tally.items() if k.startswith(family + "_"))
    return int(tally[str(name)])


def group_size(group: list[Atom], one: Sum) -> int:
    said = {kind[1] for kind in group if isinstance(kind[1], tuple)}
    plain = sum(size_of(kind, one) for kind in group if not isinstance(kind[1], tuple))
    sizes = hiding.sizes(one)
    silent = sizes["answered"] - sizes["voiced"]
    by_opinion = {"satisfied": sizes["satisfied"], "unsatisfied": sizes["not_satisfied"],
                  "silent": silent}  # fmt: skip
    solved = {first for first, _second in said}
    if len(solved) == 1:
        return plain + (sizes["solved"] if solved == {"solved"} else sizes["not_solved"])
    return plain + sum(by_opinion[one] for one in {second for _first, second in said})


@settings(max_examples=8, deadline=None)
@given(st.lists(sums(), min_size=1, max_size=3), sums())
def test_no_small_group_follows_from_all_columns_and_lines_together(
    made: list[Sum], rest: Sum
) -> None:
    total = sum(made, rest)  # some are in no line: straight under the area, or of no unit
    told = hiding.told(publicly.columns(BY), BY.minimum, hiding.sizes(total))
    by_line = {str(at): one for at, one in enumerate(made)} | {hiding.REST: rest}
    lines = {key: hiding.sizes(one) for key, one in by_line.items() if key}
    shown = hiding.shown(told, BY.minimum, lines, hiding.sizes(total))
    rows = {key: [name for name in told if key in shown[name]] for key in lines}
    somebody = reader(told, rows, list(by_line))
    for some in (c for n in range(1, len(by_line) + 1) for c in combinations(by_line, n)):
        for group in GROUPS:
            form = {(line, kind): 1 for line in some for kind in group}
            size = sum(group_size(group, by_line[line]) for line in some)
            assert not 0 < size < BY.minimum or not somebody.knows(form), (some, group)


@settings(max_examples=12, deadline=None)
@given(sums(), st.integers(0, 3))
def test_no_small_group_follows_from_the_town_s_own_figures(one: Sum, appealed: int) -> None:
    later = Sum(one.tally._replace(cases=one.tally.cases - appealed), one.left_out + appealed)
    beside = [name for rate in BY.rates for name in rate.beside]
    names = list(dict.fromkeys([*publicly.columns(BY), *beside]))
    sizes = hiding.sizes(one)
    told = hiding.told(names, BY.minimum, sizes, hiding.less(sizes, hiding.sizes(later)))
    somebody = reader(told, {}, [""])
    for group in GROUPS:
        small = 0 < group_size(group, one) < BY.minimum
        assert not small or not somebody.knows({("", kind): 1 for kind in group}), group
    assert not appealed or not {"cases", "left_out"} & set(told)


def test_forty_who_answered_of_forty_five_do_not_tell_of_the_five() -> None:
    tally = Tally(cases=45, answered=40, solved=30, voiced=40, satisfied=30, unreached=5)
    told = hiding.told(publicly.columns(BY), BY.minimum, hiding.sizes(Sum(tally)))
    assert {"answered", "solved", "voiced", "satisfied"} <= set(told)
    assert not {"cases", "unreached"} & set(told)


def test_what_can_be_shown_is_shown() -> None:
    tally = Tally(
        cases=90, answered=60, solved=45, voiced=60, satisfied=40, unreached=30, contact_met=60,
        contact_missed=30, handled_met=70, handled_missed=20,
    )  # fmt: skip
    lines = [Line(str(at), Sum(tally, 12)) for at in range(3)]
    rows = publicly.table(
        "area", lines, BY, str, sum((one.now for line in lines for one in [line]), EMPTY),
        told=frozenset(publicly.columns(BY)),
    ).rows  # fmt: skip
    assert all((row.cases, row.unreached, row.left_out) == (90, 30, 12) for row in rows)
    assert not any(cell.hidden for row in rows for cell in row.cells)


def test_a_rate_with_few_on_one_side_tells_only_a_bound() -> None:
    rate = next(one for one in BY.rates if one.key == "resolution")
    told = frozenset({"answered"})
    with translation.override("en"):
        cells = [
            publicly.share(rate, BY, Sum(Tally(answered=of, solved=solved)), told, alone=True).cell
            for of, solved in ((40, 36), (40, 4), (40, 30), (20, 19), (0, 0))
        ]
    assert [(one.bound, one.denominator) for one in cells] == [
        ("over 75%", 40), ("under 25%", 40), ("", 40), ("", 20), ("", 0),
    ]  # fmt: skip
    assert all(one.hidden for one in cells)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BY.grounds)), st.integers(1, 25)))
def test_no_reason_of_few_cases_is_told_nor_follows(reasons: dict[str, int]) -> None:
    told = publicly.reasons_told(reasons, BY)
    assert all(number >= BY.minimum for _name, number in told)
    assert not told or sum(number for _name, number in told) == sum(reasons.values())


def test_reasons_of_few_cases_are_told_as_one() -> None:
    with translation.override("en"):
        told = publicly.reasons_told({"malicious": 1, "untrue": 12, "courts": 30}, BY)
    assert told == [("For courts, arbitration, discipline, review, disclosure or petition", 30),
                    ("for other reasons", 13)]  # fmt: skip


def test_what_stands_beside_a_rate_is_named_without_its_number_where_it_is_of_few() -> None:
    tally = Tally(
        cases=43, answered=30, solved=18, voiced=30, satisfied=15, unreached=3, unasked=10
    )
    resolution = next(one for one in BY.rates if one.key == "resolution")
    told = frozenset({"answered", "solved", "unasked"})
    with translation.override("en"):
        shown = publicly.share(resolution, BY, Sum(tally), told, alone=True)
        assert [(str(one.label), one.number) for one in shown.beside] == [
            ("not reached", 0), ("not asked yet", 10),
        ]  # fmt: skip
        below = publicly.share(resolution, BY, Sum(tally), frozenset({"answered"}), alone=False)
        assert not below.beside


def test_an_area_tells_no_more_on_its_own_page_than_in_the_table_above() -> None:
    lines = [Line("1", Sum(Tally(cases=30, unreached=3), 4)),
             Line("2", Sum(Tally(cases=30, unreached=15), 40)),
             Line("3", Sum(Tally(cases=30, unreached=20), 50))]  # fmt: skip
    sizes = {line.key: hiding.sizes(line.now) for line in lines}
    total = hiding.sizes(sum((one.now for one in lines), EMPTY))
    above = hiding.shown(["unreached", "left_out"], 10, sizes, total)
    assert above == {"unreached": frozenset({"3"}), "left_out": frozenset({"3"})}
