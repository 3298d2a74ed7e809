"""One case: its page, what can be done to it, what is said about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lingka.cases import actions, media, views
from lingka.cases.contacting import contacts
from lingka.cases.desk import Desk, staff
from lingka.cases.forms import ActionForm, sent
from lingka.cases.models import Attachment, Case
from lingka.cases.offers import Typed, needs_of, offers, op_of
from lingka.cases.selectors import catalogue, is_listed, page
from lingka.core import clock, saying
from lingka.core.codes import pretty
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.desks import actions as desks

LONGEST_NUMBER = 9  # digits of a version


@dataclass(frozen=True)
class Extra:
    """What a page shows beside the case itself, after something was tried."""

    toast: str = ""
    conflict: dict[str, Any] | None = None
    typed: Typed | None = None
    contact: Mapping[int, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    status: int = 200


def found(number: str, desk: Desk) -> Case:
    case = page.find(number.upper(), desk.actor, desk.posts)
    if case is None:
        raise Http404
    return case


@require_GET
@staff
def show_case(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    case = found(number, desk)
    desks.see(case.uuid, actor=desk.actor)
    return show(request, desk, case, Extra())


def show(request: HttpRequest, desk: Desk, case: Case, extra: Extra) -> HttpResponse:
    """The pane alone for htmx, the whole page otherwise."""
    context = _context(request, desk, case, extra)
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request:
        return render(request, "cases/desk/case.html", context, status=extra.status)
    here = "below" if request.GET.get("list") == "below" else "queue"
    context |= views.queue_context(request, desk, here=here, current=case.number)
    context["heading"] = f"{pretty(case.number)} {context['view']['title']}"
    return render(request, "cases/desk/queue.html", context, status=extra.status)


def _context(request: HttpRequest, desk: Desk, case: Case, extra: Extra) -> dict[str, Any]:
    shown = page.case_page(case, units_of=desk.units, reader=desk.actor.id or 0)
    offered = offers(case, desk.actor, shown.receipts, extra.typed)
    view = {name: getattr(shown, name) for name in shown.__dataclass_fields__}
    view |= {name: getattr(offered, name) for name in offered.__dataclass_fields__}
    view["contacts"] = contacts(case, desk.actor, shown.receipts, extra.contact)
    view["links_url"] = _links_url(case, desk)
    view["notice_url"] = _notice_url(case, desk)
    oversees = any(post.role in {"dispatcher", "supervisor"} for post in desk.posts)
    view["readings_url"] = reverse("cases:readings", args=[case.number]) if oversees else ""
    view["nothing_to_do"] = _("Nothing to do here for your post just now.")
    here = reverse("cases:below" if request.GET.get("list") == "below" else "cases:queue")
    return {
        "view": view,
        "back_url": f"{here}?{desk.query}" if desk.query else here,
        "watch_url": reverse("cases:watch", args=[case.number, case.version]),
        "toast": extra.toast,
        "conflict": extra.conflict,
    }


def _links_url(case: Case, desk: Desk) -> str:
    """Where links for units without accounts are made, for those who may make them."""
    known = catalogue.workflow(case.workflow_id).relations
    running = any(not one["ended"] for one in case.assignments)
    if not {"link_lead", "link_co"} & set(known) or not running:
        return ""
    oversees = any(post.role in {"dispatcher", "supervisor"} for post in desk.posts)
    return reverse("partners:links", args=[case.number]) if oversees else ""


def _notice_url(case: Case, desk: Desk) -> str:
    """Where residents are told of an outage or danger that this case is about."""
    tells = any(post.role in {"dispatcher", "supervisor"} for post in desk.posts)
    if not tells or case.stage == "closed" or not is_listed(case.case_type):
        return ""
    return reverse("notices:new-for", args=[case.number])


@require_POST
@staff
def act(request: HttpRequest, desk: Desk, number: str, action: str) -> HttpResponse:
    """Do one action by its form. Whatever goes wrong, what was typed stays."""
    case = found(number, desk)
    offer, known = needs_of(case, desk.actor, action)
    op = request.POST.get("op", "")[:64]
    if offer is None:
        raise Http404
    form = sent(request, offer.needs, desk.actor, auto_id=f"{action}-%s", **known)
    typed = Typed(action, op=op, form=form)
    if not form.is_valid():
        return show(request, desk, case, Extra(typed=typed, status=422))
    data = form.given()

    def do(expected: int | None) -> None:
        actions.perform(
            case.uuid, action, actor=desk.actor, data=dict(data), op_id=op_of(op),
            expected_version=expected,
        )  # fmt: skip

    return perform_for(request, desk, case, typed, do)


def _number(version: str) -> int | None:
    """What a column holds; Python refuses to read thousands of digits."""
    return int(version) if version.isdecimal() and len(version) <= LONGEST_NUMBER else None


def perform_for(
    request: HttpRequest,
    desk: Desk,
    case: Case,
    typed: Typed,
    do: Callable[[int | None], None],
) -> HttpResponse:
    """Do something to a case by the version that its page was drawn with, and show what came of
    it. Whatever is refused keeps what was typed."""
    version = request.POST.get("version", "")
    try:
        do(_number(version))
    except PermissionRefused as refused:
        again = found(case.number, desk)
        return show(request, desk, again, _refusal(again, version, typed, str(refused), 403))
    except Problem as problem:
        again = found(case.number, desk)
        status = 409 if problem.code == "stale" else 422
        return show(request, desk, again, _problem(again, version, typed, problem, status))
    return _done(request, desk, case.number)


def _done(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Say what happened. A case that went out of sight leads back to the queue."""
    case = page.find(number, desk.actor, desk.posts)
    toast = _("%(code)s: done.") % {"code": pretty(number)}
    if case is not None:
        toast = f"{pretty(number)} · {page.last_step(case)}"
        if getattr(request, "htmx", None):
            return show(request, desk, case, Extra(toast=toast))
    messages.success(request, toast)
    target = reverse("cases:case", args=[number]) if case else reverse("cases:queue")
    return redirect(target)


