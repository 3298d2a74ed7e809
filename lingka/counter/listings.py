"""A day at the counter and its windows as files: times and services, never who comes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.counter import permissions, selectors
from lingka.counter.models import Appointment
from lingka.counter.views_desk import day_of

STATES = {
    Appointment.State.BOOKED: _("expected"), Appointment.State.ARRIVED: _("arrived"),
    Appointment.State.HANDED_IN: _("handed in"), Appointment.State.MISSED: _("not there"),
}  # fmt: skip


def _day(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.visits(selectors.windows_of(posts), day_of(query)):
        yield (
            one.starts_at, one.window.unit, one.window.name, one.guide.title if one.guide else "",
            pretty(one.code), STATES.get(Appointment.State(one.state), one.state),
        )  # fmt: skip


def _windows(actor: Actor, _posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    mine = permissions.administered(actor)
    for one in selectors.windows(closed=True):
        if one.area_path.startswith(mine):
            state = _("open") if one.is_open else _("closed")
            yield one.name, one.unit, one.slot_minutes, one.capacity, state


register(
    of_rows(
        "counter-day", _("The counter's day"), frozenset({"dispatcher"}),
        (
            (_("Time"), 17), (_("Unit"), 24), (_("Window"), 18), (_("Service"), 30),
            (_("Code"), 12), (_("State"), 14),
        ),
        _day, "counter:day",
    ),
    of_rows(
        "windows", _("Windows"), frozenset({"administrator"}),
        (
            (_("Window"), 18), (_("Unit"), 24), (_("Minutes for one visit"), 14),
            (_("People at the same time"), 14), (_("State"), 12),
        ),
        _windows, "counter:windows",
    ),
)  # fmt: skip
