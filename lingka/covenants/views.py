"""Covenants for everybody; and the desk's page on which what was adopted is written down."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import page
from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, staff
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.covenants import actions, permissions, selectors
from lingka.covenants.actions import Adopted
from lingka.covenants.forms import EndForm, NewForm, VersionForm

POSTS = ["GET", "HEAD", "POST"]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What neighbours have agreed on."""
    return render(request, "covenants/index.html", {"covenants": selectors.covenants()})


@require_safe
def one(request: HttpRequest, uuid: UUID, number: int | None = None) -> HttpResponse:
    """A covenant as it holds, or a version of it, with what it changed."""
    found = selectors.covenant(uuid)
    if found is None:
        raise Http404
    asked = found.holding.number if number is None else number
    shown = next((v for v in found.versions if v.number == asked), None)
    if shown is None:
        raise Http404
    before = next((v for v in found.versions if v.number == shown.number - 1), None)
    context = {
        "covenant": found, "shown": shown, "before": before,
        "lines": selectors.differences(shown, before),
    }  # fmt: skip
    return render(request, "covenants/covenant.html", context)


@require_safe
@staff
def desk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those of one's areas."""
    paths = _paths(desk)
    found = selectors.covenants(paths)
    return render(request, "covenants/desk/index.html", {"covenants": found})


def _paths(desk: Desk) -> tuple[str, ...]:
    paths = permissions.kept_paths(desk.posts)
    if not paths:
        raise Http404
    return paths


@require_http_methods(POSTS)
@staff
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write down a covenant that a meeting or a vote adopted."""
    paths = _paths(desk)
    tops = [int(path.strip("/").split("/")[-1]) for path in paths]
    below = [areas.area(one) for top in tops for one in areas.desks_under(top)]
    where = list({one.id: pick(one.name) for one in below}.items())
    carried = {pair for top in tops for pair in selectors.to_adopt(top)}
    form = partial(NewForm, areas=where, votes=sorted(carried))
    return page(
        request, "covenants/desk/edit.html", {"new": (form, _begin)}, dict,
        after=lambda made: reverse("covenants:covenant", args=[made]),
    )  # fmt: skip


def _begin(actor: Actor, data: dict[str, Any]) -> UUID:
    form = data["form"]
    return actions.begin(
        data["area"], form.texts("name"), _adopted(data), actor=actor, idempotency_key=data["key"]
    )


@require_http_methods(POSTS)
@staff
def change(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """The next version, or the end."""
    found = selectors.covenant(uuid)
    if found is None or found.ended_on or not permissions.may_keep(desk.actor, found.area_path):
        raise Http404
    form = partial(VersionForm, votes=selectors.to_adopt(found.area_id))
    doings: dict[str, Any] = {
        "next": (form, lambda actor, data: actions.adopt(uuid, _adopted(data), actor=actor)),
        "end": (EndForm, lambda actor, data: actions.end(uuid, data["on"], actor=actor)),
    }
    return page(
        request, "covenants/desk/edit.html", doings, lambda: {"covenant": found},
        after=lambda _made: reverse("covenants:covenant", args=[uuid]),
    )  # fmt: skip


def _adopted(data: dict[str, Any]) -> Adopted:
    form = data["form"]
    return Adopted(
        form.texts("text"), data["since"], data["vote"], form.texts("meeting"), data["on"]
    )
