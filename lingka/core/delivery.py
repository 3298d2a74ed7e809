"""Drives the receivers: in the worker for ever, in tests and benches until all is delivered."""

import threading

import structlog
from django.db import Error, close_old_connections, connection

from lingka.core import receivers

log = structlog.get_logger()
IDLE = 0.2  # seconds between looks when nothing is waiting


def deliver_all() -> int:
    """One batch for each receiver; returns how many events were passed."""
    return sum(receivers.deliver(one) for one in list(receivers.RECEIVERS.values()))


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
            busy = deliver_all()
        except Error as error:
            log.warning("database lost, trying again", error=type(error).__name__)
            connection.close()
            close_old_connections()
            stop.wait(2)
            continue
        if not busy:
            stop.wait(IDLE)
