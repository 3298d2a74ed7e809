"""What the holder of a receipt sees and does. The token in the address is the whole authority."""

from typing import Any, Literal
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.cases import actions as cases
from lingka.cases import selectors, waiting
from lingka.cases.selectors import ReceiptView
from lingka.core import codes, limits, qr, saying
from lingka.core.actors import Actor
from lingka.core.display import for_another
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.counter.selectors import Papers
from lingka.insight import selectors as rates
from lingka.intake import documents, gate, presenting, reporting, rules
from lingka.intake.views.headers import private
from lingka.notices import selectors as notices
from lingka.proofs import selectors as proofs

FORMS: dict[str, Literal["pdf", "png"]] = {"pdf": "pdf", "png": "png"}
# What a holder can do, and what they read afterwards.
DONE = {
    "add": gettext_lazy("Added. The unit sees it."),
    "answer": gettext_lazy("Your answer was sent. The unit goes on."),
    "withdraw": gettext_lazy("Withdrawn. Nobody works on it any more."),
    "leave": gettext_lazy("You took back your report. It goes on for the others."),
    "take_down": gettext_lazy("It was taken down. The desk words it anew."),
    "thank": gettext_lazy("Said. You can change it here, or take it back."),
    "rate": gettext_lazy("Thank you. Your word counts."),
    "reopen": gettext_lazy("It is open again."),
    "forget": gettext_lazy("Your contact was erased."),
}
TAKEN_BACK = frozenset({"withdraw", "leave"})  # without a word


def receipt_or_404(token: str) -> ReceiptView:
    """Return what the token shows; a wrong one is a missing page, however wrong it is."""
    found = selectors.receipt_by_token(token)
    if found is None:
        raise Http404
    return found


@require_safe
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """Where it stands: steps, units, deadlines and why, replies, and what the holder can do."""
    return _tracking(request, token, receipt_or_404(token))


