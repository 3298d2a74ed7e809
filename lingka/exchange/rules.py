"""What the two platforms say of the same case, and whether it agrees. Pure."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lingka.core.crypto import sha256


def hash_of(token: str) -> bytes:
    """What is kept of a key: it is long and drawn by lot, so that nobody finds it from this."""
    return sha256(token.encode("utf-8", "replace"))


def opens(token: str, kept: bytes | memoryview | None) -> bool:
    """Whether this is the key; in the same time for every other one."""
    return kept is not None and hmac.compare_digest(hash_of(token), bytes(kept))


@dataclass(frozen=True)
class Said:
    """What they say of one of their cases; `is_open` None where they do not say."""

    their_id: str
    is_open: bool | None
    changed_at: datetime | None = None


@dataclass
class Compared:
    """Each side's ids, and the pairs that both have."""

    theirs_only: list[Said] = field(default_factory=list)
    ours_only: list[tuple[str, UUID]] = field(default_factory=list)  # their id, where known
    differing: list[tuple[Said, UUID]] = field(default_factory=list)
    agreeing: int = 0


def compare(
    said: Iterable[Said], links: Mapping[str, UUID], is_open: Mapping[UUID, bool]
) -> Compared:
    """`links`: their id to our case; `is_open`: how our cases stand."""
    found, seen = Compared(), set()
    for one in said:
        case = links.get(one.their_id)
        seen.add(one.their_id)
        if case is None:
            found.theirs_only.append(one)
        elif one.is_open is not None and one.is_open != is_open.get(case):
            found.differing.append((one, case))
        else:
            found.agreeing += 1
    found.ours_only = [(their, case) for their, case in links.items() if their not in seen]
    return found
