"""The list of who comes to a time of an activity, ticked on the spot: a task for whoever leads it.
Each tick is an operation of its own, judged by volunteering as the list at the desk is."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.field import doors
from lingka.field.doors import Done, Source, Task
from lingka.volunteering import actions, rolls
from lingka.volunteering.rolls import Roll

KEY = "attendance"
TICKS = {"here": False, "gone": True}  # whether they left


def _task(one: Roll) -> Task:
    people = [
        {"id": str(person.service), "name": person.name, "state": person.state}
        for person in one.people
    ]
    return Task(
        one.shift, one.version, one.title, None, note=one.where, icon="users",
        begins_at=one.starts_at, due_at=one.ends_at, people=people,
    )  # fmt: skip


def _open_for(user: int) -> Iterable[Task]:
    return [_task(one) for one in rolls.carried_by(user)]


def _standing(user: int, streams: Iterable[UUID]) -> Mapping[UUID, Task | None]:
    found = rolls.standing(user, streams)
    return {shift: _task(one) if one else None for shift, one in found.items()}


def _do(what: Done, actor: Actor) -> Mapping[str, Any]:
    """`already`: another way was quicker, and nothing was entered a second time."""
    if what.action not in TICKS:
        message = _("The server does not know this kind of work yet. It stays on the phone.")
        raise Problem("action", message, field="data.action", status=422)
    service = _service(what.given)
    left = TICKS[what.action]
    entered = actions.tick(what.task, service, what.occurred_at, left=left, actor=actor)
    return {"state": what.action, "already": not entered}


def _service(given: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(given.get("person", "")))
    except ValueError:
        message = _("Please choose one of these.")
        raise Problem("choice", message, field="data.given.person", status=422) from None


def register() -> None:
    streams = frozenset({"activity", "service"})
    doors.register(Source(KEY, streams, _open_for, _standing, _do))