def _tracking(
    request: HttpRequest,
    token: str,
    view: ReceiptView,
    *,
    fault: str = "",
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = presenting.context(view) | {
        "token": token,
        "clocks": presenting.deadlines(view),
        "op_id": uuid7(),
        "stale": fault,
        "typed": typed or {},
        "push": bool(settings.VAPID_KEY),
        "thanks": selectors.options("wish", "thank", "thanks") if "thank" in view.can else (),
        "proved": proofs.newest(),
        "done": DONE.get(request.GET.get("done", "")),
        "counted": rates.concerns(view.case_uuid),
        "notices": notices.of_case(view.case_uuid),
    }
    return private(render(request, "intake/tracking.html", context, status=status))


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt itself: QR code, short code, who does it, by when."""
    view = receipt_or_404(token)
    context = presenting.context(view) | {
        "token": token,
        "qr": qr.svg(_address(request, token), _("QR code of the receipt")),
        "due": presenting.promised(view),
        "answer_by": presenting.answer_by(view),
        "proved": proofs.newest(),
    }
    return private(render(request, "intake/receipt.html", context))


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("intake:tracking", args=[token]))


@require_safe
def slip(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """The receipt as a sheet to print or a picture to keep; `in`: printed in that language."""
    if form not in FORMS:
        raise Http404
    view = receipt_or_404(token)
    with for_another(request):
        return _slip(request, view, token, form)


def _slip(request: HttpRequest, view: ReceiptView, token: str, form: str) -> HttpResponse:
    shown = presenting.context(view)
    facts = [(_("What"), shown["title"]), (_("Where"), shown["where"])]
    if shown["unit"]:
        facts.append((_("Who"), pick(shown["unit"].name)))
    if shown["papers"]:
        facts += _papers(shown["papers"])
    due = presenting.promised(view)
    if due:
        facts.append((_("Promised"), saying.moment(due)))
    made = documents.make_slip(
        documents.Slip(
            url=_address(request, token),
            code=shown["code"],
            facts=[(name, value) for name, value in facts if value],
            note=_("Scan it or type this code to see every step"),
        ),
        FORMS[form],
    )
    kind = "application/pdf" if form == "pdf" else "image/png"
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="lingka-{shown["code"]}.{form}"'
    return private(response)


def _papers(held: Papers) -> list[tuple[str, str]]:
    """What was handed in at the counter, and what is still missing."""
    return [(_("Handed in"), saying.apart(held.here)), (_("Missing"), saying.apart(held.missing))]


@csrf_exempt  # the token in the address is the authority, and no cookie plays a part
@require_POST
def act(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Do one of the few things a holder can do."""
    if action not in DONE:
        raise Http404
    view = receipt_or_404(token)
    actor = Actor("resident", view.id)
    photos = _photos(request, action, actor)
    try:
        if action == "forget":  # consent taken back, whatever the case is doing
            cases.erase_contact(view.uuid, actor=actor, reason="asked")
        else:
            _perform(request, view, action, actor, photos)
    except PermissionRefused as refused:
        return _again(request, token, action, photos, fault=str(refused), status=409)
    except Problem as problem:
        status = max(problem.status, 400)
        return _again(request, token, action, photos, fault=str(problem.message), status=status)
    address = reverse("intake:tracking", args=[token])
    return private(redirect(f"{address}?done={action}"))


def _photos(request: HttpRequest, action: str, actor: Actor) -> list[waiting.Brought]:
    """What was chosen now and in earlier tries; kept, whatever comes of this one."""
    if action not in {"add", "answer", "reopen"}:
        return []

    def keep(file: Any) -> UUID:
        return reporting.take_in(request, file, "photo", actor)

    found = waiting.brought(request, ["photos"], actor, keep=keep)
    return found.getlist("photos")


def _again(
    request: HttpRequest,
    token: str,
    action: str,
    photos: list[waiting.Brought],
    *,
    fault: str,
    status: int,
) -> HttpResponse:
    """Show the page once more, with what is wrong at the top and what was typed still there."""
    view = receipt_or_404(token)
    at = _still_there(view, action)
    words = request.POST.get("words", "")
    typed: dict[str, Any] = {at: words, f"{at}_photos": waiting.shown("photos", photos)}
    typed |= {name: request.POST.get(name, "") for name in ("solved", "satisfied")}
    also = [one.name for one in view.also_asked if request.POST.get(one.name)]
    typed["also"] = [f"{name}={request.POST[name]}" for name in also]
    return _tracking(request, token, view, fault=fault, typed=typed, status=status)


def _still_there(view: ReceiptView, action: str) -> str:
    """The form that keeps what was typed: where the case has moved on, the one it fits now."""
    there = {
        "answer": bool(view.question),
        "rate": view.can_rate,
        "add": view.can_add,
        "reopen": view.can_reopen and not view.can_rate,
        "take_down": "take_down" in view.can,
        "thank": "thank" in view.can,
    }
    if there.get(action, True):
        return action
    return next((one for one in ("add", "reopen") if there[one]), "nowhere")


def _perform(
    request: HttpRequest,
    view: ReceiptView,
    action: str,
    actor: Actor,
    photos: list[waiting.Brought],
) -> None:
    data = _data(request, action, photos)
    if action == "rate":
        told = {one.name: request.POST.get(one.name, "") for one in view.also_asked}
        data |= {one.name: told[one.name] for one in view.also_asked if one.takes(told[one.name])}
    op_id = _op_id(request)
    with transaction.atomic():
        asked = view.rates if action == "rate" else action
        cases.perform(view.case_uuid, asked, actor=actor, data=data, op_id=op_id)
        if action == "rate" and not data["solved"]:
            # "Not yet" is an answer that counts, and the case goes on.
            again = uuid5(op_id, "reopen") if op_id else None
            words = {"words": data["words"]} if "words" in data else {}
            cases.perform(view.case_uuid, "reopen", actor=actor, data=words, op_id=again)


def _data(request: HttpRequest, action: str, photos: list[waiting.Brought]) -> dict[str, Any]:
    """What the action asks for; a Problem where it is not there."""
    words = request.POST.get("words", "").strip()[:4000]
    data: dict[str, Any] = {"words": words} if words and action not in TAKEN_BACK else {}
    for photo in photos:
        if isinstance(photo, Problem):
            raise photo
        data.setdefault("attachments", []).append(photo.uuid)
    if action == "thank":
        data["thanks"] = request.POST.get("thanks", "")[:32]
    if action == "rate":
        if request.POST.get("solved") not in {"yes", "no"}:
            raise Problem("empty", _("Say first whether it is solved."), field="solved")
        data["solved"] = request.POST["solved"] == "yes"
        if request.POST.get("satisfied") in {"yes", "fair", "no"}:
            data["satisfied"] = request.POST["satisfied"]
    return data


def _op_id(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Receipts kept on this phone, and the form for a short code."""
    return private(render(request, "intake/own.html"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Stage and times of a case by its short code, and nothing else; a few tries at a time."""
    typed = request.POST.get("code", request.GET.get("code", ""))[:32]
    normal = codes.normalise(typed)
    context: dict[str, Any] = {"typed": typed}
    status = 200
    if not typed.strip():
        context["fault"] = _("Type the code that stands under the square on the receipt.")
    elif not gate.within("short-code", limits.source_of(request), rules.CODE_LOOKUPS):
        context["fault"] = _("Too many tries. Please wait ten minutes.")
        status = 429
    elif normal is None:
        context["fault"] = _("One sign of this code is wrong. Please compare it once more.")
        status = 422
    else:
        stage = selectors.stage_by_short_code(normal)
        if stage is None:
            context["fault"] = _("There is no receipt with this code. Please compare it once more.")
            status = 404
        else:
            context["found"] = presenting.short(stage)
    return private(render(request, "intake/own.html", context, status=status))
