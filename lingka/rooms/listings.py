"""Stations as a file, and the day of one: times and what became of them, never who comes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.rooms import permissions, selectors
from lingka.rooms.models import State
from lingka.rooms.views_desk import day_of

STATES = {
    State.ASKED: _("waits for the station's answer"), State.BOOKED: _("booked"),
    State.HERE: _("here"), State.WAITING: _("on the waiting list"),
    State.RELEASED: _("released"),
}  # fmt: skip


def _day(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.dates_on(selectors.stations_run_by(posts), day_of(query.get("day", ""))):
        yield (
            one.starts_at, one.ends_at, one.room.station.name, one.room.name, one.people,
            pretty(one.code), STATES.get(State(one.state), one.state),
        )  # fmt: skip


def _stations(actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    mine = selectors.stations_under(permissions.administered(actor))
    rooms = Counter(room.station.id for room in selectors.rooms_of(mine))
    for one in mine:
        yield (
            one.name, one.kind_name, pick(one.unit.name), one.where, one.for_whom, rooms[one.id],
            gettext("open") if one.is_open else gettext("closed"),
        )  # fmt: skip


register(
    of_rows(
        "stations-day", _("A day at the stations"), permissions.RUNNING,
        (
            (_("Begins"), 17), (_("Ends"), 17), (_("Station"), 26), (_("Room"), 20),
            (_("How many people"), 10), (_("Code"), 12), (_("State"), 20),
        ),
        _day, "rooms:day",
    ),
    of_rows(
        "stations", _("Stations and rooms"), frozenset({"administrator"}),
        (
            (_("Station"), 26), (_("What it is"), 20), (_("Who runs it"), 26), (_("Where"), 26),
            (_("Whom it serves"), 26), (_("Rooms to book"), 10), (_("State"), 12),
        ),
        _stations, "rooms:stations",
    ),
)  # fmt: skip
