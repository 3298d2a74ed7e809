"""The desk's queue through the whole web stack: time and statements."""

import statistics
import time
from typing import Any

from bench import create
from bench.world import Keys

TIMES = 40


def milliseconds(keys: Keys) -> dict[str, Any]:
    """Median time of the queue's first page for the street's dispatcher, and its statements."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lingka.accounts.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="pai"))
    for _ in range(3):
        answer = client.get("/desk/")
        if answer.status_code != 200:
            raise SystemExit(f"the queue answered {answer.status_code}")
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get("/desk/")
        taken.append(1000 * (time.perf_counter() - began))
    with CaptureQueriesContext(connection) as seen:
        client.get("/desk/")
    return {
        "median_ms": round(statistics.median(taken), 2),
        "statements": create.counted(seen.captured_queries),
    }
