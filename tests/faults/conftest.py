"""A whole installation in a folder of its own: server, worker, database, as `make run` has it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lingka.ops.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240  # seconds; generous, as the machine may be busy


def wait_for(what: str, is_so: Callable[[], object], patience: float = PATIENCE) -> None:
    """Look again and again until it is so; fail with its name when it never is."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, f"waited {patience} s in vain: {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Starts `lingka run`, finds its processes, and asks it over HTTP."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.database_url = database_url
        self.home = folder / "home"
        self.port = free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self.cluster = Cluster(self.home / "pg")
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "LINGKA"))}
        return {
            **kept,
            "LINGKA_HOME": str(self.home),
            "PORT": str(self.port),
            "LINGKA_DEMO": "0",
            "DATABASE_URL": self.database_url,
        }

    def start(self, *, wait: bool = True) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lingka.ops.cli", "run"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            wait_for("the installation is up", self.is_healthy)

    def lingka(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the same installation, beside the running one."""
        return subprocess.run(
            [sys.executable, "-m", "lingka.ops.cli", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Leave nothing running, whatever the test came to."""
        if self.process and self.process.poll() is None:
            self.stop()
        self.cluster.stop()

    def family(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def pid_of(self, module: str) -> int:
        """The process that the supervisor started for a module."""
        assert self.process
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it may end under our eyes
                if module in child.cmdline():
                    return child.pid
        return 0

    def health(self) -> tuple[int, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"{self.root}/healthz", timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        except (urllib.error.URLError, OSError, ValueError):
            return 0, {}

    def is_healthy(self) -> bool:
        return self.health()[0] == 200


def _open_to_all(folder: Path) -> Path:
    """Let the database's unprivileged account in, when root runs the tests."""
    for one in [folder, *folder.parents][:-2]:
        one.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation that ran and was stopped: most of a first start is migrating."""
    for one in _running(tmp_path_factory.mktemp("first")):
        one.stop()
    return one.home


def _running(folder: Path, prepared: Path | None = None) -> Iterator[Installation]:
    one = Installation(_open_to_all(folder))
    if prepared:  # with owners and modes, which the database insists on
        subprocess.run(["cp", "-a", str(prepared), str(one.home)], check=True)
    try:
        one.start()
        yield one
    finally:
        one.end()


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, prepared: Path
) -> Iterator[Installation]:
    """One for all tests that end with it in good health."""
    yield from _running(tmp_path_factory.mktemp("town"), prepared)


@pytest.fixture
def own_installation(tmp_path: Path, prepared: Path) -> Iterator[Installation]:
    """One for a test that ends it."""
    yield from _running(tmp_path, prepared)
