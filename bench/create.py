"""What one create costs in this process: SQL statements, and CPU with the database's share."""

import uuid
from collections.abc import Iterable
from typing import Any

from bench import world
from bench.world import Keys

MANY = 400
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")


def form(keys: Keys, number: int) -> dict[str, Any]:
    lon, lat = keys.points[number % len(keys.points)]
    return {
        "api_key": keys.reporter,
        "service_code": "water.leak",
        "lat": lat,
        "long": lon,
        "description": f"楼道里的水管在滴水 {uuid.uuid4()}",
        "email": "resident@example.org",
    }


def statements(keys: Keys) -> int:
    """SQL statements of one create through the whole web stack, warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for number in range(3):
        client.post("/open311/v2/requests.json", form(keys, number), headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as seen:
        client.post("/open311/v2/requests.json", form(keys, 4), headers={"host": "127.0.0.1"})
    return counted(seen.captured_queries)


def counted(seen: Iterable[dict[str, str]]) -> int:
    """How many of these statements read or write; what frames them does neither."""
    return sum(not one["sql"].startswith(FRAME) for one in seen)


def cpu_ms(keys: Keys, servers: list[Any]) -> float:
    """Processor milliseconds of server and database for each of many creates.

    What the worker asks of the database meanwhile counts; its own time does not.
    """
    from bench.lifecycle import Client, report

    client = Client()
    for number in range(20):
        report(client, keys, number)
    before = world.cpu_seconds(servers[:1])
    for number in range(MANY):
        report(client, keys, number)
    return 1000 * (world.cpu_seconds(servers[:1]) - before) / MANY
