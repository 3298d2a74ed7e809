"""Registers of places: entered at a desk, kept up on rounds, shown to everybody without anybody."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.test import Client

from lingka.core import clock
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.patrols import actions, registers
from lingka.patrols.models import EntryState
from lingka.patrols.selectors import entries
from tests.cases.city import MONDAY, City, problem, refusal
from tests.patrols import town as towns
from tests.patrols.test_pages import signed_in, text
from tests.patrols.test_submitting import picture, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
SHOP, STREET = 1, 2  # of the town's places


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def enter(town: Town, register: str = "parking", at: int = STREET, **more: Any) -> UUID:
    values: dict[str, Any] = {
        "state": "open", "values": {"bays": 36}, "actor": town.city.staff["dispatcher"],
    }  # fmt: skip
    return actions.make_entry(register, town.places[at].id, **(values | more))


def bays(**changes: Any) -> dict[str, Any]:
    """A look at parking and shopfront in which all is in order."""
    asked = ("clean", "order", "facilities", "commitment", "sign", "barrier_free", "engine_lane")
    return {key: {"value": "yes"} for key in asked} | {
        key: {"value": value} for key, value in changes.items()
    }  # fmt: skip


def look(town: Town, at: int, **changes: Any) -> actions.Submitted:
    return submit(
        town, bays(**changes), checklist="parking_shopfront", place=town.places[at].id
    )  # fmt: skip


def held(uuid: UUID) -> tuple[str, dict[str, Any]]:
    one = entries.entry(uuid)
    assert one
    return one.state.key, dict(one.values)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"bays": "many"}, "bays"), ({"bays": 2001}, "bays"),
        ({"shared": "in the evening"}, "shared"),
        ({"owner": "扎西"}, "owner"), ({"shared": "18:00-18:00"}, "shared"),
    ],
)  # fmt: skip
def test_what_a_register_does_not_ask_is_refused_beside_its_field(
    town: Town, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Problem) as caught:
        enter(town, values=values)
    assert caught.value.field == field


def test_no_register_has_room_for_words() -> None:
    kinds = {field.kind for one in registers.registers().values() for field in one.fields}
    assert kinds <= {"number", "day", "hours", "choice", "place"}


def test_a_place_is_once_in_a_register_and_can_come_back(town: Town) -> None:
    first = enter(town)
    with problem("register"):
        enter(town)
    actions.end_entry(first, actor=town.city.staff["dispatcher"])
    assert enter(town) != first


def test_only_who_plans_rounds_there_writes_at_the_desk(town: Town) -> None:
    with refusal("not_planner"):
        enter(town, actor=town.walker)


def test_a_look_on_a_round_sets_the_state_and_what_was_counted(town: Town) -> None:
    uuid = enter(town)
    with clock.at(MONDAY + timedelta(days=1)):
        look(town, STREET, shared="full", two_wheelers=7)
    assert held(uuid) == ("full", {"bays": 36, "free": 7})
    assert list(EntryState.objects.order_by("turn").values_list("how", "state", "day")) == [
        ("desk", "open", MONDAY.date()),
        ("round", "full", MONDAY.date() + timedelta(days=1)),
    ]


def test_a_shopfront_that_needs_a_hand_says_so_with_the_hazard(town: Town) -> None:
    uuid = enter(town, "shopfronts", SHOP, state="kept", values={})
    taken = picture(town)
    said = bays() | {"order": {"value": "no", "photos": [str(taken)]}}
    done = submit(
        town, said, checklist="parking_shopfront", place=town.places[SHOP].id, attachments=[taken]
    )
    one = entries.entry(uuid)
    assert one
    assert (one.state.key, one.values) == ("help", {"board": "hangs"})
    assert [str(case) for case in entries.history(one)[0].cases] == done.cases


def test_a_look_that_comes_late_overwrites_nothing_newer(town: Town) -> None:
    uuid = enter(town)
    with clock.at(MONDAY - timedelta(days=1)):
        look(town, STREET, shared="full")
    assert held(uuid) == ("open", {"bays": 36})


def test_a_look_that_changes_nothing_adds_no_line(town: Town) -> None:
    enter(town)
    look(town, STREET, shared="open")
    assert EntryState.objects.count() == 1


def test_a_phone_merges_what_nobody_else_changed(town: Town) -> None:
    uuid = enter(town)
    town_desk = town.city.staff["dispatcher"]
    actions.change_entry(uuid, state="open", values={"bays": 40}, actor=town_desk)
    said = {"state": {"from": "open", "to": "closed"}}
    assert actions.see_entry(uuid, said, actor=town.walker).changed == ["state"]
    assert held(uuid) == ("closed", {"bays": 40})


def test_what_clashes_is_written_over_nothing_and_stands_in_the_history(town: Town) -> None:
    uuid = enter(town)
    said = {"bays": {"from": 30, "to": 31}}
    seen = actions.see_entry(uuid, said, actor=town.walker)
    assert (seen.clashing, seen.now) == (["bays"], {"bays": 36})
    assert held(uuid) == ("open", {"bays": 36})
    page = text(signed_in(town, "dispatcher").get(f"/desk/registers/entries/{uuid}/"))
    assert "Seen so while the desk wrote something else" in page


def test_what_a_round_keeps_up_says_neither_who_nor_where_in_the_log(town: Town) -> None:
    uuid = enter(town)
    actions.see_entry(uuid, {"state": {"from": "open", "to": "full"}}, actor=town.walker)
    [told] = Event.objects.filter(type="patrols.EntrySeen")
    assert told.data == {}
    assert told.stream_id != uuid
    kept = EntryState.objects.get(how="round")
    assert kept.pk > 10**9  # not counted on


@pytest.mark.parametrize(
    ("hour", "said"),
    [("17:59", ("later", "18:30")), ("18:30", ("open", "08:00")), ("23:10", ("open", "08:00")),
     ("07:59", ("open", "08:00")), ("08:00", ("later", "18:30"))],
)  # fmt: skip
def test_hours_may_go_past_midnight(hour: str, said: tuple[str, str]) -> None:
    at = datetime.fromisoformat(f"2026-11-16T{hour}")
    assert registers.opens("18:30-08:00", at) == said


def test_everybody_sees_which_bays_are_open_and_until_when(town: Town) -> None:
    enter(town, values={"bays": 50, "shared": "09:00-19:00"})
    page = text(Client(headers={"accept-language": "en"}).get("/registers/parking/"))
    assert "Open now, until 19:00" in page
    assert "Bays for cars 50" in page
    assert Client().get("/registers/shopfronts/").status_code == 404


def test_the_desk_enters_changes_and_takes_out(town: Town) -> None:
    desk = signed_in(town, "dispatcher")
    url, sent = "/desk/registers/stalls/", {"place": town.places[STREET].id, "state": "free"}
    wrong = desk.post(url, sent | {"hours": "early"})
    assert wrong.status_code == 422
    assert "As in 18:30-08:00." in text(wrong)
    made = desk.post(url, sent | {"hours": "18:30-22:00"})
    given = {
        "do": "save",
        "version": 1,
        "state": "given",
        "shop": str(town.places[SHOP].uuid),
        "until": "2026-12-01",
    }
    assert desk.post(made["Location"], given).status_code == 302
    page = text(desk.get(made["Location"]))
    assert "Given to shop" in page.replace("</dt><dd>", " ")
    desk.post(made["Location"], {"do": "end", "version": 2})
    assert "taken out" in text(desk.get(made["Location"]))


def test_a_shop_is_named_by_a_place_that_is_one(town: Town) -> None:
    with pytest.raises(Problem) as caught:
        enter(town, "stalls", values={"shop": str(town.places[STREET].uuid)}, state="given")
    assert caught.value.field == "shop"


def test_the_register_goes_out_as_excel(town: Town) -> None:
    enter(town)
    file = signed_in(town, "walker").get("/desk/registers/parking/book.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.values)  # type: ignore[union-attr]
    assert rows[1][1:4] == ("street", "Open", "36")
