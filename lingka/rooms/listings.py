"""A station's day as a file: rooms, times and what became of them, never who comes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.rooms import selectors
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


register(
    of_rows(
        "stations-day", _("A day at the stations"),
        frozenset({"dispatcher", "handler", "administrator"}),
        (
            (_("Begins"), 17), (_("Ends"), 17), (_("Station"), 26), (_("Room"), 20),
            (_("How many people"), 10), (_("Code"), 12), (_("State"), 20),
        ),
        _day, "rooms:day",
    )
)  # fmt: skip
