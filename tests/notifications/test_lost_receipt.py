"""A lost receipt goes to the contact that was left with it, and not to what may be lost too."""

from django.core import mail

from lingka.cases import actions as cases
from lingka.cases.actions import ContactData
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.notifications import (
    channels,
)
from tests.notifications.post import EMAIL, deliver, send


def test_a_lost_receipt_goes_to_the_contact_that_was_left_and_to_nobody_else(city):
    opened = city.open(contact=EMAIL, language="en")
    follower = cases.follow_case(
        opened.case_uuid, actor=Actor("resident"), language="en", idempotency_key=uuid7(),
        contact=ContactData(email="other@example.org"),
    )  # fmt: skip
    dispatcher = city.staff["dispatcher"]
    cases.send_receipt_again(opened.receipt_uuid, actor=dispatcher, reason="lost it")
    deliver()
    send()
    again = [letter for letter in mail.outbox if "once more" in letter.body]
    assert [letter.to for letter in again] == [["dolma@example.org"]]
    assert f"/r/{opened.token}" in again[0].body
    assert follower.token not in again[0].body


def test_a_lost_receipt_is_not_sent_to_the_device_that_may_be_lost_with_it(city, monkeypatch):
    pushed = []
    monkeypatch.setattr(channels, "push", lambda *given: pushed.append(given) or "push")
    left = ContactData(email="dolma@example.org", push="{}")
    opened = city.open(contact=left, language="en")
    cases.send_receipt_again(opened.receipt_uuid, actor=city.staff["dispatcher"], reason="lost it")
    deliver()
    send()
    assert [letter.to for letter in mail.outbox] == [["dolma@example.org"]]
    assert [letter.key for _subscription, letter in pushed] == ["opened"]
