"""Stations and their rooms, set up by an administrator within their area."""

from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingka.accounts.administering import Doing, actor_of, administrator, page
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.rooms import actions, permissions, selectors
from lingka.rooms.forms_setup import RoomForm, StationForm, as_kept, room_as_kept
from lingka.rooms.selectors import RoomInfo, StationInfo
from lingka.units import selectors as units

STATION = (
    "key", "kind", "unit", "place", "name", "about", "audiences", "equipment", "hours",
    "on_holidays", "is_open",
)  # fmt: skip
ROOM = ("name", "seats", "equipment", "longest", "needs_approval", "is_open")


def _mine(request: HttpRequest) -> list[StationInfo]:
    return selectors.stations_under(permissions.administered(actor_of(request)))


def _one(request: HttpRequest, key: str) -> StationInfo:
    found = next((one for one in _mine(request) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _units(request: HttpRequest) -> list[tuple[int, str]]:
    reach = permissions.administered(actor_of(request))
    return [(one.id, pick(one.name)) for one in units.units() if one.area_path.startswith(reach)]


@require_safe
@administrator
def stations(request: HttpRequest) -> HttpResponse:
    """Every station in the areas that one administers, closed ones too."""
    mine = _mine(request)
    rooms = Counter(room.station.id for room in selectors.rooms_of(mine))
    rows = [(one, rooms[one.id]) for one in mine]
    return render(request, "rooms/desk/stations.html", {"rows": rows})


@administrator
def new_station(request: HttpRequest) -> HttpResponse:
    doings = {
        "station": (partial(StationForm, units=_units(request)), partial(_set_station, None)),
    }
    return page(request, "rooms/desk/set_up.html", doings, dict, after=_address)


@administrator
def set_up(request: HttpRequest, key: str) -> HttpResponse:
    """What a station is, and what can be booked in it."""
    one = _one(request, key)
    form = partial(StationForm, initial=as_kept(one), units=_units(request))
    doings: dict[str, Doing] = {
        "station": (form, partial(_set_station, one.uuid)),
        "room": (RoomForm, partial(_set_room, None, key)),
    }
    context = {"station": one, "rooms": selectors.rooms_of([one], closed=True)}
    return page(request, "rooms/desk/set_up.html", doings, lambda: context, after=_address)


@administrator
def set_up_room(request: HttpRequest, key: str, room: UUID) -> HttpResponse:
    found = _room(_one(request, key), room)
    form = partial(RoomForm, initial=room_as_kept(found))
    doings = {"room": (form, partial(_set_room, room, key))}
    context = {"station": found.station, "room": found}
    return page(request, "rooms/desk/set_up_room.html", doings, lambda: context, after=_address)


def _room(of: StationInfo, uuid: UUID) -> RoomInfo:
    found = next((one for one in selectors.rooms_of([of], closed=True) if one.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


def _set_station(uuid: UUID | None, actor: Actor, given: dict[str, Any]) -> str:
    actions.set_station(uuid, actor=actor, **{name: given[name] for name in STATION})
    return str(given["key"])


def _set_room(uuid: UUID | None, key: str, actor: Actor, given: dict[str, Any]) -> str:
    fields = {name: given[name] for name in ROOM}
    actions.set_room(uuid, actor=actor, station=key, **fields)
    return key


def _address(key: Any) -> str:
    return reverse("rooms:set_up", args=[key])
