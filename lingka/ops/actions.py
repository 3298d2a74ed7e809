"""What is done to the running of Lingka by hand; each act is recorded."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import delivery
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.ops.events import DELIVERIES, DeliveriesRetried, DeliverySkipped
from lingka.ops.permissions import may_operate


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


def _must(actor: Actor) -> None:
    answer = may_operate(actor)
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
