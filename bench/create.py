"""What one create costs in this process: SQL statements, and CPU with the database's share."""

import uuid
from typing import Any

from bench import world
from bench.world import Keys

MANY = 400


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
    """SQL statements of one create through the whole web stack, warm, BEGIN and COMMIT apart."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for number in range(3):
        client.post("/open311/v2/requests.json", form(keys, number), headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as seen:
        client.post("/open311/v2/requests.json", form(keys, 4), headers={"host": "127.0.0.1"})
    texts = [one["sql"] for one in seen.captured_queries]
    return sum(not text.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for text in texts)


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
