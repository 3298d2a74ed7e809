"""The desk's side: a heading with its sheet, tried first; a day promised for all."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, staff
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.promises import actions, permissions, selectors
from lingka.promises.forms import HeadingForm, PromiseForm
from lingka.units import selectors as units

POSTS = ["GET", "HEAD", "POST"]
WRONG = 400
END_OF_WORK = time(18)


@require_safe
@staff
def desk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Headings of one's own area."""
    return render(
        request, "promises/desk/index.html", {"headings": selectors.headings(_paths(desk))}
    )


def _paths(desk: Desk) -> tuple[str, ...]:
    mine = permissions.paths(desk.posts)
    if not mine:
        raise Http404
    return mine


@require_http_methods(POSTS)
@staff
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open a heading: `try` says what the sheet would do, anything else does it, or nothing."""
    mine = _paths(desk)
    offered = {"units": _units(), "areas": _areas(mine)}
    if request.method != "POST":
        own = {"unit": desk.posts[0].unit_id, "area": offered["areas"][0][0]}
        return render(
            request, "promises/desk/new.html", {"form": HeadingForm(**offered, initial=own)}
        )
    form = HeadingForm(request.POST, request.FILES, **offered)
    report = _opened(form, desk, dry_run="try" in request.POST) if form.is_valid() else None
    if report is not None and report.code:
        said = _("Open: %(count)s cases under one heading.")
        messages.success(request, said % {"count": report.rows})
        return redirect("promises:manage", report.code)
    wrong = report is None or bool(report.faults)
    context = {"form": form, "report": report}
    return render(request, "promises/desk/new.html", context, status=WRONG if wrong else 200)


def _opened(form: HeadingForm, desk: Desk, *, dry_run: bool) -> actions.Report | None:
    """What the sheet did; what is wrong with the form itself is said beside its field."""
    given = form.cleaned_data
    draft = actions.HeadingDraft(
        form.texts("title"), form.texts("source"), given["day"], given["unit"], given["area"],
        given["default_type"],
    )  # fmt: skip
    try:
        return actions.open_heading(
            draft, given["file"], actor=desk.actor, dry_run=dry_run, key=given["key"]
        )
    except (PermissionRefused, Problem) as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, str(refused))
        return None


def _units() -> list[tuple[int, str]]:
    return [(one.id, pick(one.name)) for one in units.units()]


def _areas(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    """One's own areas and those below that have desks, the widest first."""
    tops = [int(path.strip("/").rsplit("/", 1)[-1]) for path in paths]
    below = dict.fromkeys(one for top in tops for one in areas.desks_under(top))
    return [(one, pick(areas.area(one).name)) for one in below]


@require_http_methods(POSTS)
@staff
def manage(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One heading at the desk, with a day to promise for all that is open."""
    if not selectors.may_work_on(code, _paths(desk)):
        raise Http404
    form, promised, status = PromiseForm(), None, 200
    if request.method == "POST":
        form = PromiseForm(request.POST)
        promised = _promise(code, form, desk) if form.is_valid() else None
        status = WRONG if promised is None else 200
    context = {
        "heading": selectors.heading(code), "form": form, "promised": promised,
        "refused": permissions.may_promise_all(desk.posts).message,
    }  # fmt: skip
    return render(request, "promises/desk/heading.html", context, status=status)


def _promise(code: str, form: PromiseForm, desk: Desk) -> actions.Promised | None:
    day: Any = form.cleaned_data["until"]
    until = datetime.combine(day, END_OF_WORK, ZoneInfo(settings.TIME_ZONE))
    try:
        return actions.promise_all(
            code, until=until, words=form.cleaned_data["words"], actor=desk.actor
        )
    except Problem as problem:
        form.add_error(None, str(problem))
        return None
