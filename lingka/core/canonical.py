"""Canonical JSON (RFC 8785) where speed counts: comparing many hashes with their source."""

import json
from typing import Any

import rfc8785

from lingka.core.crypto import sha256

_quick = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def hashes_to(digest: bytes, before: bytes, value: Any) -> bool:
    """Is `digest` the SHA-256 of `before` and this value's canonical JSON?

    Python's own encoder, written in C, gives the canonical form of nearly everything: not of
    fractions, nor of keys beyond the basic plane, which sort differently as UTF-16. So its answer
    is tried first, and the exact form decides where that one doesn't match. What matches is right
    either way: no other value has text of this hash.
    """
    try:
        if sha256(before + _quick(value).encode()) == digest:
            return True
    except (ValueError, TypeError):  # not a number, a lone surrogate: rfc8785 says so
        pass
    return sha256(before + rfc8785.dumps(value)) == digest
