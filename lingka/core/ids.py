"""Ids that the outside sees."""

import secrets
from datetime import UTC, date, datetime, time
from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    """A new UUIDv7. Never read an order from it: clocks of several machines made them."""
    return UUID(int=uuid_utils.uuid7().int)


def uuid7_of(day: date) -> UUID:
    """One that says of when it was made no more than the day."""
    moment = int(datetime.combine(day, time(), UTC).timestamp() * 1000)
    shape = 0x7 << 76 | 0x2 << 62  # version and variant
    return UUID(int=moment << 80 | shape | secrets.randbits(12) << 64 | secrets.randbits(62))


def unordered() -> int:
    """A row's key that does not count on: in which order rows came is not to be read from it."""
    return secrets.randbits(59)  # 18 digits
