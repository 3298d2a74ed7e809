"""Contact data: read with a reason, logged, erased when its purpose has ended."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import override_settings

from lingka.cases import actions
from lingka.cases.actions import contacts
from lingka.cases.models import Contact, ContactReading
from lingka.core import clock, events, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import mac, unseal
from lingka.core.ids import uuid7
from tests.cases.city import MONDAY, City, case_of, problem, refusal

PHONE = actions.ContactData(phone="13900000000")


def test_reading_states_a_reason_and_is_logged(city: City) -> None:
    opened = city.open(contact=PHONE)
    read = actions.read_contact(
        opened.receipt_uuid, actor=city.staff["dispatcher"], reason="问门牌号"
    )
    assert read == PHONE
    logged = ContactReading.objects.get()
    assert (logged.user_id, logged.reason) == (city.staff["dispatcher"].id, "问门牌号")


def test_numbers_left_before_they_were_written_alike_are_matched_after_an_upgrade(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    for phone in ("139 0000 0000", "13900000001"):
        city.open(contact=actions.ContactData(phone=phone))
    old, lost = Contact.objects.order_by("id")
    Contact.objects.filter(pk=old.pk).update(phone_mac=mac("phone", "13900000000"))
    Contact.objects.filter(pk=lost.pk).update(sealed=b"under a key that is gone")
    desk = city.staff["dispatcher"]
    assert actions.match_number("+86 139 0000 0000", actor=desk) == []
    import_module("lingka.cases.migrations.0013_numbers_as_dialled").match_anew(apps, None)
    assert len(actions.match_number("+86 139 0000 0000", actor=desk)) == 1
    assert "1 contacts cannot be opened" in capsys.readouterr().out


def test_who_leads_a_demand_by_name_may_ring_the_firm(city: City) -> None:
    opened, leader = city.open("enterprise.demand", contact=PHONE), city.staff["leader"]
    with refusal("contact"):
        actions.read_contact(opened.receipt_uuid, actor=leader, reason="想知道")
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "name_lead", "dispatcher", leader=leader.id)
    assert actions.read_contact(opened.receipt_uuid, actor=leader, reason="答复") == PHONE


def test_reading_without_a_reason_or_a_part_in_the_case_is_refused(city: City) -> None:
    opened = city.open(contact=PHONE)
    with problem("reason"):
        actions.read_contact(opened.receipt_uuid, actor=city.staff["dispatcher"], reason=" ")
    with refusal("contact"):
        actions.read_contact(opened.receipt_uuid, actor=city.staff["plumber"], reason="想知道")
    with refusal("contact"):
        actions.read_contact(opened.receipt_uuid, actor=Actor("user", 10**9), reason="想知道")
    assert not ContactReading.objects.exists()


def test_lingka_itself_needs_no_part_in_the_case_to_read_but_is_logged(city: City) -> None:
    opened = city.open(contact=PHONE)
    assert actions.read_contact(opened.receipt_uuid, actor=SYSTEM, reason="backup") == PHONE
    assert ContactReading.objects.get().user_id is None


def test_an_unknown_receipt_and_one_without_contact(city: City) -> None:
    with problem("unknown"):
        actions.read_contact(uuid7(), actor=city.staff["dispatcher"], reason="x")
    opened = city.open()
    found = actions.read_contact(opened.receipt_uuid, actor=city.staff["dispatcher"], reason="x")
    assert found is None


def test_contacts_go_when_the_case_has_been_closed_long_enough(city: City) -> None:
    opened = city.at("resolved", contact=PHONE)
    city.do(opened, "rate", city.reporter(opened), solved=True)
    with clock.at(MONDAY + timedelta(days=29)):
        assert actions.erase_due_contacts() == []
    with clock.at(MONDAY + timedelta(days=31)):
        planned = actions.erase_due_contacts(dry_run=True)
        assert planned == [str(opened.receipt_uuid)]
        assert Contact.objects.exists()
        assert actions.erase_due_contacts() == planned
    assert not Contact.objects.exists()
    assert events.history(opened.case_uuid)[-1].type == "cases.ContactErased"
    assert verify.run() == []


def test_reopening_keeps_the_contact(city: City) -> None:
    opened = city.at("resolved", contact=PHONE)
    city.do(opened, "rate", city.reporter(opened), solved=False)
    city.do(opened, "reopen", city.reporter(opened), words="没好")
    assert Contact.objects.get().erase_at is None
    with clock.at(MONDAY + timedelta(days=60)):
        assert actions.erase_due_contacts() == []


def test_a_case_reopened_while_contacts_are_erased_keeps_its_own(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        opened = city.at("resolved", contact=PHONE)
        city.do(opened, "rate", city.reporter(opened), solved=True)

    def told(*args: Any, **more: Any) -> None:
        contacts.plan_erasure(case_of(opened), closed=False)

    monkeypatch.setattr(contacts, "tell", told)
    with clock.at(MONDAY + timedelta(days=31)):
        assert len(actions.erase_due_contacts()) == 1
    assert Contact.objects.get().receipt.uuid == opened.receipt_uuid


def test_erasing_breaks_no_chain(city: City) -> None:
    opened = city.open(contact=PHONE)
    assert actions.erase_contact(
        opened.receipt_uuid, actor=city.staff["dispatcher"], reason="request"
    )
    assert not actions.erase_contact(
        opened.receipt_uuid, actor=city.staff["dispatcher"], reason="request"
    )
    assert verify.run() == []
    assert case_of(opened).version == 2


def test_a_new_key_seals_every_contact_anew(city: City) -> None:
    city.open(contact=PHONE)
    old = list(settings.LINGKA_KEYS)
    with override_settings(LINGKA_KEYS=["n" * 40, *old]):
        assert actions.reseal_contacts(batch=1) == 1
    with override_settings(LINGKA_KEYS=["n" * 40]):
        assert unseal(bytes(Contact.objects.get().sealed))["phone"] == PHONE.phone
