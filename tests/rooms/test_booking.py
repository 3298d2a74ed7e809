"""A group without an account takes a room, waits for it, comes, gives it back."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from lingka.core import clock, contents, verify
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.rooms import actions, rules, selectors, tokens
from lingka.rooms.models import Booking, Contact
from tests.cases.city import MONDAY, RESIDENT, City, names, problem, refusal
from tests.rooms.station import NOON, book, dates, states, station, wish
from tests.rooms.station import room as make_room

HOUR = timedelta(hours=1)


def test_a_room_that_is_free_is_had(room: UUID) -> None:
    booked = book(room)
    assert booked.results == [(NOON, "booked")]
    assert verify.run() == []


def test_the_same_form_sent_twice_is_one_booking(room: UUID) -> None:
    key, asked = uuid7(), wish()
    first, second = (
        actions.book(room, asked, actor=RESIDENT, idempotency_key=key) for _ in range(2)
    )
    assert (first.uuid, first.token) == (second.uuid, second.token)
    with problem("key_reused"):
        actions.book(room, wish(people=3), actor=RESIDENT, idempotency_key=key)


def test_a_time_that_somebody_has_is_refused(room: UUID) -> None:
    book(room)
    with problem("taken"):
        book(room, NOON + HOUR / 2)
    assert book(room, NOON + HOUR).results[0][1] == "booked"  # right behind it
    assert Booking.objects.count() == 2


def test_two_rooms_do_not_stand_in_each_other_s_way(city: City, room: UUID) -> None:
    book(room)
    assert book(make_room(city)).results[0][1] == "booked"


def test_sql_by_hand_cannot_give_a_room_twice(room: UUID) -> None:
    row = dates(book(room))[0]
    row.pk, row.uuid = None, uuid7()
    with pytest.raises(IntegrityError, match="one_group_in_a_room"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("group", {"group": " "}),
        ("people", {"people": 21}),
        ("people", {"people": 0}),
        ("minutes", {"minutes": 45}),
        ("minutes", {"minutes": 240}),
        ("times", {"times": 13}),
        ("times", {"every": 3}),
        ("starts_at", {"starts_at": MONDAY - HOUR}),
        ("starts_at", {"starts_at": MONDAY + timedelta(days=90)}),
        ("starts_at", {"starts_at": NOON + 9 * HOUR}),  # closed by then
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    room: UUID, field: str, changes: dict[str, object]
) -> None:
    asked = wish(**({"at": changes.pop("starts_at")} if "starts_at" in changes else {}), **changes)
    with pytest.raises(Problem) as caught:
        actions.book(room, asked, actor=RESIDENT, idempotency_key=uuid7())
    assert caught.value.field == field
    assert not Booking.objects.exists()


def test_a_series_says_of_each_date_what_became_of_it(city: City, room: UUID) -> None:
    week = timedelta(days=7)
    book(room, NOON + week)
    actions.set_special_day(
        "pavilion", (NOON + 2 * week).date(), actor=city.staff["dispatcher"], hours=[],
        why=names("停电"),
    )  # fmt: skip
    booked = book(room, times=4)
    assert [state for _at, state in booked.results] == ["booked", "taken", "closed", "booked"]
    assert [one.starts_at for one in dates(booked)] == [NOON, NOON + 3 * week]


def test_dates_of_a_series_that_are_taken_can_wait(room: UUID) -> None:
    book(room, NOON + timedelta(days=7))
    assert states(book(room, times=2, wait=True)) == ["booked", "waiting"]


def test_who_waited_longest_moves_up(room: UUID) -> None:
    first = book(room)
    second, third = book(room, wait=True), book(room, wait=True)
    assert selectors.booking_by_token(third.token).dates[0].before == 1  # type: ignore[union-attr]
    actions.give_back(first.token, dates(first)[0].uuid, actor=RESIDENT)
    assert [states(one) for one in (first, second, third)] == [
        ["given_back"], ["booked"], ["waiting"],
    ]  # fmt: skip
    assert verify.run() == []


def test_whoever_waits_gets_what_is_left_where_nobody_came(room: UUID) -> None:
    """Half an hour was booked; the quarter that is over by then is nobody's."""
    missed = book(room, minutes=30)
    waiting = book(room, minutes=30, wait=True)
    with clock.at(NOON + rules.GRACE):
        actions.release_missed()
    assert (states(missed), states(waiting)) == (["released"], ["booked"])


def test_two_shorter_ones_that_wait_both_fit_into_a_longer_one_given_back(room: UUID) -> None:
    long = book(room, minutes=120)
    waiting = [book(room, at, wait=True) for at in (NOON, NOON + HOUR)]
    actions.give_back(long.token, dates(long)[0].uuid, actor=RESIDENT)
    assert [states(one) for one in waiting] == [["booked"], ["booked"]]


def test_a_room_that_needs_a_word_is_kept_until_it_is_said(city: City) -> None:
    room = make_room(city, needs_approval=True)
    first = book(room)
    second = book(room, wait=True)
    assert states(first) == ["asked"]
    desk = city.staff["dispatcher"]
    actions.refuse(dates(first)[0].uuid, actor=desk, why="那天刷墙")
    assert (states(first), states(second)) == (["refused"], ["asked"])
    assert selectors.booking_by_token(first.token).dates[0].said == "那天刷墙"  # type: ignore[union-attr]
    actions.approve(dates(second)[0].uuid, actor=desk)
    assert states(second) == ["booked"]
    with problem("stale"):
        actions.approve(dates(second)[0].uuid, actor=desk)


