"""The pages: what is near, a station, taking a room without an account, the desk."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lingka.core import clock
from lingka.core.codes import short_code
from lingka.core.ids import uuid7
from lingka.rooms import actions, selectors, tokens
from lingka.rooms.models import Booking, BookingDate
from tests.cases.city import HERE, MONDAY, City, at_door, names
from tests.rooms.station import NOON, book, dates, states, station
from tests.rooms.station import room as make_room


@pytest.fixture
def web() -> Client:
    return Client()


@pytest.fixture
def desk(city: City) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=city.staff["dispatcher"].id))
    return client


def form(**changes: object) -> dict[str, object]:
    return {
        "starts_at": NOON.isoformat(), "minutes": "60", "group": "锅庄队", "purpose": "排练",
        "people": "8", "every": "0", "times": "1", "idempotency_key": str(uuid7()), **changes,
    }  # fmt: skip


def address(room: UUID) -> str:
    return f"/stations/pavilion/rooms/{room}"


def test_a_courier_sees_the_open_rest_place_near_the_door(city: City, web: Client) -> None:
    station(city, "rest", kind="rest_place", audiences=["couriers"], name=names("驿站"))
    station(city, "elders", audiences=["elders"], name=names("长者食堂"))
    door = at_door(city, short_code())
    page = web.get("/stations/", {"at": door.code, "for": "couriers"}).content.decode()
    assert "驿站" in page
    assert "长者食堂" not in page
    assert "估" in page  # said to be an estimate


@pytest.mark.parametrize(
    "query",
    [{"at": "nonsense"}, {"lon": "nan", "lat": "1"}, {"lon": "x"}, {"for": "believers"},
     {"lon": "1e999", "lat": "0"}, {"lon": HERE[0], "lat": HERE[1]}],
)  # fmt: skip
def test_whatever_is_asked_the_list_is_shown(
    city: City, web: Client, query: dict[str, str]
) -> None:
    station(city)
    assert "议事亭" in web.get("/stations/", query).content.decode()


def test_a_station_says_what_is_on_today(city: City, web: Client, room: UUID) -> None:
    actions.put_on("pavilion", actor=city.staff["dispatcher"], title=names("藏戏"), weekday=0,
                   starts="14:00", ends="16:00")  # fmt: skip
    page = web.get("/stations/pavilion/").content.decode()
    assert "藏戏" in page
    assert address(room) in page


def test_the_programme_can_be_subscribed_to(city: City, web: Client) -> None:
    station(city)
    actions.put_on("pavilion", actor=city.staff["dispatcher"], title=names("藏戏, 上"), weekday=0,
                   starts="14:00", ends="16:00")  # fmt: skip
    feed = web.get("/stations/pavilion/calendar.ics").content.decode()
    assert feed.count("BEGIN:VEVENT") == 4
    assert "SUMMARY:藏戏\\, 上\r\n" in feed
    assert "DTSTART:20261116T060000Z\r\n" in feed


def test_a_room_is_taken_without_an_account(room: UUID, web: Client) -> None:
    led = web.post(address(room), form())
    assert led.status_code == 302
    page = web.get(led["Location"])
    assert "锅庄队" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"


def test_the_first_day_with_a_free_time_is_shown(room: UUID, web: Client) -> None:
    assert web.get(address(room)).context["day"] == MONDAY.date()
    with clock.at(MONDAY + timedelta(hours=12)):  # ten in the evening: closed since nine
        assert web.get(address(room)).context["day"] == MONDAY.date() + timedelta(days=1)
        asked = web.get(address(room), {"day": f"{MONDAY:%Y-%m-%d}"})
        assert asked.context["day"] == MONDAY.date()


def test_the_day_that_was_looked_at_stays_where_no_time_was_chosen(room: UUID, web: Client) -> None:
    answer = web.post(f"{address(room)}?day=2026-11-19", form(starts_at=""))
    assert answer.status_code == 422
    assert f"{answer.context['day']}" == "2026-11-19"


def test_how_long_is_said_in_words(room: UUID, web: Client) -> None:
    page = web.get(address(room), headers={"Accept-Language": "en"}).content.decode()
    assert re.search(r'<option value="90"[^>]*>1 h 30 min</option>', page)


def test_what_was_typed_is_kept_where_the_time_is_taken(room: UUID, web: Client) -> None:
    book(room)
    answer = web.post(address(room), form(purpose="读书"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="读书"' in page
    assert re.search(r"<input[^>]*checked", page)
    assert web.post(address(room), form(wait="on")).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [{"starts_at": "?"}, {"starts_at": "9999-12-31T23:59:59+00:00"}, {"minutes": "7"},
     {"people": "999"}, {"people": "-1"}, {"group": ""}, {"every": "3"}, {"times": "99"},
     {"phone": "abc"}, {"every": "7", "times": "1"}, {"every": "0", "times": "4"}],
)  # fmt: skip
def test_odd_input_is_said_in_the_form(room: UUID, web: Client, changes: dict[str, object]) -> None:
    answer = web.post(address(room), form(**changes))
    assert answer.status_code in {400, 409, 422}
    assert "field-error" in answer.content.decode()
    assert not Booking.objects.exists()


def test_a_series_shows_each_date_with_its_result(room: UUID, web: Client) -> None:
    book(room, NOON + timedelta(days=7))
    led = web.post(address(room), form(every="7", times="3"))
    page = web.get(led["Location"]).content.decode()
    assert page.count("已约上") == 2
    assert page.count("别人已约") == 1
    assert page.index("已约上") < page.index("别人已约") < page.rindex("已约上")


def test_only_the_token_leads_to_a_booking(room: UUID, web: Client) -> None:
    booked = book(room)
    assert web.get(f"/bookings/{booked.token}").status_code == 200
    assert web.get(f"/bookings/{'a' * 32}").status_code == 404
    assert web.get(f"/bookings/{booked.code}").status_code == 404


def test_the_group_checks_in_and_gives_back_on_its_page(room: UUID, web: Client) -> None:
    booked = book(room, times=2)
    first, second = dates(booked)
    with clock.at(NOON):
        code = tokens.door_code(room, MONDAY.date())
        wrong = web.post(f"/bookings/{booked.token}/{first.uuid}/check-in", {"code": "x"})
        assert wrong.status_code == 422
        assert "field-error" in wrong.content.decode()
        web.post(f"/bookings/{booked.token}/{first.uuid}/check-in", {"code": code})
    web.post(f"/bookings/{booked.token}/{second.uuid}/give-back")
    assert states(booked) == ["here", "given_back"]


def test_codes_are_not_tried_without_end(room: UUID, web: Client) -> None:
    booked = book(room)
    there = f"/bookings/{booked.token}/{dates(booked)[0].uuid}/check-in"
    with clock.at(NOON):
        tries = [web.post(there, {"code": "x"}).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_the_desk_answers_and_lets_in(city: City, desk: Client) -> None:
    booked = book(make_room(city, needs_approval=True))
    date = dates(booked)[0].uuid
    assert "锅庄队" in desk.get("/desk/stations/").content.decode()
    desk.post(f"/desk/stations/dates/{date}/move", {"to": "approve"})
    with clock.at(NOON):
        desk.post(f"/desk/stations/dates/{date}/move", {"to": "here"})
    assert states(booked) == ["here"]


def test_the_desk_must_say_why_it_refuses(city: City, desk: Client) -> None:
    booked = book(make_room(city, needs_approval=True))
    date = dates(booked)[0].uuid
    desk.post(f"/desk/stations/dates/{date}/move", {"to": "refuse", "why": ""})
    assert states(booked) == ["asked"]
    desk.post(f"/desk/stations/dates/{date}/move", {"to": "refuse", "why": "刷墙"})
    assert states(booked) == ["refused"]


def test_the_number_is_shown_for_a_reason(room: UUID, desk: Client, web: Client) -> None:
    booked = book(room, phone="13900001234")
    there = f"/desk/stations/dates/{dates(booked)[0].uuid}/contact"
    assert "13900001234" not in desk.get(there).content.decode()
    assert desk.post(there, {"reason": ""}).status_code == 422
    assert "13900001234" in desk.post(there, {"reason": "停水"}).content.decode()
    assert "停水" in web.get(f"/bookings/{booked.token}").content.decode()


def test_another_unit_finds_no_station(city: City, room: UUID) -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=city.staff["handler"].id))
    assert client.get("/desk/stations/").status_code == 404
    assert client.get("/desk/stations/pavilion/").status_code == 404


def named(prefix: str, text: str) -> dict[str, str]:
    return {f"{prefix}-name_{code}": text for code in ("zh-hans", "bo", "en")}


def test_special_days_are_set_and_taken_back(city: City, desk: Client) -> None:
    one = station(city)
    there = "/desk/stations/pavilion/"
    given = named("special", "雪顿节") | {
        "do": "special", "special-day": "2026-11-20", "special-hours": "10:00–12:00, 14:00-15:00",
    }  # fmt: skip
    assert desk.post(there, given).status_code == 302
    day = MONDAY.date() + timedelta(days=4)
    assert len(selectors.openings(one, day, 1)[day]) == 2
    desk.post(f"{there}remove", {"day": "2026-11-20"})
    assert len(selectors.openings(one, day, 1)[day]) == 1
    wrong = desk.post(there, given | {"special-hours": "ten"})
    assert "field-error" in wrong.content.decode()


def test_the_programme_is_written_at_the_desk(city: City, desk: Client) -> None:
    one = station(city)
    there = "/desk/stations/pavilion/"
    given = named("programme", "藏戏") | {
        "do": "programme", "programme-weekday": "0", "programme-starts": "14:00",
        "programme-ends": "15:00",
    }  # fmt: skip
    assert desk.post(there, given).status_code == 302
    (entry,) = selectors.programme([one], MONDAY.date())[one.id]
    assert entry.title == "藏戏"
    for wrong in ({"programme-ends": "13:00"}, {"programme-day": "2026-11-20"}):
        assert "field-error" in desk.post(there, given | wrong).content.decode()
    desk.post(f"{there}remove", {"entry": "?"})
    desk.post(f"{there}remove", {"entry": str(entry.uuid)})
    assert selectors.programme([one], MONDAY.date())[one.id] == []


@pytest.mark.usefixtures("unhurried")
def test_a_page_of_bookings_asks_the_database_as_often_for_many_as_for_few(
    room: UUID, web: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        book(room, NOON + timedelta(hours=number))
    web.get("/stations/")
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        web.get("/stations/pavilion/")
    assert BookingDate.objects.count() == 6
