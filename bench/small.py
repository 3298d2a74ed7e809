"""A town without cases, then with a few: what the full city is held against.

Measured in a process of its own, which must find this module by its name.
"""

import argparse
from typing import Any

from bench import create, lifecycle, places, queue_page, rates_page, seed, world, yardstick

SAMPLES = 5


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """What is measured in a town without cases, and in one of a few."""
    samples: dict[str, Any] = {}
    with world.cluster():
        keys = world.build()
        yardstick.prepare()
        samples["create_sql_statements"] = create.statements(keys)
        samples["locate"] = places.points_per_second()
        samples["empty"] = lifecycles(keys, options, first=0)
        seed.seed(keys, options.small)
        samples["queue_small"] = queue_page.milliseconds(keys)
        samples["rates_small"] = rates_page.milliseconds(keys)
    return samples


def lifecycles(keys: world.Keys, options: argparse.Namespace, first: int) -> dict[str, Any]:
    """Five samples, each with the yardstick just before it."""
    rows = []
    with world.serving() as servers:
        lifecycle.run(keys, 40, first + 900_000)
        for sample in range(SAMPLES):
            yard = yardstick.measure(options.seconds)
            before = world.cpu_seconds(servers)
            done = lifecycle.run(keys, options.lifecycles, first + sample * options.lifecycles)
            cpu = 1000 * (world.cpu_seconds(servers) - before) / done.lifecycles
            rows.append(
                {
                    "tps": round(yard.tps, 1),
                    "pgbench_cpu_ms": round(yard.cpu_ms, 3),
                    "lifecycles_per_s": round(done.lifecycles / done.seconds, 2),
                    "cpu_ms_per_lifecycle": round(cpu, 1),
                }
            )
        create_cpu = create.cpu_ms(keys, servers)
    return {"samples": rows, "create_cpu_ms": round(create_cpu, 2)}
