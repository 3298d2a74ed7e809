"""The jobs of the ledgers: what runs out goes back, and the books are balanced every night."""

from procrastinate.contrib.django import app

from lingka.points import actions, balancing


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="points.expire_holds")
def expire_holds(timestamp: int) -> None:
    """Every five minutes: what nobody fetched in time is free again."""
    del timestamp
    while actions.expire_holds():
        pass


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="points.balance")
def balance(timestamp: int) -> None:
    """Every night: all balances beside what their legs give."""
    del timestamp
    balancing.balance()


@app.periodic(cron="10 1 * * *")
@app.task(queueing_lock="points.expiry")
def expiry(timestamp: int) -> None:
    """Every night: tell of points that will go, and take out those whose day is over."""
    del timestamp
    while actions.announce_expiry():
        pass
    actions.tell_holders()
    while actions.expire_points():
        pass
