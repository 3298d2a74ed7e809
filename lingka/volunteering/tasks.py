"""The jobs of activities and campaigns."""

from procrastinate.contrib.django import app

from lingka.volunteering import actions


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="volunteering.remind")
def remind(timestamp: int) -> None:
    """Every hour: who has a place within a day."""
    del timestamp
    actions.remind_due()


@app.periodic(cron="12 0 * * *")
@app.task(queueing_lock="volunteering.close_over")
def close_over(timestamp: int) -> None:
    """Every night: campaigns whose last day is past."""
    del timestamp
    actions.close_over()
