"""Jobs that send what is due. A wake-up is only a hint: the sweep finds whatever it missed."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, AppNotOpen

from lingka.notifications import sending


@app.task(queueing_lock="notifications.send_due")
def send_due() -> None:
    """Send until nothing is due."""
    while sending.send_some():
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="notifications.sweep")
def sweep(timestamp: int) -> None:
    """Every minute: what a killed worker had taken, and what waits for another try."""
    del timestamp
    while sending.send_some():
        pass


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="notifications.tidy")
def tidy(timestamp: int) -> None:
    """Every night: forget what was settled a season ago."""
    del timestamp
    sending.forget_old()


def wake() -> None:
    """Ask for sending soon, in the caller's transaction; once is enough however often asked.

    While the worker goes down nobody can be asked: the next sweep finds what waits.
    """
    try:
        with transaction.atomic():
            send_due.defer()
    except (AlreadyEnqueued, AppNotOpen):
        return
