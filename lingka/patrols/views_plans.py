"""Plans of rounds: all of an area, and the form that makes or changes one, with its reason."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo, PlaceInfo
from lingka.core import saying
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, forms, permissions, plans
from lingka.patrols.finding import looked_up
from lingka.patrols.forms import Choosable, PlanForm
from lingka.patrols.selectors import boards, drives
from lingka.patrols.selectors.boards import PlanInfo
from lingka.patrols.views import reader
from lingka.patrols.views_rounds import chosen_area, paths_of
from lingka.units import selectors as units

MOST_PLACES = 300


@require_safe
@reader
def show_plans(request: HttpRequest) -> HttpResponse:
    """The plans of an area and all below it."""
    area = chosen_area(request)
    context = {
        "rows": rows_below(area), "area": area, "section": "patrols:rounds",
        "below": _plannable(request) if _is_planner(request) else [],
    }  # fmt: skip
    return render(request, "patrols/plans.html", context)


def rows_below(area: AreaInfo) -> list[dict[str, Any]]:
    return [
        {
            "one": one, "area": areas.area(one.area_id),
            "unit": pick(units.unit(one.unit_id).name), "stops": len(one.body["stops"]),
            "rule": _often(one.body),
        }
        for one in boards.plans_of([area.path])
    ]  # fmt: skip


def _is_planner(request: HttpRequest) -> bool:
    posts = request.posts  # type: ignore[attr-defined]
    return any(post.role in permissions.PLANNERS for post in posts)


def _plannable(request: HttpRequest) -> list[tuple[str, str]]:
    """Codes and names of the areas that one may plan for, indented as they lie."""
    tops = [post for post in request.posts if post.role in permissions.PLANNERS]  # type: ignore[attr-defined]
    found = {one.id: one for top in tops for one in areas.areas_below(top.area_id)}
    least = min((one.path.count("/") for one in found.values()), default=0)
    return [
        (one.code, "　" * (one.path.count("/") - least) + pick(one.name)) for one in found.values()
    ]


def _often(body: Mapping[str, Any]) -> str:
    """When a plan comes, in words."""
    shown = forms.initial_of(body)
    if shown["repeat"] == "weekly":
        named = dict(PlanForm.base_fields["weekdays"].choices)  # type: ignore[attr-defined]
        return saying.listed(str(named[day]) for day in shown["weekdays"])
    if shown["repeat"] == "monthly":
        return _("on day %(day)s of the month") % {"day": shown["month_day"]}
    return str(plans.OFTEN.get(body["rule"], body["rule"]))


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def new_plan(request: HttpRequest) -> HttpResponse:
    """Make a plan for the area that the address names."""
    if not _is_planner(request):
        raise Http404
    area = chosen_area(request)
    if not permissions.planned_by(request.posts, area.path):  # type: ignore[attr-defined]
        raise Http404
    return _edit(request, area, None)


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A plan: what it says, why it was changed, its next days; the form for whoever may."""
    found = boards.plan(uuid)
    if found is None or not areas.area(found.area_id).path.startswith(tuple(paths_of(request))):
        raise Http404
    area = areas.area(found.area_id)
    mine = permissions.planned_by(request.posts, area.path)  # type: ignore[attr-defined]
    if request.method == "POST" and (not mine or found.ended):
        raise Http404
    return _edit(request, area, found, may=mine and not found.ended)


def _edit(
    request: HttpRequest, area: AreaInfo, plan: PlanInfo | None, *, may: bool = True
) -> HttpResponse:
    places = _places(area, plan)
    near = partial(boards.units_near, area.id)
    if request.method != "POST":
        nearest = next((key for key, _name in near().shown), "")
        first = forms.NEW | {"begins_on": accounts.today(), "unit": nearest}
        form = PlanForm(initial=forms.initial_of(plan.body) if plan else first, near=near)
        chosen = {one["place"]: one["checklist"] for one in plan.body["stops"]} if plan else {}
        return _page(request, area, plan, form, _choosable(places, chosen), may=may)
    form = _as_sent(request, near)
    notes = {one["place"]: one.get("note") for one in plan.body["stops"]} if plan else {}
    stops = forms.stops_of(request.POST, places, notes)
    saved = _saved(request, area, plan, form, stops) if form.is_valid() else None
    if saved is not None:
        messages.success(request, _("Saved. Its rounds of the two weeks ahead are laid out."))
        return redirect("patrols:plan", uuid=saved)
    chosen = {one["place"]: one["checklist"] for one in stops}
    status = 422 if form.is_bound else 200
    return _page(request, area, plan, form, _choosable(places, chosen), status=status)


