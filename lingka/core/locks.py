"""One after the other: who holds a name lets nobody else past until the transaction ends."""

from uuid import UUID

from django.db import connection

from lingka.core.crypto import sha256


def hold(name: UUID) -> None:
    """Wait until nobody holds this name, and hold it to the end of the transaction.

    For what is looked for first and made only where it is missing: no row is there to be locked.
    """
    number = int.from_bytes(sha256(name.bytes)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
