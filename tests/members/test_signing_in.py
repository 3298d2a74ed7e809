"""Six digits, and nothing that tells a stranger who takes part."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from lingka.core import clock
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.members import actions, rules, selectors
from lingka.members.models import Code, Reach, Session
from lingka.notifications.models import DemoMessage
from tests.cases.city import MONDAY, problem
from tests.members.people import digits, joined, proved

PHONE, MAIL = "139 0000 1111", "pema@example.org"


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("again", ["13900001111", "+86 139-0000-1111", "0086 139 0000 1111"])
def test_a_number_is_known_again_however_it_is_written(home: int, again: str) -> None:
    first = joined(home, PHONE)
    _token, key = proved(again)
    found = selectors.by_key(key)
    assert found is not None
    assert found.uuid == first.info.uuid


@pytest.mark.parametrize("typed", ["", "12", "not a number", "@example.org", "9" * 40, "一三九"])
def test_what_is_neither_number_nor_address_is_said_beside_the_field(city: Any, typed: str) -> None:
    with pytest.raises(Problem) as caught:
        actions.ask(typed, language="en", source="x")
    assert (caught.value.field, caught.value.status) == ("to", 422)


def test_known_and_unknown_numbers_are_answered_alike(home: int) -> None:
    joined(home, PHONE)
    answers = []
    for number in (PHONE, "13955556666"):
        browser = Client(headers={"accept-language": "en"})
        sent = browser.post("/me/in/", {"to": number})
        shown = said(browser.get("/me/code/")).replace(number[-3:], "NNN")
        wrong = said(browser.post("/me/code/", {"digits": "000000"})).replace(number[-3:], "NNN")
        answers.append((sent.status_code, sent["Location"], _same(shown), _same(wrong)))
    assert answers[0] == answers[1]
    assert "not the digits" in answers[0][3]


def _same(page: str) -> str:
    """Without the token against forged forms, which is new each time."""
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_digits_do_for_the_browser_that_asked_and_for_no_other(home: int) -> None:
    token = actions.ask(PHONE, language="en", source="a")
    other = actions.ask("13955556666", language="en", source="a")
    right = digits()
    with problem("digits"):
        actions.enter(token, right if right != digits() else "x", source="a")
    assert actions.enter(other, right, source="a") == ""  # proved; nobody's yet


def test_after_five_wrong_tries_the_right_digits_do_not_help(home: int) -> None:
    token = actions.ask(PHONE, language="en", source="a")
    right = digits()
    for _try in range(rules.TRIES):
        with problem("digits"):
            actions.enter(token, "nothing", source="a")
    with problem("over"):
        actions.enter(token, right, source="a")


def test_digits_are_good_for_ten_minutes_and_once(home: int) -> None:
    token = actions.ask(PHONE, language="en", source="a")
    right = digits()
    with clock.at(MONDAY + timedelta(minutes=10)), problem("over"):
        actions.enter(token, right, source="a")
    assert actions.enter(token, right, source="a") == ""
    with problem("over"):
        actions.enter(token, right, source="a")


def test_the_rows_alone_tell_neither_the_digits_nor_the_number(home: int) -> None:
    joined(home, PHONE)
    actions.ask(MAIL, language="en", source="a")
    code, reach = Code.objects.get(), Reach.objects.get()
    for kept in (code.sealed, code.mac, code.digits, reach.sealed, reach.mac):
        assert b"13900001111" not in bytes(kept)
        assert b"pema" not in bytes(kept)


def test_one_number_is_sent_few_codes_and_one_connection_asks_for_few(
    city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _code in range(3):
        actions.ask(PHONE, language="en", source=f"net {_code}")
    with problem("limit"):
        actions.ask(PHONE, language="en", source="another")
    monkeypatch.setattr(rules, "FROM_ONE", (2, 3600))
    for number in range(2):
        actions.ask(f"1395555666{number}", language="en", source="one")
    with problem("limit"):
        actions.ask("13955556669", language="en", source="one")


def test_one_connection_tries_few_digits(city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "GUESSES", (2, 600))
    tokens = [actions.ask(f"1395555666{n}", language="en", source="x") for n in range(3)]
    for token in tokens[:2]:
        with problem("digits"):
            actions.enter(token, "nothing", source="one")
    with problem("limit"):
        actions.enter(tokens[2], "nothing", source="one")


def test_each_signing_in_gives_a_new_key_and_the_browsers_old_one_opens_nothing(
    home: int,
) -> None:
    first = joined(home, PHONE)
    _token, second = proved(PHONE, old=first.key)
    assert second != first.key
    assert selectors.by_key(first.key) is None
    assert selectors.by_key(second) is not None


def test_signing_out_everywhere_closes_every_browser(home: int) -> None:
    first = joined(home, PHONE)
    _token, second = proved(PHONE)
    assert selectors.sessions(first.info) == 2
    browser = Client()
    browser.cookies["member"] = second
    browser.post("/me/out/", {"do": "everywhere"})
    assert selectors.by_key(first.key) is None
    assert selectors.by_key(second) is None


def test_a_key_is_of_no_use_after_half_a_year(home: int) -> None:
    key = joined(home, PHONE).key
    with clock.at(MONDAY + rules.session_lives()):
        assert selectors.by_key(key) is None
        assert actions.sweep() == 1
    assert not Session.objects.exists()


def test_signing_in_leaves_nothing_in_the_log(home: int) -> None:
    joined(home, PHONE)
    before = Event.objects.count()
    proved(PHONE)
    assert Event.objects.count() == before


def test_a_colleague_and_a_member_are_signed_in_beside_each_other(city: Any, home: int) -> None:
    from lingka.accounts.models import User

    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.get(pk=city.staff["dispatcher"].id))
    browser.cookies["member"] = joined(home, PHONE, name="Lark").key
    assert "Hello, Lark" in said(browser.get("/me/"))
    assert browser.get("/desk/").status_code == 200
    browser.post("/me/out/", {"do": "here"})
    assert "Hello" not in said(browser.get("/me/"))
    assert browser.get("/desk/").status_code == 200


@override_settings(DEMO=True)
def test_the_demos_outbox_shows_the_digits(city: Any) -> None:
    actions.ask(PHONE, language="en", source="a")
    right = digits()
    assert actions.send_waiting() == 1
    assert right in DemoMessage.objects.get().body
    assert actions.send_waiting() == 0


def test_an_e_mail_with_digits_holds_no_link(city: Any) -> None:
    actions.ask(MAIL, language="bo", source="a")
    right = digits()
    actions.send(Code.objects.get().pk)
    [message] = mail.outbox
    assert right in message.body
    assert "http" not in message.body
    assert "List-Unsubscribe" not in message.extra_headers


def test_what_was_sent_is_kept_here_no_more(city: Any) -> None:
    actions.ask(MAIL, language="bo", source="a")
    actions.send(Code.objects.get().pk)
    with pytest.raises(KeyError):
        digits()


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil", "me/"])
def test_nobody_is_led_away_after_signing_in(home: int, to: str) -> None:
    joined(home, PHONE)
    browser = Client()
    browser.post("/me/in/", {"to": PHONE, "next": to})
    done = browser.post("/me/code/", {"digits": digits(), "next": to})
    assert done["Location"] == "/me/"
