"""Jobs that make lists. A job that a killed worker had begun is queued again, and goes on where the
last kept batch ended."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, AppNotOpen

from lingka.desks import actions


@app.task
def make_list(uuid: str) -> None:
    """One batch after another until the file is there."""
    while actions.make_some(UUID(uuid)):
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="desks.go_on")
def go_on(timestamp: int) -> None:
    """Every minute: lists whose job was lost."""
    del timestamp
    from lingka.desks.selectors import unmade

    for uuid in unmade():
        while actions.make_some(uuid):
            pass


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="desks.tidy")
def tidy(timestamp: int) -> None:
    """Every hour: files, drafts and mentions whose time is over."""
    del timestamp
    actions.sweep_lists()
    actions.forget_old()


def wake(uuid: UUID) -> None:
    """Have a list made soon; if nobody can be asked now, the minute's look finds it."""
    try:
        with transaction.atomic():
            make_list.configure(queueing_lock=f"desks.make.{uuid}").defer(uuid=str(uuid))
    except (AlreadyEnqueued, AppNotOpen):
        return
