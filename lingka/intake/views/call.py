"""The page of whoever takes calls, at the hotline or a counter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingka.accounts.administering import open_to
from lingka.cases import actions as cases
from lingka.cases.selectors import case_type, case_types, stage_label, who_may_lead
from lingka.core.codes import pretty
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.intake import actions, calling, drafts, permissions, selectors
from lingka.intake.call_forms import CallForm, NumberForm
from lingka.intake.rules import LIVE

# For desks that take calls; others are asked to sign in, or find nothing here.
call_taker = open_to(permissions.may_take_calls)


@require_http_methods(["GET", "HEAD", "POST"])
@call_taker
def call(request: HttpRequest) -> HttpResponse:
    """Take a call: write it down, answer it on the spot or open a case, read out the code.

    The number that the telephone shows is posted too: no address and no log ever holds it.
    """
    if request.method == "POST" and "number" in request.POST:
        return _matched(request)
    return _taken(request) if request.method == "POST" else _empty(request)


def _empty(request: HttpRequest, number: str = "", **matched: Any) -> HttpResponse:
    live = selectors.live_day(getattr(request, "posts", ()))
    first = {
        "idempotency_key": uuid7(), "phone": number, "language": request.LANGUAGE_CODE,
        "channel": request.GET.get("channel", LIVE if live else "hotline"),
        "leader": live.leader if live else None,
    }  # fmt: skip
    form = CallForm(initial=first, leaders=leaders_of(request))
    return _page(request, form, live=live, **matched)


def _matched(request: HttpRequest) -> HttpResponse:
    """The open cases that were left with the number shown: the part of the page that says so
    where the page itself asks, the page with it elsewhere."""
    form = NumberForm(request.POST)
    found: dict[str, Any] = {"shown": form}
    if form.is_valid():
        try:
            matches = cases.match_number(form.cleaned_data["number"], actor=_actor(request))
        except Problem as problem:
            form.add_error("number", str(problem))
        else:
            found["matches"] = [
                (one.number, case_type(one.case_type).name, stage_label(one.stage))
                for one in matches
            ]
    if request.headers.get("HX-Request"):
        return render(request, "intake/call_number.html", found)
    return _empty(request, form.cleaned_data.get("number", ""), **found)


def leaders_of(request: HttpRequest) -> list[tuple[int, str]]:
    """Who may be named for what comes to one's desk."""
    mine = [post for post in getattr(request, "posts", ()) if post.role == "dispatcher"]
    return who_may_lead(mine[0].area_path)


@require_POST
@call_taker
def hints(request: HttpRequest) -> HttpResponse:
    """The column beside the form, for what is written so far."""
    return render(request, "intake/call_hints.html", {"hints": _hints(request)})


def _hints(request: HttpRequest) -> calling.Hints:
    def said(name: str, most: int) -> str:
        return request.POST.get(name, "").replace("\0", "").strip()[:most]

    known = dict(CallForm().fields["case_type"].choices)  # type: ignore[attr-defined]
    chosen = said("case_type", 64) if request.POST.get("by_hand") else ""
    return calling.hints(
        said("words", 1000), said("address", 200), said("door", 12),
        chosen if chosen in known else "",
    )  # fmt: skip


def _taken(request: HttpRequest) -> HttpResponse:
    answered = request.POST.get("answered", "")[:64]
    joins = drafts.offered(request.POST.get("joins", ""))
    given = _completed(request, answered=answered, joins=joins)
    owed = not (answered or request.POST.get("danger"))
    form = CallForm(given, leaders=leaders_of(request), owed=owed)
    if form.is_valid():
        try:
            opened = actions.take_call(
                form.cleaned_data, answered=answered, joins=joins, actor=_actor(request)
            )
        except (Problem, PermissionRefused) as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            code = pretty(opened.short_code)
            messages.success(request, _("Taken in. The code to read out: %s") % code)
            return redirect("intake:call")
    return _page(request, form, status=422)


def _completed(request: HttpRequest, *, answered: str, joins: UUID | None) -> QueryDict:
    """What a key press leaves out: a danger is said by its type, an answer is of its own type."""
    given = request.POST.copy()
    if answered or joins:
        given["case_type"] = actions.QUESTION
    kinds = {one.key: one for one in case_types(public=False)}
    danger = kinds.get(request.POST.get("danger", ""))
    if danger is not None and danger.urgent:
        given["case_type"] = danger.key
        given["words"] = given.get("words", "").strip() or danger.name
    return given


def _page(request: HttpRequest, form: CallForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "hints": _hints(request), "shown": NumberForm()} | more
    return render(request, "intake/call.html", context, status=status)


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
