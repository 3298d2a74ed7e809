"""Service teams: from the phone of whoever is in one or leads it; at the desk which confirms."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.accounts.administering import page
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members.entering import member_only
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, needs, selectors, teams
from lingka.volunteering.forms import CodeForm, CrewForm, LineForm
from lingka.volunteering.teams import TeamInfo
from lingka.volunteering.views_desk import organiser

POSTS = ["GET", "HEAD", "POST"]


@require_http_methods(POSTS)
@member_only
def mine(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """The teams somebody is in; join one by its code, or found one."""
    return page(
        request, "volunteering/teams.html",
        {
            "join": (CodeForm, lambda _a, data: actions.join_team(data["code"], actor=me.actor)),
            "crew": (CrewForm, lambda _a, data: actions.ask_team(data["wanted"], actor=me.actor)),
        },
        lambda: {"teams": teams.of_member(me.uuid), "me": me.uuid},
        after=lambda uuid: reverse("volunteering:team", args=[uuid]),
    )  # fmt: skip


@require_http_methods(POSTS)
@member_only
def one(request: HttpRequest, me: MemberInfo, uuid: UUID) -> HttpResponse:
    """One team: what it can do; for its captain who is in it, what is needed, and where it goes."""
    team = _own(uuid, me)
    fault, typed = "", request.POST
    if request.method == "POST":
        try:
            return _done(request, team, me)
        except (Problem, PermissionRefused) as refused:
            fault = str(refused)
    shown: dict[str, Any] = {"team": team, "fault": fault, "leads": team.captain == me.uuid}
    if team.captain == me.uuid:
        shown |= {
            "people": teams.people(uuid), "fitting": needs.for_team(team),
            "ours": needs.seen_to_by(team), "activities": selectors.public(area=team.area_id),
            "at": next(iter(_uuids(typed.getlist("one"))), None),
            "ticked": _uuids(typed.getlist("chosen")),
        }  # fmt: skip
    return render(request, "volunteering/team.html", shown, status=409 if fault else 200)


def _own(uuid: UUID, me: MemberInfo) -> TeamInfo:
    found = teams.team(uuid)
    if found is None or not teams.in_team(uuid, me.uuid):
        raise Http404
    return found


def _done(request: HttpRequest, team: TeamInfo, me: MemberInfo) -> HttpResponse:
    """One of the things that the page offers; a Problem says why not."""
    do, chosen = request.POST.get("do", ""), _uuids(request.POST.getlist("chosen"))
    here = redirect("volunteering:team", team.uuid)
    if do == "leave":
        actions.leave_team(team.uuid, actor=me.actor)
        messages.success(request, _("You have left the team."))
        return redirect("volunteering:teams")
    if do == "end":
        actions.end_team(team.uuid, actor=me.actor)
        messages.success(request, _("The team has ended. Nothing says any more who was in it."))
        return redirect("volunteering:teams")
    one = _uuid(request.POST.get("one", ""))
    if do == "take":
        actions.pick_up_as_team(one, team.uuid, actor=me.actor)
        messages.success(request, _("Your team sees to it. The desk drafts the activity with you."))
    elif do == "give":
        actions.give_up(one, actor=me.actor)
    elif do == "sign":
        going, waiting = actions.sign_team_up(team.uuid, one, chosen, actor=me.actor)
        said = _("%(going)s have a place, %(waiting)s wait for one.")
        messages.success(request, said % {"going": going, "waiting": waiting})
        return redirect("volunteering:team-list", team.uuid, one)
    return here


def _uuid(said: str) -> UUID:
    found = _uuids([said])
    if not found:
        raise Problem("choice", _("Please choose one of these."), status=422)
    return found[0]


def _uuids(said: list[str]) -> list[UUID]:
    found = []
    for one in said:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


@require_http_methods(POSTS)
@member_only
def roll(request: HttpRequest, me: MemberInfo, uuid: UUID, shift: UUID) -> HttpResponse:
    """The captain's list on the day: who of the team is here, and who has left."""
    team, found = _own(uuid, me), selectors.activity_of(shift)
    leads = team.captain == me.uuid and team.confirmed_at is not None
    if not leads or found is None or found[0].state != "published":
        raise Http404
    activity, time = found
    return page(
        request, "volunteering/team_list.html",
        {
            "here": (LineForm, lambda _a, data: actions.put_here(data["service"], actor=me.actor)),
            "gone": (LineForm, lambda _a, data: actions.put_gone(data["service"], actor=me.actor)),
        },
        lambda: {
            "team": team, "activity": activity, "shift": time,
            "roll": teams.places(uuid, shift, me.uuid),
        },
    )  # fmt: skip


@require_http_methods(POSTS)
@organiser
def desk(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Teams of one's area: confirm them, or end them. Who is in them is not shown."""
    found = teams.under(paths)
    doings: dict[str, Any] = {}
    for team in found:
        doings[f"confirm-{team.uuid}"] = (forms.Form, partial(_confirm, team.uuid))
        doings[f"end-{team.uuid}"] = (forms.Form, partial(_end, team.uuid))
    return page(
        request, "volunteering/desk/teams.html", doings, lambda: {"teams": teams.under(paths)}
    )


def _confirm(uuid: UUID, actor: Actor, _data: dict[str, Any]) -> None:
    actions.confirm_team(uuid, actor=actor)


def _end(uuid: UUID, actor: Actor, _data: dict[str, Any]) -> None:
    actions.end_team(uuid, actor=actor)
