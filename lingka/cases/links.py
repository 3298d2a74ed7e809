"""Links' tokens: derived from the link's id and a server key, never stored, as receipts' are."""

import base64
from uuid import UUID

from lingka.core.crypto import derive, sha256

BYTES = 20  # 160 bits


def token_of(link: UUID, key_number: int) -> str:
    """32 signs of base 32, lower case. What signs a link signs nothing else."""
    secret = derive("assignment-link", key_number, link.bytes)[:BYTES]
    return base64.b32encode(secret).decode().lower()


def hash_of(token: str) -> bytes:
    return sha256(token.lower().encode())
