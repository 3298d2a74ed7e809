"""Campaigns: for everybody in numbers of places; for those who are out, which places remain; and
the desk's side."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import page
from lingka.areas import selectors as areas
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members import entering
from lingka.members.entering import member_only
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, campaigns, maps
from lingka.volunteering.campaigns import CampaignInfo
from lingka.volunteering.forms_campaigns import CampaignForm, ReopenForm, TakeOnForm
from lingka.volunteering.views_desk import POSTS, organiser


def _found(code: str) -> CampaignInfo:
    known = codes.normalise(code)
    found = campaigns.campaign(known) if known else None
    if found is None:
        raise Http404
    return found


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is: numbers of places, by grid and kind; and when one can come along."""
    found, me = _found(code), entering.me(request)
    context = {
        "campaign": found, "parts": campaigns.parts(found),
        "activities": campaigns.activities_of(found),
        "there": me is not None and campaigns.is_out(found.uuid, me.uuid),
    }  # fmt: skip
    return entering.private(render(request, "volunteering/campaign.html", context))


@require_http_methods(POSTS)
@member_only
def places(request: HttpRequest, me: MemberInfo, code: str) -> HttpResponse:
    """Which places remain, in the order in which they are walked, for whoever is there; the door
    whose code was scanned first."""
    found = _found(code)
    if not campaigns.is_out(found.uuid, me.uuid):
        messages.info(request, _("The list is for those who are there: scan the code first."))
        return redirect("volunteering:campaign", found.code)
    if request.method == "POST":
        _mark(request, found, me)
        return redirect("volunteering:campaign-places", found.code)
    door = request.GET.get("door", "")
    shown = {
        "campaign": found, "rounds": maps.rounds(campaigns.stops(found.uuid)),
        "door": areas.place_by_code(door) if door else None,
    }  # fmt: skip
    return render(request, "volunteering/campaign_places.html", shown)


def _mark(request: HttpRequest, found: CampaignInfo, me: MemberInfo) -> None:
    state, _colon, code = request.POST.get("mark", "").partition(":")
    place = areas.place_by_code(code)
    try:
        actions.mark(found.uuid, place.id if place else 0, state, actor=me.actor)
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted. Thank you."))


@require_safe
@organiser
def index(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Campaigns of one's area, and how far each is."""
    shown = {"campaigns": campaigns.under(paths)}
    return render(request, "volunteering/desk/campaigns.html", shown)


@require_http_methods(POSTS)
@organiser
def new(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Begin one: its words, its days, and which places of the register."""
    return page(
        request, "volunteering/desk/new_campaign.html",
        {"campaign": (partial(CampaignForm, paths=paths), _begin)}, dict,
        after=lambda code: reverse("volunteering:desk-campaign", args=[code]),
    )  # fmt: skip


def _begin(actor: Actor, data: dict[str, Any]) -> str:
    return actions.begin_campaign(data["area"], data["wanted"], actor=actor)


@require_http_methods(POSTS)
@organiser
def one(request: HttpRequest, paths: tuple[str, ...], code: str) -> HttpResponse:
    """How far it is, what takes it on, which places remain; close it."""
    found = _found(code)
    if not found.area_path.startswith(paths):
        raise Http404
    return page(
        request, "volunteering/desk/campaign.html", {} if found.closed else _doings(found),
        lambda: _shown(code),
    )  # fmt: skip


def _doings(found: CampaignInfo) -> dict[str, Any]:
    free = [(each.code, f"{each.title} · {each.area}") for each in campaigns.to_take_on(found)]
    done = [stop.place for _grid, several in campaigns.stops(found.uuid, done=True)
            for stop in several]  # fmt: skip
    doings: dict[str, Any] = {
        "close": (forms.Form, lambda actor, _d: actions.close_campaign(found.uuid, actor=actor))
    }
    if free:
        doings["take"] = (
            partial(TakeOnForm, activities=free),
            lambda actor, data: actions.take_on(found.uuid, data["activity"], actor=actor),
        )
    if done:
        doings["again"] = (
            partial(ReopenForm, places=done),
            lambda actor, data: actions.mark(found.uuid, data["place"], "open", actor=actor),
        )
    return doings


def _shown(code: str) -> dict[str, Any]:
    found = _found(code)
    return {
        "campaign": found, "parts": campaigns.parts(found),
        "activities": campaigns.activities_of(found),
        "rounds": maps.rounds(campaigns.stops(found.uuid)),
    }  # fmt: skip
