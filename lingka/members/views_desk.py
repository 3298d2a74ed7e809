"""The desk's list of workplaces: who checked in with which community, what they help with."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import open_to, page
from lingka.members import actions, permissions, rules, selectors
from lingka.members.forms import CheckInForm
from lingka.members.permissions import ASKERS, KEEPERS

POSTS = ["GET", "HEAD", "POST"]


# Desks of communities and the people of units.
keeper = open_to(lambda posts: any(post.role in KEEPERS | ASKERS for post in posts))


def _posts(request: HttpRequest) -> Any:
    return request.posts  # type: ignore[attr-defined]


@require_safe
@keeper
def index(request: HttpRequest) -> HttpResponse:
    """Those of one's communities, and of one's own unit everywhere."""
    paths = permissions.kept_paths(_posts(request))
    found = selectors.workplaces(paths=paths, own=permissions.own_units(_posts(request)))
    shown = {
        "asked": [one for one in found if one.confirmed_at is None],
        "standing": [one for one in found if one.confirmed_at is not None],
        "few": rules.FEW,
    }
    return render(request, "members/desk/workplaces.html", shown)


@require_http_methods(POSTS)
@keeper
def new(request: HttpRequest) -> HttpResponse:
    """Check a unit in: any by a desk, one's own by its people."""
    paths = permissions.kept_paths(_posts(request))
    own = None if paths else permissions.own_units(_posts(request))
    return page(
        request, "members/desk/check_in.html",
        {"offer": (partial(CheckInForm, own=own, paths=paths), _check_in)},
        lambda: {"title": "", "asks": own is not None},
        after=lambda uuid: reverse("members:workplace", args=[uuid]),
    )  # fmt: skip


def _check_in(actor: Any, data: dict[str, Any]) -> UUID:
    return actions.check_in(
        data["unit"], data["area"], actor=actor, kinds=data["kinds"], weekdays=data["weekdays"],
        times=data["times"],
    )  # fmt: skip


@require_http_methods(POSTS)
@keeper
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of them: what it offers, how many take part, confirm, change, end."""
    found = selectors.workplace(uuid)
    paths = permissions.kept_paths(_posts(request))
    own = permissions.own_units(_posts(request))
    keeps = found is not None and bool(paths) and found.area_path.startswith(paths)
    if found is None or not (keeps or found.unit_id in own):
        raise Http404
    offered = {
        "unit": found.unit_id, "area": found.area_id, "kinds": found.kinds,
        "weekdays": found.weekdays, "times": found.times,
    }  # fmt: skip
    make = partial(
        CheckInForm, own={found.unit_id}, paths=(found.area_path,), initial=offered,
    )  # fmt: skip
    doings: dict[str, Any] = {"offer": (make, _check_in)}
    if keeps:
        doings["confirm"] = (forms.Form, lambda actor, _d: actions.confirm(uuid, actor=actor))
    doings["end"] = (forms.Form, lambda actor, _d: actions.end(uuid, actor=actor))
    return page(
        request, "members/desk/workplace.html", doings,
        lambda: {"one": found, "few": rules.FEW, "keeps": keeps},
        after=lambda result: reverse("members:workplaces") if result is None
        else reverse("members:workplace", args=[uuid]),
    )  # fmt: skip
