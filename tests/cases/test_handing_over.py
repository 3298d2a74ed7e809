"""Several cases of one unit are handed over to another at once; each answers for itself."""

import re

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import replay
from lingka.cases.models import Case
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


FILTERED = "/desk/bulk/?tab=others&channel=web&select=1"


UNIT, NOTE = 'id="hand-over-unit-error"', 'id="hand-over-note-error"'


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("reassign", "", WHY), UNIT),
        (("reassign", "water", " "), NOTE),
        (("reassign", "٣", WHY), UNIT),
        (("reassign", "999999", WHY), UNIT),
        (("reassign", "water", "a" * 4001), NOTE),
        (("burn", "water", WHY), "Choose what to do with them."),
    ],
)
def test_after_a_refusal_what_was_ticked_typed_and_filtered_still_stands(
    city: City, desk: Client, given: tuple[str, str, str], told: str
) -> None:
    opened, other = city.at("handling"), city.at("handling")
    action, unit, note = given
    sent = {"action": action, "case": [listed(desk)[opened.case_number]], "note": note}
    sent["unit"] = str(city.units[unit].id) if unit in city.units else unit
    answer = desk.post(FILTERED, sent)
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (422, True)
    assert re.findall(r'value="([^".]+)[^>]*checked', page) == [opened.case_number]
    assert f"choose-{other.case_number}" in page
    assert note.strip() in page
    assert 'name="tab" value="others"' in page
    assert '<option value="web" selected>' in page
    assert FILTERED.replace("&", "&amp;") in page
    assert case_of(opened).lead_unit_id == city.units["light"].id


def test_with_nothing_ticked_the_list_says_so_and_keeps_what_was_typed(
    city: City, desk: Client
) -> None:
    sent = {"action": "reassign", "unit": str(city.units["water"].id), "note": WHY}
    answer = desk.post(FILTERED, sent)
    page = answer.content.decode()
    assert (answer.status_code, WHY in page) == (422, True)
    assert "Choose at least one case." in page
    assert f'<option value="{city.units["water"].id}" selected>' in page


def test_who_comes_back_to_its_address_finds_the_list_it_was_sent_from(desk: Client) -> None:
    answer = desk.get(FILTERED)
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/?tab=others&channel=web&select=1"


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


def listed(desk: Client) -> dict[str, str]:
    """What the boxes of the lists send, by the number of their case."""
    tabs = [desk.get("/desk/", {"select": "1", "tab": tab}) for tab in ("mine", "others")]
    told = "".join(tab.content.decode() for tab in tabs)
    boxes = re.findall(r'name="case" value="(([^".]+)[^"]*)"', told)
    return {number: sent for sent, number in boxes}


@pytest.mark.parametrize("action", ["accept", "reassign"])
def test_what_moved_since_the_list_was_shown_is_not_done_unseen_and_the_others_are(
    city: City, desk: Client, action: str
) -> None:
    state = "received" if action == "accept" else "handling"
    moved, still = city.at(state), city.at(state)
    sent = listed(desk)
    city.do(moved, "note", "dispatcher", note="街道说先等等")
    rows = [sent[moved.case_number], sent[still.case_number]]
    given = {"unit": str(city.units["water"].id), "note": WHY}
    page = desk.post("/desk/bulk/", {"action": action, "case": rows} | given).content.decode()
    assert "1 of 2 cases done" in page
    assert "The case has moved on since you opened it." in page
    assert case_of(moved).state == state
    assert case_of(still).state == {"accept": "accepted", "reassign": "dispatched"}[action]
    again = [listed(desk)[moved.case_number]]
    page = desk.post("/desk/bulk/", {"action": action, "case": again} | given).content.decode()
    assert "1 of 1 case done" in page


def test_what_was_refused_stays_chosen_and_what_was_done_does_not(city: City, desk: Client) -> None:
    done, refused = city.open(), city.open()
    sent = listed(desk)
    city.do(refused, "note", "dispatcher", note="等等")
    rows = [sent[done.case_number], sent[refused.case_number]]
    page = desk.post("/desk/bulk/", {"action": "accept", "case": rows}).content.decode()
    chosen = re.findall(r'value="([^".]+)[^>]*checked', page)
    assert chosen == [refused.case_number]


def test_each_row_is_judged_by_whose_it_is_now(city: City, desk: Client) -> None:
    """One of ours, one that climbed to the desk above, one of another street."""
    ours, above = city.at("handling"), city.at("handling")
    sent = listed(desk)
    city.do(above, "escalate", "chief", note="要市里定")
    elsewhere = city.open(lon=91.29, lat=29.51)
    Case.objects.filter(uuid=elsewhere.case_uuid).update(  # nobody's of this street
        desk_area=city.root, area_path=city.root.path, grid=None
    )
    rows = [sent[ours.case_number], sent[above.case_number].split(".")[0], elsewhere.case_number]
    given = {"unit": str(city.units["water"].id), "note": WHY}
    page = desk.post("/desk/bulk/", {"action": "reassign", "case": rows} | given).content.decode()
    assert "1 of 3 cases done" in page
    assert "This is not yours to do: another post has to act." in page
    assert "Not found." in page
    assert [case_of(one).lead_unit_id for one in (ours, above)] == [
        city.units["water"].id, city.units["light"].id,
    ]  # fmt: skip


@pytest.mark.parametrize("odd", ["", ".", ".7", "NOSUCH1.x", "٣.٣", "A" * 300, "1.99999999999999"])
def test_what_is_no_case_is_said_beside_the_others(city: City, desk: Client, odd: str) -> None:
    opened = city.at("handling")
    assert "1 of 2 cases done" in hand_over(desk, city, odd, opened.case_number)


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
