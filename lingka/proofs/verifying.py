"""Does the log still say what its heads were signed over?

Each event must give the leaf that stands for it, the leaves the tiles, and the tiles the root of
every head: those kept here, and those that somebody exported and kept elsewhere. Whoever owns the
database can make all that is in it agree again, but not with a head that lies outside.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

from lingka.core import log
from lingka.core.processes import spread
from lingka.core.verify import Fault, snapshot
from lingka.proofs import checking, leaves, merkle, selectors, tree
from lingka.proofs.leaves import WIDTH
from lingka.proofs.models import Bundle, Tile, TreeHead
from lingka.proofs.notes import Head

TOGETHER = 64  # bundles read at once
Named = tuple[str, Head]


def run(kept: Sequence[Named] = (), processes: int = 1, limit: int = 1000) -> list[Fault]:
    """All faults, at most `limit`. `kept` are heads from elsewhere, with their files' names."""
    return list(islice(_found(kept, processes), limit))


def _found(kept: Sequence[Named], processes: int) -> Iterator[Fault]:
    with snapshot():
        size, passed = tree.size(), log.passed(selectors.READER)
    if passed != size:
        what = f"{passed} records were delivered, the tree was told of {size}"
        yield Fault("the log", f"records came or went behind its back: {what}")
    roots: list[bytes] = []
    pieces = range(0, -(-size // WIDTH), TOGETHER)
    with spread(processes) as each:
        for faults, found in each(piece, pieces):
            yield from faults
            roots += found
    yield from _tile_faults(roots[: size // WIDTH])
    yield from _head_faults(kept, size, roots)


def piece(first: int) -> tuple[list[Fault], list[bytes]]:
    """The faults of some bundles, and what each folds to."""
    rows = Bundle.objects.filter(number__gte=first - 1, number__lt=first + TOGETHER)
    with snapshot():
        bundles = list(rows.order_by("number"))
        faults = bundle_faults(bundles, first)
    own = [one for one in bundles if one.number >= first]
    return faults, [merkle.folded(bytes(one.hashes)) for one in own if len(one.positions) == WIDTH]


def bundle_faults(bundles: Sequence[Bundle], first: int) -> list[Fault]:
    """What does not hold from bundle `first` on; one before it only says where its order ends."""
    events = log.at([position for one in bundles for position in one.positions])
    found: list[Fault] = []
    before: tuple[int, int] | None = None
    for bundle in bundles:
        judged = bundle.number >= first
        for at, position in enumerate(bundle.positions):
            event = events.get(position)
            fault = _leaf_fault(bundle, at, event, before) if judged else None
            found += [fault] if fault else []
            before = (event.order_key, event.position) if event else before
    return found + list(_gaps(bundles))


def _leaf_fault(
    bundle: Bundle, at: int, event: log.Written | None, before: tuple[int, int] | None
) -> Fault | None:
    index = bundle.number * WIDTH + at
    if event is None:
        return Fault(f"record {index}", "is gone")
    where = f"{event.stream_id} #{event.sequence} (record {index})"
    expected = leaves.hash_of(bytes(bundle.seed), index, *event[2:])
    if bundle.hashes[at * merkle.SIZE : (at + 1) * merkle.SIZE] != expected:
        return Fault(where, "is not the record that was written here")
    if before and (event.order_key, event.position) <= before:
        return Fault(where, "was moved to another place in the order")
    return None


def _gaps(bundles: Iterable[Bundle]) -> Iterator[Fault]:
    for one, following in pairwise(bundles):
        if following.number != one.number + 1 or len(one.positions) != WIDTH:
            yield Fault(f"records from {one.number * WIDTH} on", "the tree has a hole")


def _tile_faults(below: list[bytes], level: int = 1) -> Iterator[Fault]:
    """Tiles must be what lies below them, level after level."""
    full: list[bytes] = []
    for number in range(-(-len(below) // WIDTH)):
        expected = b"".join(below[number * WIDTH : (number + 1) * WIDTH])
        tile = Tile.objects.filter(level=level, number=number).first()
        kept = bytes(tile.hashes) if tile else b""
        if not kept.startswith(expected):  # the tree may have grown meanwhile
            yield Fault(f"tile {number} of level {level}", "does not follow from what is below")
        if len(expected) == WIDTH * merkle.SIZE:
            full.append(merkle.folded(expected))
    if full:
        yield from _tile_faults(full, level + 1)


def _head_faults(kept: Sequence[Named], size: int, roots: list[bytes]) -> Iterator[Fault]:
    """Every head, from the smallest on, against the tree as the walk has found it."""
    own = TreeHead.objects.filter(size__lte=size).order_by("size")
    named = [(f"the head over {row.size} records", selectors.head_of(row)) for row in own]
    keys = {key for _, head in named for key, _ in head.signatures}
    frontier, added = merkle.Frontier(), 0
    for name, head in sorted([*named, *kept], key=lambda one: one[1].size):
        if not checking.is_signed(head, keys):
            yield Fault(name, "is not signed by a key of this installation")
        if head.size > size:
            yield Fault(name, f"covers {head.size} records, there are {size}: the log was cut off")
            continue
        full, rest = divmod(head.size, WIDTH)
        for root in roots[added:full]:
            frontier.add(WIDTH, root)
        added = max(added, full)
        if len(roots) < full or frontier.root(_leaves(full, rest)) != head.root:
            yield Fault(name, "does not fit the records: history before it was rewritten")
    if TreeHead.objects.filter(size__gt=tree.size()).exists():
        yield Fault("the newest head", "covers more records than there are: the log was cut off")


def _leaves(number: int, count: int) -> list[bytes]:
    if not count:
        return []
    row: Any = Bundle.objects.filter(number=number).values_list("hashes", flat=True).first()
    return tree.cut(bytes(row or b""))[:count]
