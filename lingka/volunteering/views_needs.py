"""Needs at the desk and for the people of workplaces: publish, pick up, done."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import opened_by, page
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.units import selectors as units
from lingka.volunteering import actions, needs, permissions
from lingka.volunteering.forms import (
    BackForm,
    DeclineForm,
    EndForm,
    NeedForm,
    PickForm,
    ResourceForm,
)
from lingka.volunteering.needs import NeedInfo

POSTS = ["GET", "HEAD", "POST"]


# Desks, and the people of units.
concerned = opened_by(lambda posts: (permissions.paths(posts), permissions.own_units(posts)))


@require_safe
@concerned
def index(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """What is needed where one has a say or checked in, or is over."""
    over = "over" in request.GET
    shown = {"needs": needs.needs_of(paths, own, over=over), "over": over, "desk": bool(paths)}
    return render(request, "volunteering/desk/needs.html", shown)


@require_http_methods(POSTS)
@concerned
def new(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """A community says what it looks for hands for."""
    if not paths:
        raise Http404
    return page(
        request, "volunteering/desk/new_need.html",
        {"need": (partial(NeedForm, paths=paths), _publish)}, dict,
        after=lambda uuid: reverse("volunteering:need", args=[uuid]),
    )  # fmt: skip


def _publish(actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.publish_need(data["area"], actions.Wanted(**data["given"]), actor=actor)


@require_http_methods(POSTS)
@concerned
def one(request: HttpRequest, paths: tuple[str, ...], own: set[int], uuid: UUID) -> HttpResponse:
    """One need: which workplaces fit and why, who sees to it, and its end."""
    found = needs.need(uuid)
    keeps = found is not None and bool(paths) and found.area_path.startswith(paths)
    seen = keeps or any(one.uuid == uuid for one in needs.needs_of((), own))
    if found is None or not seen:
        raise Http404
    offers = needs.offers_for(found)
    return page(
        request, "volunteering/desk/need.html", _doings(found, offers, own, keeps=keeps),
        lambda: {"need": needs.need(uuid), "offers": offers if keeps else [], "keeps": keeps,
                 "teams": needs.teams_for(found) if keeps else []},
    )  # fmt: skip


def _doings(found: NeedInfo, offers: list[Any], own: set[int], *, keeps: bool) -> dict[str, Any]:
    uuid = found.uuid
    doings: dict[str, Any] = {}
    if found.state == "open":
        known = [(one.unit_id, one.unit) for one, _fit in offers if keeps or one.unit_id in own]
        doings["pick"] = (
            partial(PickForm, units=known),
            lambda actor, data: actions.pick_up(uuid, data["unit"], actor=actor),
        )
    if found.state == "taken":
        doings["back"] = (forms.Form, lambda actor, _d: actions.give_up(uuid, actor=actor))
    if keeps and found.state == "taken":
        doings["done"] = (forms.Form, lambda actor, _d: actions.end_need(uuid, "done", actor=actor))
    if keeps and found.state in {"open", "taken"}:
        doings |= _endings(uuid)
    return doings


def _endings(uuid: UUID) -> dict[str, Any]:
    """Where nobody delivers it."""

    def end(state: str) -> Callable[[Actor, dict[str, Any]], None]:
        return lambda actor, data: actions.end_need(uuid, state, actor=actor, **data)

    return {
        "wish": (EndForm, end("wish")), "project": (EndForm, end("project")),
        "decline": (DeclineForm, end("declined")),
    }  # fmt: skip


@require_http_methods(POSTS)
@concerned
def resources(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """What is lent where one has a say, or by one's own unit; and the form that lends more."""
    choices = [
        (one.id, pick(one.name)) for one in units.units() if paths or one.id in own
    ]  # fmt: skip
    return page(
        request, "volunteering/desk/resources.html",
        {
            "lend": (partial(ResourceForm, units=choices), _lend),
            "back": (BackForm, lambda actor, d: actions.take_back(d["resource"], actor=actor)),
        },
        lambda: {"resources": needs.resources(paths, own)},
    )  # fmt: skip


def _lend(actor: Actor, data: dict[str, Any]) -> UUID:
    idle = actions.Idle(unit=data["unit"], **data["given"])
    return actions.offer(data["area"], idle, actor=actor)
