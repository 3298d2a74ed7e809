"""A head as text that is signed, and as the JSON that is published, exported, put into proofs.

The text is a checkpoint as other transparency logs write it (C2SP `tlog-checkpoint`): origin,
size, root, and one line of ours with the time. So their witnesses can countersign it.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lingka.proofs import keys, merkle

FORMAT = "lingka-head/1"
ED25519 = b"\x01"  # the kind of key, in a signed note


@dataclass(frozen=True)
class Head:
    """A signed head. `made_at` is text as it was signed."""

    origin: str
    size: int
    root: bytes
    made_at: str
    signatures: tuple[tuple[str, str], ...] = ()  # (key, signature)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def text(self) -> str:
        """What the signatures cover."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.made_at}\n"

    def signed_by(self) -> list[str]:
        """The keys whose signatures hold; empty as soon as one does not."""
        if not all(keys.is_signed(self.text, *one) for one in self.signatures):
            return []
        return [key for key, _ in self.signatures]

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "time": self.made_at,
            "signatures": [{"key": key, "signature": name} for key, name in self.signatures],
        }

    def checkpoint(self) -> str:
        """The text with its signatures, as a signed note (C2SP `signed-note`)."""
        lines = [_signature_line(self.origin, *one) for one in self.signatures]
        return "\n".join([self.text, *lines]) + "\n"


def _signature_line(name: str, key: str, signature: str) -> str:
    number = hashlib.sha256(name.encode() + b"\n" + ED25519 + keys.decoded(key)).digest()[:4]
    return f"\u2014 {name} {keys.encoded(number + keys.decoded(signature))}"


def load(value: Any) -> Head:
    """A head out of JSON; ValueError where it is none."""
    try:
        root = bytes.fromhex(value["root"])
        datetime.fromisoformat(str(value["time"]))
        given = tuple((str(one["key"]), str(one["signature"])) for one in value["signatures"])
        head = Head(str(value["origin"]), int(value["size"]), root, str(value["time"]), given)
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        raise ValueError("this is no head") from problem
    if value.get("format") != FORMAT or len(root) != merkle.SIZE or head.size < 1:
        raise ValueError("this is no head")
    return head
