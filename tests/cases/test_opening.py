"""A report becomes a case: idempotent, located, routed, with a receipt nobody can guess."""

from pathlib import Path
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction
from django.test import override_settings

from lingka.cases import actions, definitions, parts, receipts
from lingka.cases.models import Attachment, Case, Contact, Definition, Receipt
from lingka.cases.selectors import answers, case_page, receipt_by_token
from lingka.core import clock, codes, contents, datafiles, events, verify
from lingka.core.actors import SYSTEM
from lingka.core.crypto import unseal
from lingka.core.ids import uuid7
from lingka.core.models import Content
from tests.cases.city import HERE, City, case_of, problem


def test_the_same_key_gives_the_first_receipt_again(city: City) -> None:
    key = uuid7()
    first, again = city.open(idempotency_key=key), city.open(idempotency_key=key)
    assert (first.existing, again.existing) == (False, True)
    assert (again.token, again.short_code) == (first.token, first.short_code)
    assert Case.objects.count() == 1


def test_the_same_key_with_another_report_is_refused(city: City) -> None:
    key = uuid7()
    city.open(idempotency_key=key)
    with problem("key_reused"):
        city.open(idempotency_key=key, words="别的事")


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("order.ledger", "hotline"), ("joint.part", "counter"), ("joint.street", "api"),
        ("council.resolution", "web"),
    ],
)  # fmt: skip
def test_what_does_not_come_by_a_channel_is_refused_there(
    city: City, kind: str, channel: str
) -> None:
    with problem("channel"):
        city.open(kind, channel=channel)
    assert not Case.objects.exists()


def test_the_token_is_derived_and_never_stored(city: City) -> None:
    opened = city.open()
    receipt = Receipt.objects.get()
    assert len(opened.token) * 5 >= 128
    assert bytes(receipt.token_hash) == receipts.hash_of(opened.token)
    assert opened.token == receipts.token_of(receipt.uuid, receipt.token_key)
    assert codes.normalise(codes.pretty(opened.short_code)) == opened.short_code


def test_another_key_derives_another_token(city: City) -> None:
    opened = city.open()
    with override_settings(LINGKA_KEYS=["y" * 40]):
        assert receipts.token_of(opened.receipt_uuid, 1) != opened.token


def test_words_and_point_live_in_contents_and_not_in_events(city: City) -> None:
    opened = city.open(words="漏水，三单元", address="某某路 3 号")
    case = case_of(opened)
    kept = contents.read([case.words, case.location])
    assert kept[case.words] == "漏水，三单元"
    assert kept[case.location]["address"] == "某某路 3 号"
    told = repr([one.data for one in events.history(case.uuid)])
    assert "漏水" not in told
    assert str(HERE[0]) not in told


def test_a_point_finds_its_grid_and_the_street_desk(city: City) -> None:
    case = case_of(city.open())
    assert (case.grid_id, case.area_path) == (city.grid.id, city.grid.path)
    assert case.desk_area_id == city.street.id
    assert case.facts["located"] == "inside"


def test_without_a_point_it_goes_to_the_desk_at_the_top(city: City) -> None:
    case = case_of(city.open(lon=None, lat=None, address="北京路口"))
    assert (case.grid_id, case.desk_area_id) == (None, city.root.id)
    assert case.facts["located"] == "none"


def test_the_rule_that_routed_it_is_kept_with_its_reason(city: City) -> None:
    case = case_of(city.open("light.out"))
    assert case.state == "received"
    assert case.facts["suggested"]["unit"] == city.units["light"].id
    assert case.facts["suggested"]["basis"]["zh-hans"] == "light: 职责清单"


def test_what_no_rule_covers_waits_at_the_desk(city: City) -> None:
    assert "suggested" not in case_of(city.open("rubbish.full")).facts


def test_an_unknown_type_is_a_problem_beside_its_field(city: City) -> None:
    with problem("case_type"):
        city.open("water.wine")


def test_words_that_cannot_be_stored_are_a_problem(city: City) -> None:
    with problem("signs"):
        city.open(words="a\x00b")
    with problem("long"):
        city.open(words="x" * 5000)


def test_an_attachment_that_is_gone_is_a_problem_and_leaves_nothing(city: City) -> None:
    with problem("photo"):
        city.open(attachments=[uuid7()])
    assert Case.objects.count() == 0


def test_an_attachment_belongs_to_one_case_only(city: City) -> None:
    photo = Attachment.objects.create(
        uuid=uuid7(), kind="photo", received_sha256="a" * 64, created_at=clock.now()
    )
    opened = city.open(attachments=[photo.uuid])
    photo.refresh_from_db()
    assert (photo.case_id, photo.event_sequence) == (case_of(opened).id, 1)
    with problem("photo"):
        city.open(attachments=[photo.uuid])


def test_me_too_is_a_receipt_of_ones_own_on_the_same_case(city: City) -> None:
    opened = city.open()
    key = uuid7()

    def follow() -> actions.Opened:
        return actions.follow_case(
            opened.case_uuid, actor=SYSTEM, language="bo", idempotency_key=key,
            contact=actions.ContactData(phone="13900000001"),
        )  # fmt: skip

    mine, again = follow(), follow()
    assert mine.token == again.token != opened.token
    assert case_of(opened).facts["followers"] == 1
    assert Receipt.objects.count() == 2


