"""The web server process: granian with two or more workers that are replaced when they die."""

import os
import shutil

from lingka.ops.processes import follow_parent

BLOCKING_THREADS = 4  # of each worker; must not exceed the database pool
KILL_TIMEOUT = 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    metrics = settings.HOME / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
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


if __name__ == "__main__":
    main()
