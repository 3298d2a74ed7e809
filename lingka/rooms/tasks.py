"""Every few minutes: rooms nobody came for are free again. Every night: past bookings go."""

from procrastinate.contrib.django import app

from lingka.rooms import actions


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="rooms.release_missed")
def release_missed(timestamp: int) -> None:
    """Who waits for the room moves up."""
    del timestamp
    actions.release_missed()


@app.periodic(cron="34 3 * * *")
@app.task(queueing_lock="rooms.forget_past")
def forget_past(timestamp: int) -> None:
    """A week after a booking nobody needs to know who was there and what for."""
    del timestamp
    while actions.forget_past():
        pass
