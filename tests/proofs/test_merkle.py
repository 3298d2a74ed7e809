"""The tree against RFC 6962's own recursive definition, and proofs against forgery."""

import hashlib
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from lingka.proofs import merkle

SIZES = st.integers(1, 300)


def split(size):
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_root(leaves):
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m, leaves):
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m, leaves, whole):
    """SUBPROOF of RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


@cache
def told(size):
    return [f"event {number}".encode() for number in range(size)]


def stored(leaves):
    hashes = [merkle.leaf(one) for one in leaves]

    def subtree(level, index):
        return merkle.folded(b"".join(hashes[index << level : (index + 1) << level]))

    return subtree


@given(st.integers(0, 300))
def test_the_root_is_that_of_the_definition(size):
    assert merkle.root(size, stored(told(size))) == naive_root(told(size))


@given(SIZES, st.data())
def test_each_leaf_s_path_is_that_of_the_definition_and_leads_to_the_root(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, stored(told(size)))
    assert path == naive_path(index, told(size))
    leaf = merkle.leaf(told(size)[index])
    assert merkle.includes(leaf, index, size, path, naive_root(told(size)))


@given(SIZES, st.data())
def test_no_other_leaf_place_size_or_path_leads_to_the_root(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaf, root = merkle.leaf(told(size)[index]), naive_root(told(size))
    path = merkle.inclusion(index, size, stored(told(size)))
    assert not merkle.includes(merkle.leaf(b"another"), index, size, path, root)
    assert not merkle.includes(leaf, index, size, [*path, leaf], root)
    assert not merkle.includes(leaf, size, size, path, root)
    if path:
        other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
        assert not merkle.includes(leaf, other, size, path, root)
        assert not merkle.includes(leaf, index, size, path[:-1], root)


@given(SIZES, st.data())
def test_an_earlier_tree_is_shown_to_be_the_beginning_as_the_definition_has_it(size, data):
    first = data.draw(st.integers(1, size))
    path = merkle.consistency(first, size, stored(told(size)))
    assert path == naive_subproof(first, told(size), whole=True)
    assert merkle.extends(first, size, path, naive_root(told(first)), naive_root(told(size)))


@given(SIZES, st.data())
def test_a_tree_whose_past_was_changed_extends_no_earlier_one(size, data):
    first = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, first - 1))
    rewritten = told(size).copy()
    rewritten[changed] = b"never happened"
    path = merkle.consistency(first, size, stored(rewritten))
    old, new = naive_root(told(first)), naive_root(rewritten)
    assert not merkle.extends(first, size, path, old, new)


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(0, 40))
def test_a_growing_frontier_has_the_same_root(levels, further):
    sizes = sorted((2**level for level in levels), reverse=True)
    leaves = [merkle.leaf(one) for one in told(sum(sizes) + further)]
    frontier, at = merkle.Frontier(), 0
    for size in sizes:
        frontier.add(size, merkle.folded(b"".join(leaves[at : at + size])))
        at += size
    assert frontier.size == at
    assert frontier.root(leaves[at:]) == naive_root(told(len(leaves)))


def test_no_leaves_at_all_have_the_hash_of_nothing():
    assert merkle.Frontier().root() == hashlib.sha256(b"").digest()


def test_a_tree_of_nothing_is_the_beginning_of_none():
    assert not merkle.extends(0, 3, [], merkle.EMPTY, naive_root(told(3)))
    assert not merkle.extends(4, 3, [], naive_root(told(4)), naive_root(told(3)))
