"""What the town on the stage does at its counter and with another platform, and the forms."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lingka.areas.models import Place
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.counter import actions as counter
from lingka.counter import selectors as windows
from lingka.exchange import actions as exchange
from lingka.field import actions as devices
from lingka.intake import actions as intake
from lingka.rooms import actions as rooms
from lingka.rooms import selectors as stations
from lingka.rooms.actions import Wish
from tests.cases.city import RESIDENT, City, names

GUIDE = "residence-permit"
MAPPING = """
source: province
format: csv
id: id
columns: {words: [words]}
types: {columns: [words], default: other.any}
"""


def at_the_counter(city: City) -> tuple[dict[str, Any], str]:
    """A window with somebody expected, and papers one of which is missing; the rows' things, and
    the appointment's token."""
    made = counter.set_window(
        None, actor=SYSTEM, name=names("窗口"), unit=city.units["office"].pk, slot_minutes=30,
        capacity=40,
    )  # fmt: skip
    window = windows.window(made)
    assert window is not None
    at = windows.free_days(window)[0][1][0]
    booked = counter.book(made, at, actor=RESIDENT, idempotency_key=uuid7(), guide=GUIDE)
    taken = counter.hand_in(
        GUIDE, ["here", "missing", "here", "here"], actor=city.staff["dispatcher"],
        idempotency_key=uuid7(),
    )  # fmt: skip
    things = {
        "window": str(made), "visit": str(booked.uuid), "papers_code": taken.short_code,
        "slot": at.isoformat(),
    }  # fmt: skip
    return things, booked.token


def at_the_station(city: City, held: dict[str, Any]) -> dict[str, Any]:
    """A station with a room that a group has, who holds its token; the rows' things."""
    place = Place.objects.earliest("id")  # others look for the only ones at their doors
    rooms.set_station(
        None, actor=SYSTEM, key="pavilion", kind="meeting_place", unit=city.units["office"].pk,
        place=place.pk, name=names("议事亭"), about=names("有茶"), audiences=["everybody"],
        hours={str(day): [["00:00", "24:00"]] for day in range(7)}, on_holidays=True,
    )  # fmt: skip
    room = rooms.set_room(None, actor=SYSTEM, station="pavilion", name=names("大桌"), seats=20)
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    wish = Wish(begins, 60, "锅庄队", "排练", 8, "13900001111")
    booked = rooms.book(room, wish, actor=RESIDENT, idempotency_key=uuid7())
    date = stations.booking_by_token(booked.token)
    assert date is not None
    rooms.put_on("pavilion", actor=SYSTEM, title=names("故事会"), weekday=5, starts="10:00",
                 ends="11:00")  # fmt: skip
    held["booking_token"] = booked.token
    return {
        "station_key": "pavilion", "room": str(room), "date": str(date.dates[0].uuid),
        "booking_at": (begins + timedelta(hours=2)).isoformat(),
    }  # fmt: skip


def platform() -> None:
    """Another platform, with which files are exchanged."""
    exchange.set_peer("province", actor=SYSTEM, name=names("省平台"), mapping=MAPPING)


def call_day(city: City) -> str:
    """Hours in which the street's leader takes calls."""
    begins = clock.now() + timedelta(days=2)
    made = intake.set_call_day(
        city.staff["leader"].id or 0, begins, begins + timedelta(hours=1),
        actor=city.staff["dispatcher"],
    )  # fmt: skip
    return str(made)


def platform_form(key: str = "") -> dict[str, Any]:
    named = {f"peer-name_{code}": "省平台" for code in ("zh-hans", "bo", "en")}
    new = {"peer-key": key, "peer-mapping": MAPPING.replace("province", key)} if key else {}
    return named | {"do": "peer", "peer-mapping": MAPPING, "peer-shares": "own"} | new


def papers() -> dict[str, str]:
    return {f"paper_{at}": "here" for at in range(4)}


def window_form(city: City) -> dict[str, Any]:
    named = {f"window-name_{code}": "窗口" for code in ("zh-hans", "bo", "en")}
    unit = city.units["office"].pk
    return named | {
        "do": "window", "window-unit": unit, "window-slot_minutes": 20, "window-capacity": 2,
    }  # fmt: skip


# What is sent to their pages; called with the stage.
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "/counter/": lambda s: {
        "window": s.things["window"],
        "starts_at": s.things["slot"],
        "idempotency_key": str(uuid7()),
    },
    "/stations/<key>/rooms/<room>": lambda s: {
        "starts_at": s.things["booking_at"],
        "minutes": "60",
        "group": "舞队",
        "people": "5",
        "idempotency_key": str(uuid7()),
    },
    "/bookings/<token>/<date>/check-in": lambda _s: {"code": "0000"},
    "/desk/stations/dates/<date>/move": lambda _s: {"to": "here"},
    "/desk/stations/dates/<date>/contact": lambda _s: {"reason": "停水"},
    "/desk/stations/<key>/remove": lambda _s: {"day": "2030-01-01"},
    "/desk/counter/move/<visit>": lambda _s: {"to": "arrived"},
    "/desk/counter/hand-in/<guide>": lambda _s: papers() | {"language": "bo"},
    "/desk/counter/papers/<code>": lambda _s: papers(),
    "/desk/windows/new": lambda s: window_form(s.city),
    "/desk/windows/<window>": lambda s: window_form(s.city),
    "/desk/exchange/new": lambda _s: platform_form("other"),
    "/desk/exchange/<peer>/edit": lambda _s: platform_form(),
    "/desk/exchange/<peer>/": lambda _s: {
        "do": "compare",
        "compare-file": SimpleUploadedFile("a.csv", b"id,words\n1,a\n"),
    },
    "/desk/call/days/": lambda s: {
        "leader": s.city.staff["leader"].id,
        "starts_at": "2026-11-20T10:00",
        "ends_at": "2026-11-20T11:00",
    },
}


def geojson() -> SimpleUploadedFile:
    """An import of one area, whose parent is missing."""
    square = [[91.0, 29.5], [91.1, 29.5], [91.1, 29.6], [91.0, 29.5]]
    one = {
        "type": "Feature", "properties": {"code": "7"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": [one]}).encode()
    return SimpleUploadedFile("areas.geojson", text, "application/geo+json")


def phone(city: City) -> Any:
    """Of the grid's worker."""
    walker = city.staff["walker"]
    made = devices.register(actor=walker, name="Redmi 9A", app="1", schema=1, former=None)
    return made.device.uuid
