"""`make bench`: measure, and write bench/results.json and docs/performance.md."""

import argparse
import json
import multiprocessing
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

from bench import (
    app,
    phones,
    queue_page,
    rates_page,
    seed,
    small,
    tables,
    together,
    world,
    yardstick,
)


def main() -> None:
    options = _options()
    if options.only:
        _only(options)
    else:
        _all(options)


def _all(options: argparse.Namespace) -> None:
    began = time.monotonic()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as apart:
        samples = {"lifecycles": options.lifecycles} | apart.submit(small.measure, options).result()
    with world.cluster(world.FULL, again=options.again):
        keys = world.build()
        yardstick.prepare()
        samples |= _seeded(keys, options)
        samples["cases"] = _cases()
        samples["queue_large"] = queue_page.milliseconds(keys)
        samples["rates_large"] = rates_page.milliseconds(keys)
        samples["full"] = small.lifecycles(keys, options, first=samples["cases"])
        for name, part in _parts(options).items():
            samples[name] = part() | {"machine": _machine()}
        if options.verify:
            samples |= _verify()
    samples["minutes"] = round((time.monotonic() - began) / 60, 1)
    results = _results(samples)
    if options.write:
        tables.write(results, samples, _machine())
    else:
        print(json.dumps(results, ensure_ascii=False, indent=1))
    if samples.get("rates_differences"):
        sys.exit(f"The kept rates differ from all events in {samples['rates_differences']} places.")
    if samples.get("faults"):
        sys.exit(f"`lingka verify` would name {samples['faults']} faults in what was measured.")


def _seeded(keys: world.Keys, options: argparse.Namespace) -> dict[str, Any]:
    """The full city, made or as an earlier `make bench` left it."""
    if options.again:
        return {"command": "python -m bench --again"}
    at = time.monotonic()
    seed.seed(keys, options.cases)
    return {"seed_seconds": round(time.monotonic() - at, 1)}


def _cases() -> int:
    from lingka.cases.models import Case

    return Case.objects.count()


def _parts(options: argparse.Namespace) -> dict[str, Callable[[], dict[str, Any]]]:
    """What can also be measured alone, on the small city."""
    return {
        "phones": lambda: phones.measure(options.phones), "app": app.measure,
        "together": lambda: together.measure(options.street, options.each),
    }  # fmt: skip


def _only(options: argparse.Namespace) -> None:
    with world.cluster():
        world.build()
        part = _parts(options)[options.only]() | {"machine": _machine()}
    print(json.dumps(part, ensure_ascii=False, indent=1))
    if options.write:
        tables.add(options.only, part)
    wrong = {name: part[name] for name in ("errors", "lost", "doubled", "late") if part.get(name)}
    if wrong:
        sys.exit(f"not as it should be: {wrong}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument(
        "--again", action="store_true",
        help="measure the full city as the last run left it, beside a new small one",
    )  # fmt: skip
    parser.add_argument("--lifecycles", type=int, default=300, help="in each sample")
    parser.add_argument("--seconds", type=int, default=8, help="of pgbench in each sample")
    parser.add_argument("--phones", type=int, default=300, help="that come back at once")
    parser.add_argument("--street", type=int, default=2000, help="who check in at one event")
    parser.add_argument(
        "--each", type=int, default=together.ONE_BY_ONE,
        help="redemptions and check-ins of each of the clients",
    )  # fmt: skip
    parser.add_argument("--only", choices=("phones", "app", "together"), help="this part alone")
    parser.add_argument(
        "--write", action=argparse.BooleanOptionalAction, default=True,
        help="into bench/ and docs/performance.md; else only print what was measured",
    )  # fmt: skip
    parser.add_argument(
        "--verify", action=argparse.BooleanOptionalAction, default=True,
        help="check every event and row at the end",
    )  # fmt: skip
    return parser.parse_args()


def _verify() -> dict[str, Any]:
    """Whether what is kept is what all events give, how many they are, and how many faults."""
    from lingka.core import verify
    from lingka.core.models import Event

    processes = os.cpu_count() or 1
    began = time.monotonic()
    differences = rates_page.differences(processes)
    anew = time.monotonic()
    faults = len(verify.run(processes=processes))
    return {
        "rates_differences": differences,
        "rates_anew_seconds": round(anew - began, 1),
        "events": Event.objects.count(),
        "faults": faults,
        "verify_seconds": round(time.monotonic() - anew, 1),
    }


def _results(samples: dict[str, Any]) -> dict[str, dict[str, Any]]:
    def median(part: str, name: str) -> float:
        return statistics.median(row[name] for row in samples[part]["samples"])

    ratio = statistics.median(
        row["lifecycles_per_s"] / row["tps"] for row in samples["full"]["samples"]
    )
    speed = median("full", "lifecycles_per_s") / median("empty", "lifecycles_per_s")
    pages = samples["queue_large"]["median_ms"] / samples["queue_small"]["median_ms"]
    size = f"at {samples['cases']:,} cases"
    found = {
        "lifecycle_per_pgbench_tx": (
            round(ratio, 5),
            f"lifecycles per pgbench transaction, {size}",
        ),
        "lifecycle_1m_over_empty": (round(speed, 3), f"ratio of lifecycles a second, {size}"),
        "create_sql_statements": (samples["create_sql_statements"], "statements"),
        "create_cpu_ms": (samples["full"]["create_cpu_ms"], "ms of CPU, server and database"),
        "queue_page_1m_over_10k": (round(pages, 3), f"ratio of median times, {size}"),
        "rates_page_ms": (samples["rates_large"]["median_ms"], f"ms, the board of a month, {size}"),
        "rates_page_1m_over_10k": (
            round(samples["rates_large"]["median_ms"] / samples["rates_small"]["median_ms"], 3),
            f"ratio of median times, {size}",
        ),
        "locate_points_per_s": (samples["locate"], "points a second"),
    }
    kept = {name: {"value": value, "unit": unit} for name, (value, unit) in found.items()}
    return kept | tables.figures(samples)


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


if __name__ == "__main__":
    main()
