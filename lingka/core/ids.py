"""Ids that the outside sees."""

from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    """A new UUIDv7. Never read an order from it: clocks of several machines made them."""
    return UUID(int=uuid_utils.uuid7().int)
