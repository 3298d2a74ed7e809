"""The stored tree: how it grows by batches, and how any part of it is read.

Two kinds of rows: bundles of 256 leaves, and tiles of 256 hashes of full bundles, of full tiles,
and so on. A batch touches the last row of each level only, so it costs the same however long
history is.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange

from lingka.proofs import leaves, merkle
from lingka.proofs.leaves import WIDTH
from lingka.proofs.models import Bundle, Tile

LEVELS = 8  # of the tree in one row


@dataclass
class Growing:
    """The last bundle, and the full ones that came before it in this batch."""

    number: int = 0
    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    positions: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    done: list[Bundle] = field(default_factory=list)

    def add(self, rows: Sequence[Any]) -> None:
        """Append rows (`log.Written`) as leaves."""
        at = 0
        while at < len(rows):
            room = WIDTH - len(self.positions)
            self._fill(rows[at : at + room])
            at += room
            if len(self.positions) == WIDTH:
                self._close()

    def _fill(self, rows: Sequence[Any]) -> None:
        seed, hash_of = self.seed, leaves.hash_of
        first = self.number * WIDTH + len(self.positions)
        self.positions += [row[0] for row in rows]
        self.hashes += [
            hash_of(seed, index, stream, sequence, time, digest)
            for index, (_, _, stream, sequence, time, digest) in enumerate(rows, first)
        ]

    def _close(self) -> None:
        self.done.append(self.row())
        self.number, self.seed = self.number + 1, secrets.token_bytes(32)
        self.positions, self.hashes = [], []

    def row(self) -> Bundle:
        span = NumericRange(min(self.positions), max(self.positions), "[]")
        return Bundle(
            number=self.number, seed=self.seed, positions=self.positions, span=span,
            hashes=b"".join(self.hashes),
        )  # fmt: skip


def size() -> int:
    last = Bundle.objects.order_by("-number").first()
    return last.number * WIDTH + len(last.positions) if last else 0


def grow(rows: Sequence[Any]) -> None:
    """Append these events, in the caller's transaction, which holds the tree's cursor."""
    growing = _last()
    growing.add(rows)
    written = growing.done + ([growing.row()] if growing.positions else [])
    Bundle.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["positions", "span", "hashes"],
        batch_size=200,
    )
    _raise(1, [(one.number, merkle.folded(bytes(one.hashes))) for one in growing.done])


def _last() -> Growing:
    last = Bundle.objects.order_by("-number").first()
    if last is None:
        return Growing()
    if len(last.positions) == WIDTH:
        return Growing(last.number + 1)
    return Growing(last.number, bytes(last.seed), last.positions, cut(bytes(last.hashes)))


def cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + merkle.SIZE] for at in range(0, len(hashes), merkle.SIZE)]


def _raise(level: int, full: list[tuple[int, bytes]]) -> None:
    """Put the hashes of full rows below into the tiles of this level."""
    if not full:
        return
    tiles: dict[int, bytes] = {}
    first = full[0][0] // WIDTH
    begun = Tile.objects.filter(level=level, number=first).first()
    tiles[first] = bytes(begun.hashes) if begun else b""
    for number, hash_ in full:
        tiles[number // WIDTH] = tiles.get(number // WIDTH, b"") + hash_
    Tile.objects.bulk_create(
        [Tile(level=level, number=number, hashes=hashes) for number, hashes in tiles.items()],
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes"],
    )
    whole = WIDTH * merkle.SIZE
    _raise(
        level + 1,
        [(number, merkle.folded(one)) for number, one in tiles.items() if len(one) == whole],
    )


class Reader:
    """Subtrees out of the rows, each row read once."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        row, inside = divmod(level, LEVELS)
        number, place = divmod(index << inside, WIDTH)
        start, count = place * merkle.SIZE, merkle.SIZE << inside
        hashes = self._row(row, number)[start : start + count]
        if len(hashes) != count:
            raise LookupError("the stored tree has a hole")
        return merkle.folded(hashes)

    def _row(self, level: int, number: int) -> bytes:
        key = (level, number)
        if key not in self.rows:
            found: Any = (
                Tile.objects.filter(level=level, number=number)
                if level
                else Bundle.objects.filter(number=number)
            )
            self.rows[key] = bytes(found.values_list("hashes", flat=True).first() or b"")
        return self.rows[key]
