"""Reading a contact, and sending a lost receipt again: both with a reason that is kept."""

from dataclasses import asdict
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingka.cases import actions
from lingka.cases.actions import ContactData
from lingka.cases.desk import Desk, staff
from lingka.cases.forms import ReasonForm
from lingka.cases.models import Case, Receipt
from lingka.cases.views_case import Extra, found, show
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem

REFUSED = 403


def _receipt(case: Case, uuid: UUID) -> Receipt:
    receipt = case.receipts.filter(uuid=uuid).first()
    if receipt is None:
        raise Http404
    return receipt


def _extra(receipt: Receipt, what: str, error: str, reason: str, status: int) -> Extra:
    return Extra(contact={receipt.pk: {what: {"error": error, "reason": reason}}}, status=status)


def _wrong(form: ReasonForm, receipt: Receipt, what: str) -> Extra:
    typed = str(form.data.get("reason", ""))[:200]
    return _extra(receipt, what, str(form.errors["reason"][0]), typed, 422)


@require_POST
@staff
def contact(request: HttpRequest, desk: Desk, number: str, receipt: UUID) -> HttpResponse:
    """Read how a reporter can be reached: only with a reason, which is kept and shown to them."""
    case = found(number, desk)
    asked = _receipt(case, receipt)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, desk, case, _wrong(form, asked, "read"))
    reason = form.cleaned_data["reason"]
    try:
        read = actions.read_contact(receipt, actor=desk.actor, reason=reason)
    except (PermissionRefused, Problem) as refused:
        return show(request, desk, case, _extra(asked, "read", str(refused), reason, REFUSED))
    if read is None:
        erased = _("It was erased meanwhile.")
        return show(request, desk, case, _extra(asked, "read", erased, "", 422))
    return show(request, desk, case, Extra(contact={asked.pk: {"read": {"shown": _lines(read)}}}))


def _lines(read: ContactData) -> list[tuple[str, str]]:
    labels = {"name": _("Name"), "phone": _("Telephone"), "email": _("E-mail")}
    values = asdict(read)
    lines = [(label, str(values[key])) for key, label in labels.items() if values[key]]
    return [*lines, (_("A device"), _("takes messages"))] if read.push else lines


@require_POST
@staff
def again(request: HttpRequest, desk: Desk, number: str, receipt: UUID) -> HttpResponse:
    """Have a lost receipt sent to the contact that was left. What is sent is shown to nobody."""
    case = found(number, desk)
    asked = _receipt(case, receipt)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, desk, case, _wrong(form, asked, "again"))
    reason = form.cleaned_data["reason"]
    try:
        actions.send_receipt_again(receipt, actor=desk.actor, reason=reason)
    except PermissionRefused as refused:
        return show(request, desk, case, _extra(asked, "again", str(refused), reason, REFUSED))
    except Problem as problem:
        told = _extra(asked, "again", str(problem.message), reason, problem.status)
        return show(request, desk, case, told)
    toast = _("The receipt is on its way to the contact that was left.")
    return show(request, desk, found(number, desk), Extra(toast=toast))
