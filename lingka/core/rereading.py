"""Reading the log again from its beginning, for whoever keeps figures that can be made anew."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

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
def waiting(receiver: str) -> Iterator[Until]:
    """Keeps a receiver waiting for the length of the block; gives how far it has come."""
    with transaction.atomic():
        at = _locked(receiver)
        yield Until(at.order_key, at.position)


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


def _locked(receiver: str) -> Cursor:
    Cursor.objects.bulk_create([Cursor(receiver=receiver)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(receiver=receiver)
