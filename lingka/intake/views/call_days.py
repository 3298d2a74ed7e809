"""When leaders take calls in person, and what came of what they were told."""

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingka.core import clock
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.intake import actions, selectors
from lingka.intake.call_forms import CallDayForm
from lingka.intake.views.call import call_taker, leaders_of

BEGINS, LASTS = 10, timedelta(hours=2)  # what the form proposes: tomorrow morning


@require_http_methods(["GET", "HEAD", "POST"])
@call_taker
def days(request: HttpRequest) -> HttpResponse:
    """All days of one's desk, and a form for another."""
    make = partial(CallDayForm, leaders=leaders_of(request))
    if request.method != "POST":
        return _page(request, make(initial=_proposed()))
    form = make(request.POST)
    if form.is_valid():
        try:
            actions.set_call_day(**form.cleaned_data, actor=_actor(request))
        except (Problem, PermissionRefused) as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
        else:
            messages.success(request, _("Written down: calls of these hours stand below it."))
            return redirect("intake:call-days")
    return _page(request, form, status=422)


def _proposed() -> dict[str, Any]:
    tomorrow = timezone.localtime(clock.now()) + timedelta(days=1)
    begins = tomorrow.replace(hour=BEGINS, minute=0, second=0, microsecond=0)
    return {"starts_at": begins, "ends_at": begins + LASTS}


def _page(request: HttpRequest, form: CallDayForm, *, status: int = 200) -> HttpResponse:
    posts = getattr(request, "posts", ())
    context = {
        "form": form, "days": selectors.call_days(posts), "leaders": leaders_of(request),
    }  # fmt: skip
    return render(request, "intake/call_days.html", context, status=status)


@require_POST
@call_taker
def off(request: HttpRequest, day: UUID) -> HttpResponse:
    """The leader will not take calls after all."""
    try:
        actions.call_off(day, actor=_actor(request))
    except Problem as problem:
        if problem.status == HTTPStatus.NOT_FOUND:
            raise Http404 from problem
        messages.error(request, str(problem))
    return redirect("intake:call-days")


@require_POST
@call_taker
def hand_over(request: HttpRequest, day: UUID) -> HttpResponse:
    """Somebody else takes the calls of a day."""
    said = request.POST.get("leader", "")
    known = {str(user): user for user, _name in leaders_of(request)}
    try:
        actions.hand_over_day(day, known.get(said, 0), actor=_actor(request))
    except Problem as problem:
        if problem.status == HTTPStatus.NOT_FOUND:
            raise Http404 from problem
        messages.error(request, str(problem))
    return redirect("intake:call-days")


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
