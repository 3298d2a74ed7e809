"""A reading station with one room, and a group that asks for it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lingka.core.actors import SYSTEM
from lingka.core.codes import short_code
from lingka.core.ids import uuid7
from lingka.rooms import actions, selectors
from lingka.rooms.actions import Booked, Wish
from lingka.rooms.models import BookingDate
from tests.cases.city import MONDAY, RESIDENT, City, at_door, names

DAILY = {str(day): [["09:00", "21:00"]] for day in range(7)}
NOON = MONDAY + timedelta(hours=2)  # noon on a Monday


def station(city: City, key: str = "pavilion", **changes: Any) -> selectors.StationInfo:
    given: dict[str, Any] = {
        "kind": "meeting_place", "unit": city.units["office"].pk, "name": names("议事亭"),
        "about": names("有茶"), "audiences": ["everybody"], "hours": DAILY,
    }  # fmt: skip
    if "place" not in changes:
        given["place"] = at_door(city, short_code()).pk
    actions.set_station(None, actor=SYSTEM, key=key, **(given | changes))
    found = selectors.station(key)
    assert found is not None
    return found


def room(city: City, key: str = "pavilion", **changes: Any) -> UUID:
    """A room of a station, which is made if there is none."""
    if selectors.station(key) is None:
        station(city, key)
    given: dict[str, Any] = {"name": names("大桌"), "seats": 20}
    return actions.set_room(None, actor=SYSTEM, station=key, **(given | changes))


def wish(at: datetime = NOON, **changes: Any) -> Wish:
    given: dict[str, Any] = {
        "starts_at": at, "minutes": 60, "group": "锅庄队", "purpose": "排练", "people": 8,
    }  # fmt: skip
    return Wish(**(given | changes))


def book(room: UUID, at: datetime = NOON, **changes: Any) -> Booked:
    asked = wish(at, **changes)
    return actions.book(room, asked, actor=RESIDENT, idempotency_key=uuid7())


def dates(booked: Booked) -> list[BookingDate]:
    return list(BookingDate.objects.filter(booking__uuid=booked.uuid).order_by("starts_at"))


def states(booked: Booked) -> list[str]:
    return [one.state for one in dates(booked)]
