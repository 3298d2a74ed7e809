"""The real server as a process of its own, on the tests' database; it can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


class Server:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        parts = conninfo_to_dict(os.environ["DATABASE_URL"])
        parts["dbname"] = str(connection.settings_dict["NAME"])
        self.environment = os.environ | {
            "DATABASE_URL": make_conninfo("", **parts),
            "LINGKA_HOME": str(folder),
            "LINGKA_PARENT": str(os.getpid()),  # ends with the tests, however these end
            "LINGKA_MEDIA": str(settings.MEDIA_ROOT),
            "LINGKA_WEB_WORKERS": "1",
            "LINGKA_LOG_LEVEL": "WARNING",
            "LINGKA_DEMO": "0",
            "PORT": str(self.port),
            "SECRET_KEY": settings.SECRET_KEY,
            "LINGKA_KEYS": ",".join(settings.LINGKA_KEYS),
            "LINGKA_HEAD_KEYS": ",".join(settings.HEAD_KEYS),
        }
        self.start()

    def start(self) -> None:
        self.process = self._runs("lingka.ops.server")

    def _runs(self, module: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @contextmanager
    def works_behind(self) -> Iterator[subprocess.Popen[bytes]]:
        """The process that does what nobody waits for; killed at the end, in the middle of it."""
        behind = self._runs("lingka.ops.worker")
        try:
            yield behind
        finally:
            assert behind.poll() is None, "the worker process ended by itself"
            os.killpg(behind.pid, signal.SIGKILL)
            behind.wait(PATIENCE)

    def loses_a_hand(self) -> None:
        """One of the processes that answer is killed; the server must start another."""
        hands = psutil.Process(self.process.pid).children()
        assert hands, "the server answers by itself"
        for one in hands:
            one.kill()

    def answers(self) -> bool:
        """Until it takes connections, or never will."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as probe:
                    probe.sendall(
                        b"GET /field/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                    )
                    if probe.recv(12).endswith(b"200"):
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def dies(self) -> None:
        """All of its processes at once, in the middle of whatever they do."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
