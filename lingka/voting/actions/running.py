"""Opening freezes the roll; closing or cancelling ends the casting; nobody hears anything in
between."""

import secrets
from datetime import UTC
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import reseal
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.versions import digest_of
from lingka.members import selectors as members
from lingka.voting import box, locking, permissions, rules
from lingka.voting.actions.counting import count, no_whole_box
from lingka.voting.actions.preparing import Texts, asked, spoken
from lingka.voting.events import VoteCancelled, VoteClosed, VoteOpened
from lingka.voting.models import Ballot, Named, PaperCount, Vote, Voter
from lingka.voting.permissions import must

FEWEST_SECRET = 3  # of two, each would know the other's
LOT = secrets.SystemRandom()
log = structlog.get_logger("lingka.voting")


def open_vote(uuid: UUID, *, actor: Actor) -> None:
    """Freeze the roll, and let those in it vote."""
    with transaction.atomic():
        row = locking.alone(uuid, "draft")
        must(permissions.may_keep(actor, areas.area(row.area_id).path))
        if row.closes_at <= clock.now():
            said = _("Its end has passed. Choose another one.")
            raise Problem("closes_at", said, field="closes_at", status=409)
        roll = _freeze(row)
        row.state, row.opened_at, row.invited = "open", clock.now(), {}
        row.key = box.new_key() if row.secret else None
        row.save()
        told = VoteOpened(
            row.area_id, roll, row.secret, row.closes_at.astimezone(UTC).isoformat(),
            digest_of(asked(row)),
        )  # fmt: skip
        record(told, stream_id=row.uuid, actor=actor)


def _freeze(row: Vote) -> int:
    """Write the roll, each with a number drawn by lot; returns how many are in it."""
    invited = {UUID(one) for one in row.invited["invited"]}
    taking = set(members.members(invited))
    if row.invited["members"]:
        taking |= set(members.taking_part(areas.area(row.area_id).path))
    voters = [Voter(vote=row, member=one) for one in taking]
    voters += [Voter(vote=row) for _one in range(row.invited["papers"])]
    voters += [Voter(vote=row, size=Decimal(one)) for one in row.invited["sizes"]]
    fewest = FEWEST_SECRET if row.secret else 1
    if len(voters) < fewest:
        said = _("The roll needs %(n)s voters at least.") % {"n": fewest}
        raise Problem("small_roll", said, status=409)
    if any(one.size is None for one in voters):
        LOT.shuffle(voters)  # flats keep the order of their list, which the desk has on paper
    for number, one in enumerate(voters, 1):
        one.number = number
    Voter.objects.bulk_create(voters, 1000)
    return len(voters)


def close_vote(uuid: UUID, *, actor: Actor) -> None:
    """End the casting, when its time is over or everybody has voted. Who could end it sooner might
    choose the moment."""
    with transaction.atomic():
        row = locking.alone(uuid, "open")
        must(permissions.may_keep(actor, areas.area(row.area_id).path))
        if clock.now() < row.closes_at and row.voters.filter(voted="").exists():
            said = _("It ends when its time is over, or when everybody has voted.")
            raise Problem("running", said, status=409)
        row.state, row.closed_at = "closed", clock.now()
        try:
            with transaction.atomic():
                row.save(update_fields=["state", "closed_at"])
        except IntegrityError:  # the database compares the box with the roll
            raise no_whole_box() from None
        _write_anew(row)
        record(VoteClosed(), stream_id=row.uuid, actor=actor)


def _write_anew(row: Vote) -> None:
    """Write the whole roll in random order by this transaction: where a row lies, and by which
    transaction it was written, says nothing any more about who voted when, with which ballot."""
    ids = list(row.voters.values_list("id", flat=True))
    LOT.shuffle(ids)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE voting_voter SET voted = voted WHERE id = %s", [(one,) for one in ids]
        )


def cancel(uuid: UUID, why: Texts, *, actor: Actor) -> None:
    """End a vote that is not counted yet. What was handed in goes uncounted."""
    with transaction.atomic():
        row = locking.alone(uuid, "draft", "open", "closed")
        must(permissions.may_keep(actor, areas.area(row.area_id).path))
        spoken("why", why)
        row.state, row.why, row.key, row.invited = "cancelled", dict(why), None, {}
        row.save(update_fields=["state", "why", "key", "invited"])
        Ballot.objects.filter(vote=row).delete()
        Named.objects.filter(voter__vote=row).delete()
        PaperCount.objects.filter(vote=row).delete()
        _write_anew(row)
        record(VoteCancelled(digest_of(row.why)), stream_id=row.uuid, actor=actor)


def close_due() -> int:
    """Close what has run its time, and count where no paper waits to be counted; how many. A vote
    that cannot be closed stays for its desk to look at, and holds no other up."""
    due = Vote.objects.filter(state="open", closes_at__lte=clock.now())
    ended = 0
    for uuid in list(due.values_list("uuid", flat=True)):
        try:
            close_vote(uuid, actor=SYSTEM)
            ended += 1
            if not Voter.objects.filter(vote__uuid=uuid, voted="paper").exists():
                count(uuid, actor=SYSTEM)
        except Problem as problem:  # or somebody closed it in between
            log.warning("voting.not_ended", vote=str(uuid), code=problem.code)
        except Exception:  # whatever is wrong with it, the others end
            log.exception("voting.not_ended", vote=str(uuid))
    return ended


def let_go(member: UUID) -> None:
    """Whoever left stays a number in the rolls, and is invited to nothing."""
    rolls = Vote.objects.filter(voters__member=member)
    for uuid in list(rolls.order_by("id").values_list("uuid", flat=True)):
        with transaction.atomic():  # the vote first, as everywhere
            row = locking.shared(uuid, *rules.STATES)
            row.voters.filter(member=member).update(member=None)
    with transaction.atomic():
        asked_to = {"invited__invited__contains": [str(member)]}
        for row in Vote.objects.select_for_update().filter(state="draft", **asked_to):
            row.invited["invited"].remove(str(member))
            row.save(update_fields=["invited"])


def reseal_keys() -> int:
    """The keys of boxes under the newest of the installation's; how many."""
    done = 0
    with transaction.atomic():
        for row in Vote.objects.select_for_update().filter(key__isnull=False):
            row.key = reseal(bytes(row.key or b""))
            row.save(update_fields=["key"])
            done += 1
    return done
