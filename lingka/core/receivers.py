"""Reactions to events: each receiver is a durable cursor over the log.

A receiver reads batches below the oldest open transaction, in the order of `order_key`, and is
handed every event of its types at least once and in order within each stream. An event that
fails is held with all later ones of its stream, for that receiver alone; the rest goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.module_loading import autodiscover_modules

from lingka.core import clock
from lingka.core.events import EventData, StoredEvent, stored
from lingka.core.models import Cursor, Event, HeldDelivery

log = structlog.get_logger()
BATCH = 500
BACK_OFF = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


@dataclass(frozen=True)
class Receiver:
    name: str
    types: frozenset[str]
    handle: Callable[[Sequence[StoredEvent]], None]


RECEIVERS: dict[str, Receiver] = {}


def _register(
    name: str, types: Iterable[type[EventData]], handle: Callable[[Sequence[StoredEvent]], None]
) -> None:
    RECEIVERS[name] = Receiver(name, frozenset(cls.type for cls in types), handle)


def receiver(
    name: str, *types: type[EventData]
) -> Callable[[Callable[[StoredEvent], None]], Callable[[StoredEvent], None]]:
    """Register a reaction to one event at a time. It must be idempotent."""

    def register(function: Callable[[StoredEvent], None]) -> Callable[[StoredEvent], None]:
        def each(events: Sequence[StoredEvent]) -> None:
            for event in events:
                function(event)

        _register(name, types, each)
        return function

    return register


def batch_receiver(
    name: str, *types: type[EventData]
) -> Callable[[Callable[[Sequence[StoredEvent]], None]], Callable[[Sequence[StoredEvent]], None]]:
    """Register a reaction to many events at once. It must be idempotent."""

    def register(
        function: Callable[[Sequence[StoredEvent]], None],
    ) -> Callable[[Sequence[StoredEvent]], None]:
        _register(name, types, function)
        return function

    return register


def discover() -> None:
    """Import every module's `receivers`."""
    autodiscover_modules("receivers")


_NEXT = """
SELECT position, order_key, {columns} FROM core_event
WHERE (order_key, position) > (%s, %s)
  AND order_key < %s
ORDER BY order_key, position LIMIT %s
"""

# The oldest transaction of this database that may still write: other databases of the same server
# do not hold deliveries back. The delivery's own is among them: what a receiver records lies at
# its id, so a cursor that had passed younger ones would never come back to it. Asked before the
# events are read: what was open then and is not now has committed, and is seen; what opens later
# gets a larger id than this answer. Ids in use are 32 bits wide; the signed distance to the
# snapshot's end makes them whole again.
_HORIZON = """
WITH now AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
open AS (
    SELECT backend_xid AS id FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL
    UNION ALL
    SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
)
SELECT LEAST(next, min(next - (((next - id::text::bigint + 2147483648) & 4294967295)
                               - 2147483648)))
FROM now LEFT JOIN open ON true GROUP BY next
"""


# Who is reading for one of them just now has its row, and goes on from where it stood.
_STEP = """
UPDATE core_cursor SET order_key = %s, position = %s, updated_at = %s
WHERE receiver IN (
    SELECT receiver FROM core_cursor
    WHERE receiver = ANY(%s) AND (order_key, position) = (%s, %s)
    FOR UPDATE SKIP LOCKED)
"""


class Look:
    """One look at the log: what lies behind a place is read once for all who stand there.

    Its horizon is asked for first, so what lies below it has committed and is seen by every later
    statement, in whichever transaction.
    """

    def __init__(self) -> None:
        self._end = horizon()
        self._places = {
            name: (order_key, position)
            for name, order_key, position in Cursor.objects.values_list(
                "receiver", "order_key", "position"
            )
        }
        self._read: dict[tuple[int, int, int], list[tuple[int, int, str]]] = {}
        self._events: dict[int, Event] = {}

    def waits(self, name: str, batch: int) -> bool:
        """Whether a receiver may have something before it. Cursors only go on: a no is sure."""
        return bool(self.after(*self._places.get(name, (0, 0)), batch))

    def after(self, order_key: int, position: int, batch: int) -> list[tuple[int, int, str]]:
        """The next events, as (position, order key, type)."""
        place = (order_key, position, batch)
        if place not in self._read:
            self._read[place] = _next(order_key, position, self._end, batch, "type")
        return self._read[place]

    def pass_by(self, every: Iterable[Receiver], batch: int = BATCH) -> int:
        """Lead those past what lies before them who want none of it, all that stand at one place by
        one statement; returns how many events that were at the most."""
        together: dict[tuple[int, int], list[str]] = {}
        for one in every:
            place = self._places.get(one.name)
            if place and not any(type_ in one.types for _, _, type_ in self.after(*place, batch)):
                together.setdefault(place, []).append(one.name)
        return max(
            (self._pass(place, names, batch) for place, names in together.items()), default=0
        )

    def _pass(self, place: tuple[int, int], names: list[str], batch: int) -> int:
        rows = self.after(*place, batch)
        if rows:
            position, order_key, _type = rows[-1]
            with connection.cursor() as sql:
                sql.execute(_STEP, [order_key, position, clock.now(), names, *place])
            self._places |= dict.fromkeys(names, (order_key, position))
        return len(rows)

    def events(self, rows: list[tuple[int, int, str]], types: frozenset[str]) -> list[Event]:
        """Those of some types among them, whole."""
        wanted = [position for position, _order_key, type_ in rows if type_ in types]
        if missing := [one for one in wanted if one not in self._events]:
            self._events |= Event.objects.in_bulk(missing)
        return [self._events[one] for one in wanted]


