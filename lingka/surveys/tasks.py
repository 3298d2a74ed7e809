"""The hourly job of surveys."""

from procrastinate.contrib.django import app

from lingka.surveys import actions


@app.periodic(cron="3 * * * *")
@app.task(queueing_lock="surveys.close_due")
def close_due(timestamp: int) -> None:
    """Every hour: end what has run its time."""
    del timestamp
    actions.close_due()
