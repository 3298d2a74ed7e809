"""The quick comparison says what the exact canonical form says."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lingka.core import canonical
from lingka.core.crypto import sha256

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(
        allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(values)
def test_the_quick_form_is_the_exact_one(value: object) -> None:
    assert canonical.dumps(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), "\ud800", {1: 2}, object()])
def test_what_the_exact_form_refuses_is_refused(value: object) -> None:
    for one in (value, [value], {"a": value}):
        with pytest.raises(rfc8785.CanonicalizationError):
            rfc8785.dumps(one)
        with pytest.raises(rfc8785.CanonicalizationError):
            canonical.dumps(one)


@given(values)
def test_a_hash_of_the_canonical_form_is_recognised(value: object) -> None:
    assert canonical.hashes_to(sha256(b"salt" + rfc8785.dumps(value)), b"salt", value)


@given(values, values)
def test_a_hash_of_another_value_is_not(value: object, other: object) -> None:
    same = rfc8785.dumps(value) == rfc8785.dumps(other)
    assert canonical.hashes_to(sha256(rfc8785.dumps(other)), b"", value) == same


def test_keys_beyond_the_basic_plane_sort_as_utf_16() -> None:
    value = {"\U0001f600": 1, "\ufb01": 2}  # by code point the other way round
    assert canonical.hashes_to(sha256(rfc8785.dumps(value)), b"", value)
    assert canonical.dumps(value) == rfc8785.dumps(value)
