"""What is written under a case: to the resident, or among colleagues; and what was only begun."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingka.cases import actions
from lingka.cases.desk import Desk, staff
from lingka.cases.models import Case
from lingka.cases.offers import SAID, Typed, needs_of, op_of, words_field
from lingka.cases.selectors.replies import standard_replies
from lingka.cases.views_case import Extra, found, perform_for, show
from lingka.desks import actions as desks

LONGEST = 2000


@require_POST
@staff
def say(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A reply that the resident sees, a question to them, or a note for colleagues."""
    case = found(number, desk)
    action = request.POST.get("action", "")
    words = request.POST.get("words", "")[:LONGEST].strip()
    op = request.POST.get("op", "")[:64]
    if request.POST.get("insert"):
        words = _inserted(case, words, request.POST.get("standard", ""))
        return show(request, desk, case, Extra(typed=Typed("reply", {"words": words}, op=op)))
    if action in {"keep", "drop"}:
        return _set_aside(request, desk, case, words, drop=action == "drop")
    if action not in SAID:
        raise Http404
    typed = Typed(action, {"words": words, "mentioned": _mentioned(request)}, op=op)
    offer, _known = needs_of(case, desk.actor, action)
    if not words:
        error = _("Please write something first.")
        wrong = Typed(action, typed.data, op=op, error=error)
        return show(request, desk, case, Extra(typed=wrong, status=422))
    if offer is None:
        raise Http404
    return _said(request, desk, case, words_field(offer), typed)


def _said(request: HttpRequest, desk: Desk, case: Case, field: str, typed: Typed) -> HttpResponse:
    """Do it; once it is said, what was begun is gone."""

    def do(expected: int | None) -> None:
        words, op_id = typed.data["words"], op_of(typed.op)
        if typed.action == "note":
            actions.note(
                case.uuid, actor=desk.actor, words=words, mentioned=typed.data["mentioned"],
                op_id=op_id, expected_version=expected,
            )  # fmt: skip
        else:
            actions.perform(
                case.uuid, typed.action, actor=desk.actor, data={field: words}, op_id=op_id,
                expected_version=expected,
            )  # fmt: skip
        if request.POST.get("begun"):
            desks.drop_draft(case.uuid, _kind(typed.action), actor=desk.actor)

    return perform_for(request, desk, case, typed, do)


def _mentioned(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("mention")[: actions.MOST_MENTIONED + 1]
    return [int(one) for one in given if one.isdecimal() and len(one) < 19]  # noqa: PLR2004


def _kind(action: str) -> str:
    return "note" if action == "note" else "reply"


def _set_aside(
    request: HttpRequest, desk: Desk, case: Case, words: str, *, drop: bool
) -> HttpResponse:
    """Keep what was begun, or throw it away: by hand, for browsers without scripts too."""
    kind = _kind(request.POST.get("kind", ""))
    if drop:
        desks.drop_draft(case.uuid, kind, actor=desk.actor)
        told = _("The draft is gone.")
    else:
        desks.keep_draft(case.uuid, kind, actor=desk.actor, words=words)
        told = _("Kept as a draft: only you see it.")
    if getattr(request, "htmx", None):
        return show(request, desk, case, Extra(toast=told))
    messages.success(request, told)
    return redirect("cases:case", case.number)


@require_POST
@staff
def draft(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """What stands in a box right now, sent by itself while somebody writes."""
    case = found(number, desk)
    words = request.POST.get("words", "")[:LONGEST]
    desks.keep_draft(case.uuid, _kind(request.POST.get("kind", "")), actor=desk.actor, words=words)
    return HttpResponse(status=204)


def _inserted(case: Case, words: str, key: str) -> str:
    receipt = case.receipts.order_by("id").first()
    for reply in standard_replies(receipt.language if receipt else "", case):
        if reply.key == key:
            return f"{words}\n{reply.text}".strip()
    return words
