"""An administrator opens stations and rooms; what is wrong is said beside its field."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.core.codes import short_code
from lingka.rooms import selectors
from tests.cases.city import City, _post, at_door
from tests.rooms.station import station

LIST = "/desk/set-up/stations/"
NAMES = {"name_zh-hans": "阅览室", "name_bo": "དཔེ་ཀློག་ཁང་།", "name_en": "Reading room"}


@pytest.fixture
def office(city: City) -> Client:
    made = _post("administrator", "administrator", city.units["office"], city.street)
    accounts.forget()
    client = Client()
    client.force_login(get_user_model().objects.get(pk=made.id))
    return client


def sent(do: str, **given: object) -> dict[str, object]:
    return {"do": do, **{f"{do}-{name}": value for name, value in given.items()}}


def filled(city: City, **changes: object) -> dict[str, object]:
    return sent("station", **{
        **NAMES, "key": "reading", "kind": "reading_room", "unit": city.units["office"].pk,
        "place": at_door(city, short_code()).code, "audiences": ["everybody"],
        "equipment": ["books"], "own_hours": "on", "hours_0": "09:00-12:30 15:00-18:00",
        "is_open": "on", **changes,
    })  # fmt: skip


def test_a_station_set_up_at_the_desk_is_there_for_residents(city: City, office: Client) -> None:
    made = office.post(f"{LIST}new", filled(city))
    assert made.headers["Location"] == f"{LIST}reading/"
    room = {"seats": 12, "longest": 90, "equipment": ["books"], "is_open": "on"}
    office.post(f"{LIST}reading/", sent("room", **NAMES, **room))
    page = Client().get("/stations/reading/").content.decode()
    assert "阅览室" in page
    assert "/stations/reading/rooms/" in page
    kept = selectors.station("reading")
    assert kept
    assert (kept.hours or {})["0"] == [["09:00", "12:30"], ["15:00", "18:00"]]


def test_what_stands_is_in_the_form_and_can_be_changed_and_closed(
    city: City, office: Client
) -> None:
    one = station(city)
    page = office.get(f"{LIST}pavilion/").content.decode()
    assert "09:00-21:00" in page
    given = filled(city, key="pavilion", place=one.place.code, own_hours="", is_open="")
    assert office.post(f"{LIST}pavilion/", given).status_code == 302
    kept = selectors.station("pavilion")
    assert kept
    assert (kept.hours, kept.is_open) == (None, False)
    assert "阅览室" in office.get(LIST).content.decode()  # closed ones stay in the list


def test_a_room_is_changed_and_no_longer_offered(city: City, office: Client) -> None:
    station(city)
    office.post(f"{LIST}pavilion/", sent("room", **NAMES, seats=12, longest=90, is_open="on"))
    (room,) = selectors.rooms_of([station_of("pavilion")])
    address = f"{LIST}pavilion/{room.uuid}"
    assert 'value="12"' in office.get(address).content.decode()
    office.post(address, sent("room", **NAMES, seats=8, longest=60))
    (room,) = selectors.rooms_of([station_of("pavilion")], closed=True)
    assert (room.seats, room.longest, room.is_open) == (8, 60, False)


def station_of(key: str) -> selectors.StationInfo:
    found = selectors.station(key)
    assert found
    return found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": "NOWHERE"}, "没有哪扇门是这个码"),
        ({"hours_2": "noon-ish"}, "09:30-13:00"),
        ({"key": "pavilion"}, "已经"),
        ({"audiences": []}, "这里要填"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    city: City, office: Client, changes: dict[str, object], said: str
) -> None:
    station(city)
    page = office.post(f"{LIST}new", filled(city, **changes))
    assert page.status_code == 400
    assert said in page.content.decode()
    assert "དཔེ་ཀློག་ཁང་།" in page.content.decode()
    assert selectors.station("reading") is None


def test_what_lies_outside_of_the_area_is_not_there(city: City, office: Client) -> None:
    station(city, unit=city.units["light"].pk)
    assert office.get(f"{LIST}pavilion/").status_code == 404
    assert "pavilion" not in office.get(LIST).content.decode()
