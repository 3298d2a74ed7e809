"""What cannot be done with stations and rooms is said, and leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lingka.accounts import selectors as accounts
from lingka.core import clock, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.rooms import actions, rules, selectors
from lingka.rooms.actions import moving
from lingka.rooms.models import (
    Booking,
    BookingDate,
    ContactReading,
    Programme,
    Room,
    SpecialDay,
    State,
    Station,
)
from tests.cases.city import MONDAY, RESIDENT, City, _post, names, posted, refusal
from tests.rooms.station import NOON, book, dates, states, station
from tests.rooms.station import room as make_room

HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


@contextmanager
def told(code: str, status: int) -> Iterator[None]:
    """The body must be a problem of this code and status."""
    with pytest.raises(Problem) as caught:
        yield
    assert (caught.value.code, caught.value.status) == (code, status)


@pytest.fixture
def desk(city: City) -> Actor:
    return city.staff["dispatcher"]


@pytest.fixture
def administrator(city: City) -> Actor:
    """Of the street, in which the office lies and the lights' unit does not."""
    made = _post("administrator", "administrator", city.units["office"], city.street)
    accounts.forget()
    return made


def change(uuid: UUID, actor: Actor, **changes: Any) -> UUID:
    """A station, as it stands but for these changes."""
    row = Station.objects.filter(uuid=uuid).first() or Station.objects.get()
    given: dict[str, Any] = {
        "key": row.key, "kind": row.kind, "unit": row.unit_id, "place": row.place_id,
        "name": row.name, "about": row.about, "audiences": row.audiences, "hours": row.hours,
    }  # fmt: skip
    return actions.set_station(uuid, actor=actor, **(given | changes))


def happened(event: str) -> int:
    return Event.objects.filter(type=f"rooms.{event}").count()


# -- stations ---------------------------------------------------------------------------------


def test_two_stations_do_not_share_an_address(city: City) -> None:
    station(city)
    with told("key_taken", 409):
        station(city, name=names("另一个"))
    assert Station.objects.count() == 1


def test_a_station_does_not_take_another_s_address_later(city: City) -> None:
    station(city)
    other = station(city, "other")
    with told("key_taken", 409):
        change(other.uuid, SYSTEM, key="pavilion")
    assert Station.objects.get(uuid=other.uuid).key == "other"


def test_an_administrator_changes_a_station_of_their_area(city: City, administrator: Actor) -> None:
    one = station(city)
    assert change(one.uuid, administrator, name=names("新亭")) == one.uuid
    assert Station.objects.get().name == names("新亭")
    assert happened("StationSet") == 2
    assert verify.run() == []


def test_a_station_closed_twice_is_closed_since_the_first_time(city: City) -> None:
    one = station(city)
    change(one.uuid, SYSTEM, is_open=False)
    with clock.at(MONDAY + HOUR):
        change(one.uuid, SYSTEM, is_open=False)
    assert Station.objects.get().closed_at == MONDAY
    change(one.uuid, SYSTEM)
    assert Station.objects.get().closed_at is None


def test_a_station_that_is_not_there_cannot_be_changed(city: City) -> None:
    station(city)
    with told("unknown_station", 404):
        change(uuid7(), SYSTEM, key="nowhere")
    assert Station.objects.get().key == "pavilion"


def test_nobody_takes_a_station_over_from_another_area(city: City, administrator: Actor) -> None:
    lights = city.units["light"].pk
    one = station(city, unit=lights)
    with refusal("other_area"):
        change(one.uuid, administrator, unit=city.units["office"].pk)
    assert Station.objects.get().unit_id == lights


def test_nobody_gives_a_station_to_another_area(city: City, administrator: Actor) -> None:
    one = station(city)
    with refusal("other_area"):
        change(one.uuid, administrator, unit=city.units["light"].pk)
    assert Station.objects.get().unit_id == city.units["office"].pk


def test_a_station_that_is_not_there_has_no_rooms(city: City, desk: Actor) -> None:
    with told("unknown_station", 404):
        actions.set_room(None, actor=desk, station="nowhere", name=names("大桌"), seats=4)
    assert not Room.objects.exists()


# -- rooms, days and the programme ------------------------------------------------------------


def test_a_room_that_is_not_there_cannot_be_changed(city: City, desk: Actor) -> None:
    station(city)
    with told("unknown_room", 404):
        actions.set_room(uuid7(), actor=desk, station="pavilion", name=names("大桌"), seats=4)
    assert not Room.objects.exists()


def test_another_station_s_room_cannot_be_changed(city: City, room: UUID, desk: Actor) -> None:
    station(city, "other")
    with told("unknown_room", 404):
        actions.set_room(room, actor=desk, station="other", name=names("小桌"), seats=4)
    held = Room.objects.get()
    assert (held.seats, held.station.key) == (20, "pavilion")


