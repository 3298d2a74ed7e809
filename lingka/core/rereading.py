"""Reading the log again from its beginning, for whoever keeps figures that can be made anew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from lingka.core.models import Cursor, Event, HeldDelivery
from lingka.core.verify import Piece

FIELDS = (
    "position", "order_key", "stream", "stream_id", "sequence", "type", "version", "actor", "data",
    "occurred_at", "recorded_at",
)  # fmt: skip
AT_ONCE = 2000


@dataclass(frozen=True)
class Until:
    """How far the log is read: to a place in its order, or to a moment; else to its end."""

    order_key: int | None = None
    position: int = 0
    moment: datetime | None = None

    def holds(self, row: Any) -> bool:
        if self.moment is not None and row.recorded_at > self.moment:
            return False
        return self.order_key is None or (
            (row.order_key, row.position) <= (self.order_key, self.position)
        )


def rows(types: Iterable[str], piece: Piece = (None, None)) -> Iterator[Any]:
    """Events of some types, stream by stream, as named rows that `events.stored` reads."""
    low, high = piece
    found = Event.objects.filter(type__in=list(types)).order_by("stream_id", "sequence")
    if low is not None:
        found = found.filter(stream_id__gte=low)
    if high is not None:
        found = found.filter(stream_id__lt=high)
    return found.values_list(*FIELDS, named=True).iterator(AT_ONCE)


@contextmanager
def waiting(
    receiver: str, patience: timedelta | None = None, gone: Callable[[], Exception] | None = None
) -> Iterator[Until]:
    """Keeps a receiver waiting for the length of the block; gives how far it has come.

    Where it is at work for longer than `patience`, `gone` says what is raised.
    """
    with transaction.atomic():
        try:
            at = _locked(receiver, patience)
        except OperationalError as error:
            if gone and isinstance(error.__cause__, LockNotAvailable):
                raise gone() from None
            raise
        yield Until(at.order_key, at.position)


def come_to(receiver: str) -> Until:
    """How far a receiver has come, without waiting for it."""
    at = Cursor.objects.filter(receiver=receiver).first() or Cursor(receiver=receiver)
    return Until(at.order_key, at.position)


_BEHIND = """
SELECT EXISTS (SELECT FROM core_event WHERE (order_key, position) > (%(key)s, %(position)s)
  AND type = ANY(%(types)s) AND {more})
"""


def lacks(
    receiver: str, types: Sequence[str], until: Until, *,
    stream: UUID | None = None, before: datetime | None = None,
) -> bool:  # fmt: skip
    """Whether a receiver that has come so far did not hear all of some types that was recorded
    before a moment, or in one stream: it comes to that later, or failed at it."""
    held = HeldDelivery.objects.filter(receiver=receiver)
    if (held.filter(stream_id=stream) if stream else held).exists():
        return True
    more = "stream_id = %(stream)s" if stream else "recorded_at < %(before)s"
    given = {
        "key": until.order_key, "position": until.position, "types": list(types),
        "stream": stream, "before": before,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND.format(more=more), given)
        return bool((cursor.fetchone() or (False,))[0])


@contextmanager
def caught_up(receiver: str) -> Iterator[Until]:
    """Keeps a receiver waiting while it is given all there is; then it has heard that."""
    with transaction.atomic():
        at = _locked(receiver)
        last = Event.objects.order_by("-order_key", "-position").first()
        yield Until(last.order_key, last.position) if last else Until()
        HeldDelivery.objects.filter(receiver=receiver).delete()
        if last:
            at.order_key, at.position = last.order_key, last.position
            at.save()


def held_streams(receiver: str) -> set[UUID]:
    """Streams of which a receiver has not heard everything that it passed."""
    held = HeldDelivery.objects.filter(receiver=receiver)
    return set(held.values_list("stream_id", flat=True))


def _locked(receiver: str, patience: timedelta | None = None) -> Cursor:
    Cursor.objects.bulk_create([Cursor(receiver=receiver)], ignore_conflicts=True)
    if patience is None:
        return Cursor.objects.select_for_update().get(receiver=receiver)
    _wait_at_most(patience)
    found = Cursor.objects.select_for_update().get(receiver=receiver)
    _wait_at_most(timedelta())
    return found


def _wait_at_most(span: timedelta) -> None:
    """For a lock, in this transaction; nothing: as long as it takes."""
    with connection.cursor() as cursor:
        told = f"{int(span.total_seconds() * 1000)}ms"
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [told])
