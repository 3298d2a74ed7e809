"""The web server process: granian with two or more workers that are replaced when they die."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from lingka.ops.processes import follow_parent

BLOCKING_THREADS = 4  # of each worker; must not exceed the database pool
KILL_TIMEOUT = 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_folder(settings.HOME))
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "config.wsgi:application",
        address=settings.BIND,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=min(BLOCKING_THREADS, settings.POOL),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_TIMEOUT,
        websockets=False,
        log_enabled=False,  # our own middleware logs each request, without tokens
    )
    follow_parent()
    server.serve()


def _metrics_folder(home: Path) -> Path:
    """An empty private folder in memory for the counters of all server processes.

    They are mapped files: on a disk that fills up, touching one would kill the process.
    """
    memory = Path("/dev/shm")  # noqa: S108 - the folder below is private, or this fails
    base = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    folder = base / f"lingka-metrics-{os.geteuid()}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


if __name__ == "__main__":
    main()