def deliver(receiver: Receiver, look: Look | None = None, batch: int = BATCH) -> int:
    """Hand one batch to one receiver; returns how many events were passed, 0 at the end.

    Another worker at the same receiver makes this return 0 rather than wait.
    """
    look = look or Look()
    if not look.waits(receiver.name, batch):
        return 0
    with transaction.atomic():
        cursor = _locked_cursor(receiver.name)
        if cursor is None:
            return 0
        rows = look.after(cursor.order_key, cursor.position, batch)
        if not rows:
            return 0
        _hand_over(receiver, look.events(rows, receiver.types))
        cursor.position, cursor.order_key, _type = rows[-1]
        cursor.save()
    return len(rows)


def behind(name: str) -> bool:
    """Whether something is committed that a receiver has not heard, or that is held back from it:
    what it keeps is not up to date."""
    discover()
    place = Cursor.objects.filter(receiver=name).values_list("order_key", "position").first()
    order_key, position = place or (0, 0)
    later = Q(order_key__gt=order_key) | Q(order_key=order_key, position__gt=position)
    unheard = Event.objects.filter(later, type__in=RECEIVERS[name].types)
    return unheard.exists() or HeldDelivery.objects.filter(receiver=name).exists()


def take(name: str, batch: int, columns: str) -> list[Any] | None:
    """The next events, as (position, order key, columns…), for a reader of every event there is.

    For those who want the rows as written, of types unknown to this version too. Its cursor moves
    with the caller's transaction. None where another process is reading for it just now.
    """
    cursor = _locked_cursor(name)
    if cursor is None:
        return None
    rows = following(cursor.order_key, cursor.position, batch, columns)
    if rows:
        cursor.position, cursor.order_key = rows[-1][:2]
        cursor.save()
    return rows


def horizon() -> int:
    """Whatever has a smaller order key is committed and seen; nothing more comes below it."""
    with connection.cursor() as sql:
        sql.execute(_HORIZON)
        return int((sql.fetchone() or (0,))[0])


def following(order_key: int, position: int, batch: int, columns: str) -> list[Any]:
    """Events behind a position and below the horizon, as (position, order key, columns…).

    For readers who keep their place themselves; nothing is locked and nothing remembered.
    """
    return _next(order_key, position, horizon(), batch, columns)


def _next(order_key: int, position: int, end: int, batch: int, columns: str) -> list[Any]:
    with connection.cursor() as sql:
        sql.execute(_NEXT.format(columns=columns), [order_key, position, end, batch])
        return list(sql.fetchall())


def _locked_cursor(name: str) -> Cursor | None:
    """None where another process has it. The first time it is made."""
    free = Cursor.objects.select_for_update(skip_locked=True).filter(receiver=name)
    found = free.first()
    if found is None and not Cursor.objects.filter(receiver=name).exists():
        Cursor.objects.bulk_create([Cursor(receiver=name)], ignore_conflicts=True)
        found = free.first()
    return found


def _hand_over(receiver: Receiver, rows: list[Event]) -> None:
    streams = {row.stream_id for row in rows}
    blocked = set(
        HeldDelivery.objects.filter(receiver=receiver.name, stream_id__in=streams).values_list(
            "stream_id", flat=True
        )
        if streams
        else ()
    )
    free = [row for row in rows if row.stream_id not in blocked]
    for row in rows:
        if row.stream_id in blocked:
            _hold(receiver, row)
    if free and not _try(receiver, free):
        _one_by_one(receiver, free)