def _as_sent(request: HttpRequest, near: forms.UnitsNear) -> PlanForm:
    """What was sent; where only a unit was looked for, it is not judged yet."""
    if not looked_up(request.POST):
        return PlanForm(request.POST, near=near)
    typed = request.POST.dict() | {"weekdays": request.POST.getlist("weekdays")}
    return PlanForm(initial=typed, near=near)


def _saved(
    request: HttpRequest, area: AreaInfo, plan: PlanInfo | None, form: PlanForm,
    stops: list[dict[str, Any]],
) -> UUID | None:  # fmt: skip
    """The plan's id; None where something is wrong, which the form then says."""
    body = forms.body_of(form, area.id, stops)
    actor, why = request.actor, form.cleaned_data["reason"]  # type: ignore[attr-defined]
    try:
        if plan is None:
            return actions.make_plan(body, actor=actor, reason=why, key=asked_key(request))
        actions.change_plan(plan.uuid, body, actor=actor, reason=why)
    except PermissionRefused as refused:
        form.add_error(None, str(refused))
    except Problem as problem:
        named = {"until": "until_hour", "from": "from_hour", "stops": None}
        field = named.get(problem.field or "", problem.field)
        form.add_error(field if field in form.fields else None, str(problem))
    else:
        return plan.uuid
    return None


def asked_key(request: HttpRequest) -> UUID:
    """The form's own key: sent twice, it makes one plan."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def _places(area: AreaInfo, plan: PlanInfo | None) -> list[PlaceInfo]:
    """The area's first places; and those that a plan has, for what the form does not show would
    go with the next change."""
    grids = areas.subtree_grids(area.id)
    found = [one for grid in grids for one in areas.places_in(grid)][:MOST_PLACES]
    shown = {one.id for one in found}
    chosen = areas.places(one["place"] for one in plan.body["stops"]) if plan else {}
    return found + [one for one in chosen.values() if one.active and one.id not in shown]


def _choosable(places: Sequence[PlaceInfo], chosen: Mapping[int, str]) -> list[Choosable]:
    return [Choosable(one, chosen) for one in places]


def _page(  # noqa: PLR0917
    request: HttpRequest, area: AreaInfo, plan: PlanInfo | None, form: PlanForm,
    places: list[Choosable], status: int = 200, *, may: bool = True,
) -> HttpResponse:  # fmt: skip
    versions = boards.plan_versions(plan.uuid) if plan else []
    people = accounts.users([one.made_by for one in versions if one.made_by])
    context = {
        "area": area, "plan": plan, "form": form, "places": places, "may": may,
        "drive": drives.of_plan(plan.uuid) if plan else None,
        "names": [form[forms.field_name("name", code)] for code in ("zh-hans", "bo", "en")],
        "versions": [(one, people.get(one.made_by or 0)) for one in versions],
        "ahead": boards.ahead(plan.uuid) if plan else [],
        "often": _often(plan.body) if plan else "", "titles": forms.titles(),
        "unit": pick(units.unit(plan.unit_id).name) if plan else "",
        "key": request.POST.get("key") or uuid7(), "section": "patrols:rounds",
        "stops": [one for one in places if one.chosen],
    }  # fmt: skip
    return render(request, "patrols/plan.html", context, status=status)


@require_POST
@reader
def end_plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """No more rounds of this plan."""
    found = boards.plan(uuid)
    posts = request.posts  # type: ignore[attr-defined]
    if found is None or not permissions.planned_by(posts, areas.area(found.area_id).path):
        raise Http404
    if not found.ended:
        actions.end_plan(uuid, actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("The plan has ended."))
    return redirect(f"{reverse('patrols:plans')}?area={areas.area(found.area_id).code}")