def _form_field(form: ActionForm, name: str | None) -> str | None:
    return name if name in form.fields else None


def _problem(case: Case, version: str, typed: Typed, problem: Problem, status: int) -> Extra:
    if problem.code == "stale":
        return _refusal(case, version, typed, "", status)
    message = str(problem.message)
    if typed.form is not None:
        typed.form.add_error(_form_field(typed.form, problem.field), message)
        return Extra(typed=typed, status=status)
    return Extra(typed=Typed(**{**_fields(typed), "error": message}), status=status)


def _refusal(case: Case, version: str, typed: Typed, message: str, status: int) -> Extra:
    """Somebody else was first: say what changed, keep the words, let them be sent again."""
    seen = _number(version)
    changed = page.changes_since(case, seen) if seen is not None else []
    lines = [message, *changed] if message else changed
    return Extra(
        conflict={"typed": True, "lines": lines},
        typed=Typed(**{**_fields(typed), "op": ""}),
        status=status,
    )


def _fields(typed: Typed) -> dict[str, Any]:
    return {name: getattr(typed, name) for name in typed.__dataclass_fields__}


@require_GET
@staff
def watch(request: HttpRequest, desk: Desk, number: str, version: int) -> HttpResponse:
    """Has an open case changed since it was drawn? An empty answer while it has not."""
    case = found(number, desk)
    if case.version <= version:
        return HttpResponse(status=204)
    url = reverse("cases:case", args=[case.number])
    conflict = {"typed": False, "lines": page.changes_since(case, version), "url": url}
    return render(request, "cases/desk/conflict.html", {"conflict": conflict})


@require_GET
@staff
def print_case(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    case = found(number, desk)
    context = {
        "view": page.case_page(case, internal=False),
        "printed_at": saying.moment(clock.now()),
    }
    return render(request, "cases/desk/print.html", context)


@require_GET
@staff
def file(request: HttpRequest, desk: Desk, number: str, uuid: UUID) -> HttpResponse:
    """A photo or voice note, for those who may see its case."""
    case = found(number, desk)
    one = Attachment.objects.filter(case=case, uuid=uuid, erased_at__isnull=True).first()
    small = request.GET.get("small") and one is not None and one.thumbnail_id
    blob = one and (one.thumbnail if small else one.blob)
    if not blob:
        raise Http404
    content = media.path_of(blob.sha256).read_bytes()  # at most a few hundred kilobytes
    response = HttpResponse(content, content_type=blob.media_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
