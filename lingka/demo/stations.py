"""The demo's stations: rest places, a reading room, a canteen, a touring stop; who booked what."""

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.core import clock, datafiles
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.demo.city import DATA
from lingka.demo.organisation import texts
from lingka.rooms import actions, selectors
from lingka.rooms.actions import Wish
from lingka.units import selectors as units

if TYPE_CHECKING:
    from lingka.demo.history import History

RESIDENT = Actor("resident")
DAYS = range(7)
GROUPS = (  # who comes, what for, how many, how often
    ("卓舞队", "锅庄排练", 10, 4),
    ("ཨ་མ་ཚོགས་པ།", "ཐགས་ལས་སྦྱོང་བརྡར།", 8, 1),
    ("三号院业主小组", "商量电动车充电", 9, 1),
    ("青年读书会", "共读一本书", 7, 3),
    ("暖心志愿队", "下周分工", 6, 1),
)


def open_all(history: "History") -> None:
    """Open the stations, and let groups book their rooms: of its own dice, so that the rest of
    the town stays as it was."""
    rng = random.Random(4)  # noqa: S311 - a likeness
    with clock.at(history.now - timedelta(days=3)):
        for one in datafiles.read(DATA / "stations.yaml"):
            _open(history, one)
        for room in selectors.rooms_of(selectors.stations()):
            for number, group in enumerate(rng.sample(GROUPS, 3)):
                _book(room, group, number)
    _answer(rng)
    with clock.at(history.now):
        actions.release_missed()


def _open(history: "History", one: dict[str, Any]) -> None:
    area = areas.area_by_code(one["area"])
    unit = units.unit_by_key(f"counter-{one['area']}")
    assert area is not None  # the demo street is part of every size
    assert unit is not None  # the counters come first
    actions.set_station(
        None, actor=SYSTEM, key=one["key"], kind=one["kind"], unit=unit.id,
        place=_place(history, area.path, one["spot"]).id, name=one["name"], about=one["about"],
        audiences=one["audiences"], equipment=one["equipment"], hours=_hours(one),
        on_holidays=one.get("on_holidays", False),
    )  # fmt: skip
    rooms = [_room(one["key"], room) for room in one.get("rooms", ())]
    for entry in one.get("programme", ()):
        starts, ends = entry["at"].split("-")
        actions.put_on(
            one["key"], actor=SYSTEM, title=texts(entry), weekday=entry["weekday"],
            starts=starts, ends=ends, room=rooms[entry["room"]] if "room" in entry else None,
        )  # fmt: skip


def _hours(one: dict[str, Any]) -> dict[str, list[list[str]]]:
    days = one.get("days") or dict.fromkeys(DAYS, one.get("hours", []))
    return {str(day): [span.split("-") for span in spans] for day, spans in days.items()}


def _place(history: "History", path: str, number: int) -> PlaceInfo:
    """The same one in every demo of a size; each station has its own as far as there are any."""
    inside = [one for one in history.places if areas.area(one.grid_id).path.startswith(path)]
    return inside[number * 3 % len(inside)]


def _room(station: str, one: dict[str, Any]) -> UUID:
    return actions.set_room(
        None, actor=SYSTEM, station=station, name=texts(one), seats=one["seats"],
        longest=one["longest"], equipment=one["equipment"],
        needs_approval=one.get("needs_approval", False),
    )  # fmt: skip


def _book(room: selectors.RoomInfo, group: tuple[str, str, int, int], number: int) -> None:
    """Each on a day of its own of the next three, in the afternoon; who finds it taken, waits."""
    who, what, people, times = group
    day = selectors.today() + timedelta(days=3 + number)
    zone = selectors.zone()
    starts_at = datetime(day.year, day.month, day.day, 17, tzinfo=zone)
    asked = Wish(starts_at, 60, who, what, people, "13900000000", times, 7, wait=True)
    try:
        actions.book(room.uuid, asked, actor=RESIDENT, idempotency_key=uuid7())
    except Problem:  # closed then, or on the programme
        return


def _answer(rng: random.Random) -> None:
    """The station has answered half of what is asked."""
    for one in selectors.to_answer(selectors.stations()):
        if rng.random() < 0.5:  # noqa: PLR2004
            actions.approve(one.uuid, actor=SYSTEM)
