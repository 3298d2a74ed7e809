"""The Merkle tree of RFC 6962: hashes, proofs, and how they are checked. Pure, no storage.

Whoever stores a tree gives a function `subtree(level, index)`: the hash of the complete subtree
over the leaves from index · 2^level to before (index + 1) · 2^level.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Subtree = Callable[[int, int], bytes]
SIZE = 32  # bytes of a hash
EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: bytes) -> bytes:
    """The root over a power of two of hashes, written one after another."""
    sha256 = hashlib.sha256
    while len(hashes) > SIZE:
        pairs = range(0, len(hashes), 2 * SIZE)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * SIZE]).digest() for at in pairs])
    return hashes


def root(size: int, subtree: Subtree) -> bytes:
    """The hash of the tree over the first `size` leaves."""
    return _over(0, size, subtree) if size else EMPTY


def _over(start: int, end: int, subtree: Subtree) -> bytes:
    """The hash over some leaves, as RFC 6962 cuts a tree: `start` begins a subtree."""
    if _is_power(end - start):
        level = (end - start).bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _split(end - start)
    return node(_over(start, middle, subtree), _over(middle, end, subtree))


def _is_power(number: int) -> bool:
    return number & (number - 1) == 0


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path that leads from a leaf to the root over `size` leaves."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_over(middle, end, subtree))
            end = middle
        else:
            path.append(_over(start, middle, subtree))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """What shows that the tree over `first` leaves is the beginning of that over `second`."""
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_over(middle, end, subtree))
            end = middle
        else:
            path.append(_over(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        path.append(_over(start, end, subtree))
    return path[::-1]


def includes(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from this leaf to this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    left, last, found = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if left & 1 or left == last:
            found = node(sibling, found)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            found = node(found, sibling)
        left, last = left >> 1, last >> 1
    return last == 0 and found == root


def extends(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether the one tree is the beginning of the other (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    steps = [first_root, *path] if _is_power(first) else list(path)
    left, last = first - 1, second - 1
    while left & 1:
        left, last = left >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if left & 1 or left == last:
            old, new = node(step, old), node(step, new)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            new = node(new, step)
        left, last = left >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Frontier:
    """A tree that only grows: the roots of its complete subtrees, largest first."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, bytes]] = []

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.parts)

    def add(self, size: int, hash_: bytes) -> None:
        """Append a complete subtree, no larger than the smallest there is."""
        while self.parts and self.parts[-1][0] == size:
            size, hash_ = size * 2, node(self.parts.pop()[1], hash_)
        self.parts.append((size, hash_))

    def root(self, further: Iterable[bytes] = ()) -> bytes:
        """The root, as if these leaves had been added."""
        grown = Frontier()
        grown.parts = self.parts.copy()
        for hash_ in further:
            grown.add(1, hash_)
        if not grown.parts:
            return EMPTY
        *rest, (_, found) = grown.parts
        for _, hash_ in reversed(rest):
            found = node(hash_, found)
        return found
