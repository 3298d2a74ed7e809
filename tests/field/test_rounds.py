"""Rounds and checklists as a phone brings them in: late, out of order, with their photos."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from lingka.cases.models import Attachment, Case
from lingka.core import clock, verify
from lingka.core.ids import uuid7
from lingka.field import pulling
from lingka.patrols import actions as patrols
from lingka.patrols import selectors
from lingka.patrols.models import Round
from tests.cases.city import MONDAY, City
from tests.field.conftest import Phone
from tests.field.test_files import sent
from tests.field.test_pull import place, pulled
from tests.patrols import town as towns
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: City) -> Town:
    selectors.forget()
    return towns.build(city)


def stop(phone: Phone, row: Round, at: int, **data: Any) -> dict[str, Any]:
    halt = row.stops.order_by("number")[at]
    said = {"stop": str(halt.uuid), "outcome": "done"} | data
    return phone.op("round_stop", row.uuid, data=said)


def test_a_round_is_walked_without_a_network_and_arrives_once(town: Town, phone: Phone) -> None:
    row = town.first()
    ops = [
        phone.op("round_start", row.uuid),
        stop(phone, row, 0),
        stop(phone, row, 1, outcome="skipped", reason="门关着"),
        phone.op("round_end", row.uuid),
    ]
    assert [one["status"] for one in phone.push(*reversed(ops))] == ["applied"] * 4
    assert [one["status"] for one in phone.push(*ops)] == ["duplicate"] * 4
    walked = selectors.round_of(row.uuid)
    assert walked
    assert (walked.state, walked.done, walked.skipped) == ("ended", 1, 1)
    assert verify.run() == []


def test_a_stop_left_out_without_a_reason_is_rejected_beside_its_field(
    town: Town, phone: Phone
) -> None:
    [told] = phone.push(stop(phone, town.first(), 0, outcome="skipped"))
    assert (told["status"], told["problem"]["errors"][0]["field"]) == ("rejected", "reason")


def kitchen(phone: Phone, town: Town, picture: UUID, **more: Any) -> dict[str, Any]:
    answers = {
        "gas": {"value": "none"}, "extinguisher": {"value": "yes"}, "lights": {"value": "yes"},
        "back_door": {"value": "no", "words": "堆了货箱", "photos": [str(picture)]},
    }  # fmt: skip
    data = {
        "checklist": "restaurant", "version": 1, "place": str(town.places[0].uuid),
        "answers": answers, "attachments": [str(picture)],
    } | more  # fmt: skip
    return phone.op("checklist", data=data)


def test_a_checklist_waits_for_its_photos_and_then_opens_its_hazard(
    town: Town, phone: Phone
) -> None:
    picture = uuid7()
    op = kitchen(phone, town, picture)
    [told] = phone.push(op)
    assert (told["status"], told["waits_for"]) == ("held", [str(picture)])
    assert sent(phone, picture) != sha256(b"").hexdigest()
    [told] = phone.push(op)
    assert told["status"] == "duplicate"
    case = Case.objects.get()
    assert told["result"]["cases"] == [str(case.uuid)]
    assert Attachment.objects.get(uuid=picture).case == case
    assert verify.run() == []


def test_answers_that_do_not_fit_are_rejected_and_keep_nothing(town: Town, phone: Phone) -> None:
    odd = kitchen(phone, town, uuid7(), attachments=[], answers={"lights": {"value": 7}})
    huge = kitchen(phone, town, uuid7(), attachments=[], answers={"lights": {"value": 10**30}})
    assert [one["status"] for one in phone.push(odd, huge)] == ["rejected", "rejected"]
    assert not Case.objects.exists()


def test_the_week_s_rounds_and_the_checklists_are_carried(town: Town, phone: Phone) -> None:
    row = town.first()
    patrols.publish_shipped()
    rows, _cursor = pulled(phone)
    assert len(rows["round", str(row.uuid)]["stops"]) == 4
    assert sum(kind == "round" for kind, _id in rows) == 7
    assert rows["checklist", "restaurant"]["version"] == 1


@pytest.mark.usefixtures("seen_at_once")
def test_rounds_that_are_cancelled_or_become_another_team_s_are_taken_away(
    town: Town, phone: Phone
) -> None:
    desk = town.city.staff["dispatcher"]
    ended, given_away = town.plan(), town.plan(kind="weekly", stops=[town.stop(0)])
    before, cursor = pulled(phone)
    patrols.end_plan(ended, actor=desk)
    elsewhere = town.body(
        kind="weekly", stops=[town.stop(0)], area=town.city.street.id,
    )  # fmt: skip
    patrols.change_plan(given_away, elsewhere, actor=desk, reason="人手不够")
    rows, _cursor = pulled(phone, cursor)
    gone = {key for key, data in rows.items() if key[0] == "round" and data is None}
    assert gone == {key for key in before if key[0] == "round"}


def test_a_register_is_kept_up_and_what_clashes_is_shown_to_both(town: Town, phone: Phone) -> None:
    desk, street = town.city.staff["dispatcher"], town.places[2].id
    entry = patrols.make_entry("parking", street, state="open", values={"bays": 36}, actor=desk)
    full = {"changes": {"state": {"from": "open", "to": "full"}}}
    late = {"changes": {"state": {"from": "open", "to": "closed"}}}
    odd = {"changes": {"state": "full"}}
    results = phone.push(*(phone.op("entry", entry, data=data) for data in (full, late, odd)))
    assert [one["status"] for one in results] == ["applied", "conflict", "rejected"]
    assert results[0]["result"] == {"version": 2, "changed": ["state"]}
    assert results[1]["problem"]["now"] == {"state": "full"}


@pytest.mark.usefixtures("seen_at_once")
def test_registers_are_carried_as_they_stand_and_what_has_ended_is_taken_away(
    town: Town, phone: Phone
) -> None:
    desk, street = town.city.staff["dispatcher"], town.places[2].id
    entry = patrols.make_entry("parking", street, state="open", values={"bays": 36}, actor=desk)
    rows, cursor = pulled(phone)
    assert rows["register", "parking"]["fields"][0]["key"] == "bays"
    assert rows["entry", str(entry)]["values"] == {"bays": 36}

    full = {"changes": {"state": {"from": "open", "to": "full"}}}
    phone.push(phone.op("entry", entry, data=full))
    rows, cursor = pulled(phone, cursor)
    assert rows["entry", str(entry)]["state"] == "full"

    patrols.end_entry(entry, actor=desk)
    rows, cursor = pulled(phone, cursor)
    assert rows["entry", str(entry)] is None


def test_a_checklist_goes_on_without_a_photo_that_is_left_out(town: Town, phone: Phone) -> None:
    picture = uuid7()
    [told] = phone.push(kitchen(phone, town, picture))
    assert told["status"] == "held"
    phone.push(phone.op("leave_out", picture))
    assert Case.objects.count() == 1
    assert phone.standing().json()["operations"][0]["complete"] is True


@pytest.mark.usefixtures("seen_at_once")
def test_of_the_registers_comes_only_what_was_written_lately_and_in_pages(
    town: Town, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = town.city.staff["dispatcher"]
    with clock.at(MONDAY - timedelta(days=9)):
        first, *others = [
            patrols.make_entry("parking", place(town.city, name).pk, state="open",
                               values={"bays": number}, actor=desk)
            for number, name in enumerate(("一", "二", "三", "四"))
        ]  # fmt: skip
    monkeypatch.setattr(pulling, "PAGE", 3)
    rows, cursor = pulled(phone)
    carried = {id_ for kind, id_ in rows if kind == "entry"}
    assert carried == {str(first), *map(str, others)}, "all, though a page holds three"

    picture = uuid7()
    sent(phone, picture)
    phone.push(kitchen(phone, town, picture))
    rows, cursor = pulled(phone, cursor)
    assert not [key for key in rows if key[0] in {"entry", "register"}], "none of them was seen"

    full = {"changes": {"state": {"from": "open", "to": "full"}}}
    phone.push(phone.op("entry", first, data=full))
    rows, cursor = pulled(phone, cursor)
    assert [key for key in rows if key[0] == "entry"] == [("entry", str(first))]

    for one in others:
        phone.push(phone.op("entry", one, data=full))
    rows, _cursor = pulled(phone, cursor)
    assert {id_ for kind, id_ in rows if kind == "entry"} == carried
