"""A key that comes again: the same report gets its receipt, another one is told so."""

from uuid import UUID

import pytest

from lingka.cases import actions
from lingka.cases.actions import ContactData
from lingka.cases.models import Case, Contact
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from tests.cases.city import RESIDENT, City, problem

PHONE = ContactData(phone="13900000001")


def followed(opened: actions.Opened, key: UUID, contact: ContactData | None) -> actions.Opened:
    return actions.follow_case(
        opened.case_uuid, actor=RESIDENT, language="bo", idempotency_key=key, contact=contact
    )


@pytest.mark.parametrize("left", [None, PHONE])
def test_a_report_sent_again_with_the_same_contact_gets_the_same_receipt(
    city: City, left: ContactData | None
) -> None:
    key = uuid7()
    first, again = (city.open(idempotency_key=key, contact=left) for _time in range(2))
    assert again.existing
    assert again.token == first.token


@pytest.mark.parametrize(
    ("before", "now"),
    [(PHONE, ContactData(phone="13900000002")), (None, PHONE), (PHONE, None)],
)
def test_a_report_sent_again_with_another_contact_is_told_so_and_changes_nothing(
    city: City, before: ContactData | None, now: ContactData | None
) -> None:
    key = uuid7()
    city.open(idempotency_key=key, contact=before)
    with problem("key_reused"):
        city.open(idempotency_key=key, contact=now)
    assert Case.objects.count() == 1
    assert Contact.objects.count() == (before is not None)


def test_a_report_sent_again_with_another_consent_to_publish_is_told_so(city: City) -> None:
    key = uuid7()
    city.open(idempotency_key=key, share_words=True)
    with problem("key_reused"):
        city.open(idempotency_key=key, share_words=False)


def test_a_retry_after_the_contact_was_erased_still_gets_its_receipt(city: City) -> None:
    key = uuid7()
    first = city.open(idempotency_key=key, contact=PHONE)
    actions.erase_contact(first.receipt_uuid, actor=SYSTEM, reason="asked")
    assert city.open(idempotency_key=key, contact=PHONE).token == first.token


def test_a_device_that_takes_messages_since_makes_a_retry_no_other_report(city: City) -> None:
    key = uuid7()
    first = city.open(idempotency_key=key)
    actions.set_push(first.receipt_uuid, actor=SYSTEM, subscription="{}")
    assert city.open(idempotency_key=key).token == first.token


def test_me_too_sent_again_with_another_contact_is_told_so(city: City) -> None:
    opened, key = city.open(), uuid7()
    followed(opened, key, PHONE)
    assert followed(opened, key, PHONE).existing
    with problem("key_reused"):
        followed(opened, key, None)
