"""Whether the figures have heard what happened: while they are counted anew, nothing rests on them.

After an upgrade the receiver may hear all events again, and for as long its facts are those of
some cases. What is frozen for good, or asks who was on a case, waits until it has caught up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lingka.core import clock, rereading
from lingka.core.permissions import Denied
from lingka.core.problems import Problem
from lingka.insight.recomputing import HEARD, RECEIVER

COUNTING = _("The figures are just being counted anew. Please try again in some minutes.")
NOT_READ = Denied("counting", COUNTING)
LATE = timedelta(minutes=1)  # what happened since is on its way
PATIENCE = timedelta(seconds=5)  # so long a delivery may take; counting anew takes longer


def being_counted() -> Problem:
    return Problem("counting", COUNTING, status=409)


@contextmanager
def steady() -> Iterator[None]:
    """Keeps the figures as they are for the length of the block, complete; Problem "counting"
    where they are not."""
    with rereading.waiting(RECEIVER, PATIENCE, being_counted) as until:
        if rereading.lacks(RECEIVER, HEARD, until, before=clock.now() - LATE):
            raise being_counted()
        yield


def behind() -> bool:
    """Whether the figures lack what happened, but for what is on its way; nobody waits for it."""
    until = rereading.come_to(RECEIVER)
    return rereading.lacks(RECEIVER, HEARD, until, before=clock.now() - LATE)


def has_read(case: UUID) -> bool:
    """Whether the facts know all that happened to a case."""
    return not rereading.lacks(RECEIVER, HEARD, rereading.come_to(RECEIVER), stream=case)
