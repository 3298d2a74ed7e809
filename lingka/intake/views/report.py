"""One page to say what is wrong; in elder mode the same, one question a screen."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.areas.selectors import locate, named, place
from lingka.cases import actions as cases
from lingka.cases.selectors import CaseTypeInfo, Similar, was_sent
from lingka.core import limits
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.intake import actions, drafts, gate, presenting, reporting, rules, selectors
from lingka.intake.forms import ReportForm
from lingka.intake.reporting import RESIDENT, STEPS, Draft
from lingka.intake.rules import Ruling
from lingka.intake.views.headers import private

# Anonymous forms stand without the cookie that CSRF protection needs: they act on nobody's behalf,
# and a browser that refuses cookies must be able to report.


def type_or_404(key: str) -> CaseTypeInfo:
    """Return a case type that anybody may bring, by its key."""
    for info in selectors.open_types():
        if info.key == key:
            return info
    raise Http404


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, case_type: str) -> HttpResponse:
    """Show the form, keep what was typed, or send it."""
    info = type_or_404(case_type)
    if request.method != "POST":
        return _page(request, reporting.begin(info, request.GET.get("place", "")))
    draft = reporting.read(info, request)
    do = request.POST.get("do", "send")
    if do.startswith("language:"):
        return _in_language(request, draft, do.removeprefix("language:"))
    if do.startswith("remove:"):
        draft.kept = [item for item in draft.kept if item.key != do.removeprefix("remove:")]
        return _page(request, draft)
    if do in {"keep", "next", "back"}:
        return _step(request, draft, do)
    return _send(request, draft)


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _step(request: HttpRequest, draft: Draft, do: str) -> HttpResponse:
    at = STEPS.index(draft.step)
    if draft.faults:
        return _page(request, draft, status=422)
    if do == "next":
        draft.step = STEPS[min(at + 1, len(STEPS) - 1)]
    elif do == "back":
        draft.step = STEPS[max(at - 1, 0)]
    return _page(request, draft)


def _in_language(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """Change the language without losing a word: the form carries everything along."""
    if code not in dict(settings.LANGUAGES):
        code = settings.LANGUAGE_CODE
    with translation.override(code):
        draft.info = type_or_404(draft.info.key)
        response = _page(request, draft)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86_400, samesite="Lax")
    return response


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not draft.is_ready():
        return _page(request, _at_first_fault(draft), status=422)
    channel = "door" if draft.place else "web"
    values = reporting.payload(draft, channel=channel, language=_language())
    alike = reporting.similar(draft)
    decided, reason = (Ruling.OPEN, "") if alike else gate.ruling(request, draft)
    # What was sent before gets its first receipt, whatever stands before a new report.
    if (alike or decided is not Ruling.OPEN) and not was_sent(UUID(values["idempotency_key"])):
        if alike:
            return _confirm(request, draft, alike)
        if decided is Ruling.CHALLENGE:
            return _page(request, draft, challenge=rules.challenge())
        return _held(draft, values, reason)
    try:
        opened = reporting.send(values)
    except Problem as problem:
        reporting.tell(draft, problem)
        return _page(request, _at_first_fault(draft), status=max(problem.status, 400))
    return redirect("intake:receipt", token=opened.token)


def _at_first_fault(draft: Draft) -> Draft:
    """In elder mode, go back to the screen whose answer has to be mended."""
    screens = {
        "words": 0,
        "voice": 0,
        "attributes": 0,
        "photos": 1,
        "address": 2,
        "phone": 3,
        "email": 3,
    }
    faults = (*draft.form.errors, *(name.partition(".")[0] for name in draft.faults))
    wrong = [screens[name] for name in faults if name in screens]
    if wrong:
        draft.step = STEPS[min(wrong)]
    return draft


def _held(draft: Draft, values: dict[str, Any], reason: str) -> HttpResponse:
    uuid = actions.hold(
        values, actor=RESIDENT, reason=reason, flood=gate.flood_of(draft),
        desk_path=_path(draft, values["address"]),
    )  # fmt: skip
    return redirect("intake:waiting", key=drafts.key_for(uuid, "held"))


def _path(draft: Draft, address: str = "") -> str:
    """The areas that the report lies in, as far as it is known yet where it is."""
    point = draft.point
    if path := locate(*point).path if point else None:
        return path
    area = named(address)
    return area.path if area and area.parent_id is not None else ""


def _page(
    request: HttpRequest, draft: Draft, *, challenge: str = "", status: int = 200
) -> HttpResponse:
    form = draft.form
    values = _values(form)
    context = {
        "draft": draft,
        "form": form,
        "v": values,
        "types": selectors.siblings(draft.info),
        "where": pick(draft.place.name) if draft.place else "",
        "landing": _landing(draft),
        "steps": STEPS,
        "number": STEPS.index(draft.step) + 1,
        "challenge": challenge,
        "wrong": _first_wrong(form),
        "fields": _fields(draft),
        "map": _map_centre(draft),
        "has_pin": values.get("lon") not in (None, ""),
        "promise": presenting.promise_line(draft.info, _path(draft)),
    }
    return private(render(request, "intake/report.html", context, status=status))


def _first_wrong(form: ReportForm) -> str:
    """The first field that has to be mended: the page opens there."""
    return next((name for name in form.fields if name in form.errors), "")


def _values(form: ReportForm) -> dict[str, Any]:
    """What was typed, as it was typed; the form's key as it is now."""
    values = {name: form[name].value() for name in form.fields}
    if form.is_bound:
        values["idempotency_key"] = form.cleaned_data["idempotency_key"]
    return values


