"""Files of phones: each minute those that are due go to their case, each night old ones go."""

from procrastinate.contrib.django import app

from lingka.accounts import selectors as accounts
from lingka.field import actions, forgetting


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="field.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Half a year after they were begun: no app that could still send them is taken then."""
    del timestamp
    actions.sweep_files()


@app.periodic(cron="48 3 * * *")
@app.task(queueing_lock="field.forget_moments")
def forget_moments(timestamp: int) -> None:
    """A week after they came: photos that are still to come are dated by their own arrival."""
    del timestamp
    forgetting.late(accounts.today())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="field.bring_files")
def bring_files(timestamp: int) -> None:
    """A report whose other photos never come has those that did after ten minutes."""
    del timestamp
    actions.bring_waiting_files()
