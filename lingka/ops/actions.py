"""What is done to the running of Lingka by hand; each act is recorded."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import delivery, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.rulebooks import stream_of
from lingka.ops.events import DELIVERIES, DeliveriesRetried, DeliverySkipped
from lingka.ops.permissions import may_operate
from lingka.ops.putting import Proposal, proposal


def retry_deliveries(*, actor: Actor, held: int | None = None) -> int:
    """Try held deliveries again: one with what waits behind it, or all. How many went through."""
    _must(actor)
    with transaction.atomic():
        delivered = delivery.try_again(held)
        record(DeliveriesRetried(delivered, held), stream_id=DELIVERIES, actor=actor)
    return delivered


def skip_delivery(held: int, *, actor: Actor) -> None:
    """Give up one failed delivery, so that what waits behind it can go on."""
    _must(actor)
    with transaction.atomic():
        gone = delivery.give_up(held)
        if gone is None:
            raise Problem(
                "not_held", _("It is not held any more, or is being tried at this moment."),
                status=409,
            )  # fmt: skip
        record(DeliverySkipped(gone.receiver, gone.position), stream_id=DELIVERIES, actor=actor)


def put_rules(given: bytes | str, *, actor: Actor, seen: int | None = None) -> Proposal:
    """Put a file of rules into force as this town's own version, in place of what it said before.

    `seen` is the version that the differences were shown against. Raises Problem "faulty" with
    every fault, "same" where nothing differs, "changed" where another came into force meanwhile.
    """
    _must(actor)
    with transaction.atomic():
        found = proposal(given)
        if found.faults:
            raise Problem(
                "faulty", _("These rules do not hold together; nothing came into force."),
                status=422, faults=list(found.faults),
            )  # fmt: skip
        locks.hold(stream_of(found.history.kind, found.key))
        found = proposal(given)  # as it is now that nobody else can put another
        _may_follow(found, seen)
        found.rules.put(found.body, actor)
    return found


def _may_follow(found: Proposal, seen: int | None) -> None:
    if not found.changed:
        raise Problem("same", _("It says what is in force already."), status=409)
    if seen is not None and seen != found.number:
        raise Problem(
            "changed",
            _("Somebody else put another version into force meanwhile: look at what differs now."),
            status=409,
        )


def _must(actor: Actor) -> None:
    answer = may_operate(actor)
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
