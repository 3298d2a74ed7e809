"""Heads and proofs, for the pages, the commands and those who watch."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Min

from lingka.core import clock, log, verify
from lingka.proofs import checking, leaves, merkle, tree
from lingka.proofs.leaves import WIDTH
from lingka.proofs.models import Breach, Bundle, Look, TreeHead
from lingka.proofs.notes import Head

READER = "proofs.tree"  # its cursor in the log


def origin() -> str:
    """Whose log it is: the address that residents see, as checkpoints name it."""
    return f"{urlsplit(settings.PUBLIC_ORIGIN).netloc}/proofs"


def written(moment: datetime) -> str:
    """A moment as heads are signed with it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def head_of(row: TreeHead) -> Head:
    signatures = tuple((one["key"], one["signature"]) for one in row.signatures)
    return Head(row.origin, row.size, bytes(row.root), written(row.made_at), signatures)


def newest() -> Head | None:
    row = TreeHead.objects.order_by("-size").first()
    return head_of(row) if row else None


def known_keys() -> set[str]:
    """Every key that a head of this installation was signed with."""
    signatures = TreeHead.objects.order_by("size").values_list("signatures", flat=True)
    return {one["key"] for found in signatures.iterator() for one in found}


def extends(head: Head) -> bool:
    """Whether today's log begins with what this head covers."""
    try:
        return head.size <= tree.size() and merkle.root(head.size, tree.Reader()) == head.root
    except LookupError:
        return False


def consistency(first: int, second: int) -> list[str]:
    """The proof that the log over `second` records begins with that over `first`."""
    return [one.hex() for one in merkle.consistency(first, second, tree.Reader())]


def proof_of(stream_id: UUID, since: Head | None = None) -> dict[str, Any] | None:
    """The proof of a stream's records under the newest head; None while it covers none of them.

    It is made from the records as they are now: where one was altered, it does not hold.
    """
    head = newest()
    rows = {row.position: row for row in log.of(stream_id)}
    found = [(place, rows[place.position]) for place in _places(list(rows))]
    covered = [one for one in found if head and one[0].index < head.size]
    if head is None or not covered:
        return None
    reader = tree.Reader()
    proof = {
        "format": checking.FORMAT,
        "head": head.as_json(),
        "stream": str(stream_id),
        "records": [_record(place, row, head.size, reader) for place, row in covered],
    }
    if since and since.size <= head.size:
        path = merkle.consistency(since.size, head.size, reader)
        proof["since"] = {"head": since.as_json(), "path": [one.hex() for one in path]}
    return proof


@dataclass(frozen=True)
class Place:
    """Where an event stands in the tree."""

    position: int
    index: int
    seed: bytes


def _places(positions: list[int]) -> list[Place]:
    """The places of these events, those that have one, in the order of the tree."""
    if not positions:
        return []
    query = (
        "SELECT DISTINCT bundle.* FROM unnest(%s::bigint[]) AS wanted"
        " JOIN proofs_bundle bundle ON bundle.span @> wanted"
    )
    wanted = set(positions)
    found = [
        Place(position, bundle.number * WIDTH + at, bytes(bundle.seed))
        for bundle in Bundle.objects.raw(query, [positions])
        for at, position in enumerate(bundle.positions)
        if position in wanted
    ]
    return sorted(found, key=lambda place: place.index)


def _record(place: Place, row: log.Written, size: int, reader: tree.Reader) -> dict[str, Any]:
    salt = leaves.salt(place.seed, place.index)
    return {
        "index": place.index,
        "sequence": row.sequence,
        "recorded_at": row.recorded_at,
        "sealed": leaves.sealed(salt, row.hash),
        "path": [one.hex() for one in merkle.inclusion(place.index, size, reader)],
    }


@dataclass(frozen=True)
class State:
    """How well history is proved, for those who watch over the installation."""

    waiting: int  # records under no head yet, counted to 10,000
    head: Head | None
    breaches: int
    first: tuple[str, str] | None  # where, what
    looked_at: datetime | None  # end of the last whole round
    since: datetime | None  # when the oldest of the breaches was found


def state() -> State:
    size, head = tree.size(), newest()
    found = Breach.objects.order_by("id")
    first = found.first()
    look = Look.objects.first()
    return State(
        waiting=log.waiting(READER) + size - (head.size if head else 0),
        head=head,
        breaches=found.count(),
        first=(first.where, first.what) if first else None,
        looked_at=look.finished_at if look else None,
        since=found.aggregate(oldest=Min("found_at"))["oldest"],
    )


def seconds_since(moment: datetime | None) -> float:
    return (clock.now() - moment).total_seconds() if moment else float("inf")


@dataclass(frozen=True)
class Judged:
    """A proof, what was checked of it, and how many records its stream has got since."""

    proof: checking.Proof
    findings: list[checking.Finding]
    newer: int


def judged(value: Any) -> Judged:
    """Check a proof by itself, and against what is here now. ValueError where it is none."""
    proof = checking.load(value)
    findings = checking.check(proof, known_keys() or {""})
    findings.append(checking.Finding("kept", extends(proof.head)))
    rows = _stream(proof.stream)
    same = _as_told(proof, rows) and not verify.stream_faults([UUID(proof.stream)])
    findings.append(checking.Finding("same", same))
    return Judged(proof, findings, max(0, len(rows) - len(proof.records)))


def _stream(text: str) -> list[log.Written]:
    try:
        return log.of(UUID(text))
    except ValueError:
        return []


def _as_told(proof: checking.Proof, rows: list[log.Written]) -> bool:
    """Whether the records that are here now give what the proof says."""
    now = {row.position: row for row in rows}
    here = {
        (place.index, row.sequence, row.recorded_at, leaves.sealed(salt, row.hash))
        for place in _places(list(now))
        for row in [now[place.position]]
        for salt in [leaves.salt(place.seed, place.index)]
    }
    return all(
        (one.index, one.sequence, one.recorded_at, one.sealed) in here for one in proof.records
    )
