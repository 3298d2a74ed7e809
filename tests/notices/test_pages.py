"""The pages of notices: for everybody, on paper, spoken, in calendars; at the desk."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lingka.accounts.models import User
from lingka.areas import selectors as areas
from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.ids import uuid7
from lingka.notices import actions, calendars, documents, selectors, templates, views
from lingka.notices.models import Notice
from lingka.notices.selectors import NoticeInfo
from tests.cases.city import City, names
from tests.security.stage import _give

pytestmark = pytest.mark.django_db
PutUp = Callable[..., NoticeInfo]
ENGLISH = {"accept-language": "en"}


def desk_of(who: str) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(User.objects.get(username=who))
    return client


def form_of(page: object) -> dict[str, object]:
    """What a browser would send back of the form as it was shown."""
    form = page.context["forms"]["notice"]  # type: ignore[attr-defined]
    sent: dict[str, object] = {"do": "notice"}
    for one in form:
        value = one.value()
        if hasattr(value, "strftime"):
            value = value.strftime("%Y-%m-%dT%H:%M")
        sent[one.html_name] = "" if value is None else value
    return sent


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "停水通知"), ("bo", "ཆུ་བཀག་པའི་བརྡ་ཐོ།"), ("en", "No water")]
)
def test_a_door_shows_its_notices_first_in_the_reader_s_language(
    client: Client, put_up: PutUp, doors: list[Place], language: str, word: str
) -> None:
    put_up()
    client.cookies["language"] = language
    page = client.get(f"/p/{doors[0].code}").content.decode()
    assert word in page
    assert page.index(word) < page.index("<h1")


def test_the_page_of_a_notice_that_is_over_says_so_first(
    client: Client, put_up: PutUp, city: City
) -> None:
    notice = put_up()
    actions.withdraw(notice.code, "sooner", actor=city.staff["dispatcher"])
    page = client.get(f"/n/{notice.code}", headers=ENGLISH).content.decode()
    assert "This is over since" in page
    assert "It is over sooner than planned." in page
    assert "poster.pdf" not in page
    assert client.get(f"/n/{notice.code}/poster.pdf").status_code == 410


def test_the_list_tells_what_stands_near_a_door_and_what_is_over(
    client: Client, put_up: PutUp, doors: list[Place], city: City
) -> None:
    over = put_up()
    actions.withdraw(over.code, "sooner", actor=city.staff["dispatcher"])
    put_up(places=[doors[0].id])
    board = client.get("/notices/", {"at": doors[0].code}).context["board"]
    assert [len(board[state]) for state in ("now", "coming", "over")] == [1, 0, 1]
    elsewhere = client.get("/notices/", {"at": doors[1].code}).context["board"]
    assert [len(elsewhere[state]) for state in ("now", "coming", "over")] == [0, 0, 1]


def test_a_code_that_is_none_is_said_to_be_unknown(client: Client, city: City) -> None:
    assert "We do not know this code" in client.get(
        "/notices/", {"at": "nix"}, headers=ENGLISH
    ).content.decode()  # fmt: skip


def test_a_poster_is_one_sheet_and_the_same_each_time(put_up: PutUp) -> None:
    notice = put_up(kind="danger")
    made = documents.poster(notice)
    assert b"/Count 1" in made
    assert made == documents.poster(notice)


def test_a_poster_is_made_once_until_it_says_something_else(
    put_up: PutUp, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def print_it(said: str) -> bytes:
        made.append(said)
        return b"%PDF"

    monkeypatch.setattr(documents, "_made", print_it)
    notice = put_up()
    for _time in range(3):
        assert documents.poster(notice) == b"%PDF"
    assert len(made) == 1
    later = notice.ends_at + timedelta(days=1)
    actions.prolong(notice.code, later, actor=city.staff["dispatcher"])
    documents.poster(selectors.notice(notice.code) or notice)
    assert len(made) == 2


def test_posters_are_given_out_so_often_to_one_address(
    client: Client, put_up: PutUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_made", lambda _said: b"%PDF")
    monkeypatch.setattr(views, "POSTERS", (2, 3600))
    address = f"/n/{put_up().code}/poster.pdf"
    assert [client.get(address).status_code for _time in range(3)] == [200, 200, 429]


def test_a_calendar_s_lines_are_no_longer_than_the_standard_allows(put_up: PutUp) -> None:
    text = calendars.calendar([put_up()])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "").count("BEGIN:VEVENT") == 1


def test_the_radio_s_text_is_there_in_every_language(client: Client, put_up: PutUp) -> None:
    text = client.get(f"/n/{put_up().code}/spoken.txt").content.decode()
    assert len(text.split("\n\n")) == 3


def test_the_desk_makes_a_notice_from_a_case_with_three_clicks(
    city: City, doors: list[Place]
) -> None:
    opened = city.open("water.burst")
    desk = desk_of("dispatcher")
    address = f"/desk/noticeboard/for/{opened.case_number}/new"
    sent = form_of(desk.get(address)) | {
        "notice-targets": [f"place:{door.id}" for door in doors]
    }  # fmt: skip
    assert desk.post(address, sent).status_code == 302
    made = Notice.objects.get()
    assert (made.case_uuid, len(made.places)) == (opened.case_uuid, 3)


def test_what_does_not_do_is_said_beside_its_field_and_nothing_is_lost(
    city: City, doors: list[Place]
) -> None:
    desk = desk_of("dispatcher")
    address = f"/desk/noticeboard/in/{city.grid.code}/new?template=water_off"
    sent = form_of(desk.get(address)) | {
        "notice-targets": [f"place:{doors[0].id}"], "notice-text_en": "No water. {who} knows.",
    }  # fmt: skip
    page = desk.post(address, sent)
    assert page.status_code == 400
    assert "text_en" in page.context["forms"]["notice"].errors
    assert "No water. {who} knows." in page.content.decode()


def seventy_yards(city: City, door: Place) -> None:
    """So many places in one grid that its list is long."""
    for number in range(70):
        Place.objects.create(
            uuid=uuid7(), code=codes.short_code(), kind="building", name=names(f"{number} 号院"),
            grid=city.grid, lon=door.lon, lat=door.lat,
        )  # fmt: skip


def test_from_the_board_one_clicks_down_to_every_place_of_a_grid(
    city: City, doors: list[Place]
) -> None:
    seventy_yards(city, doors[0])
    desk, address = desk_of("dispatcher"), "/desk/noticeboard/"
    below = [one.code for one in areas.ancestors(city.grid.path)]
    for ending in ("new", *(f"/{code}/new" for code in below[below.index(city.street.code) :])):
        links = re.findall(r'href="(/desk/noticeboard/[^"?]+)"', desk.get(address).content.decode())
        address = next(one for one in links if one.endswith(ending))
    page = desk.get(f"{address}?template=water_off")
    offered = [key for key, _name in page.context["targets"]]
    yards = [name for _key, name in page.context["targets"] if name.endswith("号院")]
    assert yards[8:11] == ["8 号院", "9 号院", "10 号院"]  # as people count
    assert (offered[0], len(offered)) == (f"area:{city.grid.id}", 1 + 3 + 70)
    sent = form_of(page) | {"notice-targets": [offered[-1]]}
    assert desk.post(address, sent).status_code == 302
    assert Notice.objects.get().places == [int(offered[-1].partition(":")[2])]


def test_a_place_of_a_long_grid_is_found_by_its_name_and_nothing_typed_is_lost(
    city: City, doors: list[Place]
) -> None:
    seventy_yards(city, doors[0])
    desk, address = desk_of("dispatcher"), f"/desk/noticeboard/in/{city.grid.code}/new"
    sent = form_of(desk.get(f"{address}?template=water_off"))
    ticked = f"place:{doors[0].id}"
    looked = {"notice-targets": [ticked], "notice-phone": "0891-6", "like": "42 号"}
    page = desk.post(address, sent | looked | {"do": "look"})
    html = page.content.decode()
    shown = re.findall(r'name="notice-targets" value="([^"]+)"', html)
    assert (page.status_code, "0891-6" in html, len(shown)) == (200, True, 2)
    assert "field-error" not in html
    sent = form_of(page) | {"notice-targets": shown, "like": ""}
    answer = desk.post(address, sent)
    assert answer.status_code == 302, answer.context["forms"]["notice"].errors
    assert len(Notice.objects.get().places) == 2


def test_places_outside_one_s_area_cannot_be_ticked(city: City, doors: list[Place]) -> None:
    address = f"/desk/noticeboard/in/{city.grid.code}/new?template=water_off"
    desk = desk_of("dispatcher")
    sent = form_of(desk.get(address)) | {"notice-targets": [f"area:{city.root.id}"]}
    assert "targets" in desk.post(address, sent).context["forms"]["notice"].errors


def test_the_desk_prolongs_and_takes_down(put_up: PutUp) -> None:
    notice = put_up()
    desk = desk_of("dispatcher")
    address = f"/desk/noticeboard/n/{notice.code}"
    later = timezone.localtime(notice.ends_at).strftime("%Y-%m-%dT23:45")
    assert desk.post(address, {"do": "prolong", "prolong-ends_at": later}).status_code == 302
    assert desk.post(address, {"do": "withdraw", "withdraw-why": "sooner"}).status_code == 302
    assert "sooner than planned" in desk.get(address).content.decode()


def test_the_case_page_offers_a_notice_to_the_desk_alone(city: City) -> None:
    opened = city.at("handling")
    address = f"/desk/cases/{opened.case_number}/"
    assert "/desk/noticeboard/for/" in desk_of("dispatcher").get(address).content.decode()
    assert "/desk/noticeboard/for/" not in desk_of("handler").get(address).content.decode()


def test_who_follows_the_case_reads_the_notice_on_the_receipt(
    client: Client, city: City, put_up: PutUp
) -> None:
    opened = city.at("handling")
    notice = put_up(case_uuid=opened.case_uuid)
    assert f"/n/{notice.code}" in client.get(f"/r/{opened.token}").content.decode()


def test_a_template_is_changed_by_the_town_s_administrator_and_kept_whole(city: City) -> None:
    _give(city, "administrator", "administrator", "hall", city.root)
    desk = desk_of("administrator")
    page = desk.get("/desk/noticeboard/templates/water_off")
    form = page.context["forms"]["template"]
    sent = {one.html_name: one.value() for one in form} | {"do": "template"}
    assert desk.post(page.request["PATH_INFO"], sent | {"template-hours": 8}).status_code == 302
    found = templates.template("water_off")
    assert found is not None
    assert (found.number, found.hours) == (1, 8)
    assert found.cases == ("water.burst", "water.none", "water.leak")
    refused = desk.post(page.request["PATH_INFO"], sent | {"template-title_bo": "{unit}"})
    assert refused.status_code == 400
    assert selectors.board()["now"] == []


def test_a_new_template_is_offered_for_its_matters_once_its_variables_are_right(
    city: City,
) -> None:
    _give(city, "administrator", "administrator", "hall", city.root)
    desk = desk_of("administrator")
    sent: dict[str, object] = {
        "do": "template", "template-kind": "works", "template-hours": 8,
        "template-matters": ["parking."],
    }  # fmt: skip
    for code in ("zh-hans", "bo", "en"):
        sent |= {f"template-title_{code}": "Fair", f"template-text_{code}": "{where} {until}"}
    wrong = desk.post(
        "/desk/noticeboard/templates/new", sent | {"template-text_en": "{where} {untill}"}
    )
    assert wrong.status_code == 400
    assert "Only these can be filled in" in wrong.content.decode()
    assert desk.post("/desk/noticeboard/templates/new", sent).status_code == 302
    made = templates.for_case("parking.street")
    assert made is not None
    assert (made.kind, made.hours, made.name) == ("works", 8, "Fair")
    page = f"/desk/noticeboard/templates/{made.key}"
    assert desk.post(page, {"do": "retire"}).status_code == 302
    assert templates.template(made.key) is None
    assert f'href="{page}"' in desk.get("/desk/noticeboard/templates/").content.decode()
    gone = desk.get(page).content.decode()
    assert ("Offer it again" in gone, "Offer it no more" in gone) == (True, False)
    assert desk.post(page, sent).status_code == 302
    again = templates.template(made.key)
    assert again is not None
    assert (again.number, again.name) == (3, "Fair")
