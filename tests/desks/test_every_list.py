"""Every page of the desk that is a list can be had as Excel, or a reviewed reason says why not."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lingka.accounts.models import Post, User
from lingka.core import listings
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.desks import actions, selectors
from lingka.desks.models import ListFile
from tests.cases import city as cities
from tests.cases.city import City
from tests.desks.test_lists import signed_in

# Reviewed by hand. A new address of the desk shows a list, and names it in its module's `listings`,
# or gets a line here: under what it is, or with a reason of its own.
FORM = "a form, or what follows from one"
ONE = "one thing, not a list of things"
FILE = "is a file already"
PART = "a part of another page"
WITHOUT = {
    FORM: """
        areas:import areas:retire cases:act cases:again cases:bulk cases:contact cases:draft
        cases:drop_view cases:hand_over cases:new_reply cases:reply cases:retire_reply
        cases:save_view cases:say cases:try counter:hand_in counter:move counter:new_window
        counter:window exchange:edit exchange:new field:rescue guides:edit guides:new guides:retire
        insight:new_appeal insight:speak intake:call intake:call-day-off members:new-workplace
        volunteering:new volunteering:new-need volunteering:new-campaign
        deliberation:new deliberation:edit
        intake:call-day-leader notices:new
        notices:new-for notices:new-in notices:new-template notices:template
        notifications:forget_devices notifications:preferences notifications:subscribe ops:put
        partners:ask points:edit-shop points:give points:good points:hand
        points:new-good points:new-shop voting:edit voting:new voting:one
        covenants:change covenants:new
        points:back points:entered points:freeze
        points:scan patrols:edit patrols:end-drive patrols:end-plan patrols:explain
        patrols:import patrols:new-checklist patrols:new-drive patrols:new-plan patrols:retire
        projects:enter promises:new rooms:contact rooms:move rooms:new_station rooms:remove
        rooms:set_up rooms:set_up_room new_person new_unit
    """,
    ONE: """
        agreement calendar callbacks:call cases:case cases:print cases:workflow counter:papers
        deliberation:keep-topic deliberation:meeting deliberation:table
        exchange:peer field:device insight:appeal members:workplace notices:manage ops:change
        partners:links points:ours volunteering:manage volunteering:need
        volunteering:desk-campaign projects:list
        projects:manage
        patrols:checklist patrols:drive patrols:entry patrols:look patrols:plan patrols:round
        patrols:version person points:shop rooms:edit surveys:desk unit
    """,
    FILE: """
        agreement_document areas:sheets cases:file deliberation:recording
        desks:list_file exchange:differences
        ledgers:hazards-pdf notifications:worker patrols:drive-book patrols:drive-paper
        patrols:look-file patrols:register-book patrols:xlsform projects:sign surveys:poster
    """,
    PART: "cases:kept cases:keys cases:rows cases:watch intake:call-hints",
    "the lists taken out themselves": "desks:lists",
    "what was found by a code or a place: nobody takes out a search": "cases:find",
    "one's own day, put together from the queue, which has its own": "cases:day",
    "who comes to an activity: names that members chose leave in no file":
        "volunteering:shift volunteering:code",
    "a code on a screen, for those at the table": "deliberation:code",
    "some councils, each with its page; what they decide is public": "deliberation:desk",
    "residents' words that are no case yet; they stay where they are decided": "intake:held",
    "figures with what they are of; each opens into its cases, and those are a list":
        "insight:board insight:assessment patrols:week patrols:month patrols:registers",
    "months with the versions that were published, each of them a page": "insight:published",
    "who read a contact: it stays beside the case, for whoever may look there": "cases:readings",
    "its columns are those of the register, which goes out as a file of its own":
        "patrols:register",
    "diagrams": "cases:workflows",
    "how the software runs; `lingka doctor` and /metrics give the same": "ops:deliveries",
    "two or three platforms; what differs with one is a CSV of its own": "exchange:index",
    "keys of other software: made, seen once and revoked here": "api_keys",
}  # fmt: skip


def addresses(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", here
        else:
            yield from addresses(one, here, f"{space}{one.namespace}:" if one.namespace else space)


def pages_of_the_desk() -> set[str]:
    return {name for name, route in addresses(get_resolver()) if route.startswith("desk/")}


def excused() -> list[str]:
    return [name for names in WITHOUT.values() for name in names.split()]


def test_every_page_of_the_desk_is_a_list_with_excel_or_is_excused() -> None:
    bare = {one for one in pages_of_the_desk() if listings.of_page(one) is None}
    assert bare == set(excused())


def test_no_page_is_excused_twice_or_shows_two_lists() -> None:
    listings.discover()
    shown = [page for one in listings.LISTINGS.values() for page in one.pages]
    named = shown + excused()
    assert sorted(named) == sorted(set(named))


def test_a_new_page_without_either_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(listings.LISTINGS, "burden")
    assert listings.of_page("partners:burden") is None
    assert "partners:burden" not in excused()


@pytest.fixture
def keeper(city: City) -> Actor:
    """An administrator of the whole town."""
    user = User.objects.create(uuid=uuid7(), username="keeper", name="Keeper", password="!")
    post = Post.objects.create(
        user=user, role="administrator", unit=city.units["light"], area=city.root,
        valid_from=cities.START,
    )  # fmt: skip
    return Actor("user", user.pk, post.pk)


def rows_of(actor: Actor, uuid: UUID) -> list[list[Any]]:
    while actions.make_some(uuid):
        pass
    found = selectors.list_file(uuid, actor)
    assert found is not None
    sheet = openpyxl.load_workbook(BytesIO(found[1])).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_button_of_a_page_keeps_its_filters(keeper: Actor) -> None:
    page = signed_in("keeper").get("/desk/units/?name=光").content.decode()
    assert 'name="listing" value="units"' in page
    assert 'name="query" value="name=%E5%85%89"' in page


def test_what_somebody_typed_narrows_the_file_and_is_not_kept(city: City, keeper: Actor) -> None:
    name = {"zh-hans": "路灯所", "bo": "སྒྲོན་མེ།", "en": "Lights"}
    city.units["light"].name = name
    city.units["light"].save()
    asked = {"listing": "units", "query": "name=lights"}
    assert signed_in("keeper").post("/desk/lists/", asked).status_code == 302
    made = ListFile.objects.get()
    assert [row[0] for row in rows_of(keeper, made.uuid)[1:]] == ["Lights"]
    assert made.query == {}
    assert Event.objects.get(type="desks.ListTaken").data["query"] == {}


def test_a_page_of_one_thing_hands_it_on_to_its_file(city: City, keeper: Actor) -> None:
    street = city.street
    page = signed_in("keeper").get(f"/desk/areas/{street.pk}/").content.decode()
    assert f'name="query" value="area_id={street.pk}"' in page


def test_a_list_that_the_page_refuses_is_refused_as_a_file(city: City) -> None:
    asked = {"listing": "burden", "query": ""}
    assert signed_in("handler").post("/desk/lists/", asked).status_code == 404
    assert 'name="listing"' not in signed_in("handler").get("/desk/ask/").content.decode()


def test_headings_stand_in_the_language_of_whoever_asked(city: City, keeper: Actor) -> None:
    uuid = actions.take_list("staff", {}, actor=keeper, language="zh-hans")
    assert rows_of(keeper, uuid)[0] == ["名称", "登录名", "各岗位", "状态"]


def test_the_file_of_what_was_changed_follows_nobody_through_the_day(keeper: Actor) -> None:
    actions.take_list("staff", {}, actor=keeper, language="en")
    page = signed_in("keeper").get("/desk/changes/").content.decode()
    assert "List taken out as a file" in page
    rows = rows_of(keeper, actions.take_list("versions", {}, actor=keeper, language="en"))
    assert "List taken out as a file" not in repr(rows)
