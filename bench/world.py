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
# The full city stays where it is, so that it can be measured again without being copied again.
FULL, SMALL = ROOT / ".lingka" / "bench", ROOT / ".lingka" / "bench-small"
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
}
PORT = "8765"


def home() -> Path:
    """Of the cluster in use."""
    return Path(os.environ["LINGKA_HOME"])


@contextmanager
def cluster(at: Path = SMALL, *, again: bool = False) -> Iterator[str]:
    """A PostgreSQL of its own, durable as in production, empty or as it was left; yields its
    address. A process may use one only, for much of what Lingka knows of a database it keeps."""
    os.environ["LINGKA_HOME"] = str(at)
    if not again:
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir(parents=True)
    elif not (at / "pg").exists():
        raise SystemExit(f"Nothing stands in {at}: run `make bench` first.")
    from lingka.ops.postgres import Cluster

    made = Cluster(at / "pg", settings=SETTINGS)
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
    """Migrate, build the small demo city without cases unless it stands, and issue keys."""
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
    with (home() / "log").open("ab") as log:  # e-mails end here too, as without a mail server
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
    pid = int((home() / "pg" / "postmaster.pid").read_text().splitlines()[0])
    postmaster = psutil.Process(pid)
    return [postmaster, *postmaster.children(recursive=True)]
