"""A booking's token, derived as receipts' are; and the code of the day on a room's door."""

import base64
from datetime import date
from uuid import UUID

from lingka.core.crypto import current_key_number, derive, sha256

BYTES = 20  # 160 bits
DOOR = 10_000  # four digits, good for one room and one day


def token_of(booking: UUID, key_number: int) -> str:
    """32 signs of base 32, lower case."""
    secret = derive("booking", key_number, booking.bytes)[:BYTES]
    return base64.b32encode(secret).decode().lower()


def hash_of(token: str) -> bytes:
    return sha256(token.lower().encode())


def door_code(room: UUID, day: date) -> str:
    """What stands on the door that day, so that only who is there can type it."""
    secret = derive("room-door", current_key_number(), room.bytes + day.isoformat().encode())
    return f"{int.from_bytes(secret[:8], 'big') % DOOR:04d}"
