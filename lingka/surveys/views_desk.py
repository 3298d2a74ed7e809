"""Surveys at the desk: open one, hang it up, close it. Nobody reads answers while it runs."""

from collections.abc import Iterable

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import open_to
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core import clock, codes
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.surveys import actions, paging, rules, selectors
from lingka.surveys.forms import OpenForm
from lingka.surveys.permissions import ASKERS
from lingka.surveys.selectors import Survey

# Who may ask: supervisors and administrators.
_asker = open_to(lambda posts: any(post.role in ASKERS for post in posts))


def _paths(request: HttpRequest) -> list[str]:
    return paths_of(request.posts)  # type: ignore[attr-defined]


def paths_of(posts: Iterable[PostInfo]) -> list[str]:
    return [post.area_path for post in posts if post.role in ASKERS]


def _areas(request: HttpRequest) -> list[tuple[int, str]]:
    """What can be asked: one's areas and those below that have desks, indented."""
    tops = [post.area_id for post in request.posts if post.role in ASKERS]  # type: ignore[attr-defined]
    below = dict.fromkeys(one for top in tops for one in areas.desks_under(top))
    found = [areas.area(one) for one in below]
    least = min((one.path.count("/") for one in found), default=0)
    return [(one.id, "　" * (one.path.count("/") - least) + pick(one.name)) for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
@_asker
def show_list(request: HttpRequest) -> HttpResponse:
    """All surveys of one's areas, and the form that opens another."""
    choices = _areas(request)
    form = OpenForm(request.POST if request.method == "POST" else None, areas=choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_round(**form.cleaned_data, actor=request.actor)  # type: ignore[attr-defined]
        except PermissionRefused as refused:
            form.add_error(None, str(refused))
        except Problem as problem:
            known = problem.field if problem.field in form.fields else None
            form.add_error(known, str(problem.message))
        else:
            messages.success(request, _("It is open. Hang up the poster."))
            return redirect("surveys:desk", code=made.code)
    page = paging.number(request)
    found, older = selectors.surveys(_paths(request), page)
    rows = [(one, areas.area(one.area)) for one in found]
    context = {"rows": rows, "form": form, **paging.links(page, older=older)}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/desk/list.html", context, status=status)


def _own(request: HttpRequest, code: str) -> Survey:
    found = selectors.survey(codes.normalise(code) or "")
    if found is None or not areas.area(found.area).path.startswith(tuple(_paths(request))):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@_asker
def show_one(request: HttpRequest, code: str) -> HttpResponse:
    """One survey: its questions, how many answered, its poster; closing it."""
    found, fault = _own(request, code), ""
    if request.method == "POST":
        try:
            actions.close_round(found.code, actor=request.actor)  # type: ignore[attr-defined]
        except Problem as problem:
            fault = str(problem.message)
        else:
            messages.success(request, _("Closed. The results are public now."))
            return redirect("surveys:desk", code=found.code)
    return _shown(request, found, fault=fault, status=409 if fault else 200)


def _shown(request: HttpRequest, found: Survey, *, status: int, **more: str) -> HttpResponse:
    context = {
        "survey": found, "area": areas.area(found.area), "url": _address(found),
        "closable": clock.now() >= found.opens_at + actions.EARLIEST, **more,
        "questions": [(one["label"], rules.options(one)) for one in found.body["questions"]],
    }  # fmt: skip
    return render(request, "surveys/desk/one.html", context, status=status)


def _address(survey: Survey) -> str:
    return f"{settings.PUBLIC_ORIGIN}{reverse('surveys:survey', args=[survey.code])}"


@require_safe
@_asker
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet to print, for the whole area or for one place whose code is given."""
    found = _own(request, code)
    at = request.GET.get("at", "").strip()[:16]
    place = selectors.place_within(found, at)
    if at and place is None:
        unknown = _("No door in this area has this code. It stands under the door's QR code.")
        return _shown(request, found, status=422, at=at, at_fault=unknown)
    url = _address(found) + (f"?at={place.code}" if place else "")
    qr = segno.make_qr(url, error="m").svg_inline(omitsize=True, border=0, dark="#2B211B")
    context = {
        "survey": found, "area": areas.area(found.area), "place": place, "url": url,
        "qr": mark_safe(qr),  # noqa: S308 - made here, of our own address
        "names": [(code, found.name.get(code, "")) for code in ("bo", "zh-hans", "en")],
    }  # fmt: skip
    return render(request, "surveys/desk/poster.html", context)
