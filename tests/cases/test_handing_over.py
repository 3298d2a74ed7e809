"""Several cases of one unit are handed over to another at once; each answers for itself."""

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import replay
from lingka.core import events
from tests.cases.city import City, case_of

WHY = "照明所这周在抢修主线"


@pytest.fixture
def desk(city: City) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="dispatcher"))
    return client


def hand_over(desk: Client, city: City, *cases: str, unit: str = "water", note: str = WHY) -> str:
    sent = {"action": "reassign", "case": list(cases), "note": note}
    sent["unit"] = str(city.units[unit].id) if unit else ""
    return desk.post("/desk/bulk/", sent).content.decode()


def test_each_is_handed_over_by_itself_and_what_one_refuses_undoes_no_other(
    city: City, desk: Client
) -> None:
    one, new, two = city.at("handling"), city.open(), city.at("dispatched")
    page = hand_over(desk, city, one.case_number, new.case_number, "NOSUCH1", two.case_number)
    assert "2 of 4 cases done" in page
    assert page.count("is-refused") == 2
    for opened in (one, two):
        case = case_of(opened)
        assert (case.lead_unit_id, case.state) == (city.units["water"].id, "dispatched")
        last = events.history(case.uuid)[-1].data
        assert (last.action, last.texts[0]["audience"]) == ("reassign", "staff")  # type: ignore[attr-defined]
        assert replay.differences(case, events.history(case.uuid)) == []
    assert case_of(new).state == "received"


@pytest.mark.parametrize(("unit", "note"), [("", WHY), ("water", " ")])
def test_without_a_unit_or_a_reason_nothing_moves_and_what_was_typed_stays(
    city: City, desk: Client, unit: str, note: str
) -> None:
    opened = city.at("handling")
    page = hand_over(desk, city, opened.case_number, unit=unit, note=note)
    assert "Please fill this in." in page
    assert (WHY in page) == (note == WHY)
    assert case_of(opened).lead_unit_id == city.units["light"].id


def test_what_the_unit_has_already_is_said_and_not_counted_as_moved(
    city: City, desk: Client
) -> None:
    opened = city.at("handling")
    assert "This unit has it already." in hand_over(desk, city, opened.case_number, unit="light")
    assert case_of(opened).facts["moved"] == 1


def test_who_may_not_give_work_hands_nothing_over(city: City) -> None:
    opened = city.at("handling")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="handler"))
    page = hand_over(client, city, opened.case_number)
    assert "0 of 1 case done" in page
    assert case_of(opened).lead_unit_id == city.units["light"].id


def test_a_list_narrows_to_what_one_unit_leads(city: City, desk: Client) -> None:
    mine, other = city.at("handling"), city.open()
    city.do(other, "dispatch", "dispatcher", unit=city.units["water"].id)
    url = f"/desk/?tab=others&select=1&unit={city.units['light'].id}"
    page = desk.get(url).content.decode()
    assert f"choose-{mine.case_number}" in page
    assert f"choose-{other.case_number}" not in page
    assert "Hand over the chosen" in page
