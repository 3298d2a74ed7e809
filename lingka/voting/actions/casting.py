"""Handing in a ballot. No event, no log line, no time: only that somebody has voted. Of paper that
a colleague hands out an event tells, without its number."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members import selectors as members
from lingka.voting import box, locking, permissions, rules
from lingka.voting.events import PaperHanded
from lingka.voting.models import Ballot, Named, Vote, Voter
from lingka.voting.permissions import must


def cast(uuid: UUID, choice: int, *, actor: Actor) -> None:
    """A member votes: an option's number, or `rules.BLANK`. Once, and for good."""
    me = members.of_actor(actor)
    if me is None:
        raise PermissionRefused(permissions.NO_MEMBER)
    with transaction.atomic():
        vote = _running(locking.shared(uuid, "open"))
        voter = locking.voter(vote, member=me.uuid)
        if voter is None:
            raise PermissionRefused(permissions.NOT_IN_ROLL)
        _once(voter)
        must_fit(vote, choice, rules.BLANK)
        _mark(voter, "online")
        if vote.secret:
            sealed = box.put(bytes(vote.key or b""), vote.uuid, choice)
            Ballot(vote=vote, sealed=sealed).save(force_insert=True)
        else:
            Named(voter=voter, choice=choice).save(force_insert=True)


def hand_paper(uuid: UUID, number: int, *, actor: Actor) -> None:
    """The desk gives a paper ballot to whoever has this number in the roll: they vote on it, and in
    no other way. It is held alone: two colleagues' events follow each other."""
    with transaction.atomic():
        vote = _running(locking.alone(uuid, "open"))
        must(permissions.may_keep(actor, areas.area(vote.area_id).path))
        voter = numbered(vote, number)
        _once(voter)
        _mark(voter, "paper")
        record(PaperHanded(), stream_id=vote.uuid, actor=actor)


def numbered(vote: Vote, number: int) -> Voter:
    """Whoever has this number in the roll."""
    found = locking.voter(vote, number=number)
    if found is None:
        said = _("Nobody in the roll has this number.")
        raise Problem("no_number", said, field="number", status=404)
    return found


def _running(vote: Vote) -> Vote:
    """The vote, where its time is not over; the job that closes it may be a minute late."""
    if vote.closes_at <= clock.now():
        raise Problem("state", _("This vote is closed."), status=409, state="closed")
    return vote


def _once(voter: Voter) -> None:
    if voter.voted:
        said = {
            "online": _("This vote has been cast already."),
            "paper": _("A paper ballot was handed out for this vote already."),
        }
        raise Problem("voted", said[voter.voted], field="number", status=409)


def _mark(voter: Voter, how: str) -> None:
    voter.voted = how
    voter.save(update_fields=["voted"])


def must_fit(vote: Vote, choice: int, *more: int) -> None:
    if choice not in {*range(len(vote.options)), *more}:
        raise Problem("choice", _("Choose one of these."), field="choice", status=422)