def test_a_refusal_says_why(city: City) -> None:
    booked = book(make_room(city, needs_approval=True))
    with problem("why"):
        actions.refuse(dates(booked)[0].uuid, actor=city.staff["dispatcher"], why=" ")


def test_others_do_not_answer_for_a_station(city: City) -> None:
    booked = book(make_room(city, needs_approval=True))
    with refusal("other_station"):
        actions.approve(dates(booked)[0].uuid, actor=city.staff["handler"])


def test_nobody_came_and_the_next_has_the_rest(room: UUID) -> None:
    first, second = book(room), book(room, wait=True)
    with clock.at(NOON + timedelta(minutes=14)):
        assert actions.release_missed() == 0
    with clock.at(NOON + timedelta(minutes=16)):
        assert actions.release_missed() == 1
        assert (states(first), states(second)) == (["released"], ["booked"])
        assert dates(second)[0].come_by == NOON + timedelta(minutes=31)
    with clock.at(NOON + timedelta(minutes=31)):
        actions.release_missed()
    assert states(second) == ["released"]


def test_who_checked_in_keeps_the_room(city: City, room: UUID) -> None:
    booked = book(room)
    with clock.at(NOON - timedelta(minutes=5)):
        actions.check_in(dates(booked)[0].uuid, actor=city.staff["dispatcher"])
    with clock.at(NOON + HOUR / 2):
        assert actions.release_missed() == 0
    assert states(booked) == ["here"]


def test_the_code_on_the_door_checks_in(room: UUID) -> None:
    booked = book(room)
    date, code = dates(booked)[0].uuid, tokens.door_code(room, MONDAY.date())
    with problem("too_early"):
        actions.check_in_at_door(booked.token, date, code, actor=RESIDENT)
    with clock.at(NOON):
        wrong = f"{(int(code) + 1) % tokens.DOOR:04d}"
        with problem("door_code"):
            actions.check_in_at_door(booked.token, date, wrong, actor=RESIDENT)
        actions.check_in_at_door(booked.token, date, f" {code}", actor=RESIDENT)
    assert states(booked) == ["here"]


def test_the_code_on_the_door_is_another_tomorrow_and_next_door(city: City, room: UUID) -> None:
    day = MONDAY.date()
    codes = {tokens.door_code(room, day + timedelta(days=number)) for number in range(9)}
    assert len(codes) > 7
    assert tokens.door_code(room, day) != tokens.door_code(make_room(city), day)


def test_another_s_token_moves_nothing(room: UUID) -> None:
    mine, other = book(room), book(room, NOON + HOUR)
    with problem("unknown_booking"):
        actions.give_back(other.token, dates(mine)[0].uuid, actor=RESIDENT)


def test_a_past_booking_is_forgotten_with_all_that_was_said(city: City, room: UUID) -> None:
    booked = book(room, phone="13900001234")
    row = Booking.objects.get(uuid=booked.uuid)
    assert b"13900001234" not in bytes(Contact.objects.get().sealed)
    actions.read_contact(row.uuid, actor=city.staff["dispatcher"], reason="改时间")
    with clock.at(NOON + rules.KEPT - HOUR):
        assert actions.forget_past() == 0
    with clock.at(NOON + rules.KEPT + 2 * HOUR):
        assert actions.forget_past() == 1
    assert not Booking.objects.exists()
    assert not Contact.objects.exists()
    assert contents.read([row.words]) == {}
    assert verify.run() == []


def test_the_number_is_read_for_a_reason_that_the_group_sees(city: City, room: UUID) -> None:
    booked = book(room, phone="13900001234")
    with problem("reason"):
        actions.read_contact(booked.uuid, actor=city.staff["dispatcher"], reason="")
    with refusal("other_station"):
        actions.read_contact(booked.uuid, actor=city.staff["handler"], reason="好奇")
    number = actions.read_contact(booked.uuid, actor=city.staff["dispatcher"], reason="换了门锁")
    assert number == "13900001234"
    assert [one.reason for one in selectors.readings(booked.uuid)] == ["换了门锁"]


def test_events_know_neither_the_group_nor_its_number(room: UUID) -> None:
    book(room, phone="13900001234")
    told = str(list(Event.objects.filter(type__startswith="rooms.").values_list("data")))
    assert "锅庄" not in told
    assert "1390000" not in told


def test_what_is_on_the_programme_has_the_room(city: City, room: UUID) -> None:
    actions.put_on(
        "pavilion", actor=city.staff["dispatcher"], title=names("故事会"), weekday=0,
        starts="12:00", ends="13:00", room=room,
    )  # fmt: skip
    with problem("taken"):
        book(room)
    free = dict(selectors.free_starts(selectors.room(room), MONDAY.date()))  # type: ignore[arg-type]
    assert not free[NOON.astimezone(selectors.zone())]
    assert free[(NOON + HOUR).astimezone(selectors.zone())]


def test_a_closed_room_cannot_be_had(city: City, room: UUID) -> None:
    station(city, "other")
    closed = make_room(city, "other", is_open=False)
    with problem("unknown_room"):
        book(closed)
