"""The event log: audit trail, history and message to other modules in one row.

An event is written in the transaction of the change it tells of. Events of one stream form a
chain: each hash covers the previous hash and the canonical JSON (RFC 8785) of the envelope.

Why readers miss nothing: `order_key` is at least the id of the writing transaction, and a reader
takes only events whose order key lies below the oldest transaction still open, so no event can
later appear behind its cursor. Why streams stay in order: transactions may commit in another
order than their ids, so the key is raised to that of the stream's previous event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max
from psycopg.types.json import Jsonb

from lingka.core import canonical, clock
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.models import Event

GENESIS = bytes(32)


class EventData:
    """Base of frozen dataclasses that say what happened: ids and salted hashes, nothing personal.

    Fields hold JSON values only (str, int, bool, None, list, dict).
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1
    stream: ClassVar[str]
    label: ClassVar[Any]  # translated lazily, three languages
    # Part of somebody's day at work, no change of what counts: listed with its author and minute,
    # it would follow them through the day.
    day_s_work: ClassVar[bool] = False


D = TypeVar("D", bound=EventData)
REGISTRY: dict[str, type[EventData]] = {}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def event_type(cls: type[D]) -> type[D]:
    """Register an event type under its `type`."""
    if REGISTRY.get(cls.type, cls).__qualname__ != cls.__qualname__:
        raise TypeError(f"two event types are called {cls.type}")
    REGISTRY[cls.type] = cls
    return cls