def _fields(draft: Draft) -> list[dict[str, Any]]:
    """The questions of this case type, in the reader's language."""
    return [
        {
            "code": field["code"],
            "label": pick(field["label"]),
            "required": field.get("required", False),
            "value": draft.attributes.get(field["code"], ""),
            "fault": draft.faults.get(f"attributes.{field['code']}", ""),
            "options": [
                {"key": one["key"], "name": pick(one["name"])} for one in field.get("options", ())
            ],
        }
        for field in draft.info.form
    ]


def _map_centre(draft: Draft) -> dict[str, Any]:
    point = draft.point
    return {"lon": f"{point[0]:.6f}", "lat": f"{point[1]:.6f}"} if point else {}


def _landing(draft: Draft) -> str:
    if draft.place:
        return reverse("intake:door", args=[draft.place.code])
    return reverse("intake:landing")


def _confirm(request: HttpRequest, draft: Draft, alike: list[Similar]) -> HttpResponse:
    """Is it one of these? Asked of those whose browser did not ask while they were writing."""
    context = {
        "draft": draft,
        "form": draft.form,
        "v": _values(draft.form),
        "offers": [_offer(item, draft.info) for item in alike],
        "landing": _landing(draft),
    }
    return private(render(request, "intake/similar.html", context))


def _offer(item: Similar, info: CaseTypeInfo) -> dict[str, Any]:
    """Type, place, stage and day of an open case: never a stranger's words."""
    at = place(item.place_id) if item.place_id else None
    return {
        "key": drafts.offer_for(item.case_uuid),
        "title": info.name,
        "where": selectors.where(at) or _("near by"),
        "stage": item.stage,
        "stage_label": STAGE_LABELS.get(item.stage, lambda: item.stage)(),
        "day": timezone.localtime(item.opened_at),
    }


STAGE_LABELS = {
    "intake": lambda: _("Received"),
    "dispatch": lambda: _("Being passed on"),
    "handling": lambda: _("Being handled"),
    "verification": lambda: _("Being checked"),
    "suspended": lambda: _("Paused"),
}


@csrf_exempt
@require_POST
def nearby(request: HttpRequest, case_type: str) -> HttpResponse:
    """Open cases like the one being written, as a fragment for the page."""
    info = type_or_404(case_type)
    draft = reporting.read(info, request)
    offers = [_offer(item, info) for item in reporting.similar(draft)]
    context = {"offers": offers, "case_type": info.key}
    return private(render(request, "intake/_offers.html", context))


@csrf_exempt
@require_POST
def follow(request: HttpRequest, case_type: str) -> HttpResponse:
    """Me too: follow an open case instead of opening another."""
    draft = reporting.read(type_or_404(case_type), request)
    case = drafts.offered(request.POST.get("offer", ""))
    if case is None:
        draft.faults["all"] = _("This list was too old. Please look once more.")
    if draft.faults or draft.form.errors or case is None:
        return _page(request, _at_first_fault(draft), status=422)
    if not gate.within("follow", limits.source_of(request), rules.NEAR_ADDRESS):
        draft.faults["all"] = _("Too much at once from here. Please try again in ten minutes.")
        return _page(request, draft, status=429)
    data = draft.form.cleaned_data
    left = reporting.contact(data)
    try:
        opened = cases.follow_case(
            case,
            actor=RESIDENT,
            language=_language(),
            contact=cases.ContactData(**left) if left else None,
            idempotency_key=data["idempotency_key"],
        )
    except Problem as problem:
        reporting.tell(draft, problem)
        return _page(request, draft, status=max(problem.status, 400))
    return redirect("intake:receipt", token=opened.token)


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file ahead of the form, so that sending is quick and nothing is sent twice."""
    kind = "voice" if request.POST.get("kind") == "voice" else "photo"
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse(
            {"message": _("This file is empty. Please choose it again.")}, status=400
        )
    try:
        taken = reporting.take_in(request, file, kind)
    except Problem as problem:
        status = problem.status if problem.status == HTTPStatus.TOO_MANY_REQUESTS else 422
        return JsonResponse({"message": str(problem.message)}, status=status)
    key = drafts.key_for(taken, kind)
    size = "sound" if kind == "voice" else "small"
    url = reverse("intake:draft-file", args=[key, size])
    return JsonResponse({"key": key, "url": url, "kind": kind})


@require_safe
def waiting(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a report that a person looks at first; it becomes the receipt by itself."""
    opened = drafts.opened(key)
    if opened is None or opened[0] != "held":
        raise Http404
    token, outcome = selectors.held_report(opened[1])
    if token:
        return HttpResponseRedirect(reverse("intake:tracking", args=[token]))
    return private(render(request, "intake/waiting.html", {"outcome": outcome}))