def test_a_room_of_others_is_not_changed(city: City, room: UUID) -> None:
    with refusal("other_station"):
        actions.set_room(
            room, actor=city.staff["handler"], station="pavilion", name=names("小桌"), seats=4
        )
    assert Room.objects.get().seats == 20


def test_a_resident_sets_up_no_room(city: City) -> None:
    station(city)
    with refusal("other_station"):
        actions.set_room(None, actor=RESIDENT, station="pavilion", name=names("大桌"), seats=4)
    assert not Room.objects.exists()


def test_a_special_day_that_ends_before_it_begins_is_refused(city: City, desk: Actor) -> None:
    station(city)
    with told("hours", 422):
        actions.set_special_day("pavilion", TODAY, actor=desk, hours=[["12:00", "10:00"]])
    assert not SpecialDay.objects.exists()


def test_a_day_that_is_as_usual_already_changes_nothing(city: City, desk: Actor) -> None:
    station(city)
    actions.set_special_day("pavilion", TODAY, actor=desk, hours=None)
    assert happened("SpecialDaySet") == 0


def test_what_ends_before_it_begins_is_not_put_on(city: City, desk: Actor) -> None:
    station(city)
    with told("hours", 422):
        actions.put_on(
            "pavilion", actor=desk, title=names("藏戏"), weekday=0, starts="16:00", ends="14:00"
        )
    assert not Programme.objects.exists()


def test_what_is_weekly_and_once_is_not_put_on(city: City, desk: Actor) -> None:
    station(city)
    with told("weekly_or_once", 422):
        actions.put_on(
            "pavilion", actor=desk, title=names("藏戏"), weekday=0, day=TODAY, starts="14:00",
            ends="16:00",
        )  # fmt: skip
    assert not Programme.objects.exists()


def test_nothing_is_put_on_in_another_station_s_room(city: City, room: UUID, desk: Actor) -> None:
    station(city, "other")
    with told("unknown_room", 404):
        actions.put_on(
            "other", actor=desk, title=names("藏戏"), weekday=0, starts="14:00", ends="16:00",
            room=room,
        )  # fmt: skip
    assert not Programme.objects.exists()


def test_what_is_off_the_programme_stays_off(city: City, desk: Actor) -> None:
    station(city)
    entry = actions.put_on(
        "pavilion", actor=desk, title=names("藏戏"), weekday=0, starts="14:00", ends="16:00"
    )
    for _time in range(2):
        actions.take_off("pavilion", entry, actor=desk)
    assert not Programme.objects.exists()
    assert happened("ProgrammeSet") == 2  # on, and off once


def test_a_programme_s_entry_is_not_taken_off_at_another_station(city: City, desk: Actor) -> None:
    station(city)
    station(city, "other")
    entry = actions.put_on(
        "pavilion", actor=desk, title=names("藏戏"), weekday=0, starts="14:00", ends="16:00"
    )
    actions.take_off("other", entry, actor=desk)
    assert Programme.objects.get().uuid == entry


# -- what becomes of a booked time ------------------------------------------------------------


def test_given_back_twice_is_given_back_once(room: UUID) -> None:
    booked = book(room)
    for _time in range(2):
        actions.give_back(booked.token, dates(booked)[0].uuid, actor=RESIDENT)
    assert states(booked) == ["given_back"]
    assert happened("BookingMoved") == 2  # booked, and given back once


def test_before_its_time_nobody_is_missed(room: UUID, desk: Actor) -> None:
    booked = book(room)
    with told("too_early", 409):
        actions.release(dates(booked)[0].uuid, actor=desk)
    assert states(booked) == ["booked"]


def test_the_desk_gives_the_room_of_who_did_not_come_to_who_waits(room: UUID, desk: Actor) -> None:
    first, second = book(room), book(room, wait=True)
    with clock.at(NOON + timedelta(minutes=5)):
        actions.release(dates(first)[0].uuid, actor=desk)
    assert (states(first), states(second)) == (["released"], ["booked"])
    assert verify.run() == []


def test_others_do_not_release_a_station_s_room(city: City, room: UUID) -> None:
    booked = book(room)
    with clock.at(NOON), refusal("other_station"):
        actions.release(dates(booked)[0].uuid, actor=city.staff["handler"])
    assert states(booked) == ["booked"]


