"""pgbench TPC-B, scale 10, 8 clients, on the same PostgreSQL in the same run."""

import re
from dataclasses import dataclass

from bench import world

CLIENTS, SCALE = "8", "10"


@dataclass(frozen=True)
class Yard:
    """Transactions a second, and processor milliseconds of the database for each."""

    tps: float
    cpu_ms: float


def _pgbench(*arguments: str) -> str:
    from lingka.ops.postgres import Cluster

    cluster = Cluster(world.home() / "pg", settings=world.SETTINGS)
    where = (f"--host={cluster.socket}", "--username=lingka")
    done = cluster.run("pgbench", *where, *arguments)
    return f"{done.stdout}\n{done.stderr}"


def prepare() -> None:
    _pgbench("--initialize", "--quiet", "--scale", SCALE, "lingka")


def measure(seconds: int) -> Yard:
    before = world.cpu_seconds([])
    said = _pgbench("--client", CLIENTS, "--jobs", "2", "--time", str(seconds), "lingka")
    after = world.cpu_seconds([])
    found = re.search(r"tps = ([0-9.]+)", said)
    done = re.search(r"actually processed: ([0-9]+)", said)
    if not found or not done:
        raise SystemExit(f"pgbench said:\n{said}")
    return Yard(float(found[1]), 1000 * (after - before) / int(done[1]))
