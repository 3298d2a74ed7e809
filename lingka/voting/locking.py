"""Who holds which row: the vote first, then one voter's. Whoever votes shares the vote with others
who do; whoever opens, closes or counts it holds it alone."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.core.problems import Problem
from lingka.voting.models import Vote, Voter

_SHARED = "SELECT * FROM voting_vote WHERE uuid = %s FOR SHARE"


def no_vote() -> Problem:
    return Problem("no_vote", _("There is no such vote."), status=404)


def alone(uuid: UUID, *states: str) -> Vote:
    """A vote in one of these states, that nobody else changes or votes in meanwhile."""
    found = Vote.objects.select_for_update().filter(uuid=uuid).first()
    return _in_state(found, states)


def shared(uuid: UUID, *states: str) -> Vote:
    """A vote in one of these states, which it keeps until the transaction ends."""
    found = next(iter(Vote.objects.raw(_SHARED, [uuid])), None)
    return _in_state(found, states)


def _in_state(found: Vote | None, states: tuple[str, ...]) -> Vote:
    if found is None:
        raise no_vote()
    if found.state not in states:
        said = {
            "draft": _("This vote has not been opened yet."),
            "open": _("This vote is open."),
            "closed": _("This vote is closed."),
            "counted": _("This vote is counted."),
            "cancelled": _("This vote was cancelled."),
        }
        raise Problem("state", said[found.state], status=409, state=found.state)
    return found


def voter(vote: Vote, **which: Any) -> Voter | None:
    """Somebody's row in the roll, held."""
    return Voter.objects.select_for_update().filter(vote=vote, **which).first()
