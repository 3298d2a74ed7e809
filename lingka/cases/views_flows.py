"""The workflows in use, drawn and listed from their definitions, and tried out. Read-only."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.definitions import workflow
from lingka.cases.desk import Desk, staff
from lingka.cases.forms_trial import MOMENT, TrialForm
from lingka.cases.models import Definition
from lingka.cases.selectors import behind, flows, trials
from lingka.core import clock
from lingka.core.text import pick


def _over_all(post: PostInfo) -> bool:
    """Who administers the whole town also reads who changed it; everybody, how it goes."""
    return post.role == "administrator" and post.area_path == f"/{post.area_id}/"


@require_GET
@staff
def show_workflow(request: HttpRequest, desk: Desk, key: str = "") -> HttpResponse:
    found = flows.latest()
    chosen = next((one for one in found if one.key == key or not key), None)
    if chosen is None:
        raise Http404
    context = {
        "flow": flows.flow(chosen),
        "audits": any(_over_all(post) for post in desk.posts),
        "behind": behind.behind(workflow(chosen.body)),
        "flows": _listed(found, chosen.key),
    }
    return render(request, "cases/desk/workflow.html", context)


def _listed(found: list[Definition], current: str = "") -> list[dict[str, Any]]:
    return [
        {
            "name": pick(one.body["name"]),
            "url": reverse("cases:workflow", args=[one.key]),
            "current": one.key == current,
        }
        for one in found
    ]


@require_GET
@staff
def try_case(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What would happen to a made-up case; writes nothing."""
    first = {
        "kind": request.GET.get("kind", ""),
        "where": pick(areas.area(desk.posts[0].area_id).name),
        "at": timezone.localtime(clock.now()).strftime(MOMENT),
    }
    asked = "where" in request.GET
    form, status = TrialForm(request.GET if asked else None, initial=first), 200
    answer = None
    if asked:
        if form.is_valid():
            answer = trials.trial(*form.given())
        else:
            status = 400
    context = {"form": form, "trial": answer, "flows": _listed(flows.latest())}
    return render(request, "cases/desk/trial.html", context, status=status)
