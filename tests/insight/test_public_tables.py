"""No public figure is a small group, and none follows from what is shown."""

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.insight import publicly
from lingka.insight.definitions import definition, shipped
from lingka.insight.measures import Tally
from lingka.insight.selectors.boards import EMPTY, Line, Sum

BY = definition(shipped())
FEW = st.integers(0, 25)


@st.composite
def sums(draw: st.DrawFn) -> Sum:
    answered, unreached, unasked = draw(FEW), draw(FEW), draw(FEW)
    tally = Tally(
        cases=answered + unreached + unasked, answered=answered, solved=answered,
        unreached=unreached, unasked=unasked,
    )  # fmt: skip
    return Sum(tally, draw(FEW))


@settings(max_examples=25, deadline=None)
@given(st.lists(sums(), max_size=6), sums())
def test_no_small_group_follows_from_a_table_and_its_total(made: list[Sum], rest: Sum) -> None:
    lines = [Line(str(number), one) for number, one in enumerate(made)]
    total = sum(made, rest)  # some are in no line: straight under the area, or of no unit
    rows = publicly.table("area", lines, BY, str, total).rows
    for column, whole in (
        ("cases", total.tally.cases), ("left_out", total.left_out),
        ("unreached", total.tally.unreached),
    ):  # fmt: skip
        shown = [value for row in rows if (value := getattr(row, column)) is not None]
        assert not any(0 < value < BY.minimum for value in shown)
        assert whole < BY.minimum or not 0 < whole - sum(shown) < BY.minimum


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
        cases=43, answered=30, solved=28, voiced=30, satisfied=25, unreached=3, unasked=10
    )
    resolution = next(one for one in BY.rates if one.key == "resolution")
    with translation.override("en"):
        shown = publicly.share(resolution, BY, Sum(tally), frozenset())
        assert [(str(one.label), one.number) for one in shown.beside] == [
            ("not reached", 0), ("not asked yet", 10),
        ]  # fmt: skip
        above = publicly.share(resolution, BY, Sum(tally), frozenset({"beside:unasked"}))
        assert not any(one.number for one in above.beside)


def test_an_area_whose_line_hides_a_column_hides_it_on_its_own_page() -> None:
    lines = [Line("1", Sum(Tally(cases=30, unreached=3), 4)),
             Line("2", Sum(Tally(cases=30, unreached=20), 40)),
             Line("3", Sum(Tally(cases=30, unreached=25), 50))]  # fmt: skip
    total = sum((one.now for one in lines), EMPTY)
    cells = publicly.hidden_cells(lines, BY, total)
    assert cells[publicly.LEFT_OUT] == cells[publicly.UNREACHED] == {"1", "2"}
    below = publicly.hidden_cells(lines, BY, total, frozenset({publicly.LEFT_OUT}))
    assert below[publicly.LEFT_OUT] == {"1", "2", "3"}
