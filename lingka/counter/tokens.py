"""Appointments' tokens: derived from their id and a server key, never stored, as receipts' are."""

import base64
from uuid import UUID

from lingka.core.crypto import derive, sha256

BYTES = 20  # 160 bits


def token_of(appointment: UUID, key_number: int) -> str:
    """32 signs of base 32, lower case."""
    secret = derive("appointment", key_number, appointment.bytes)[:BYTES]
    return base64.b32encode(secret).decode().lower()


def hash_of(token: str) -> bytes:
    return sha256(token.lower().encode())
