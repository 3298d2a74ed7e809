"""Registers at the desk: a place is searched for, two desks lose nothing, lists go on."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingka.areas import cache
from lingka.areas.models import Place
from lingka.core import clock, codes
from lingka.core.ids import uuid7
from lingka.patrols import actions
from lingka.patrols.finding import MOST
from lingka.patrols.models import Entry
from lingka.patrols.selectors import entries
from tests.cases.city import MONDAY, City, names
from tests.patrols import town as towns
from tests.patrols.test_pages import signed_in, text
from tests.patrols.test_registers import STREET, enter, held, look
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
LIST = "/desk/registers/stalls/"


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def shops(town: Town, number: int, kind: str = "shop") -> list[Place]:
    made = Place.objects.bulk_create(
        Place(
            uuid=uuid7(), code=codes.short_code(), kind=kind, name=names(f"{kind} {at:04}"),
            address={}, grid=town.city.grid, lon=91.13, lat=29.65,
        )
        for at in range(number)
    )  # fmt: skip
    cache.forget()
    return made


@pytest.fixture
def stall(town: Town) -> UUID:
    """Given to a shop that no list offers by itself."""
    shop = shops(town, MOST + 1)[-1]
    values = {"shop": str(shop.uuid), "hours": "18:30-22:00"}
    return enter(town, "stalls", state="given", values=values)


def sent(uuid: UUID, **changes: Any) -> dict[str, Any]:
    """The form as it stands on the page, with changes."""
    one = entries.entry(uuid)
    assert one
    first = {"do": "save", "version": one.version, "state": one.state.key, **one.values}
    return first | changes


def url(uuid: UUID) -> str:
    return f"/desk/registers/entries/{uuid}/"


def test_the_place_that_was_there_stays_however_many_others_there_are(
    town: Town, stall: UUID
) -> None:
    desk, before = signed_in(town, "dispatcher"), held(stall)
    page = desk.get(url(stall)).content.decode()
    assert f'value="{before[1]["shop"]}" selected' in page
    assert desk.post(url(stall), sent(stall, hours="18:00-21:00")).status_code == 302
    assert held(stall) == (before[0], before[1] | {"hours": "18:00-21:00"})


def test_a_place_is_searched_for_without_losing_what_was_typed(town: Town, stall: UUID) -> None:
    desk, was = signed_in(town, "dispatcher"), held(stall)
    looked = sent(stall, do="find", find_shop="shop 0029", hours="17:00-20:00")
    page = desk.post(url(stall), looked)
    found = Place.objects.get(name__en="shop 0029")
    assert page.status_code == 200
    assert f'value="{found.uuid}" selected' in page.content.decode()
    assert 'value="17:00-20:00"' in page.content.decode()
    assert held(stall) == was


def test_a_search_that_was_not_made_is_not_passed_over(town: Town, stall: UUID) -> None:
    desk, was = signed_in(town, "dispatcher"), held(stall)
    page = desk.post(url(stall), sent(stall, find_shop="shop 0029"))
    assert page.status_code == 422
    assert "Please choose one of those found" in text(page)
    assert held(stall) == was
    searched = sent(stall, find_shop="shop 0029", find_shop_sent="shop 0029")
    assert desk.post(url(stall), searched).status_code == 302


def test_a_place_to_be_entered_is_found_by_name_or_code(town: Town) -> None:
    desk, far = signed_in(town, "dispatcher"), shops(town, MOST + 9, "market")[-1]
    assert far.name["en"] not in text(desk.get(LIST))
    for said in (far.name["en"], codes.pretty(far.code)):
        page = desk.post(LIST, {"do": "find", "find_place": said, "state": "free"})
        assert f'value="{far.pk}" selected' in page.content.decode()
    assert "Nothing found" in text(desk.post(LIST, {"do": "find", "find_place": "nowhere"}))
    entered = {"do": "save", "place": far.pk, "state": "free", "find_place": far.name["en"]}
    assert desk.post(LIST, entered).status_code == 302
    again = desk.post(LIST, {"do": "find", "find_place": codes.pretty(far.code)})
    assert "Nothing found" in text(again)  # it is in already


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "00000000-0000-0000-0000-00000000000g"])
def test_an_odd_place_or_version_is_refused_beside_the_field(
    town: Town, stall: UUID, odd: str
) -> None:
    desk, was = signed_in(town, "dispatcher"), held(stall)
    for page in (desk.post(url(stall), sent(stall, shop=odd)), desk.post(LIST, {"place": odd})):
        assert page.status_code == 422
    assert desk.post(url(stall), sent(stall, version=odd, hours="08:00-09:00")).status_code == 409
    assert held(stall) == was


# -- two desks -------------------------------------------------------------------------------


def test_two_desks_that_change_different_fields_lose_nothing(town: Town) -> None:
    uuid, desk = enter(town), signed_in(town, "dispatcher")
    mine, theirs = sent(uuid, bays=40), sent(uuid, shared="18:30-08:00")
    assert [desk.post(url(uuid), one).status_code for one in (theirs, mine)] == [302, 302]
    assert held(uuid) == ("open", {"bays": 40, "shared": "18:30-08:00"})


def test_two_desks_that_change_the_same_are_told_and_lose_nothing(town: Town) -> None:
    uuid, desk = enter(town), signed_in(town, "dispatcher")
    mine, theirs = sent(uuid, bays=40), sent(uuid, bays=38, state="full", shared="18:30-08:00")
    desk.post(url(uuid), theirs)
    page = desk.post(url(uuid), mine)
    whole = page.content.decode()
    assert page.status_code == 409
    assert "Meanwhile somebody else wrote “38”." in text(page)
    assert 'name="bays" value="40"' in whole  # what was typed
    assert 'name="shared" value="18:30-08:00"' in whole  # what only the other wrote
    assert 'value="full" selected' in whole
    assert held(uuid)[1]["bays"] == 38
    assert desk.post(url(uuid), sent(uuid, bays=40)).status_code == 302  # read, and meant
    assert held(uuid) == ("full", {"bays": 40, "shared": "18:30-08:00"})


def test_nothing_is_taken_out_that_was_changed_since_it_was_read(town: Town) -> None:
    uuid, desk = enter(town), signed_in(town, "dispatcher")
    out = sent(uuid, do="end")
    desk.post(url(uuid), sent(uuid, bays=38))
    page = desk.post(url(uuid), out)
    assert (page.status_code, "Please look before you take it out." in text(page)) == (409, True)
    assert desk.post(url(uuid), sent(uuid, do="end")).status_code == 302
    late = desk.post(url(uuid), sent(uuid, bays=41))
    assert (late.status_code, "took this place out of the register" in text(late)) == (409, True)


def test_what_a_round_saw_otherwise_is_no_version_that_a_desk_read(town: Town) -> None:
    uuid, desk = enter(town), signed_in(town, "dispatcher")
    read = sent(uuid, bays=40)
    clash = {"bays": {"from": 1, "to": 2}}
    assert actions.see_entry(uuid, clash, actor=town.walker).clashing == ["bays"]
    actions.see_entry(uuid, {"state": {"from": "open", "to": "full"}}, actor=town.walker)
    assert desk.post(url(uuid), read).status_code == 302
    assert held(uuid) == ("full", {"bays": 40})


# -- lists -----------------------------------------------------------------------------------


@pytest.fixture
def many(town: Town) -> int:
    """More entries than a page holds, each naming a shop."""
    shop = str(town.places[1].uuid)
    places = shops(town, 2 * entries.PAGE + 1, "market")
    Entry.objects.bulk_create(
        Entry(
            uuid=uuid7(), register="stalls", place=one, state="given", values={"shop": shop},
            since="2026-11-16", seen_on="2026-11-16",
            written_on="2026-11-16",
        )
        for one in places
    )  # fmt: skip
    return len(places)


def test_a_list_goes_on_until_its_end(town: Town, many: int) -> None:
    desk, seen, at = signed_in(town, "dispatcher"), set(), LIST
    for _page in range(3):
        page = desk.get(at).content.decode()
        seen |= {part.split("/", 1)[0] for part in page.split("/desk/registers/entries/")[1:]}
        at = LIST + "?" + page.split("&amp;after=")[-1].split('"')[0].join(("after=", ""))
    assert len(seen) == many
    assert "&amp;after=" not in page
    assert f"Given {many}" in text(desk.get("/desk/registers/"))


def test_everybody_reads_all_of_a_public_register(town: Town, many: int) -> None:
    pages = [text(Client().get(f"/registers/stalls/?page={at}")) for at in (1, 2, 3)]
    assert sum(page.count("market 0") for page in pages) == many


def test_a_stall_that_nobody_looked_at_for_long_is_to_be_seen_until_somebody_does(
    town: Town,
) -> None:
    uuid, desk = enter(town, "stalls", state="free", values={}), signed_in(town, "dispatcher")
    assert "to be seen" not in text(desk.get(LIST))
    with clock.at(MONDAY + timedelta(days=31)):
        assert "1 to be seen again" in text(desk.get(LIST))
        assert str(uuid) in text(desk.get(f"{LIST}?show=to-see"))
        look(town, STREET)
        assert str(uuid) not in text(desk.get(f"{LIST}?show=to-see"))
    assert held(uuid) == ("free", {})


def test_a_phone_that_looked_and_saw_nothing_new_has_looked(town: Town) -> None:
    uuid, later = enter(town), MONDAY + timedelta(days=15)
    with clock.at(later):
        actions.see_entry(uuid, {"state": {"from": "open", "to": "open"}}, actor=town.walker)
        late = date(2026, 11, 20)  # a phone that was without a network
        actions.see_entry(uuid, {}, actor=town.walker, day=late)
    assert Entry.objects.get(uuid=uuid).seen_on == later.date()


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("at", [LIST, "/desk/registers/", "/registers/stalls/", LIST + "book.xlsx"])
def test_a_list_costs_the_same_however_long_it_is(
    town: Town, at: str, request: pytest.FixtureRequest
) -> None:
    desk = signed_in(town, "dispatcher")
    enter(town, "stalls", STREET, state="given", values={"shop": str(town.places[1].uuid)})
    few = statements(desk, at)
    request.getfixturevalue("many")
    assert statements(desk, at) == few


def statements(desk: Client, at: str) -> int:
    """Of the second time: what a process keeps is read once."""
    desk.get(at)
    with CaptureQueriesContext(connection) as found:
        desk.get(at)
    return len(found.captured_queries)


def test_a_search_that_no_database_takes_is_answered(town: Town, stall: UUID) -> None:
    desk = signed_in(town, "dispatcher")
    answer = desk.post(url(stall), sent(stall, do="find", find_shop="\x00"))
    assert answer.status_code == 200


def test_what_others_wrote_while_one_searched_is_not_overwritten(town: Town, stall: UUID) -> None:
    desk, typed = signed_in(town, "dispatcher"), sent(stall, hours="19:00-22:00")
    meant = sent(stall, hours="18:30-23:30")
    assert signed_in(town, "dispatcher").post(url(stall), meant).status_code == 302
    page = text(desk.post(url(stall), typed | {"do": "find", "find_shop": "shop"}))
    kept = f'name="version" value="{typed["version"]}"'
    assert kept in page
    assert desk.post(url(stall), typed).status_code == 409
    now = entries.entry(stall)
    assert now
    assert now.values["hours"] == "18:30-23:30"
