"""pgbench TPC-B, scale 10, 8 clients, on the same PostgreSQL in the same run."""

import re
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bench import world

CLIENTS, SCALE = "8", "10"


@dataclass(frozen=True)
class Yard:
    """Transactions a second, and processor milliseconds of the database for each."""

    tps: float
    cpu_ms: float


def _pgbench(*arguments: str) -> str:
    from lingka.ops.postgres import Cluster

    cluster = Cluster(world.HOME / "pg", settings=world.SETTINGS)
    where = (f"--host={cluster.socket}", "--username=lingka")
    done = cluster.run("pgbench", *where, *arguments)
    return f"{done.stdout}\n{done.stderr}"


def prepare() -> None:
    _pgbench("--initialize", "--quiet", "--scale", SCALE, "lingka")


def measure(seconds: int) -> Yard:
    before = sum(_cpu(one) for one in world.database())
    said = _pgbench("--client", CLIENTS, "--jobs", "2", "--time", str(seconds), "lingka")
    after = sum(_cpu(one) for one in world.database())
    found = re.search(r"tps = ([0-9.]+)", said)
    done = re.search(r"actually processed: ([0-9]+)", said)
    if not found or not done:
        raise SystemExit(f"pgbench said:\n{said}")
    return Yard(float(found[1]), 1000 * (after - before) / int(done[1]))


def _cpu(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):  # a backend that ended: its parent keeps its time
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0
