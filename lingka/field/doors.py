"""The door for tasks at places: whoever has something to be done somewhere registers a source.

A task is a row on the phones of those who do it, with actions as a case has them. What a worker
does with it comes back as an operation of kind `task`, and is the source's to judge. Nothing here
knows what a task is about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lingka.core.actors import Actor
from lingka.core.problems import Problem

Names = Mapping[str, str]


@dataclass(frozen=True)
class Task:
    """Something to be done at a place. `actions` are as those of a pulled case (docs/sync.md)."""

    id: UUID
    version: int
    title: Names
    place: UUID | None
    note: Names = field(default_factory=dict)
    icon: str = "map-pin"
    begins_at: datetime | None = None
    due_at: datetime | None = None
    actions: Sequence[Mapping[str, Any]] = ()
    people: Sequence[Mapping[str, Any]] | None = None  # of a list that is ticked


@dataclass(frozen=True)
class Done:
    """What a worker did with a task; `attachments` are those that are here."""

    task: UUID
    action: str
    given: Mapping[str, Any]
    attachments: list[UUID]
    base_version: int | None
    op_id: UUID
    occurred_at: datetime


@dataclass(frozen=True)
class Source:
    """`open_for` gives a worker's tasks; `standing` how those of some streams stand now for the
    worker, None for what is over; `do` has the effect, once for each `op_id`, or raises Problem."""

    key: str
    streams: frozenset[str]  # of events after which tasks look otherwise
    open_for: Callable[[int], Iterable[Task]]
    standing: Callable[[int, Iterable[UUID]], Mapping[UUID, Task | None]]
    do: Callable[[Done, Actor], Mapping[str, Any]]


SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    SOURCES[source.key] = source


def source(key: str) -> Source:
    """One of them; Problem 422 for any other key."""
    found = SOURCES.get(key)
    if found is None:
        message = _("The server does not know this kind of work yet. It stays on the phone.")
        raise Problem("kind", message, status=422)
    return found


def row(of: Source, one: Task) -> dict[str, Any]:
    """As a phone keeps it."""
    return {
        "source": of.key, "title": dict(one.title), "note": dict(one.note), "icon": one.icon,
        "place": str(one.place) if one.place else None,
        "begins_at": one.begins_at.isoformat() if one.begins_at else None,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "actions": [dict(action) for action in one.actions],
        **({} if one.people is None else {"people": [dict(person) for person in one.people]}),
    }  # fmt: skip
