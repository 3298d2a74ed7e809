"""One after the other: who holds a name lets nobody else past until the transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from lingka.core.crypto import sha256


def hold(name: UUID) -> None:
    """Wait until nobody holds this name, and hold it to the end of the transaction.

    For what is looked for first and made only where it is missing: no row is there to be locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


@contextmanager
def alone(name: UUID) -> Iterator[bool]:
    """Whether nobody else is at it; then nobody else can be until this is over.

    For work of many transactions, which whoever comes second leaves to whoever came first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])


def _number(name: UUID) -> int:
    return int.from_bytes(sha256(name.bytes)[:8], "big", signed=True)
