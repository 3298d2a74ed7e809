"""The job of activities."""

from procrastinate.contrib.django import app

from lingka.volunteering import actions


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="volunteering.remind")
def remind(timestamp: int) -> None:
    """Every hour: who has a place within a day."""
    del timestamp
    actions.remind_due()