def upcaster(
    type_: str, from_version: int
) -> Callable[[Callable[[dict[str, Any]], dict[str, Any]]], Callable[[dict[str, Any]], Any]]:
    """Register how data of an old version becomes data of the next."""

    def register(function: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        UPCASTERS[type_, from_version] = function
        return function

    return register


@dataclass(frozen=True)
class Head:
    """The end of a stream's chain."""

    sequence: int
    hash: bytes


NEW = Head(0, GENESIS)


@dataclass(frozen=True)
class Recorded:
    position: int
    sequence: int
    hash: bytes
    recorded_at: datetime

    @property
    def head(self) -> Head:
        return Head(self.sequence, self.hash)


@dataclass(frozen=True)
class StoredEvent:
    """An event as read back, its data upcast to the current version."""

    position: int
    stream: str
    stream_id: UUID
    sequence: int
    type: str
    actor: dict[str, Any]
    data: EventData
    occurred_at: datetime
    recorded_at: datetime


def _json_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def link(previous: bytes, envelope: Mapping[str, Any]) -> bytes:
    """The hash that chains an envelope to its predecessor."""
    return sha256(previous + canonical.dumps(dict(envelope)))


def envelope(
    *,
    stream: str,
    stream_id: UUID,
    sequence: int,
    type_: str,
    version: int,
    actor: Mapping[str, Any],
    data: Mapping[str, Any],
    occurred_at: datetime,
    occurred_offset: int,
    recorded_at: datetime,
    op_id: UUID | None,
) -> dict[str, Any]:
    """What the hash covers: everything but the position and the order key, which the database
    gives."""
    return {
        "stream": stream,
        "stream_id": str(stream_id),
        "sequence": sequence,
        "type": type_,
        "version": version,
        "actor": dict(actor),
        "data": dict(data),
        "occurred_at": _json_time(occurred_at),
        "occurred_offset": occurred_offset,
        "recorded_at": _json_time(recorded_at),
        "op_id": str(op_id) if op_id else None,
    }


COLUMNS = (
    "stream", "stream_id", "sequence", "type", "version", "actor", "data", "op_id", "occurred_at",
    "occurred_offset", "recorded_at", "previous_hash", "hash",
)  # fmt: skip
_INSERT = f"""
INSERT INTO core_event (order_key, {", ".join(COLUMNS)})
VALUES (
    GREATEST(pg_current_xact_id()::text::bigint, (
        SELECT order_key FROM core_event WHERE stream_id = %s AND sequence = %s)),
    {", ".join(["%s"] * len(COLUMNS))})
RETURNING position
"""  # noqa: S608  # the column names are ours


def chain(
    data: EventData,
    *,
    stream_id: UUID,
    actor: Actor,
    after: Head,
    occurred_at: datetime,
    recorded_at: datetime,
    op_id: UUID | None = None,
) -> tuple[dict[str, Any], Head]:
    """The row of the next event in a stream, by column, and the stream's new head. Pure."""
    offset = occurred_at.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    parts: dict[str, Any] = {
        "stream": data.stream,
        "stream_id": stream_id,
        "sequence": after.sequence + 1,
        "version": data.version,
        "actor": actor.as_json(),
        "data": as_json(data),
        "op_id": op_id,
        "occurred_at": occurred_at.astimezone(UTC),
        "occurred_offset": minutes,
        "recorded_at": recorded_at.astimezone(UTC),
    }
    digest = link(after.hash, envelope(type_=data.type, **parts))
    row = parts | {"type": data.type, "previous_hash": after.hash, "hash": digest}
    return row, Head(after.sequence + 1, digest)


def as_json(data: EventData) -> dict[str, Any]:
    """The fields of an event's data, as stored."""
    return {field.name: getattr(data, field.name) for field in fields(data)}  # type: ignore[arg-type]


def record(
    data: EventData,
    *,
    stream_id: UUID,
    actor: Actor,
    op_id: UUID | None = None,
    occurred_at: datetime | None = None,
    after: Head | None = None,
) -> Recorded:
    """Write one event, in the caller's transaction, with one statement.

    `after` is the stream's head where the caller has it under lock (`NEW` for a new stream);
    None looks it up. Two writers of one stream collide on its unique sequence.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events are recorded inside the transaction of the change")
    now = clock.now()
    if after is None:
        after = head(stream_id)
    row, new = chain(
        data, stream_id=stream_id, actor=actor, after=after,
        occurred_at=occurred_at or now, recorded_at=now, op_id=op_id,
    )  # fmt: skip
    row["actor"], row["data"] = Jsonb(row["actor"]), Jsonb(row["data"])
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [stream_id, after.sequence, *(row[name] for name in COLUMNS)])
        position = _one(cursor)
    return Recorded(position, new.sequence, new.hash, now)


def _one(cursor: CursorWrapper) -> int:
    row = cursor.fetchone()
    assert row is not None  # RETURNING always answers
    return int(row[0])


_NEWER = """
SELECT GREATEST(max(order_key), 0) FROM core_event
HAVING max(order_key) >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""


def rebase() -> bool:
    """After a restore: move all order keys below this cluster's transactions, in their order.

    Keys are transaction ids, and a restored database may stand in a cluster that has counted
    less far. Its old events would then wait for ever, and its new ones sort behind the cursors.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NEWER)
        found = cursor.fetchone()
        if found is None:
            return False
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_event SET order_key = order_key - %s", found)
        cursor.execute("UPDATE core_cursor SET order_key = order_key - %s", found)
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
    return True


def head(stream_id: UUID) -> Head:
    """The end of a stream's chain, `NEW` where it has no events."""
    last = Event.objects.filter(stream_id=stream_id).order_by("-sequence").first()
    return Head(last.sequence, bytes(last.hash)) if last else NEW


def by_operation(stream_id: UUID, op_id: UUID) -> StoredEvent | None:
    """The event that an operation already caused in a stream, if any."""
    row = Event.objects.filter(stream_id=stream_id, op_id=op_id).first()
    return stored(row) if row else None


def last(stream_id: UUID) -> StoredEvent | None:
    """The newest event of a stream."""
    row = Event.objects.filter(stream_id=stream_id).order_by("-sequence").first()
    return stored(row) if row else None


def beside_cases(limit: int, *, before: int | None = None) -> list[StoredEvent]:
    """What was changed of anything but cases, the newest first, below a position; of nobody's day
    at work."""
    daily = [name for name, cls in REGISTRY.items() if cls.day_s_work]
    rows = Event.objects.exclude(stream="case").exclude(type__in=daily).order_by("-position")
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [stored(row) for row in rows[:limit]]


def sequences(stream_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many events each of these streams has."""
    rows = Event.objects.filter(stream_id__in=list(stream_ids)).values_list("stream_id")
    return dict(rows.annotate(last=Max("sequence")))


def streams_since(stream: str, moment: datetime) -> set[UUID]:
    """Of a kind, those with an event recorded since a moment."""
    found = Event.objects.filter(stream=stream, recorded_at__gte=moment)
    return set(found.values_list("stream_id", flat=True))


def history(stream_id: UUID) -> list[StoredEvent]:
    """A stream's events, oldest first."""
    rows = Event.objects.filter(stream_id=stream_id).order_by("sequence")
    return [stored(row) for row in rows]


def stored(row: Event) -> StoredEvent:
    return StoredEvent(
        row.position, row.stream, row.stream_id, row.sequence, row.type, row.actor,
        load(row.type, row.version, row.data), row.occurred_at, row.recorded_at,
    )  # fmt: skip


def load(type_: str, version: int, data: dict[str, Any]) -> EventData:
    """Event data of any version, as the current class."""
    cls = REGISTRY[type_]
    while version < cls.version:
        data = UPCASTERS[type_, version](data)
        version += 1
    return cls(**data)


def types() -> Iterator[type[EventData]]:
    yield from REGISTRY.values()
