"""The log as it was written, row by row: for those who prove that it stays so."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lingka.core import receivers
from lingka.core.models import Cursor

# Times as the hashes cover them, so that nobody has to parse and write them again.
_COLUMNS = (
    "stream_id::text, sequence,"
    " to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"'), hash"
)


class Written(NamedTuple):
    """What the tree over the log needs of an event."""

    position: int
    order_key: int
    stream_id: str
    sequence: int
    recorded_at: str
    hash: bytes


def take(reader: str, batch: int) -> list[Any] | None:
    """The next events in the order of delivery, as tuples of `Written`'s fields, for this reader.

    See `receivers.take`. Plain tuples: a million of them are read when a tree is built.
    """
    return receivers.take(reader, batch, _COLUMNS)


def at(positions: Sequence[int]) -> dict[int, Written]:
    """The events at these positions, those that are there."""
    return {one.position: one for one in _written("position = ANY(%s)", list(positions))}


def of(stream_id: UUID) -> list[Written]:
    """A stream's events, oldest first."""
    return sorted(_written("stream_id = %s", stream_id), key=lambda one: one.sequence)


def _written(where: str, value: Any) -> list[Written]:
    query = f"SELECT position, order_key, {_COLUMNS} FROM core_event WHERE {where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        return [Written._make((*row[:5], bytes(row[5]))) for row in cursor.fetchall()]


def passed(reader: str) -> int:
    """How many events lie before a reader's cursor."""
    return _count("<=", reader, None)


def waiting(reader: str, most: int = 10_000) -> int:
    """How many events lie behind it, counted to so many at the most."""
    return _count(">", reader, most)


def _count(sign: str, reader: str, most: int | None) -> int:
    cursor = Cursor.objects.filter(receiver=reader).first() or Cursor(receiver=reader)
    query = f"SELECT 1 FROM core_event WHERE (order_key, position) {sign} (%s, %s) LIMIT %s"  # noqa: S608
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT count(*) FROM ({query}) found",  # noqa: S608
            [cursor.order_key, cursor.position, most],
        )
        row = sql.fetchone()
    return int(row[0]) if row else 0
