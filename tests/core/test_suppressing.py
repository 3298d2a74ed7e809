"""Nothing shown in public gives a small group away."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.core.suppressing import hidden

GROUPS = st.dictionaries(
    st.text("abcdefghij", min_size=1, max_size=2), st.integers(0, 40), max_size=12
)


@settings(deadline=None)
@given(GROUPS, st.integers(5, 15), st.data())
def test_what_is_hidden_cannot_be_had_by_subtraction(
    groups: dict[str, int], minimum: int, data: st.DataObject
) -> None:
    keys = sorted(groups)
    already = frozenset(data.draw(st.sets(st.sampled_from(keys)))) if keys else frozenset()
    found = hidden(groups, minimum, already)
    small = {key for key, size in groups.items() if 0 < size < minimum}
    assert small <= found
    assert all(groups[key] for key in found), "empty cells hide nobody"
    shown = {key: size for key, size in groups.items() if key not in found and size}
    if found and shown:
        rest = sum(groups.values()) - sum(shown.values())
        assert rest >= minimum, "what is left of the total is a group that may be shown"
        assert len(found) > 1, "and is more than one cell"


@settings(deadline=None)
@given(GROUPS)
def test_nothing_is_hidden_where_every_group_is_large(groups: dict[str, int]) -> None:
    large = {key: size + 10 for key, size in groups.items()}
    assert hidden(large, 10) == frozenset()


def test_the_smallest_other_is_hidden_with_a_single_one() -> None:
    assert hidden({"a": 3, "b": 50, "c": 20, "d": 0}, 10) == {"a", "c"}
