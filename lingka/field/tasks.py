"""Every night: files that nobody will finish or name any more are given up."""

from procrastinate.contrib.django import app

from lingka.field import actions


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="field.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Half a year after they were begun: no app that could still send them is taken then."""
    del timestamp
    actions.sweep_files()
