"""Taking part, and what came of it: for everybody, on any phone, without JavaScript.

Nothing of a survey is put on a device before somebody says that they take part. The word it then
carries is of this round alone, and only this survey's addresses see it.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.areas import selectors as areas
from lingka.core import clock, codes, limits
from lingka.core.problems import Problem
from lingka.surveys import actions, paging, rules, selectors
from lingka.surveys.selectors import Survey

COOKIE = "survey"
STARTS, WITHIN = 40, 3600  # times that one address may start, in so many seconds
NOTHING: Mapping[str, str] = MappingProxyType({})


def _survey(code: str) -> Survey:
    found = selectors.survey(codes.normalise(code) or "")
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def take_part(request: HttpRequest, code: str) -> HttpResponse:
    """First what it is about and what is kept; then the questions; then thanks."""
    survey = _survey(code)
    at = (request.POST.get("at") or request.GET.get("at", ""))[:16]
    word = request.COOKIES.get(COOKIE, "")[:80]
    if survey.state == "closed":
        return redirect("surveys:results", code=survey.code)
    if survey.state != "open":
        return _page(request, "over", survey, at)
    standing = selectors.standing(survey.code, word)
    if standing == "answered":
        return _page(request, "thanks", survey, at)
    if request.method == "POST":
        return _sent(request, survey, at, word if standing == "begun" else "")
    return _page(request, "questions" if standing == "begun" else "intro", survey, at)


def _sent(request: HttpRequest, survey: Survey, at: str, word: str) -> HttpResponse:
    if request.POST.get("do") == "start":
        return _start(request, survey, at)
    if not word:
        return _page(request, "intro", survey, at, status=409)
    return _answer(request, survey, at, word)


def _start(request: HttpRequest, survey: Survey, at: str) -> HttpResponse:
    if not limits.hit("survey", limits.source_of(request), STARTS, WITHIN):
        fault = _("Too many from one connection. Please try again in an hour.")
        return _page(request, "intro", survey, at, status=429, fault=fault)
    path = reverse("surveys:survey", args=[survey.code])
    response = redirect(f"{path}?{urlencode({'at': at})}" if at else path)
    age: timedelta = survey.closes_at - clock.now()
    response.set_cookie(
        COOKIE, actions.begin(survey.code), max_age=int(age.total_seconds()), path=path,
        secure=request.is_secure(), httponly=True, samesite="Lax",
    )  # fmt: skip
    return _private(response)


def _answer(request: HttpRequest, survey: Survey, at: str, word: str) -> HttpResponse:
    given = {one["key"]: request.POST.get(one["key"], "") for one in survey.body["questions"]}
    try:
        actions.answer(survey.code, word, selectors.asked_area(survey, at), given)
    except Problem as problem:
        if problem.code == "again":  # a double tap: the first one counts
            return _page(request, "thanks", survey, at)
        fault = str(problem.message)
        return _page(
            request, "questions", survey, at, status=problem.status, fault=fault, given=given
        )
    return _page(request, "thanks", survey, at)


def _page(
    request: HttpRequest, part: str, survey: Survey, at: str, *, status: int = 200,
    fault: str = "", given: Mapping[str, str] = NOTHING,
) -> HttpResponse:  # fmt: skip
    questions = [
        (one, [(key, label, given.get(one["key"]) == key) for key, label in rules.options(one)])
        for one in survey.body["questions"]
    ]
    context = {
        "survey": survey, "part": part, "at": at, "fault": fault, "questions": questions,
        "area": areas.area(survey.area),
    }  # fmt: skip
    return _private(render(request, "surveys/survey.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def show_results(request: HttpRequest, code: str) -> HttpResponse:
    """The sums, once it is closed; communities with few answers are not shown."""
    survey = _survey(code)
    found = selectors.results(survey)
    if found is None:
        return redirect("surveys:survey", code=survey.code)
    lines = [(areas.area(line.area), line) for line in found.lines]
    context = {
        "survey": survey, "results": found, "lines": lines, "area": areas.area(survey.area),
    }  # fmt: skip
    return render(request, "surveys/results.html", context)


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """What was asked and is over, in the whole town: each leads to what came of it."""
    page = paging.number(request)
    found, older = selectors.surveys([""], page, closed=True)
    rows = [(one, areas.area(one.area)) for one in found]
    context = {"rows": rows, **paging.links(page, older=older)}
    return render(request, "surveys/all.html", context)
