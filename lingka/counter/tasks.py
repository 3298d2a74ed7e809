"""Every night: appointments whose week is over go."""

from procrastinate.contrib.django import app

from lingka.counter import actions


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="counter.forget_past")
def forget_past(timestamp: int) -> None:
    """Nothing personal is in them; still nobody needs to know what was wanted when."""
    del timestamp
    actions.forget_past()
