"""The hourly job of projects."""

from procrastinate.contrib.django import app

from lingka.projects import actions


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="projects.close_due")
def close_due(timestamp: int) -> None:
    """Where users have been asked long enough, what they said decides."""
    del timestamp
    actions.close_due()
