"""Jobs: codes go out at once, and every night what is past its time goes."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AppNotOpen


@app.task
def send_code(code: int) -> None:
    """One code; a second try sends what the first did not."""
    from lingka.members import actions

    actions.send(code)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="members.sweep")
def sweep(timestamp: int) -> None:
    """Every minute: codes that no job has sent, and what is past its time."""
    from lingka.members import actions

    del timestamp
    actions.send_waiting()
    actions.sweep()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="members.retire")
def retire(timestamp: int) -> None:
    """Every night: tell those who stay away, and let go who was told and stayed away."""
    from lingka.members import actions

    del timestamp
    actions.warn_inactive()
    actions.lapse()


def send_soon(code: int) -> None:
    """In the caller's transaction; whatever is not asked for is found by the next sweep."""
    try:
        with transaction.atomic():
            send_code.defer(code=code)
    except AppNotOpen:
        return
