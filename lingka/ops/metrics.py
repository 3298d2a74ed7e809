"""Prometheus metrics: requests as they pass, backlogs when somebody looks."""

from collections.abc import Iterator
from importlib import import_module

import prometheus_client
from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("lingka_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("lingka_request_seconds", "Time to answer.", ["route"])
QUIET = {"healthz", "metrics"}  # watchers ask every few seconds


class Backlogs:
    """What waits, read from the database at the moment of the question."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("lingka_jobs", "Jobs that wait or run.", labels=["status"])
        for status, number in _rows(
            "SELECT status::text, count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
        ):
            jobs.add_metric([str(status)], float(str(number)))
        yield jobs
        age = GaugeMetricFamily("lingka_worker_age_seconds", "Since the worker was last seen.")
        age.add_metric([], worker_age())
        yield age
        backlog = GaugeMetricFamily("lingka_backlog", "Events not yet heard.", labels=["receiver"])
        for receiver, number in delivery_backlog().items():
            backlog.add_metric([receiver], number)
        yield backlog
        held = GaugeMetricFamily("lingka_held", "Deliveries on hold.", labels=["receiver"])
        for receiver, number in import_module("lingka.core.receivers").held_counts().items():
            held.add_metric([receiver], number)
        yield held
        unattended = GaugeMetricFamily("lingka_unattended", "Cases that the clock cannot move.")
        unattended.add_metric([], len(import_module("lingka.cases.selectors").unattended()))
        yield unattended
        messages = GaugeMetricFamily("lingka_messages", "Since yesterday.", labels=["state"])
        for state, number in import_module("lingka.notifications.selectors").counts().items():
            messages.add_metric([state], number)
        yield messages
        yield from _ledgers()
        yield from _history()


def _ledgers() -> Iterator[Metric]:
    """Whether balances are what their legs give: anything but 0 is worth waking somebody."""
    found = import_module("lingka.points.selectors").balanced()
    gauge = GaugeMetricFamily("lingka_balance_differences", "Balances that do not hold.")
    gauge.add_metric([], found.differences if found else 0)
    yield gauge


def _history() -> Iterator[Metric]:
    """Whether the past still is what it was: anything but 0 breaches is worth waking somebody."""
    selectors = import_module("lingka.proofs.selectors")
    state = selectors.state()
    for name, text, value in (
        ("breaches", "Places where history does not hold.", state.breaches),
        ("unproved", "Records under no signed head yet.", state.waiting),
        (
            "look_age_seconds",
            "Since all of it was looked at.",
            selectors.seconds_since(state.looked_at),
        ),
    ):
        gauge = GaugeMetricFamily(f"lingka_history_{name}", text)
        gauge.add_metric([], value)
        yield gauge


def delivery_backlog() -> dict[str, int]:
    """Undelivered events by receiver."""
    counts: dict[str, int] = import_module("lingka.core.receivers").backlog()
    return counts


def worker_age() -> float:
    """Seconds since any worker's last heartbeat; infinite when there never was one."""
    rows = _rows(
        "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
    )
    return float("inf") if rows[0][0] is None else float(str(rows[0][0]))


def page() -> bytes:
    """The whole page in Prometheus's text format, over all server processes."""
    registry = CollectorRegistry()
    if prometheus_client.values.ValueClass.__name__ == "MmapedValue":  # several processes
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(prometheus_client.REGISTRY)
    registry.register(Backlogs())
    return prometheus_client.generate_latest(registry)


def _rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
