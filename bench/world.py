"""The ground of a bench: a cluster of its own, the demo's small city, keys for the actors."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".lingka" / "bench"
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
}
PORT = "8765"


@contextmanager
def cluster() -> Iterator[str]:
    """An empty PostgreSQL of its own, durable as in production; yields its address."""
    os.environ["LINGKA_HOME"] = str(HOME)
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    from lingka.ops.postgres import Cluster

    made = Cluster(HOME / "pg", settings=SETTINGS)
    with made.used():
        os.environ["DATABASE_URL"] = made.url()
        os.environ["PORT"] = PORT
        os.environ["LINGKA_LOG_LEVEL"] = "WARNING"
        yield made.url()


@dataclass(frozen=True)
class Keys:
    """Secrets of the actors of a lifecycle, and the unit and point they work with."""

    reporter: str
    dispatcher: str
    handler: str
    verifier: str
    unit: int
    points: list[tuple[float, float]]


def build() -> Keys:
    """Migrate, build the small demo city without cases, and issue keys."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench import actors

    return actors.build()


@contextmanager
def serving() -> Iterator[list[psutil.Process]]:
    """The real server with two processes, and the real worker; yields the one, then the other."""
    env = os.environ | {"LINGKA_WEB_WORKERS": "2", "LINGKA_LOG_LEVEL": "WARNING"}
    with (HOME / "log").open("ab") as log:  # e-mails end here too, as without a mail server
        started = [
            subprocess.Popen(
                [sys.executable, "-m", f"lingka.ops.{name}"], env=env, cwd=ROOT, stdout=log
            )
            for name in ("server", "worker")
        ]
    try:
        _wait_until_healthy()
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(60)


def _wait_until_healthy() -> None:
    until = time.monotonic() + 240  # on a busy machine
    while time.monotonic() < until:
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2),
        ):
            return
        time.sleep(0.5)
    raise SystemExit("the server did not become healthy")


def cpu_seconds(roots: list[psutil.Process]) -> float:
    """Processor time of these processes, their children, and the database's processes.

    Whoever ended meanwhile counts in its parent's time, which the kernel keeps.
    """
    every = set(database())
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            every |= {root, *root.children(recursive=True)}
    return sum(map(cpu, every))


def cpu(process: psutil.Process) -> float:
    """Processor seconds of a process and of its ended children."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def database() -> list[psutil.Process]:
    """The postmaster of the bench and what it forked."""
    pid = int((HOME / "pg" / "postmaster.pid").read_text().splitlines()[0])
    postmaster = psutil.Process(pid)
    return [postmaster, *postmaster.children(recursive=True)]
