"""A lost receipt: sent again to the contact that was left with it, to nobody else."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import permissions, rows
from lingka.cases.actions.contacts import WAYS, ContactData, tell
from lingka.cases.events import ReceiptSentAgain
from lingka.cases.models import Case, Contact, ContactReading, Receipt
from lingka.core import contents, limits
from lingka.core.actors import Actor
from lingka.core.crypto import unseal
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in

A_RECEIPT = (3, 24 * 3600)  # how often one receipt is sent again, in so many seconds
A_PERSON = (30, 3600)  # and how many receipts one colleague sends again


def send_receipt_again(receipt_uuid: UUID, *, actor: Actor, reason: str) -> None:
    """Have the tracking link sent to the reporter. The one who asks for it never sees it.

    The reason stands in the case's history, and the reporter reads it with the receipt.
    """
    if not reason.strip():
        raise Problem("reason", _("Please say why it is sent again."), field="reason")
    with transaction.atomic():
        receipt = Receipt.objects.filter(uuid=receipt_uuid).first()
        if receipt is None:
            raise Problem("unknown", _("No such receipt."), status=404)
        case = Case.objects.select_for_update().get(id=receipt.case_id)
        standing = permissions.standing(case, rows.state_of(case), actor)
        verdict = permissions.may_send_again(standing.relations)
        if isinstance(verdict, Denied):
            raise PermissionRefused(verdict)
        _reachable(receipt)
        _within_limits(receipt, actor)
        why, language = reason.strip()[:200], written_in(reason)
        said = {"name": "reason", "audience": "staff", "language": language}
        kept = contents.keep("reason", why, language).as_json()
        data = ReceiptSentAgain(str(receipt.uuid), standing.unit, {}, [{**said, **kept}])
        tell(case, data, actor=actor)
        ContactReading.objects.create(receipt=receipt, user_id=actor.id, reason=why)


def _reachable(receipt: Receipt) -> None:
    row = Contact.objects.filter(receipt=receipt).first()
    left = ContactData(**unseal(bytes(row.sealed))) if row else ContactData()
    if not any(getattr(left, way) for way in WAYS):
        raise Problem(
            "no_contact",
            _("No contact was left with this receipt, or it was erased: it cannot be sent."),
            field="reason", status=409,
        )  # fmt: skip


def _within_limits(receipt: Receipt, actor: Actor) -> None:
    if not limits.hit("receipt-again", str(receipt.uuid), *A_RECEIPT):
        raise Problem(
            "limit", _("This receipt was sent three times today. Please wait until tomorrow."),
            field="reason", status=429,
        )  # fmt: skip
    if not limits.hit("receipts-again-by", str(actor.id), *A_PERSON):
        raise Problem(
            "limit", _("You sent many receipts in this hour. Please wait a while."),
            field="reason", status=429,
        )  # fmt: skip
