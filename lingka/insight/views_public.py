"""What everybody may see: published figures, small groups hidden; and how one's own case counts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.selectors import today
from lingka.cases import selectors as cases
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.insight import actions, periods, publicly
from lingka.insight.forms import ObjectionForm
from lingka.insight.models import Publication
from lingka.insight.selectors import appeals, definitions, publications


@require_safe
def show_published(request: HttpRequest, month: str = "") -> HttpResponse:
    """The newest month, or another that was published; an area; an earlier version."""
    found = _publication(month, request.GET.get("version", ""))
    if found is None:
        if month:
            raise Http404
        return render(request, "insight/public_empty.html")
    board = publicly.board(found, _area(request.GET.get("area", "")))
    if board is None:
        raise Http404
    context = {
        "board": board,
        "month": _name(found.month),
        "months": [(f"{one:%Y-%m}", _name(one), one == found.month)
                   for one in publications.months()],
        "versions": publications.versions(found.month),
        "publication": found,
        "key": f"{found.month:%Y-%m}",
    }  # fmt: skip
    return render(request, "insight/public.html", context)


@require_safe
def show_definition(request: HttpRequest) -> HttpResponse:
    """What each rate means, by the version in force or an earlier one."""
    known = definitions.versions() or (definitions.on(today()),)
    asked = request.GET.get("version", "")
    by = next((one for one in known if str(one.number) == asked), None) if asked else None
    if asked and by is None:
        raise Http404
    context = publicly.explained(by or definitions.on(today()))
    context |= {"versions": known, "now": definitions.on(today())}
    return render(request, "insight/definition.html", context)


def _name(month: date) -> str:
    return formats.date_format(month, "YEAR_MONTH_FORMAT")


def _publication(month: str, version: str) -> Publication | None:
    if not month:
        return publications.newest()
    period = periods.read(month)
    if period is None or period.months != 1:
        return None
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None  # noqa: PLR2004 - what a column holds
    return publications.published(period.first, number)


def _area(text: str) -> int | None:
    """The area a link asks for: none means the whole town, nonsense no area at all."""
    known = text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 - what a column holds
    return None if not text else int(text) if known else 0


@csrf_exempt  # the token in the address is the authority, and no cookie plays a part
@require_http_methods(["GET", "HEAD", "POST"])
def counted(request: HttpRequest, token: str) -> HttpResponse:
    """How the holder's case counts; where it does not, why, and how to object."""
    holder = cases.holder(token)
    if holder is None:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            uuid = UUID(request.POST.get("appeal", ""))
            actor = Actor("resident", holder.id)
            actions.object_to(uuid, words=form.cleaned_data["words"], actor=actor)
        except ValueError:
            form.add_error(None, _("There is no such appeal."))
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            return _private(redirect("insight:counted", token=token))
    context = {"notices": _notices(holder.case_uuid, holder.id), "form": form, "token": token}
    answer = render(request, "insight/counted.html", context, status=422 if form.errors else 200)
    return _private(answer)


def _notices(case: UUID, receipt: int) -> list[dict[str, Any]]:
    by = definitions.versions()[-1]
    shown = []
    for one in appeals.notices(case, receipt):
        kind = by.appeal(one.kind)
        shown.append({
            "notice": one, "what": pick(kind.label) if kind else one.kind,
            "ground": pick(by.reason(one.ground)),
        })  # fmt: skip
    return shown


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
