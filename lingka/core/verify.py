"""Does history hold? Walks every chain, then asks each module to compare rows with history."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lingka.core.contents import salted_hash
from lingka.core.events import GENESIS, envelope, link
from lingka.core.models import Content, Event


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: where, and what was found."""

    where: str
    what: str


Checker = Callable[[], Iterator[Fault]]
CHECKERS: dict[str, Checker] = {}


def register(name: str, checker: Checker) -> None:
    """Let `run` also compare this module's rows with their events."""
    CHECKERS[name] = checker


def run(limit: int = 1000) -> list[Fault]:
    """All faults, at most `limit`; an empty list means that history holds."""
    faults: list[Fault] = []
    for checker in (chains, *CHECKERS.values()):
        for fault in checker():
            faults.append(fault)
            if len(faults) >= limit:
                return faults
    return faults


def chains() -> Iterator[Fault]:
    """Every stream: sequences without gaps, each hash right, each link to its predecessor."""
    stream, sequence, previous, key = None, 0, GENESIS, 0
    rows = Event.objects.order_by("stream_id", "sequence").iterator(chunk_size=2000)
    for row in rows:
        if row.stream_id != stream:
            stream, sequence, previous, key = row.stream_id, 0, GENESIS, row.order_key
        sequence += 1
        yield from _faults_of(row, sequence, previous)
        if row.order_key < key:
            yield Fault(_where(row), "would be delivered before its predecessor")
        sequence, previous, key = row.sequence, bytes(row.hash), row.order_key


def _where(row: Event) -> str:
    return f"{row.stream} {row.stream_id} #{row.sequence}"


def _faults_of(row: Event, sequence: int, previous: bytes) -> Iterator[Fault]:
    where = _where(row)
    if row.sequence != sequence:
        yield Fault(where, f"expected sequence {sequence}")
    if bytes(row.previous_hash) != previous:
        yield Fault(where, "does not link to the event before it")
    if bytes(row.hash) != link(bytes(row.previous_hash), _envelope(row)):
        yield Fault(where, "was altered after it was written")


def _envelope(row: Event) -> dict[str, object]:
    return envelope(
        stream=row.stream, stream_id=row.stream_id, sequence=row.sequence, type_=row.type,
        version=row.version, actor=row.actor, data=row.data, occurred_at=row.occurred_at,
        occurred_offset=row.occurred_offset, recorded_at=row.recorded_at, op_id=row.op_id,
    )  # fmt: skip


def contents_match(hashes: dict[str, str]) -> Iterator[Fault]:
    """Content ids and the hashes that events hold: kept values must still match."""
    for row in Content.objects.filter(id__in=list(hashes), erased_at__isnull=True):
        if salted_hash(bytes(row.salt or b""), row.value) != hashes[str(row.id)]:
            yield Fault(f"content {row.id}", "was altered after it was kept")
