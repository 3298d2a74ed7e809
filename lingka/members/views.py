"""A member's own pages: sign in with six digits, join, see what is kept, leave. No JavaScript."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.accounts.administering import page
from lingka.areas import selectors as areas
from lingka.core import limits
from lingka.core.problems import Problem
from lingka.members import actions, entering, keeping, parts, rules, selectors
from lingka.members.entering import member_only, private
from lingka.members.forms import DigitsForm, EntryForm, JoinForm, NumberForm, WorkplaceForm
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units

POSTS = ["GET", "HEAD", "POST"]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What somebody takes part in; for whoever is not signed in, what that is and how it begins."""
    found = entering.me(request)
    if found is None:
        return _entrance(request, NumberForm())
    work = units.unit(found.workplace_id) if found.workplace_id else None
    shown = {
        "me": found, "name": selectors.name(found), "community": areas.area(found.area_id),
        "work": work, "choices": selectors.workplace_choices(found.area_id),
        "parts": [(one, one.context(request, found)) for one in parts.all_parts()],
        "consent": rules.consent() if found.asked_anew else None,
    }  # fmt: skip
    return private(render(request, "members/me.html", shown))


@require_http_methods(POSTS)
def enter(request: HttpRequest) -> HttpResponse:
    """A number or address; six digits go there, whoever's it is."""
    if entering.me(request) is not None and request.method != "POST":
        return redirect(entering.next_of(request) or "members:me")
    form = NumberForm(request.POST or None)
    return _asked(request, form, None) or _entrance(request, form)


@require_http_methods(POSTS)
@member_only
def number(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """Another number or address, which has to be proved as the first one was."""
    form = NumberForm(request.POST or None)
    return _asked(request, form, me.id) or _entrance(request, form, moving=True)


def _asked(request: HttpRequest, form: NumberForm, member: int | None) -> HttpResponse | None:
    """Send the digits and lead on; None where the form has to be shown (again)."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        token = actions.ask(
            form.cleaned_data["to"], language=request.LANGUAGE_CODE,
            source=limits.source_of(request), member=member,
        )  # fmt: skip
    except Problem as problem:
        form.add_error("to", str(problem))
        form.status = problem.status  # type: ignore[attr-defined]
        return None
    return private(entering.asked(redirect(_on(request, "members:code")), token))


def _on(request: HttpRequest, name: str) -> str:
    """The next step, which still knows where somebody came from."""
    to = entering.next_of(request)
    return reverse(name) + (f"?{urlencode({'next': to})}" if to else "")


def _entrance(request: HttpRequest, form: NumberForm, *, moving: bool = False) -> HttpResponse:
    status = getattr(form, "status", 422) if form.errors else 200
    shown = {
        "form": form, "moving": moving, "next": entering.next_of(request), "demo": settings.DEMO,
        "minutes": int(rules.code_lives().total_seconds() // 60), "kinds": rules.kinds().values(),
    }  # fmt: skip
    return private(render(request, "members/enter.html", shown, status=status))


@require_http_methods(POSTS)
def code(request: HttpRequest) -> HttpResponse:
    """The digits; then in, or on to the form of joining."""
    sent_to = selectors.asked(entering.token_of(request))
    if sent_to is None and selectors.proven(entering.token_of(request)):
        return redirect(_on(request, "members:join"))
    if sent_to is None and request.method != "POST":
        return redirect(_on(request, "members:in"))
    form, status = DigitsForm(request.POST or None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            done, status = _entered(request, form)
            if done is not None:
                return private(done)
    shown = {
        "form": form, "to": sent_to.hidden if sent_to else "", "over": status == 409,  # noqa: PLR2004
        "next": entering.next_of(request), "demo": settings.DEMO,
    }  # fmt: skip
    return private(render(request, "members/code.html", shown, status=status))


def _entered(request: HttpRequest, form: DigitsForm) -> tuple[HttpResponse | None, int]:
    try:
        key = actions.enter(
            entering.token_of(request), form.cleaned_data["digits"],
            source=limits.source_of(request), old=entering.key_of(request),
        )  # fmt: skip
    except Problem as problem:
        form.add_error("digits", str(problem))
        return None, problem.status
    if not key:
        return redirect(_on(request, "members:join")), 302
    response = redirect(entering.next_of(request) or "members:me")
    return entering.signed_in(request, response, key), 302


@require_http_methods(POSTS)
def join(request: HttpRequest) -> HttpResponse:
    """For whoever proved a number that takes part nowhere yet: what is kept, agreed to."""
    address = selectors.proven(entering.token_of(request))
    if address is None:
        return redirect(_on(request, "members:in"))
    form = JoinForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            key = actions.join(
                entering.token_of(request), name=data["name"], area=data["area"],
                language=data["language"], old=entering.key_of(request),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.success(request, _("You take part now. Welcome."))
            response = redirect(entering.next_of(request) or "members:me")
            return private(entering.signed_in(request, response, key))
    shown = {
        "form": form, "to": address.hidden, "consent": rules.consent(),
        "next": entering.next_of(request),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return private(render(request, "members/join.html", shown, status=status))


@require_http_methods(POSTS)
@member_only
def kept(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """All that is kept, to correct, to take along, and the way out."""
    own = {"name": selectors.name(me), "area": me.area_id, "language": me.language}
    choices = selectors.workplace_choices(me.area_id)
    doings: dict[str, Any] = {
        "entry": (partial(EntryForm, initial=own), _correct(me)),
        "work": (
            partial(WorkplaceForm, choices=choices, initial={"workplace": me.workplace_id}),
            _correct(me),
        ),
    }
    return page(
        request, "members/kept.html", doings,
        lambda: {
            "rows": keeping.rows(me), "more": keeping.all_rows(me), "choices": choices,
            "consent": rules.consent(), "days": rules.inactive().days,
            "notice": rules.notice().days,
        },
    )  # fmt: skip


def _correct(me: MemberInfo) -> Any:
    return lambda _actor, data: actions.correct(actor=me.actor, **data)


@require_safe
@member_only
def export(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """The same as a file."""
    named = {"Content-Disposition": 'attachment; filename="lingka.json"'}
    said = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(keeping.as_json(me), json_dumps_params=said, headers=named)


@require_POST
@member_only
def agree(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """To the text as it now is."""
    actions.consent(actor=me.actor)
    return redirect("members:me")


@require_POST
@member_only
def out(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """Sign out here, or of every phone and browser."""
    if request.POST.get("do") == "everywhere":
        actions.sign_out_everywhere(me.id)
    else:
        actions.sign_out(entering.key_of(request))
    return entering.signed_out(redirect("members:me"))


@require_POST
@member_only
def leave(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """One tap, and what was kept is gone."""
    actions.leave(actor=me.actor)
    response = render(request, "members/left.html")
    return entering.signed_out(response)
