"""Jobs: what has run its time is closed, and counted where no paper waits."""

from django.db import connection
from procrastinate.contrib.django import app

# Old versions of rows, which bear the numbers of the transactions that voted.
SWEPT = "VACUUM voting_voter, voting_ballot, voting_vote"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="voting.close")
def close(timestamp: int) -> None:
    """Every minute."""
    from lingka.voting import actions

    del timestamp
    if actions.close_due() and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(SWEPT)