def test_me_too_takes_another_short_code_when_one_exists_already(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, free = city.open(), codes.short_code()
    drawn = iter([opened.short_code, free])
    monkeypatch.setattr(codes, "short_code", lambda: next(drawn))
    followed = actions.follow_case(
        opened.case_uuid, actor=SYSTEM, language="bo", idempotency_key=uuid7()
    )
    assert followed.short_code == free


def test_a_closed_case_is_not_followed(city: City) -> None:
    opened = city.open()
    city.do(opened, "withdraw", city.reporter(opened))
    with problem("closed"):
        actions.follow_case(opened.case_uuid, actor=SYSTEM, language="bo", idempotency_key=uuid7())


def test_contact_data_is_encrypted(city: City) -> None:
    city.open(contact=actions.ContactData(phone="139-0000-0000"))
    contact = Contact.objects.get()
    assert b"139" not in bytes(contact.sealed)
    assert unseal(bytes(contact.sealed))["phone"] == "139-0000-0000"


def test_a_definition_in_force_cannot_be_changed_or_deleted(city: City) -> None:
    row = Definition.objects.get(kind="workflow", key="quick_response")
    for change in (row.delete, lambda: Definition.objects.update(number=9)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_a_faulty_workflow_does_not_come_into_force(city: City) -> None:
    body = dict(Definition.objects.get(kind="workflow", key="quick_response").body)
    body["states"] = {**body["states"], "island": body["states"]["handling"]}
    with problem("faulty"):
        actions.activate("workflow", body, actor=SYSTEM)
    assert Definition.objects.filter(key="quick_response").count() == 1


def test_activating_the_same_again_changes_nothing(city: City) -> None:
    before = Definition.objects.count()
    actions.activate_shipped()
    assert Definition.objects.count() == before


@pytest.mark.parametrize(
    "path", sorted(parts.DATA.glob("workflows/*.yaml")), ids=lambda one: one.stem
)
def test_what_can_be_chosen_stands_as_its_author_wrote_it(city: City, path: Path) -> None:
    written = parts.expanded(datafiles.read(path))
    asked = {
        (key, need["name"]): list(need["options"])
        for key, action in written["actions"].items()
        for need in action.get("needs", ()) if "options" in need
    }  # fmt: skip
    kept = Definition.objects.filter(kind="workflow", key=written["key"]).latest("number")
    shown = {
        (action.key, need.name): [key for key, _names in need.options]
        for action in definitions.workflow(kept.body).actions.values()
        for need in action.needs if need.options
    }  # fmt: skip
    assert shown == asked


def test_an_edited_version_is_new_and_open_cases_keep_theirs(city: City) -> None:
    opened = city.open()
    body = Definition.objects.get(kind="workflow", key="quick_response").body | {"reopen_days": 3}
    made = actions.activate("workflow", body, actor=city.staff["chief"])
    assert made.number == 2
    assert case_of(opened).workflow_id != made.id
    assert case_of(city.open()).workflow_id == made.id
    assert made.id in {one.id for one in actions.activate_shipped()}


def test_a_receipts_uuid_says_nothing_of_its_token(city: City) -> None:
    opened = city.open()
    assert isinstance(opened.receipt_uuid, UUID)
    assert opened.receipt_uuid.hex not in opened.token


def test_free_answers_live_in_contents_and_chosen_ones_as_codes(city: City) -> None:
    opened = city.open("light.out", attributes={"pole": "在卓玛家门口"})
    (event,) = events.history(opened.case_uuid)
    assert "卓玛" not in repr(event.data)
    (ref,) = answers.content_of([event])
    assert contents.read([ref])[ref] == {"pole": "在卓玛家门口"}
    shown = case_page(case_of(opened)).answers
    assert len(shown) == 1
    assert shown[0].endswith(": 在卓玛家门口")
    other = city.open("water.burst", attributes={"inside": "indoor"})
    assert events.history(other.case_uuid)[0].data.attributes == {"inside": "indoor"}
    assert case_page(case_of(other)).answers[0].endswith(": 屋里")


def test_an_answer_is_gone_once_it_is_erased(city: City) -> None:
    opened = city.open("light.out", attributes={"pole": "在卓玛家门口"})
    past = events.history(opened.case_uuid)
    contents.erase(answers.content_of(past))
    assert case_page(case_of(opened)).answers == []
    assert verify.run() == []


def test_the_reporter_sees_their_own_answers_and_a_follower_does_not(city: City) -> None:
    opened = city.open("light.out", attributes={"pole": "七号"})
    follower = actions.follow_case(
        opened.case_uuid, actor=SYSTEM, language="en", idempotency_key=uuid7()
    )
    own, others = (receipt_by_token(one.token) for one in (opened, follower))
    assert own is not None
    assert own.own_words[-1].endswith(": 七号")
    assert others is not None
    assert others.own_words == []


def test_where_it_lies_is_proved_by_its_hash_as_words_are(city: City) -> None:
    opened = city.open()
    Content.objects.filter(id=case_of(opened).location).update(value={"lon": 0, "lat": 0})
    assert len(verify.run()) == 1
