"""Many ask for one room at once, and what would happen without the constraint."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from lingka.core import clock, verify
from lingka.core.problems import Problem
from lingka.rooms import actions
from lingka.rooms.actions import booking
from lingka.rooms.models import BookingDate
from tests.cases import city as cities
from tests.cases.city import MONDAY, RESIDENT, City
from tests.cases.test_concurrency import at_once
from tests.rooms.station import NOON, book, dates, room, states

pytestmark = pytest.mark.django_db(transaction=True)
CONSTRAINT = next(one for one in BookingDate._meta.constraints if one.name == "one_group_in_a_room")


@pytest.fixture
def city() -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def became(results: list[Any]) -> list[str]:
    return sorted(
        one.code if isinstance(one, Problem)
        else repr(one) if isinstance(one, Exception) else one.results[0][1]
        for one in results
    )  # fmt: skip


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let so many have looked at everything before any of them writes."""

    def meet(several: int) -> None:
        everybody, write = Barrier(several), booking.insert_if_free

        def held_up(row: BookingDate) -> bool:
            everybody.wait(60)
            return write(row)

        monkeypatch.setattr(booking, "insert_if_free", held_up)

    return meet


@pytest.mark.usefixtures("connections_for_all")
def test_of_fifty_at_once_one_has_the_room(city: City, together: Callable[[int], None]) -> None:
    hall = room(city)
    together(50)
    results = at_once(*[lambda: book(hall)] * 50)
    assert became(results) == ["booked"] + ["taken"] * 49
    assert BookingDate.objects.count() == 1
    assert verify.run() == []


@contextmanager
def unconstrained() -> Iterator[None]:
    with connection.schema_editor() as schema:
        schema.remove_constraint(BookingDate, CONSTRAINT)
    try:
        yield
    finally:
        BookingDate.objects.all().delete()
        with connection.schema_editor() as schema:
            schema.add_constraint(BookingDate, CONSTRAINT)


def test_without_the_constraint_they_all_would_have_it(
    city: City, together: Callable[[int], None]
) -> None:
    """The control."""
    hall = room(city)
    together(8)
    with unconstrained():
        assert became(at_once(*[lambda: book(hall)] * 8)) == ["booked"] * 8


def test_of_two_at_once_that_overlap_in_part_one_waits(
    city: City, together: Callable[[int], None]
) -> None:
    hall = room(city)
    results = at_once(
        lambda: book(hall, minutes=90, wait=True),
        lambda: book(hall, NOON + (NOON - MONDAY) / 4, wait=True),
    )
    assert became(results) == ["booked", "waiting"]


def test_who_begins_to_wait_while_it_is_given_back_has_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert states(_crossing(city, monkeypatch)) == ["booked"]


def test_without_the_room_s_lock_they_would_wait_for_a_free_room(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(booking, "lock_room", lambda _room: None)
    assert states(_crossing(city, monkeypatch)) == ["waiting"]


def _crossing(city: City, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One is given back just after another was found to be in its way, before that one waits."""
    hall = room(city)
    first = book(hall)
    date = dates(first)[0].uuid
    found, given, waits = Event(), Event(), booking._waits

    def held_up(row: BookingDate, actor: Any) -> str:
        found.set()
        given.wait(0.5)  # in vain where the room's lock keeps them apart
        return waits(row, actor)

    def give_back() -> None:
        found.wait(10)
        actions.give_back(first.token, date, actor=RESIDENT)
        given.set()

    monkeypatch.setattr(booking, "_waits", held_up)
    return at_once(lambda: book(hall, wait=True), give_back)[0]
