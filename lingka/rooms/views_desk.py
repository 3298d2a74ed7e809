"""A station's day for who runs it: answers, who has come, special days, the programme."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.accounts.administering import Doing, actor_of, open_to, page
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.rooms import actions, selectors, tokens
from lingka.rooms.forms_desk import ProgrammeForm, SpecialDayForm
from lingka.rooms.selectors import StationInfo

FARTHEST = timedelta(days=60)


# Who runs a station.
runs_stations = open_to(selectors.stations_run_by)


def _mine(request: HttpRequest) -> list[StationInfo]:
    return selectors.stations_run_by(getattr(request, "posts", ()))


def _one(request: HttpRequest, key: str) -> StationInfo:
    found = next((one for one in _mine(request) if one.key == key), None)
    if found is None:
        raise Http404
    return found


# -- the day --------------------------------------------------------------------------------


@require_safe
@runs_stations
def day(request: HttpRequest) -> HttpResponse:
    """Who asks, who is expected, who is here; the door's code; what is on."""
    shown, today = day_of(request.GET.get("day", "")), selectors.today()
    mine = _mine(request)
    listed = selectors.dates_on(mine, shown)
    programme = selectors.programme(mine, shown)
    context = {
        "day": shown,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "is_today": shown == today,
        "answers": selectors.to_answer(mine),
        "stations": [
            (one, programme[one.id], [_room(room, shown, listed) for room in rooms])
            for one in mine
            for rooms in [[held for held in selectors.rooms_of(mine) if held.station.id == one.id]]
        ],
    }
    return render(request, "rooms/desk/day.html", context)


def _room(room: selectors.RoomInfo, day: date, listed: list[selectors.DateInfo]) -> dict[str, Any]:
    return {
        "room": room,
        "code": tokens.door_code(room.uuid, day),
        "dates": [one for one in listed if one.room.id == room.id],
    }


def day_of(text: str) -> date:
    today = selectors.today()
    try:
        found = parse_date(text) or today
    except ValueError:
        return today
    return found if abs(found - today) <= FARTHEST else today


@require_POST
@runs_stations
def move(request: HttpRequest, date: UUID) -> HttpResponse:
    """Yes, no and why, here, or nobody came."""
    found = selectors.date_info(date)
    try:
        _moved(date, request.POST.get("to", ""), request.POST.get("why", ""), actor_of(request))
    except PermissionRefused:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, str(problem))
    address = reverse("rooms:day")
    if found is None:
        return redirect(address)
    return redirect(f"{address}?day={found.starts_at.astimezone(selectors.zone()).date()}")


def _moved(date: UUID, to: str, why: str, actor: Actor) -> None:
    if to == "refuse":
        return actions.refuse(date, actor=actor, why=why)
    deeds = {"approve": actions.approve, "here": actions.check_in, "release": actions.release}
    if to not in deeds:
        raise Problem("unknown_state", _("Choose one of these."), status=422)
    return deeds[to](date, actor=actor)


@require_http_methods(["GET", "HEAD", "POST"])
@runs_stations
def contact(request: HttpRequest, date: UUID) -> HttpResponse:
    """The group's number, for a reason that the group will read."""
    found = selectors.date_info(date)
    if found is None or found.room.station.key not in {one.key for one in _mine(request)}:
        raise Http404
    context: dict[str, Any] = {"date": found}
    status = 200
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:200]
        try:
            context["number"] = actions.read_contact(
                found.booking, actor=actor_of(request), reason=reason
            )
        except Problem as problem:
            context["fault"], status = str(problem), 422
    return render(request, "rooms/desk/contact.html", context, status=status)


# -- special days and the programme ---------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@runs_stations
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """When it is open otherwise, and what is on."""
    one = _one(request, key)
    today = selectors.today()

    def context() -> dict[str, Any]:
        special = selectors.special_days([one], today, today + timedelta(days=366))
        return {
            "station": one,
            "special": list(special.values()),
            "programme": selectors.entries(one),
        }

    doings: dict[str, Doing] = {
        "special": (SpecialDayForm, partial(_special, key)),
        "programme": (partial(ProgrammeForm, station=one), partial(_programme, key)),
    }
    return page(request, "rooms/desk/edit.html", doings, context)


def _special(key: str, actor: Actor, given: dict[str, Any]) -> None:
    actions.set_special_day(key, given["day"], actor=actor, hours=given["hours"], why=given["name"])


def _programme(key: str, actor: Actor, given: dict[str, Any]) -> UUID:
    names = ("starts", "ends", "weekday", "day", "room")
    return actions.put_on(
        key, actor=actor, title=given["name"], **{name: given[name] for name in names}
    )


@require_POST
@runs_stations
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """A day is as usual again, or something is off the programme."""
    _one(request, key)
    actor = actor_of(request)
    try:
        if request.POST.get("entry"):
            actions.take_off(key, UUID(request.POST["entry"]), actor=actor)
        elif day := parse_date(request.POST.get("day", "")):
            actions.set_special_day(key, day, actor=actor, hours=None)
    except ValueError:  # made up: there is nothing to take away
        return redirect("rooms:edit", key=key)
    return redirect("rooms:edit", key=key)
