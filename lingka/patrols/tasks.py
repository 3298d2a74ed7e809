"""The jobs of rounds: laying them out ahead, and telling of those that were missed."""

from procrastinate.contrib.django import app

from lingka.patrols import actions


@app.periodic(cron="20 1 * * *")
@app.task(queueing_lock="patrols.lay_out")
def lay_out(timestamp: int) -> None:
    """Every night: the rounds of the two weeks ahead."""
    del timestamp
    actions.lay_out_rounds()


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="patrols.close_missed")
def close_missed(timestamp: int) -> None:
    """Every quarter of an hour: what nobody started is told one level up."""
    del timestamp
    while actions.close_missed():
        pass
