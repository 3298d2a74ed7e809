"""The worker process: queued and periodic jobs, and the delivery of events."""

import os
import threading

from lingka.ops.processes import follow_parent

GRACE = 10  # seconds for running jobs when told to stop
CONCURRENCY = 2


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    follow_parent()
    from lingka.core import delivery

    stop = threading.Event()
    deliverer = threading.Thread(target=_deliver, args=(delivery.loop, stop), name="delivery")
    deliverer.start()
    try:
        _work()
    finally:
        stop.set()
        deliverer.join(GRACE)


def _deliver(loop: object, stop: threading.Event) -> None:
    """A delivery loop that breaks takes the process with it: the supervisor starts both anew."""
    try:
        assert callable(loop)
        loop(stop)
    except BaseException:
        if not stop.is_set():
            import structlog

            structlog.get_logger("lingka.worker").exception("delivery_broke")
            os._exit(70)
        raise


def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=CONCURRENCY,
            shutdown_graceful_timeout=GRACE,
            install_signal_handlers=True,
            delete_jobs="successful",
        )


if __name__ == "__main__":
    main()
