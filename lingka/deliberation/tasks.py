"""The job of councils."""

from procrastinate.contrib.django import app

from lingka.deliberation import actions


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="deliberation.forget")
def forget(timestamp: int) -> None:
    """Every night: forget who was told of what is long over."""
    del timestamp
    actions.forget_backings()
    actions.forget_recordings()
