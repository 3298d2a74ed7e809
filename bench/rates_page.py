"""The board of rates through the whole web stack, from what is kept; and whether that is true."""

import statistics
import time
from typing import Any

from bench.world import Keys

TIMES = 20


def milliseconds(keys: Keys) -> dict[str, Any]:
    """Median times of the whole town's board, by month and by week. Its statements are counted
    by a test: they are as many in a small town as in a large one."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(_reader())
    month, week = (f"/desk/rates/?period={period}" for period in _fullest())
    return {"median_ms": _median(client, month), "week_ms": _median(client, week)}


def _reader() -> Any:
    """Somebody who sees the whole town's rates."""
    from lingka.accounts.models import User

    return User.objects.filter(posts__role="supervisor", posts__area__parent=None)[0]


def _fullest() -> tuple[str, str]:
    """The month and the week with the most cases."""
    from django.db.models import Sum

    from lingka.insight.models import Count, WeekCount
    from lingka.insight.periods import month_of, week_of

    days = [
        table.objects.values("month").annotate(all=Sum("cases")).order_by("-all")[0]["month"]
        for table in (Count, WeekCount)
    ]
    return month_of(days[0]).key, week_of(days[1]).key


def _median(client: Any, address: str) -> float:
    taken = []
    for _ in range(TIMES + 3):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200 or b"rate-number" not in answer.content:
            raise SystemExit(f"{address} answered {answer.status_code} without a rate")
    return round(statistics.median(taken[3:]), 1)


def differences(processes: int) -> int:
    """In how many places what is kept differs from all events folded anew."""
    from lingka.insight.actions import differences as found

    return len(found(processes))
