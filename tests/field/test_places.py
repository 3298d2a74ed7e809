"""Corrections of places: disjoint fields merge, the same field is looked at by somebody."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingka.areas import cache
from lingka.areas.correcting import merge
from lingka.areas.models import Place
from lingka.core import events
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.field import selectors
from tests.cases.city import HERE, City
from tests.field.conftest import Phone, registered
from tests.field.test_devices import administrator
from tests.field.test_pull import place

pytestmark = pytest.mark.django_db
Pair = dict[str, Any]


def pair(before: Any, after: Any) -> Pair:
    return {"from": before, "to": after}


def correct(phone: Phone, row: Place, **changes: Pair) -> dict[str, Any]:
    named = {name.replace("__", ".").replace("_", "-"): one for name, one in changes.items()}
    return phone.op("place", row.uuid, data={"changes": named})


@pytest.fixture
def yard(city: City) -> Place:
    return place(city)


def test_fields_that_nobody_else_changed_are_merged(city: City, phone: Phone, yard: Place) -> None:
    name = correct(phone, yard, name__zh_hans=pair("3 号院", "三号院"))
    address = correct(phone, yard, address__bo=pair("", "ཞོལ་ལམ།"), kind=pair("building", "shop"))
    results = phone.push(name, address)
    assert [one["result"]["changed"] for one in results] == [
        ["name.zh-hans"], ["address.bo", "kind"],
    ]  # fmt: skip
    yard.refresh_from_db()
    assert (yard.name["zh-hans"], yard.address, yard.kind) == ("三号院", {"bo": "ཞོལ་ལམ།"}, "shop")
    assert len(events.history(yard.uuid)) == 2


def clash(phone: Phone, yard: Place) -> dict[str, Any]:
    phone.push(correct(phone, yard, name__zh_hans=pair("3 号院", "三号院")))
    late = correct(
        phone, yard, name__zh_hans=pair("3 号院", "叁号院"), kind=pair("building", "shop")
    )
    [told] = phone.push(late)
    return told


def test_the_same_field_is_a_conflict_and_nothing_of_it_is_written(
    phone: Phone, yard: Place
) -> None:
    told = clash(phone, yard)
    assert (told["status"], told["problem"]["type"]) == ("conflict", "/problems/same_field")
    assert told["problem"]["errors"][0]["field"] == "changes.name.zh-hans"
    yard.refresh_from_db()
    assert (yard.name["zh-hans"], yard.kind) == ("三号院", "building")


@pytest.mark.parametrize(("verdict", "name"), [("take", "叁号院"), ("leave", "三号院")])
def test_the_administrator_says_which_counts_once(
    city: City, phone: Phone, yard: Place, verdict: str, name: str
) -> None:
    clash(phone, yard)
    client = administrator(city)
    page = client.get("/desk/devices/").content.decode()
    assert all(word in page for word in ("叁号院", "三号院", "名称 · 中文", "类别"))
    [number] = [one.id for one in client.get("/desk/devices/").context["clashes"]]
    for _ in range(2):
        said = {"operation": number, "do": verdict}
        assert client.post("/desk/devices/", said).status_code == 302
    yard.refresh_from_db()
    assert yard.name["zh-hans"] == name
    assert "叁号院" not in client.get("/desk/devices/").content.decode()
    decided = phone.standing().json()["operations"][1]["result"]["decided"]
    assert decided == {"take": "taken", "leave": "left"}[verdict]
    [told] = Event.objects.filter(type="field.CorrectionDecided")
    assert told.data["taken"] == (verdict == "take")
    assert told.actor["kind"] == "user"


def test_a_clash_that_another_phone_brings_again_is_decided_once_for_both(
    city: City, phone: Phone, yard: Place
) -> None:
    phone.push(correct(phone, yard, name__zh_hans=pair("3 号院", "三号院")))
    late = correct(phone, yard, name__zh_hans=pair("3 号院", "叁号院"))
    other = registered(city.staff["walker"].id)
    assert phone.push(late) == other.push(late)
    client = administrator(city)
    [one] = client.get("/desk/devices/").context["clashes"]
    client.post("/desk/devices/", {"operation": one.id, "do": "leave"})
    assert client.get("/desk/devices/").context["clashes"] == []
    for each in (phone, other):
        assert each.standing().json()["operations"][-1]["result"]["decided"] == "left"


def test_clashes_elsewhere_hide_none_of_those_here(
    city: City, phone: Phone, yard: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cases.city import grid_elsewhere

    other = place(city)
    clash(phone, yard)
    clash(phone, other)  # newer
    Place.objects.filter(pk=other.pk).update(grid=grid_elsewhere())
    cache.forget()
    monkeypatch.setattr(selectors, "MOST_CLASHES", 1)
    page = administrator(city, city.street).get("/desk/devices/")
    assert [one.place.uuid for one in page.context["clashes"]] == [yard.uuid]


def test_nobody_else_decides(city: City, phone: Phone, yard: Place) -> None:
    clash(phone, yard)
    assert phone.client.get("/desk/devices/").context["clashes"] == []
    for number in ("1", "x", "9" * 30):
        said = {"operation": number, "do": "take"}
        assert phone.client.post("/desk/devices/", said).status_code == 404


def test_a_place_that_moved_into_no_grid_or_elsewhere_is_refused(
    city: City, phone: Phone, yard: Place
) -> None:
    here = [yard.lon, yard.lat]
    results = phone.push(
        correct(phone, yard, point=pair(here, [0.0, 0.0])),
        correct(phone, yard, point=pair(here, [HERE[0] + 0.01, HERE[1]])),
    )
    assert [one["status"] for one in results] == ["rejected", "applied"]
    yard.refresh_from_db()
    assert yard.lon == pytest.approx(HERE[0] + 0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"colour": pair("", "red")}, {"kind": "shop"}, {"kind": pair("", "castle")},
        {"name.zh-hans": pair("", "")}, {"name.xx": pair("", "a")}, {"point": pair([], ["a", 1])},
        {"point": pair(["a", "b"], [91])}, {"address.bo": pair("", "x" * 201)},
        {"name.bo": pair("", 7)}, {"point": pair(0, [500, 0])},
    ],
)  # fmt: skip
def test_what_is_no_correction_is_rejected_beside_its_field(
    phone: Phone, yard: Place, changes: Any
) -> None:
    [told] = phone.push(phone.op("place", yard.uuid, data={"changes": changes}))
    assert told["status"] == "rejected"
    assert told["problem"]["errors"][0]["field"].startswith(("changes", "data.changes"))


def test_a_place_elsewhere_or_unknown_is_not_corrected(
    city: City, phone: Phone, yard: Place
) -> None:
    from tests.cases.city import grid_elsewhere

    Place.objects.update(grid=grid_elsewhere())
    cache.forget()
    [told] = phone.push(correct(phone, yard, kind=pair("building", "shop")))
    assert told["problem"]["type"] == "/problems/elsewhere"
    [told] = phone.push(phone.op("place", uuid7(), data={"changes": {"kind": pair("", "shop")}}))
    assert told["problem"]["type"] == "/problems/no_place"


values = st.sampled_from("abc")
fields = st.dictionaries(st.sampled_from(["x", "y", "z"]), st.tuples(values, values), max_size=3)


@given(st.fixed_dictionaries(dict.fromkeys("xyz", values)), fields)
def test_a_merge_overwrites_only_what_was_seen_as_it_is(now: Any, said: Any) -> None:
    merged = merge(now, said)
    for name, (before, after) in said.items():
        if name in merged.changed:
            assert now[name] == before
        elif name not in merged.clashing:
            assert now[name] == after
