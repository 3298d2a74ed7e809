"""The count: ballots become sums, and go."""

from fractions import Fraction
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import canonical, clock
from lingka.core.actors import Actor
from lingka.core.crypto import sha256
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.voting import box, locking, permissions, results, rules
from lingka.voting.actions.papers import missing_numbers
from lingka.voting.events import VoteCounted
from lingka.voting.models import Ballot, Named, PaperCount, Vote
from lingka.voting.permissions import must

Ballots = list[tuple[int, Fraction, Fraction]]  # choice, heads, square metres


def count(uuid: UUID, *, actor: Actor) -> None:
    """Count what is in the box, once paper is counted by two; publish; the box and its key go."""
    with transaction.atomic():
        row = locking.alone(uuid, "closed")
        must(permissions.may_keep(actor, areas.area(row.area_id).path))
        ballots = _secret(row) if row.secret else _named(row, actor)
        made = results.result(row, _tallies(row, ballots), rules.BOOK.now().minimum, clock.now())
        Ballot.objects.filter(vote=row).delete()
        PaperCount.objects.filter(vote=row).delete()
        row.state, row.key, row.result = "counted", None, made
        row.hash = sha256(canonical.dumps(made))
        row.save(update_fields=["state", "key", "result", "hash"])
        told = VoteCounted(row.area_id, made["carried"], made["option"], row.hash.hex())
        record(told, stream_id=row.uuid, actor=actor)


def no_whole_box() -> Problem:
    said = _("The box does not hold as many ballots as voted. Nothing was counted.")
    return Problem("box", said, status=409)


def _secret(row: Vote) -> Ballots:
    sealed = [bytes(one) for one in row.ballots.values_list("sealed", flat=True)]
    if len(sealed) != row.voters.filter(voted="online").count():
        raise no_whole_box()
    try:
        choices = box.taken_out(bytes(row.key or b""), row.uuid, sealed)
    except (InvalidTag, InvalidToken, ValueError):
        said = _("A ballot in the box cannot be opened. Nothing was counted.")
        raise Problem("box", said, status=409) from None
    for place, number in enumerate(_papers(row)):
        choices += [[*range(len(row.options)), rules.BLANK, rules.INVALID][place]] * number
    return [(one, Fraction(1), Fraction()) for one in choices]


def _papers(row: Vote) -> list[int]:
    """What two people found in the box of paper."""
    if not row.voters.filter(voted="paper").exists():
        return []
    counted = [
        list(one) for one in row.paper_counts.order_by("id").values_list("counts", flat=True)
    ]
    agreed = next((one for one in counted if counted.count(one) > 1), None)
    if agreed is None:
        said = _("Two colleagues count the paper ballots, and come to the same.")
        raise Problem("papers", said, status=409)
    return agreed


def _named(row: Vote, actor: Actor) -> Ballots:
    rows = Named.objects.filter(voter__vote=row).select_related("voter")
    _left_out_by_two(row, actor)
    if any(one.entered_by is not None and one.confirmed_by is None for one in rows):
        said = _("Another colleague confirms the paper ballots first.")
        raise Problem("papers", said, status=409)
    return [(one.choice, Fraction(1), Fraction(one.voter.size or 0)) for one in rows]


def _left_out_by_two(row: Vote, actor: Actor) -> None:
    """Whoever counts leaves no ballot out alone: somebody else found exactly these missing."""
    missing = missing_numbers(row)
    found = row.paper_counts.filter(counts=missing).exclude(by=actor.id or 0)
    if missing and (actor.kind != "user" or not found.exists()):
        said = _("Not every paper ballot is entered: another colleague says first that they are"
                 " missing.")  # fmt: skip
        raise Problem("papers", said, status=409)


def _tallies(row: Vote, ballots: Ballots) -> list[rules.Tally]:
    """By heads; and by area, where the rule says so."""
    many, roll = len(row.options), list(row.voters.values_list("size", flat=True))
    found = [rules.tally(many, Fraction(len(roll)), [(one, n) for one, n, _size in ballots])]
    if rules.Rule(row.rule_key, row.rule).by_size:
        whole = sum((Fraction(one or 0) for one in roll), Fraction())
        found.append(rules.tally(many, whole, [(one, size) for one, _n, size in ballots]))
    return found
