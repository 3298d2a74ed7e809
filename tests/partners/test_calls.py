"""Calls are counted by area and month; very many and very few are shown, and nobody is ranked."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.receipts import Opened
from lingka.cases.selectors.suggestions import people
from lingka.core import clock, codes, events
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.partners import calls
from lingka.partners.models import Call
from lingka.partners.receivers import count_calls
from lingka.units import actions as units
from lingka.units import selectors
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, at_door, case_of

TODAY = date(2026, 11, 16)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def called(city: City, case_type: str = "joint.street") -> Opened:
    opened = city.open(case_type)
    city.do(opened, "accept", "dispatcher")
    given = {"ground": "beyond", "unit": city.units["light"].id, "note": "来"}
    city.do(opened, "call", "dispatcher", **given)
    return opened


def heard(opened: Opened) -> None:
    for event in events.history(opened.case_uuid):
        count_calls(event)


def line(city: City, workflow: str = "street_calls") -> calls.Line:
    found = {one.workflow: one for one in calls.overview([city.root.path], TODAY)}
    return found[workflow].lines[0]


def test_a_call_counts_for_the_street_in_its_month_and_only_once(city: City) -> None:
    opened = called(city)
    heard(opened)
    heard(opened)
    assert line(city).area.id == city.street.id
    assert line(city).counts == [0, 0, 1]


def test_calls_delivered_in_another_order_count_all_the_same(city: City) -> None:
    first, second = called(city), called(city)
    heard(second)
    heard(first)
    assert line(city).counts == [0, 0, 2]


def test_a_communitys_call_counts_for_the_community(city: City) -> None:
    heard(called(city, "joint.community"))
    assert line(city, "community_calls").area.level == "community"
    assert line(city, "community_calls").counts[-1] == 1


def test_other_actions_count_nothing(city: City) -> None:
    heard(city.at("resolved"))
    assert not Call.objects.exists()


def rated(city: City, *said: tuple[bool, bool]) -> Opened:
    """A call whose lead came and reported; then the desk said this of it, one after another."""
    opened, light = called(city), city.units["light"].id
    for action, who, data in (
        ("note_arrival", "dispatcher", {"helper": light, "how": "phone"}),
        ("report_back", "handler", {"words": "好了"}),
        *(
            ("rate_unit", "dispatcher", {"helper": light, "in_time": in_time, "solved": solved})
            for in_time, solved in said
        ),
    ):
        city.do(opened, action, who, **data)
    return opened


def months_of(city: City) -> list[tuple[str, list[calls.Month]]]:
    found = {one.workflow: one for one in calls.overview([city.root.path], TODAY)}
    return [(one.unit.key, one.months) for one in found["street_calls"].rated]


def test_a_call_held_not_lawful_is_told_of_how_many_judged(city: City) -> None:
    for justified in (False, True):
        opened = rated(city)
        city.do(opened, "rate_call", "handler", justified=justified)
        heard(opened)
    assert (line(city).counts[-1], line(city).unjustified, line(city).judged) == (2, 1, 2)


def test_of_a_called_unit_it_is_told_how_often_in_time_and_solved_of_how_many(city: City) -> None:
    for said in ((True, True), (True, False), (False, False)):
        heard(rated(city, said))
    none, this = calls.Month(), calls.Month(of=3, in_time=2, solved=1)
    assert months_of(city) == [("light", [none, none, this])]


def test_of_what_is_said_again_the_last_word_counts_whatever_comes_first(city: City) -> None:
    opened = rated(city, (False, False), (True, False))
    for event in reversed(events.history(opened.case_uuid)):
        count_calls(event)
    heard(opened)
    assert months_of(city)[0][1][-1] == calls.Month(of=1, in_time=1, solved=0)


def test_units_stand_by_name_and_not_by_how_they_did(city: City) -> None:
    water, light = city.units["water"].id, city.units["light"].id
    Call.objects.bulk_create(
        Call(
            position=position, month=date(2026, 11, 1), workflow="street_calls",
            area_id=city.street.id, said="of_unit", case_uuid=uuid7(), unit_id=unit,
            in_time=good, solved=good,
        )
        for position, (unit, good) in enumerate([(water, True), (water, True), (light, False)], 1)
    )  # fmt: skip
    assert [key for key, _months in months_of(city)] == ["light", "water"]


def test_what_was_said_before_these_columns_is_read_from_the_events(city: City) -> None:
    opened = rated(city, (True, False))
    city.do(opened, "rate_call", "handler", justified=False)
    heard(opened)
    kept = list(Call.objects.order_by("position").values())
    Call.objects.filter(said="of_unit").delete()
    Call.objects.filter(said="of_call").update(said="called", unit=None, case_uuid=None)
    migration = import_module("lingka.partners.migrations.0004_calls_rated")
    migration.fill(None, SimpleNamespace(connection=connection))
    assert list(Call.objects.order_by("position").values()) == kept


@pytest.mark.parametrize(
    ("before", "now", "warning"),
    [(0, 0, "few"), (0, 4, ""), (3, 0, ""), (1, 8, "many"), (8, 1, "many")],
)
def test_very_many_and_very_few_are_worth_a_look(
    city: City, before: int, now: int, warning: str
) -> None:
    months = [date(2026, 10, 1)] * before + [date(2026, 11, 1)] * now
    Call.objects.bulk_create(
        Call(
            position=position, month=month, workflow="street_calls", area_id=city.street.id,
            said="called", lawful=True,
        )
        for position, month in enumerate(months, 1)
    )  # fmt: skip
    assert line(city).warning == warning


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_who_oversees_sees_it_for_their_areas_and_others_find_nothing(city: City, who: str) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    assert b"1 area has called nobody" in client.get("/desk/called/").content
    heard(rated(city, (True, False)))
    page = client.get("/desk/called/").content.decode()
    assert "in time 1 of 1" in page
    assert "solved 0 of 1" in page
    client.force_login(User.objects.get(username="dispatcher"))
    assert client.get("/desk/called/").status_code == 404


# -- arriving -----------------------------------------------------------------------------------


def test_a_called_worker_who_scans_the_door_says_there_that_they_are_here(city: City) -> None:
    door = at_door(city, codes.short_code())
    opened = city.open("joint.street", place_id=door.id)
    city.do(opened, "accept", "dispatcher")
    given = {"ground": "beyond", "unit": city.units["light"].id, "note": "来"}
    city.do(opened, "call", "dispatcher", **given)
    client = Client(headers={"Accept-Language": "en"})
    assert b"awaited" not in client.get(f"/p/{door.code}").content
    client.force_login(User.objects.get(username="handler"))
    page = client.get(f"/p/{door.code}")
    assert b"light, you are awaited here" in page.content
    assert page["Cache-Control"] == "no-store"
    sent = {"code": door.code, "version": str(case_of(opened).version), "op": ""}
    with clock.at(MONDAY + timedelta(minutes=12)):
        client.post(f"/desk/cases/{case_of(opened).number}/do/arrive/", sent)
    assert case_of(opened).clocks[f"arrive:{city.units['light'].id}"]["stopped"]
    assert b"awaited" not in client.get(f"/p/{door.code}").content


def test_what_a_partner_promised_is_cited_where_it_is_called_and_what_ran_out_too(
    city: City,
) -> None:
    for unit, until in (("hall", 30), ("water", -6)):
        units.register_agreement(
            city.units[unit].id, actor=SYSTEM, area_ids=[city.street.id], case_types=(),
            promise=cities.names("两小时内清走"), valid_from=TODAY - timedelta(days=300),
            valid_to=TODAY + timedelta(days=until),
        )  # fmt: skip
    selectors.forget()
    named = dict(people(case_of(city.open("joint.community")))["units"])
    assert "两小时内清走" in named[city.units["hall"].id]
    assert "到期" in named[city.units["water"].id]


@pytest.mark.parametrize(
    ("types", "begins"), [(("water.burst",), -9), ((), 9)], ids=["other work", "not yet"]
)
def test_what_was_not_promised_for_this_is_not_cited(
    city: City, types: tuple[str, ...], begins: int
) -> None:
    units.register_agreement(
        city.units["hall"].id, actor=SYSTEM, area_ids=[city.street.id], case_types=types,
        promise=cities.names("两小时内清走"), valid_from=TODAY + timedelta(days=begins),
        valid_to=TODAY + timedelta(days=30),
    )  # fmt: skip
    selectors.forget()
    named = dict(people(case_of(city.open("joint.community")))["units"])
    assert named[city.units["hall"].id] == "hall"
