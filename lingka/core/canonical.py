"""Canonical JSON (RFC 8785) where speed counts: each event is hashed, and all of them verified."""

import json
from typing import Any

import rfc8785

from lingka.core.crypto import sha256

EXACT = 2**53  # whole numbers from here on are not all fractions of 64 bits
_quick = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def dumps(value: Any) -> bytes:
    """The canonical form, by Python's encoder where both are the same, else by rfc8785."""
    try:
        return _quick(value).encode() if _plain(value) else bytes(rfc8785.dumps(value))
    except UnicodeEncodeError:  # a lone surrogate: rfc8785 refuses it in its own words
        return bytes(rfc8785.dumps(value))


def _plain(value: Any) -> bool:
    """Is it made of what both encoders write alike: no fractions, no numbers that other software
    would round, no keys that sort differently as UTF-16?"""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-EXACT < value < EXACT)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _plain(one) for key, one in value.items())
    return (kind is list or kind is tuple) and all(map(_plain, value))


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
