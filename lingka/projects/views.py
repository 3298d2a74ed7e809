"""The year's projects for everybody, and the question at the place. No JavaScript."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.cases import selectors as cases
from lingka.cases.serving import respond
from lingka.core import codes, limits
from lingka.core.problems import Problem
from lingka.projects import actions, rules, selectors
from lingka.projects.selectors import ProjectInfo

COOKIE = "project"
STARTS, WITHIN = 40, 3600  # times that one address may begin, in so many seconds


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One list, the newest where none is named: ten small things of the year."""
    lists = selectors.public_lists()
    asked = request.GET.get("list", "")[:36]
    chosen = next((one for one in lists if str(one.uuid) == asked), None)
    if asked and chosen is None:
        raise Http404
    chosen = chosen or next(iter(lists), None)
    found = selectors.projects_of(chosen.uuid) if chosen else []
    shown = {"lists": lists, "chosen": chosen, "projects": found, "sums": selectors.sums(found)}
    return render(request, "projects/index.html", shown)


def _project(code: str) -> ProjectInfo:
    found = selectors.project(codes.normalise(code) or "")
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One project with all that changed; while its users are asked, the question."""
    found = _project(code)
    word = request.COOKIES.get(COOKIE, "")[:80]
    if request.method != "POST":
        return _page(request, found, selectors.standing(found.code, word))
    try:
        if request.POST.get("do") == "start":
            return _start(request, found)
        actions.answer(found.code, word, request.POST.get("option", "")[:8])
    except Problem as problem:
        if problem.code != "again":  # a double tap: the first one counts
            at = selectors.standing(found.code, word)
            return _page(request, found, at, fault=str(problem), status=problem.status)
    return redirect(f"{reverse('projects:project', args=[found.code])}#said")


@require_safe
def photo(request: HttpRequest, photo: UUID) -> HttpResponse:
    """One photo, small where a page shows several."""
    found = selectors.photo(photo)
    stored = cases.unattached_file(found, small="small" in request.GET) if found else None
    if stored is None:
        raise Http404
    return respond(request, stored)


def _start(request: HttpRequest, found: ProjectInfo) -> HttpResponse:
    if not limits.hit("project", limits.source_of(request), STARTS, WITHIN):
        fault = _("Too many from one connection. Please try again in an hour.")
        return _page(request, found, "new", fault=fault, status=429)
    path = reverse("projects:project", args=[found.code])
    response = redirect(f"{path}#said")
    response.set_cookie(
        COOKIE, actions.begin(found.code), max_age=int(rules.days().total_seconds()), path=path,
        secure=request.is_secure(), httponly=True, samesite="Lax",
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: HttpRequest, found: ProjectInfo, standing: str, *, fault: str = "", status: int = 200
) -> HttpResponse:
    options = rules.asking()["options"]
    shown = {
        "project": found, "standing": standing, "fault": fault, "options": options.items(),
        "bars": [(options[key], number) for key, number in found.said.bars],
        "minimum": rules.asking()["minimum"],
    }  # fmt: skip
    response = render(request, "projects/project.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    return response
