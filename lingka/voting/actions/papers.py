"""Paper ballots, always by two people: of a secret vote two count the box and must agree; of an
open one each ballot is entered by one and confirmed by another. The vote is held alone: of what two
colleagues do one event follows the other, and none says which number it was."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.voting import locking, permissions, rules
from lingka.voting.actions.casting import must_fit, numbered
from lingka.voting.events import PaperCompared, PaperCounted, PaperEntered, PaperLeftOut
from lingka.voting.models import Named, PaperCount, Vote
from lingka.voting.permissions import must

SAME = Denied("own_entry", _("Somebody else confirms what you entered yourself."))
PERSON = Denied("no_person", _("Paper is counted by people."))


def count_papers(uuid: UUID, counts: Sequence[int], *, actor: Actor) -> None:
    """What somebody counted in the box: each option, blank, invalid. Counting again replaces it."""
    with transaction.atomic():
        vote = locking.alone(uuid, "closed")
        by = _person(vote, actor)
        if not vote.secret:
            raise Problem("open_vote", _("Of an open vote each ballot is entered."), status=409)
        handed = vote.voters.filter(voted="paper").count()
        whole = len(counts) == len(vote.options) + 2 and min(counts) >= 0
        if not whole or sum(counts) > handed:
            said = _("%(n)s paper ballots were handed out: count again.") % {"n": handed}
            raise Problem("counts", said, status=422)
        PaperCount.objects.update_or_create(vote=vote, by=by, defaults={"counts": list(counts)})
        record(PaperCounted(), stream_id=vote.uuid, actor=actor)


def enter_paper(uuid: UUID, number: int, choice: int, *, actor: Actor) -> None:
    """A ballot of an open vote, as it lies on the table; somebody else confirms it."""
    with transaction.atomic():
        vote = locking.alone(uuid, "open", "closed")
        by = _person(vote, actor)
        if vote.secret:
            raise Problem("secret", _("Of a secret vote the box is counted."), status=409)
        must_fit(vote, choice, rules.BLANK, rules.INVALID)
        voter = numbered(vote, number)
        if voter.voted != "paper":
            said = _("No paper ballot was handed out for this number.")
            raise Problem("not_handed", said, field="number", status=409)
        if Named.objects.filter(voter=voter).exists():
            said = _("A ballot was entered for this number already.")
            raise Problem("entered", said, field="number", status=409)
        Named(voter=voter, choice=choice, entered_by=by).save(force_insert=True)
        record(PaperEntered(), stream_id=vote.uuid, actor=actor)


def confirm_paper(uuid: UUID, number: int, *, right: bool, actor: Actor) -> None:
    """Another colleague compares the entry with the ballot: it counts, or it is entered anew."""
    with transaction.atomic():
        vote = locking.alone(uuid, "open", "closed")
        by = _person(vote, actor)
        voter = numbered(vote, number)
        found = Named.objects.filter(
            voter=voter, entered_by__isnull=False, confirmed_by__isnull=True
        ).first()
        if found is None:
            said = _("Nothing waits to be confirmed for this number.")
            raise Problem("not_entered", said, field="number", status=409)
        if not right:
            found.delete()
        elif found.entered_by == by:
            raise PermissionRefused(SAME)
        else:
            found.confirmed_by = by
            found.save(update_fields=["confirmed_by"])
        record(PaperCompared(right), stream_id=vote.uuid, actor=actor)


def leave_out(uuid: UUID, *, actor: Actor) -> None:
    """Of an open vote: what was handed out and is not there. Another colleague counts."""
    with transaction.atomic():
        vote = locking.alone(uuid, "closed")
        by = _person(vote, actor)
        missing = missing_numbers(vote)
        if vote.secret or not missing:
            said = _("No paper ballot waits to be entered.")
            raise Problem("not_missing", said, status=409)
        PaperCount.objects.update_or_create(vote=vote, by=by, defaults={"counts": missing})
        record(PaperLeftOut(len(missing)), stream_id=vote.uuid, actor=actor)


def missing_numbers(vote: Vote) -> list[int]:
    """Of an open vote: who was handed paper of which nothing is entered."""
    found = vote.voters.filter(voted="paper", named=None).order_by("number")
    return list(found.values_list("number", flat=True))


def _person(vote: Vote, actor: Actor) -> int:
    must(permissions.may_keep(actor, areas.area(vote.area_id).path))
    if actor.kind != "user" or actor.id is None:
        raise PermissionRefused(PERSON)
    return actor.id
