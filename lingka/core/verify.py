"""Does history hold? One walk over all events: each chain, and each row against its history.

The walk is cut into pieces by stream, so that several processes share it. Each piece is read in
one snapshot: a case that moves on meanwhile is no fault.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from lingka.core import canonical, events
from lingka.core.events import COLUMNS, GENESIS, StoredEvent, envelope
from lingka.core.models import Content, Event
from lingka.core.processes import spread

AT_ONCE = 200  # streams handed to a module together
PIECES_EACH = 16  # of the walk for each process, so that none waits long for the last


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: where, and what was found."""

    where: str
    what: str


Histories = Mapping[UUID, list[StoredEvent]]
Checker = Callable[[Histories], Iterable[Fault]]
Piece = tuple[UUID | None, UUID | None]  # streams from the first on, before the second
CHECKERS: dict[str, Checker] = {}
UNTOLD: dict[str, Callable[[], Iterable[Fault]]] = {}


def register(stream: str, checker: Checker, untold: Callable[[], Iterable[Fault]]) -> None:
    """Let `run` compare a module's rows with their events.

    `checker` gets the histories of some streams of this kind; `untold` finds the rows of which
    no event tells.
    """
    CHECKERS[stream], UNTOLD[stream] = checker, untold


def run(limit: int = 1000, processes: int = 1) -> list[Fault]:
    """All faults, at most `limit`; an empty list means that history holds."""
    return list(islice(_found(processes), limit))


def _found(processes: int) -> Iterator[Fault]:
    parts = pieces(processes * PIECES_EACH) if processes > 1 else [(None, None)]
    with spread(processes) as each:
        for faults in each(piece_faults, parts):
            yield from faults
    for untold in UNTOLD.values():
        yield from untold()


def pieces(count: int) -> list[Piece]:
    """The streams cut into pieces of about as many events each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream_id FROM core_event WHERE position IN (SELECT first + (last - first)"
            " * part / %s FROM (SELECT min(position) AS first, max(position) AS last"
            " FROM core_event) AS ends, generate_series(1, %s) AS part)",
            [count, count - 1],
        )
        bounds: list[UUID | None] = sorted({row[0] for row in cursor.fetchall()})
    return list(zip([None, *bounds], [*bounds, None], strict=True))


def piece_faults(piece: Piece) -> list[Fault]:
    """The faults of a piece of the walk."""
    with snapshot():
        return list(_walked(_rows(piece)))


def stream_faults(streams: Iterable[UUID]) -> list[Fault]:
    """The faults of these streams alone: their chains, and the rows that follow from them."""
    wanted = list(streams)
    found = Event.objects.filter(stream_id__in=wanted).order_by("stream_id", "sequence")
    with snapshot():
        return list(_walked(_named(found)))


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for all that is read inside; a caller's transaction has its own."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _rows(piece: Piece) -> Iterator[Any]:
    low, high = piece
    found = Event.objects.order_by("stream_id", "sequence")
    if low is not None:
        found = found.filter(stream_id__gte=low)
    if high is not None:
        found = found.filter(stream_id__lt=high)
    return _named(found)


def _named(found: QuerySet[Event]) -> Iterator[Any]:
    return found.values_list("position", "order_key", *COLUMNS, named=True).iterator(2000)


def _walked(rows: Iterator[Any]) -> Iterator[Fault]:
    """Each chain, and, where that holds, what its module says of it."""
    waiting: dict[str, dict[UUID, list[StoredEvent]]] = {kind: {} for kind in CHECKERS}
    for _, told in groupby(rows, key=lambda row: row.stream_id):
        chain = list(told)
        faults = list(chain_faults(chain))
        kind = chain[0].stream
        if not faults and kind in waiting:
            faults = _read(chain, waiting[kind])
        yield from faults
        if len(waiting.get(kind, ())) >= AT_ONCE:
            yield from CHECKERS[kind](waiting[kind])
            waiting[kind] = {}
    for kind, histories in waiting.items():
        yield from CHECKERS[kind](histories)


def _read(chain: list[Any], into: dict[UUID, list[StoredEvent]]) -> list[Fault]:
    """Add a stream's events, as their current types, to those that its module will check."""
    try:
        into[chain[0].stream_id] = [events.stored(row) for row in chain]
    except (KeyError, TypeError) as problem:
        return [Fault(_where(chain[0]), f"holds an event unknown to this version: {problem}")]
    return []


def chain_faults(chain: list[Any]) -> Iterator[Fault]:
    """A stream's rows: sequences without gaps, each hash right, each linked to the one before."""
    previous, key = GENESIS, chain[0].order_key
    for place, row in enumerate(chain, 1):
        where = _where(row)
        if row.sequence != place:
            yield Fault(where, f"expected sequence {place}")
            return
        if bytes(row.previous_hash) != previous:
            yield Fault(where, "does not link to the event before it")
        if not canonical.hashes_to(bytes(row.hash), bytes(row.previous_hash), as_envelope(row)):
            yield Fault(where, "was altered after it was written")
        if row.order_key < key:
            yield Fault(where, "would be delivered before its predecessor")
        previous, key = bytes(row.hash), row.order_key


def _where(row: Any) -> str:
    return f"{row.stream} {row.stream_id} #{row.sequence}"


def as_envelope(row: Any) -> dict[str, object]:
    return envelope(
        stream=row.stream, stream_id=row.stream_id, sequence=row.sequence, type_=row.type,
        version=row.version, actor=row.actor, data=row.data, occurred_at=row.occurred_at,
        occurred_offset=row.occurred_offset, recorded_at=row.recorded_at, op_id=row.op_id,
    )  # fmt: skip


def contents_match(hashes: Mapping[str, str]) -> Iterator[Fault]:
    """Content ids and the hashes that events hold: what is kept must still match."""
    kept = Content.objects.filter(id__in=list(hashes))
    missing = set(hashes)
    for key, salt, value, erased in kept.values_list("id", "salt", "value", "erased_at"):
        missing.discard(str(key))
        if erased:
            continue  # the row stands for what was there
        digest = bytes.fromhex(hashes[str(key)])
        if not canonical.hashes_to(digest, bytes(salt or b""), value):
            yield Fault(f"content {key}", "was altered after it was kept")
    for lost in sorted(missing):
        yield Fault(f"content {lost}", "was deleted, not erased")
