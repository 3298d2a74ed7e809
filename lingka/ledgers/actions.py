"""Making the ledgers anew, which hold nothing that events do not say; claiming from the wall."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import selectors as cases
from lingka.cases.actions import perform
from lingka.core import events, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.problems import Problem
from lingka.ledgers import entering
from lingka.members import selectors as members

CLAIMS_AT_ONCE = 3  # of one member


@transaction.atomic
def rebuild() -> int:
    """Enter every case again from its events; how many there are."""
    found = [case for ledger in sorted(entering.LEDGERS) for case in cases.of_workflow(ledger)]
    for case in found:
        entering.take(events.history(case))
    return len(found)


@transaction.atomic
def claim(case: UUID, *, actor: Actor) -> None:
    """Whoever claims a wish keeps others from it: a member has a few at a time at the most."""
    me = members.of_actor(actor)
    if me is not None:
        locks.hold(me.uuid)
        if len(cases.claimed_by_member(me.id)) >= CLAIMS_AT_ONCE:
            said = _(
                "You have %(most)s wishes already, as many as one person has at a time. See to"
                " one of them, or leave it to others."
            ) % {"most": CLAIMS_AT_ONCE}
            raise Problem("claims", said, status=409)
    perform(case, "claim", actor=actor)


@transaction.atomic
def let_go(member: UUID) -> None:
    """What somebody who left had claimed hangs free again at once."""
    number = members.number_of(member)
    for case, _until in cases.claimed_by_member(number) if number else ():
        perform(case, "lapse", actor=SYSTEM)
