"""The monthly review with its decisions, and one checklist as it was filled in."""

import calendar
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.cases import selectors as cases
from lingka.cases.serving import respond
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, permissions, reasons
from lingka.patrols.finding import Search
from lingka.patrols.review_forms import BECOMES, DecisionForm
from lingka.patrols.selectors import boards, reviews
from lingka.patrols.selectors.reviews import Look, Review
from lingka.patrols.views import reader
from lingka.patrols.views_rounds import DAYS, chosen_area, may_plan_at, paths_of, rows_of
from lingka.units import selectors as units

SECTION = "patrols:rounds"


def _month_asked(request: HttpRequest) -> date:
    """The first day of the month that the address names; without one, of this month."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        asked = accounts.today()
    return (asked if DAYS[0] < asked < DAYS[1] else accounts.today()).replace(day=1)


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_month(request: HttpRequest) -> HttpResponse:
    """What a month's rounds came to, written by itself; and what is decided from it."""
    area, month = chosen_area(request), _month_asked(request)
    may = may_plan_at(request, area)
    if request.method == "POST" and not may:
        raise Http404
    found = reviews.review(area.id, month)
    form = _form(request, area, found) if may else None
    if form is not None and form.is_bound and _decided(request, area, month, form):
        messages.success(request, _("Decided. What it became is linked below."))
        return redirect(f"{reverse('patrols:month')}?area={area.code}&month={month:%Y-%m}#decided")
    context = _context(area, month, found, form) | {"becomes": BECOMES}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "patrols/month.html", context, status=status)


def _form(request: HttpRequest, area: AreaInfo, found: Review) -> DecisionForm:
    """Asked first is what a decision becomes; what was typed stays when that is changed, and while
    a place is searched for."""
    sent = request.POST
    other = sent.get("do", "")
    becomes = other if other in BECOMES else sent.get("becomes", "")
    becomes = becomes if becomes in BECOMES else "case"
    plans = [(str(one.uuid), pick(one.body["name"])) for one in boards.plans_of([area.path])]
    kinds = [(one.key, one.name) for one in cases.case_types() if one.public]
    again = {one.place.id: one.place for one in found.again}
    search = Search(area.id, (area.id,), by="id", ahead=tuple(again.values()))
    judged = request.method == "POST" and other not in {"find", *BECOMES}
    return DecisionForm(
        sent if judged else None, initial=sent.dict(), becomes=becomes, plans=plans, kinds=kinds,
        search=search,
    )  # fmt: skip


def _decided(request: HttpRequest, area: AreaInfo, month: date, form: DecisionForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.decide(
            area.id, month, words=form.cleaned_data["words"], becomes=form.outcome(),
            actor=request.actor,  # type: ignore[attr-defined]
            key=_key(request),
        )  # fmt: skip
    except (Problem, PermissionRefused) as refused:
        form.refuse(refused)
        return False
    return True


def _key(request: HttpRequest) -> UUID:
    """The form's own key: sent twice, it decides once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def _context(
    area: AreaInfo, month: date, found: Review, form: DecisionForm | None
) -> dict[str, Any]:
    days = calendar.monthrange(month.year, month.month)[1]
    people = accounts.users([one.made_by for one in found.decided if one.made_by])
    reason_of = {str(key): name for key, name in reasons.SKIPPED.items()}
    skipped = found.summary.total.skipped.most_common()
    return {
        "area": area, "month": month, "review": found, "summary": found.summary, "form": form,
        "before": month - timedelta(days=1), "after": month + timedelta(days=days),
        "last": month + timedelta(days=days - 1), "key": uuid7(),
        "now": month + timedelta(days=days) > accounts.today(),
        "lines": [(line, areas.area(line.area_id)) for line in found.summary.lines],
        "skipped": [(reason_of.get(key, key), number) for key, number in skipped],
        "missed": rows_of(found.summary.missed),
        "decided": [(one, people.get(one.made_by or 0)) for one in found.decided],
        "section": SECTION,
    }  # fmt: skip


# -- one filled-in checklist -----------------------------------------------------------------


def _look(request: HttpRequest, uuid: UUID) -> Look:
    """One of the reader's area, or of a round that the reader walks."""
    found = reviews.look(uuid)
    if found is None:
        raise Http404
    path = areas.area(found.area_id).path
    walked = found.unit is not None and permissions.walked_by(
        request.posts, found.unit, path  # type: ignore[attr-defined]
    )  # fmt: skip
    if not walked and not path.startswith(tuple(paths_of(request))):
        raise Http404
    return found


@require_safe
@reader
def show_look(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was asked and answered at a place, with its photos and the hazards that it opened."""
    found = _look(request, uuid)
    standing = cases.standings(found.cases)
    loose = {str(one) for one in found.photos if cases.unattached_file(one, small=True)}
    context = {
        "one": found, "area": areas.area(found.area_id),
        "unit": pick(units.unit(found.unit).name) if found.unit else "",
        "answers": [(one, [key for key in one.photos if key in loose]) for one in found.answers],
        "cases": [standing[case] for case in found.cases if case in standing],
        "section": SECTION,
    }  # fmt: skip
    return render(request, "patrols/look.html", context)


@require_safe
@reader
def look_file(request: HttpRequest, uuid: UUID, attachment: UUID) -> HttpResponse:
    """A photo of it; those of a hazard are with its case."""
    found = _look(request, uuid)
    small = request.GET.get("size") != "large"
    stored = cases.unattached_file(attachment, small=small) if attachment in found.photos else None
    if stored is None:
        raise Http404
    return respond(request, stored)