def _one_by_one(receiver: Receiver, rows: list[Event]) -> None:
    failed: set[object] = set()
    for row in rows:
        if row.stream_id in failed:
            _hold(receiver, row)
        elif error := _error_of(receiver, [row]):
            failed.add(row.stream_id)
            _hold(receiver, row, error)


def _try(receiver: Receiver, rows: list[Event]) -> bool:
    return not _error_of(receiver, rows)


def _error_of(receiver: Receiver, rows: list[Event]) -> str:
    try:
        with transaction.atomic():
            receiver.handle([stored(row) for row in rows])
    except Exception as error:  # whatever a receiver raises is held and shown
        if connection.connection is None or connection.connection.closed:
            raise  # the database went, not the receiver: the whole batch comes again
        log.warning("delivery failed", receiver=receiver.name, error=type(error).__name__)
        return f"{type(error).__name__}: {error}"[:500]
    return ""


def _hold(receiver: Receiver, row: Event, error: str = "") -> None:
    HeldDelivery.objects.get_or_create(
        receiver=receiver.name,
        event=row,
        defaults={
            "stream_id": row.stream_id,
            "sequence": row.sequence,
            "attempts": 1 if error else 0,
            "next_try_at": clock.now() + BACK_OFF[0] if error else None,
            "error": error,
        },
    )


def retry_held(*, everything: bool = False) -> int:
    """Try again what is due (or all of it, by hand); returns how many deliveries succeeded."""
    due = HeldDelivery.objects.filter(next_try_at__isnull=False)
    if not everything:
        due = due.filter(next_try_at__lte=clock.now())
    return sum(_retry_stream(held.receiver, held.stream_id) for held in list(due))


def retry(held_id: int) -> int:
    """Try one failed delivery again, by hand, and what waits behind it."""
    held = HeldDelivery.objects.filter(id=held_id, next_try_at__isnull=False).first()
    return _retry_stream(held.receiver, held.stream_id) if held else 0


def skip(held_id: int) -> bool:
    """Give one failed delivery up, by hand; what waits behind it is tried at the next look."""
    with transaction.atomic():
        held = HeldDelivery.objects.filter(id=held_id, next_try_at__isnull=False).first()
        if held is None or _locked_cursor(held.receiver) is None:
            return False
        log.warning("delivery skipped", receiver=held.receiver, position=held.event_id)
        held.delete()
        behind = HeldDelivery.objects.filter(receiver=held.receiver, stream_id=held.stream_id)
        first = behind.order_by("sequence").first()
        if first is not None:
            first.next_try_at = clock.now()
            first.save(update_fields=["next_try_at"])
    return True


def _retry_stream(name: str, stream_id: UUID) -> int:
    """Deliver a held stream in order until one fails again.

    The cursor stays locked meanwhile: else a batch could put an event behind a held one that
    goes at this moment, and nothing would ever wake it.
    """
    known = RECEIVERS.get(name)
    if known is None:
        return 0
    done = 0
    with transaction.atomic():
        if _locked_cursor(name) is None:
            return 0
        rows = HeldDelivery.objects.filter(receiver=name, stream_id=stream_id)
        for held in rows.select_related("event").order_by("sequence"):
            error = _error_of(known, [held.event])
            if error:
                wait = BACK_OFF[min(held.attempts, len(BACK_OFF) - 1)]
                held.attempts, held.error = held.attempts + 1, error
                held.next_try_at = clock.now() + wait
                held.save()
                break
            held.delete()
            done += 1
    return done


def held_counts() -> dict[str, int]:
    """Deliveries that failed or wait behind one that did, per receiver."""
    discover()
    counts = HeldDelivery.objects.values_list("receiver").annotate(number=Count("id"))
    return dict.fromkeys(RECEIVERS, 0) | dict(counts)


def backlog() -> dict[str, int]:
    """Undelivered events per receiver, counted to 10,000 at the most."""
    discover()
    counts = {}
    for name in RECEIVERS:
        cursor = Cursor.objects.filter(receiver=name).first() or Cursor(receiver=name)
        with connection.cursor() as sql:
            sql.execute(
                "SELECT count(*) FROM (SELECT 1 FROM core_event WHERE (order_key, position) >"
                " (%s, %s) LIMIT 10000) behind",
                [cursor.order_key, cursor.position],
            )
            row = sql.fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts
