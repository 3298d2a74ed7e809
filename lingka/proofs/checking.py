"""Checks a proof by itself: no database, no settings, nothing but the file and a hash function.

`lingka check-proof FILE` runs this; docs/proofs.md tells how to do the same without Lingka.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lingka.proofs import leaves, merkle, notes
from lingka.proofs.notes import Head

FORMAT = "lingka-proof/1"
MOST_RECORDS = 2000
DEEPEST = 64  # hashes of a path: a tree over 2^64 records


@dataclass(frozen=True)
class Record:
    """One record of a proof: where it stands in the tree, when it was written, what is sealed."""

    index: int
    sequence: int
    recorded_at: str
    sealed: str
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Proof:
    head: Head
    stream: str
    records: tuple[Record, ...]
    since: tuple[Head, tuple[bytes, ...]] | None = None

    def leaf(self, record: Record) -> bytes:
        told = leaves.text(self.stream, record.sequence, record.recorded_at, record.sealed)
        return leaves.of_text(told)


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: "records", "complete", "signature", "since"…, and whether it
    holds."""

    about: str
    holds: bool


def load(value: Any) -> Proof:
    """A proof out of JSON; ValueError says what is wrong with it."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError("this is no proof")
    try:
        records = tuple(map(_record, value["records"]))
        since = value.get("since")
        earlier = (notes.load(since["head"]), _path(since["path"])) if since else None
        proof = Proof(notes.load(value["head"]), str(value["stream"]), records, earlier)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise ValueError("this proof is damaged") from problem
    if not 0 < len(records) <= MOST_RECORDS:
        raise ValueError("this proof is damaged")
    return proof


def _record(value: Any) -> Record:
    return Record(
        int(value["index"]), int(value["sequence"]), str(value["recorded_at"]),
        str(value["sealed"]), _path(value["path"]),
    )  # fmt: skip


def _path(value: Any) -> tuple[bytes, ...]:
    if len(value) > DEEPEST:
        raise ValueError("too long")
    return tuple(map(bytes.fromhex, value))


def check(proof: Proof, trusted: Collection[str] = ()) -> list[Finding]:
    """Everything that can be said from the file, and the keys one trusts, alone."""
    findings = [
        Finding("records", all(_leads_to_root(proof, one) for one in proof.records)),
        Finding("complete", _is_complete(proof.records)),
        Finding("signature", is_signed(proof.head, trusted)),
    ]
    if proof.since:
        earlier, path = proof.since
        shown = is_signed(earlier, trusted) and follows(earlier, proof.head, path)
        findings.append(Finding("since", shown))
    return findings


def _leads_to_root(proof: Proof, record: Record) -> bool:
    head = proof.head
    return merkle.includes(proof.leaf(record), record.index, head.size, record.path, head.root)


def _is_complete(records: tuple[Record, ...]) -> bool:
    """From the first record of the case on, without a gap, in the order of the log."""
    places = [one.index for one in records]
    numbers = [one.sequence for one in records]
    return numbers == list(range(1, len(records) + 1)) and places == sorted(set(places))


def is_signed(head: Head, trusted: Collection[str] = ()) -> bool:
    """By a key that is trusted; by any, where none is named."""
    signed = head.signed_by()
    return bool(set(signed) & set(trusted)) if trusted else bool(signed)


def follows(earlier: Head, later: Head, path: tuple[bytes, ...]) -> bool:
    return merkle.extends(earlier.size, later.size, path, earlier.root, later.root)
