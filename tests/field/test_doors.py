"""The door for tasks at places: they reach the phone, and what is done comes back once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.field import doors
from lingka.field.doors import Done, Source, Task
from lingka.field.models import Operation
from tests.cases.city import City, names
from tests.field.conftest import Phone
from tests.field.test_files import sent
from tests.field.test_pull import pulled

pytestmark = pytest.mark.django_db
DONE = {"key": "done", "label": names("看过了"), "icon": "check", "primary": True, "allowed": True}


class Snow:
    """A module that has doors to be knocked at; all it knows is in memory."""

    def __init__(self, worker: int) -> None:
        self.worker = worker
        self.task = Task(uuid7(), 1, names("敲门问一声"), None, actions=[DONE])
        self.done: list[Done] = []

    def open_for(self, user: int) -> list[Task]:
        return [self.task] if user == self.worker else []

    def standing(self, user: int, _streams: Any) -> dict[UUID, Task | None]:
        return {self.task.id: None if self.done else self.task}

    def do(self, what: Done, _actor: Actor) -> dict[str, Any]:
        if what.action != "done":
            raise Problem("action", "no", field="action", status=422)
        self.done.append(what)
        return {"state": "over"}


@pytest.fixture
def snow(city: City) -> Iterator[Snow]:
    made = Snow(city.staff["walker"].id or 0)
    doors.register(
        Source("snow", frozenset({"case"}), made.open_for, made.standing, made.do)
    )  # fmt: skip
    yield made
    del doors.SOURCES["snow"]


def act(phone: Phone, snow: Snow, **data: Any) -> dict[str, Any]:
    return phone.op("task", snow.task.id, base_version=1, data={"source": "snow", **data})


def test_a_task_is_carried_and_what_is_done_with_it_comes_back_once(
    phone: Phone, snow: Snow
) -> None:
    rows, _cursor = pulled(phone)
    row = rows["task", str(snow.task.id)]
    assert (row["source"], row["actions"][0]["key"]) == ("snow", "done")
    op = act(phone, snow, action="done", given={"words": "都好"})
    first, again = phone.push(op, op)
    assert (first["status"], first["result"], again["status"]) == (
        "applied", {"state": "over"}, "duplicate",
    )  # fmt: skip
    assert [one.given for one in snow.done] == [{"words": "都好"}]


def test_a_task_waits_for_its_photos(phone: Phone, snow: Snow) -> None:
    picture = uuid7()
    [told] = phone.push(act(phone, snow, action="done", attachments=[str(picture)]))
    assert (told["status"], snow.done) == ("held", [])
    sent(phone, picture)
    assert [one.attachments for one in snow.done] == [[picture]]


@pytest.mark.usefixtures("seen_at_once")
def test_a_task_that_is_over_is_taken_away_at_the_next_pull(
    city: City, phone: Phone, snow: Snow
) -> None:
    _rows, cursor = pulled(phone)
    phone.push(act(phone, snow, action="done"))
    city.open()  # an event of a stream that the source names
    rows, _cursor = pulled(phone, cursor)
    assert rows["task", str(snow.task.id)] is None


def test_what_a_source_refuses_or_nobody_offers_is_rejected(phone: Phone, snow: Snow) -> None:
    snow.task = replace(snow.task, version=2)
    odd, unknown = act(phone, snow, action="fly"), act(phone, snow, action="done")
    unknown["data"]["source"] = "care"
    results = phone.push(odd, unknown)
    assert [one["problem"]["type"] for one in results] == ["/problems/action", "/problems/kind"]
    assert not Operation.objects.exclude(occurred_at=None).exists()
