"""A lost receipt goes to the contact that was left, for a reason, and past nobody's eyes."""

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import actions
from lingka.cases.actions.resending import A_PERSON, A_RECEIPT
from lingka.cases.models import ContactReading
from lingka.cases.receipts import Opened
from lingka.core import contents, events, limits, verify
from lingka.core.ids import uuid7
from lingka.core.models import Content
from tests.cases.city import City, case_of, problem, refusal

EMAIL = actions.ContactData(email="dolma@example.org")
WHY = "电话里说回执丢了"


def _send(city: City, opened: Opened, who: str = "dispatcher", reason: str = WHY) -> None:
    actions.send_receipt_again(opened.receipt_uuid, actor=city.staff[who], reason=reason)


def test_the_history_says_who_sent_it_again_and_why_and_holds_no_token(city: City) -> None:
    opened = city.open(contact=EMAIL)
    _send(city, opened)
    told = events.history(opened.case_uuid)[-1]
    assert told.type == "cases.ReceiptSentAgain"
    assert told.actor["id"] == city.staff["dispatcher"].id
    [why] = told.data.texts  # type: ignore[attr-defined]
    assert list(contents.read([why["content"]]).values()) == [WHY]
    assert why["language"] == Content.objects.get(id=why["content"]).language == "zh-hans"
    assert opened.token not in str(told.data)
    assert verify.run() == []


def test_the_reporter_reads_the_reason_with_the_receipt(city: City) -> None:
    opened = city.open(contact=EMAIL)
    _send(city, opened)
    read = ContactReading.objects.get()
    assert (read.user_id, read.reason) == (city.staff["dispatcher"].id, WHY)


def test_it_needs_a_reason(city: City) -> None:
    opened = city.open(contact=EMAIL)
    with problem("reason"):
        _send(city, opened, reason="  ")


@pytest.mark.parametrize("contact", [None, actions.ContactData(name="卓玛")])
def test_where_no_way_was_left_it_says_so(city: City, contact: actions.ContactData | None) -> None:
    opened = city.open(contact=contact)
    with problem("no_contact"):
        _send(city, opened)
    assert case_of(opened).version == 1


def test_an_unknown_receipt(city: City) -> None:
    with problem("unknown"):
        actions.send_receipt_again(uuid7(), actor=city.staff["dispatcher"], reason=WHY)


@pytest.mark.parametrize("who", ["supervisor", "verifier"])
def test_supervisors_and_callers_may_too(city: City, who: str) -> None:
    opened = city.open(contact=EMAIL)
    _send(city, opened, who)
    assert case_of(opened).version == 2


@pytest.mark.parametrize("who", ["handler", "plumber", "walker"])
def test_who_handles_or_walks_may_not(city: City, who: str) -> None:
    opened = city.at("handling", contact=EMAIL)
    before = case_of(opened).version
    with refusal("desk"):
        _send(city, opened, who)
    assert case_of(opened).version == before
    assert not ContactReading.objects.exists()


def test_one_receipt_is_sent_only_so_often_a_day(city: City) -> None:
    opened = city.open(contact=EMAIL)
    for _time in range(A_RECEIPT[0]):
        _send(city, opened)
    with problem("limit"):
        _send(city, opened, "supervisor")
    assert case_of(opened).version == 1 + A_RECEIPT[0]


def test_one_colleague_sends_only_so_many_an_hour(city: City) -> None:
    for _time in range(A_PERSON[0]):
        limits.hit("receipts-again-by", str(city.staff["dispatcher"].id), *A_PERSON)
    with problem("limit"):
        _send(city, city.open(contact=EMAIL))


def _page(city: City, who: str, path: str, **data: str) -> tuple[int, str]:
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(User.objects.get(username=who))
    answer = client.post(path, data) if data else client.get(path)
    return answer.status_code, answer.content.decode()


def test_the_desk_sends_it_from_the_case_and_sees_no_link(city: City) -> None:
    opened = city.open(contact=EMAIL)
    page = f"/desk/cases/{case_of(opened).number}/"
    _status, shown = _page(city, "dispatcher", page)
    url = f"{page}contact/{opened.receipt_uuid}/again/"
    assert url in shown
    status, shown = _page(city, "dispatcher", url, reason=WHY)
    assert status == 200
    assert "The receipt is on its way to the contact that was left." in shown
    assert "The receipt was sent again" in shown
    assert opened.token not in shown
    assert EMAIL.email not in shown


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(city: City) -> None:
    opened = city.open(contact=EMAIL)
    url = f"/desk/cases/{case_of(opened).number}/contact/{opened.receipt_uuid}/again/"
    status, shown = _page(city, "dispatcher", url, reason="ab")
    assert status == 422
    assert 'value="ab"' in shown
    assert "A few more words" in shown


def test_the_page_tells_that_nobody_can_find_it_where_nothing_was_left(city: City) -> None:
    opened = city.open()
    page = f"/desk/cases/{case_of(opened).number}/"
    assert "a lost receipt cannot be sent again" in _page(city, "dispatcher", page)[1]
    url = f"{page}contact/{opened.receipt_uuid}/again/"
    assert _page(city, "dispatcher", url, reason=WHY)[0] == 409


def test_a_handler_is_not_offered_it_and_is_refused(city: City) -> None:
    opened = city.at("handling", contact=EMAIL)
    page = f"/desk/cases/{case_of(opened).number}/"
    url = f"{page}contact/{opened.receipt_uuid}/again/"
    assert url not in _page(city, "handler", page)[1]
    assert _page(city, "handler", url, reason=WHY)[0] == 403


def test_somebody_elses_receipt_is_not_of_this_case(city: City) -> None:
    opened, other = city.open(contact=EMAIL), city.open(contact=EMAIL)
    url = f"/desk/cases/{case_of(opened).number}/contact/{other.receipt_uuid}/again/"
    assert _page(city, "dispatcher", url, reason=WHY)[0] == 404