@pytest.mark.parametrize("role", ["grid_worker", "verifier", "supervisor", "leader"])
def test_of_a_unit_s_people_handlers_and_dispatchers_run_its_station(
    city: City, room: UUID, role: str
) -> None:
    booked, other = book(room), posted(city, f"other-{role}", role, city.street, "office")
    with clock.at(NOON), refusal("other_station"):
        actions.release(dates(booked)[0].uuid, actor=other)
    handler = posted(city, "ours", "handler", city.grid, "office")
    with clock.at(NOON):
        actions.check_in(dates(booked)[0].uuid, actor=handler)
    assert states(booked) == ["here"]


def test_who_is_here_is_not_released(room: UUID, desk: Actor) -> None:
    booked = book(room)
    with clock.at(NOON):
        actions.check_in(dates(booked)[0].uuid, actor=desk)
        with told("stale", 409):
            actions.release(dates(booked)[0].uuid, actor=desk)
    assert states(booked) == ["here"]


def test_the_desk_checks_nobody_in_long_before(room: UUID, desk: Actor) -> None:
    booked = book(room)
    with clock.at(NOON - rules.BEFORE - timedelta(minutes=1)), told("too_early", 409):
        actions.check_in(dates(booked)[0].uuid, actor=desk)
    assert states(booked) == ["booked"]


def test_nobody_checks_in_when_it_is_over(room: UUID, desk: Actor) -> None:
    booked = book(room)
    with clock.at(NOON + HOUR), told("stale", 409):
        actions.check_in(dates(booked)[0].uuid, actor=desk)
    assert states(booked) == ["booked"]


def test_who_waits_cannot_check_in(room: UUID, desk: Actor) -> None:
    book(room)
    waiting = book(room, wait=True)
    with clock.at(NOON), told("stale", 409):
        actions.check_in(dates(waiting)[0].uuid, actor=desk)
    assert states(waiting) == ["waiting"]


def test_a_booking_that_is_not_there_cannot_be_answered(city: City, desk: Actor) -> None:
    with told("unknown_booking", 404):
        actions.approve(uuid7(), actor=desk)


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Any) -> None:
    """While an action waits for the room's lock, its holder does this."""
    lock = moving.lock_room

    def held_up(room: int) -> Room:
        do()
        return lock(room)

    monkeypatch.setattr(moving, "lock_room", held_up)


def test_a_booking_erased_meanwhile_cannot_be_answered(
    city: City, desk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    date = dates(book(make_room(city, needs_approval=True)))[0].uuid
    meanwhile(monkeypatch, Booking.objects.all().delete)
    with told("unknown_booking", 404):
        actions.approve(date, actor=desk)
    assert happened("BookingMoved") == 1  # that it was asked for


def test_who_came_meanwhile_is_not_released(room: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    booked = book(room)
    meanwhile(monkeypatch, lambda: BookingDate.objects.update(state=State.HERE))
    with clock.at(NOON + HOUR / 2):
        assert actions.release_missed() == 0
    assert states(booked) == ["here"]


def test_who_moved_up_meanwhile_has_their_time_to_come(
    room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked = book(room)
    late = NOON + HOUR * 3 / 4
    meanwhile(monkeypatch, lambda: BookingDate.objects.update(come_by=late))
    with clock.at(NOON + HOUR / 2):
        assert actions.release_missed() == 0
    assert states(booked) == ["booked"]


def test_who_waits_does_not_get_what_another_has_in_part(room: UUID) -> None:
    first, second = book(room), book(room, NOON + HOUR)
    both = book(room, minutes=120, wait=True)
    actions.give_back(first.token, dates(first)[0].uuid, actor=RESIDENT)
    assert (states(second), states(both)) == (["booked"], ["waiting"])
    assert verify.run() == []


def test_two_nights_runs_at_once_forget_a_booking_once(
    room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(room)
    forget = moving._forgotten

    def second(uuid: UUID) -> bool:
        assert forget(uuid)  # the other run was faster
        return forget(uuid)

    monkeypatch.setattr(moving, "_forgotten", second)
    with clock.at(NOON + rules.KEPT + 2 * HOUR):
        assert actions.forget_past() == 0
    assert happened("BookingForgotten") == 1
    assert not Booking.objects.exists()


# -- a group's number -------------------------------------------------------------------------


def test_a_booking_that_is_not_there_has_no_number(city: City, desk: Actor) -> None:
    with told("unknown_booking", 404):
        actions.read_contact(uuid7(), actor=desk, reason="换了门锁")


def test_where_no_number_was_left_none_is_read(room: UUID, desk: Actor) -> None:
    booked = book(room)
    assert actions.read_contact(booked.uuid, actor=desk, reason="换了门锁") == ""
    assert not ContactReading.objects.exists()
    assert selectors.readings(booked.uuid) == []
    assert happened("BookingContactRead") == 0
