"""Jobs: what has run its time is closed, and counted where no paper waits."""

from django.db import connection
from procrastinate.contrib.django import app

# Old versions of rows, which bear the numbers of the transactions that voted.
SWEPT = "VACUUM voting_voter, voting_ballot, voting_named, voting_vote"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="voting.close")
def close(timestamp: int) -> None:
    """Every minute."""
    from lingka.voting import actions

    del timestamp
    actions.tell_near()
    if actions.close_due():
        _sweep()


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="voting.sweep")
def sweep(timestamp: int) -> None:
    """Every hour: what was closed, cancelled or counted by hand leaves old versions too."""
    from lingka.voting import actions

    del timestamp
    actions.close_due()
    _sweep()


def _sweep() -> None:
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(SWEPT)
