"""Files of phones: each minute those that are due go to their case, each night old ones go."""

from procrastinate.contrib.django import app

from lingka.field import actions


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="field.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Half a year after they were begun: no app that could still send them is taken then."""
    del timestamp
    actions.sweep_files()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="field.bring_files")
def bring_files(timestamp: int) -> None:
    """A report whose other photos never come has those that did after ten minutes."""
    del timestamp
    actions.bring_waiting_files()
