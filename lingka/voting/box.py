"""The box of a secret vote: ballots sealed with a key of its own, all of one length.

Not `core.crypto.seal`, whose tokens bear the second in which they were made.
"""

import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lingka.core.crypto import seal, unseal

NONCE = 12
SHIFT = 2  # blank and invalid are below zero; a byte is not


def new_key() -> bytes:
    """A key for one vote, as its row keeps it."""
    return seal(secrets.token_hex(32))


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(bytes.fromhex(unseal(key)))


def put(key: bytes, vote: UUID, choice: int) -> bytes:
    """One ballot, sealed."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(key).encrypt(nonce, bytes([choice + SHIFT]), vote.bytes)


def taken_out(key: bytes, vote: UUID, sealed: list[bytes]) -> list[int]:
    """All choices. Raises InvalidTag where something lies in the box that did not come by `put`."""
    cipher = _cipher(key)
    return [
        cipher.decrypt(one[:NONCE], one[NONCE:], vote.bytes)[0] - SHIFT for one in sealed
    ]  # fmt: skip
