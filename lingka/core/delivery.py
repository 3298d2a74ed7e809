"""Drives the receivers: in the worker for ever, in tests and benches until all is delivered.

What failed and is held can be looked at, tried again and given up here; who may do so, and the
record of it, is the business of those above.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import Error, close_old_connections, connection
from django.db.models import Count

from lingka.core import receivers
from lingka.core.events import REGISTRY
from lingka.core.models import HeldDelivery

log = structlog.get_logger()
IDLE = 0.2  # seconds between looks when nothing is waiting
BREATH = 0.05  # and when little was: a look costs nearly the same for one event and for many


def deliver_all() -> int:
    """One batch for each receiver; returns how many events the busiest one passed."""
    look = receivers.Look()
    every = list(receivers.RECEIVERS.values())
    return max([look.pass_by(every), *(receivers.deliver(one, look) for one in every)])


def run_until_idle() -> None:
    """Deliver until no receiver has anything left."""
    receivers.discover()
    while deliver_all():
        pass


def loop(stop: threading.Event) -> None:
    """Deliver until told to stop. A lost database is waited for, not died of."""
    receivers.discover()
    while not stop.is_set():
        try:
            receivers.retry_held()
            passed = deliver_all()
        except Error as error:
            log.warning("database lost, trying again", error=type(error).__name__)
            connection.close()
            close_old_connections()
            stop.wait(2)
            continue
        if passed < receivers.BATCH:
            stop.wait(BREATH if passed else IDLE)


@dataclass(frozen=True)
class Waiting:
    """How far one receiver is behind, and what it holds."""

    receiver: str
    behind: int  # events, counted to 10,000 at the most
    held: int


@dataclass(frozen=True)
class Held:
    """A delivery that failed. Later ones of its stream wait behind it."""

    id: int
    receiver: str
    event: Any  # the event type's label
    type: str
    position: int
    stream_id: UUID
    error: str
    attempts: int
    held_at: datetime
    next_try_at: datetime
    behind: int


def waiting() -> list[Waiting]:
    """Every receiver, by name."""
    held = receivers.held_counts()
    behind = receivers.backlog()
    return [Waiting(name, behind.get(name, 0), held[name]) for name in sorted(held)]


def held(limit: int = 100) -> list[Held]:
    """The deliveries that failed, oldest first. Two statements."""
    failed = HeldDelivery.objects.filter(next_try_at__isnull=False).select_related("event")
    return _shown(list(failed.order_by("id")[:limit]))


def _shown(rows: list[HeldDelivery]) -> list[Held]:
    behind = {
        (name, stream): number
        for name, stream, number in HeldDelivery.objects.filter(
            next_try_at__isnull=True, stream_id__in={row.stream_id for row in rows}
        )
        .values_list("receiver", "stream_id")
        .annotate(number=Count("id"))
    }
    return [
        Held(
            row.pk, row.receiver, _label(row.event.type), row.event.type, row.event_id,
            row.stream_id, row.error, row.attempts, row.held_at, row.next_try_at or row.held_at,
            behind.get((row.receiver, row.stream_id), 0),
        )
        for row in rows
    ]  # fmt: skip


def _label(type_: str) -> Any:
    return REGISTRY[type_].label if type_ in REGISTRY else type_


def try_again(held_id: int | None = None) -> int:
    """Try everything that is held, or one delivery and what waits behind it; how many went."""
    receivers.discover()
    return receivers.retry(held_id) if held_id else receivers.retry_held(everything=True)


def give_up(held_id: int) -> Held | None:
    """Skip one failed delivery; None when it is not held any more, or just being tried."""
    failed = HeldDelivery.objects.filter(id=held_id, next_try_at__isnull=False)
    found = _shown(list(failed.select_related("event")))
    return found[0] if found and receivers.skip(held_id) else None
