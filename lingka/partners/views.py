"""Pages of duty lists, of asking another unit, and of what goes against the lists."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import open_to
from lingka.accounts.selectors import PostInfo, today
from lingka.cases.selectors import workflow_name
from lingka.core.codes import pretty
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.partners import actions, calls, selectors
from lingka.partners.forms import AskForm, ListForm
from lingka.partners.sections import ASKS, OVERSEES
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from lingka.units.duties import DutyList

View = Callable[..., HttpResponse]
MONTHS = 365  # days that the burden report reaches back
POSTS = ["GET", "HEAD", "POST"]


def _for(roles: frozenset[str]) -> Callable[[View], View]:
    """For staff with a post of these roles."""
    return open_to(lambda posts: any(post.role in roles for post in posts))


def _paths(request: HttpRequest, roles: frozenset[str]) -> list[str]:
    return paths_of(request.posts, roles)  # type: ignore[attr-defined]


def paths_of(posts: Iterable[PostInfo], roles: frozenset[str]) -> list[str]:
    return [post.area_path for post in posts if post.role in roles]


def since() -> date:
    """From when on the burden report counts."""
    return (today() - timedelta(days=MONTHS)).replace(day=1)


@require_safe
def show_lists(request: HttpRequest) -> HttpResponse:
    """The duty lists in force, for everybody."""
    return render(request, "partners/duties.html", {"lists": units.duty_lists()})


@require_safe
def show_list(request: HttpRequest, key: str) -> HttpResponse:
    """One list: the version in force, or an older or coming one by its number."""
    asked = request.GET.get("version", "")
    if asked.isdecimal():
        found = units.duty_list(key, int(asked[:9]))
    else:
        found = next((one for one in units.duty_lists() if one.key == key), None)
    if found is None:
        raise Http404
    versions = units.duty_list_versions(key)
    context = {"list": found, "parts": _parts(found), "versions": versions}
    return render(request, "partners/duty_list.html", context)


def _parts(shown: DutyList) -> list[tuple[str, str, str, Any]]:
    """The three parts with heading, a sentence, tone and articles."""
    return [
        (_("Must do"), _("This is theirs to do."), "willow", shown.part("must")),
        (_("Helps with"), _("Somebody else leads."), "barley", shown.part("helps")),
        (_("Must not be given"), _("Whoever orders this is refused."), "ochre",
         shown.part("never")),
    ]  # fmt: skip


@require_http_methods(POSTS)
@_for(ASKS)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask another unit for something; what its duty list keeps from it is refused at once,
    and may then be put before the level above."""
    form, status = AskForm(request.POST or None, initial={"key": uuid7()}), 200
    if request.method == "POST":
        if form.is_valid() and (number := _asked(request, form)):
            told = _("Asked. It is case %(number)s, in their hands now.")
            if form.refused:
                told = _("Case %(number)s waits until the level above allows it.")
            messages.success(request, told % {"number": pretty(number)})
            return redirect("partners:ask")
        status = 400
    return render(request, "partners/ask.html", {"form": form}, status=status)


def _asked(request: HttpRequest, form: AskForm) -> str:
    """The number of the case that was opened; "" where it was refused, said beside its field."""
    given = form.cleaned_data
    try:
        opened = actions.ask_unit(
            actor=request.actor, unit_id=given["unit"],  # type: ignore[attr-defined]
            case_type=given["case_type"], words=given["words"], language=get_language() or "",
            key=given["key"], reason=given["reason"],
        )  # fmt: skip
    except Problem as problem:
        form.refused = problem.code == "duty_list"
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, str(problem))
        return ""
    return opened.case_number


@require_safe
@_for(OVERSEES)
def show_burden(request: HttpRequest) -> HttpResponse:
    """How often duty lists were gone against, by month, article and unit; never by whom."""
    rows = selectors.burden(_paths(request, OVERSEES), since=since())
    return render(request, "partners/burden.html", {"rows": rows, "since": since()})


@require_safe
@_for(OVERSEES)
def show_calls(request: HttpRequest) -> HttpResponse:
    """How often streets and communities called: very many and very few are worth a look."""
    found = calls.overview(_paths(request, OVERSEES), today())
    flows = [(one, workflow_name(one.workflow)) for one in found if one.lines]
    return render(request, "partners/calls.html", {"flows": flows})


@require_http_methods(POSTS)
@_for(frozenset({"administrator"}))
def administer(request: HttpRequest) -> HttpResponse:
    """The lists with their versions; a town puts its own into force."""
    top = _rules_all(request)
    form, status = ListForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if not top:
            raise Http404
        if form.is_valid() and _activated(request, form):
            messages.success(request, _("Saved."))
            return redirect("partners:lists")
        status = 400
    lists = [units.duty_list_versions(one.key) for one in units.duty_lists()]
    context = {"lists": lists, "form": form if top else None}
    return render(request, "partners/lists.html", context, status=status)


def _rules_all(request: HttpRequest) -> bool:
    """Duty lists bind the whole town: only who administers all of it puts one into force."""
    return any(path.count("/") == 2 for path in _paths(request, frozenset({"administrator"})))  # noqa: PLR2004


def _activated(request: HttpRequest, form: ListForm) -> bool:
    try:
        unit_actions.activate_duty_list(form.cleaned_data["file"], actor=request.actor)  # type: ignore[attr-defined]
    except Problem as problem:
        for fault in problem.extra.get("faults", [str(problem)]):
            form.add_error("file", fault)
        return False
    return True
