"""What a leaf of the tree commits to, and how little of it a proof has to tell. Pure.

A leaf says openly which record it is (stream, sequence, time). What happened and who did it is
the event's own hash, and that is sealed: a hash over a salt and the event's hash. Whoever holds a
proof cannot try out who the actor may have been, since the salt stays here. Each salt is derived
from the seed of its bundle, so opening one record to a court opens no other.
"""

from hashlib import sha256

from lingka.proofs import merkle

FORM = "lingka-leaf-1"
WIDTH = 256  # leaves of a bundle, hashes of a tile: eight levels of the tree


def salt(seed: bytes, index: int) -> bytes:
    return sha256(seed + index.to_bytes(8, "big")).digest()


def sealed(salt: bytes, event_hash: bytes) -> str:
    return sha256(salt + event_hash).hexdigest()


def text(stream_id: str, sequence: int, recorded_at: str, sealed: str) -> str:
    """The bytes of a leaf, as anybody who checks a proof writes them again."""
    return f"{FORM}\n{stream_id}\n{sequence}\n{recorded_at}\n{sealed}\n"


def hash_of(  # noqa: PLR0917 - a call by name costs, and there are millions
    seed: bytes, index: int, stream_id: str, sequence: int, recorded_at: str, event_hash: bytes
) -> bytes:
    """The leaf of an event. It runs for each of millions: the steps above, in one."""
    hidden = sha256(sha256(seed + index.to_bytes(8, "big")).digest() + event_hash).hexdigest()
    told = f"\x00{FORM}\n{stream_id}\n{sequence}\n{recorded_at}\n{hidden}\n"
    return sha256(told.encode()).digest()


def of_text(told: str) -> bytes:
    return merkle.leaf(told.encode())
