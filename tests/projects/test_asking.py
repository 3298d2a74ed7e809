"""Whoever uses it says whether it is done: counted, never kept, never shown of a few."""

import pytest
from django.test import Client

from lingka.core import clock
from lingka.core.models import Event
from lingka.projects import actions, rules, selectors
from lingka.projects.models import Spent
from tests.cases.city import City, problem
from tests.projects.works import asked, counted, over, public, row, said


def info(code: str) -> selectors.ProjectInfo:
    found = selectors.project(code)
    assert found is not None
    return found


def test_what_enough_users_say_is_done_is_confirmed_and_its_sums_are_public(city: City) -> None:
    code = asked(city)
    said(code, done=6, aside=3)
    assert info(code).said.users is None  # nobody follows who answers
    assert over(code) == "confirmed"
    found = info(code)
    assert (found.said.users, found.said.done) == (6, 6)
    assert not Spent.objects.exists()
    assert row(code).secret is None


def test_too_few_users_confirm_nothing_and_no_figure_of_theirs_is_shown(city: City) -> None:
    code = asked(city)
    said(code, done=4, aside=20)
    assert over(code) == "few"
    assert info(code).said.users is None
    actions.report_done(code, actor=city.staff["handler"])  # they may be asked once more
    said(code, done=5)
    assert over(code) == "confirmed"


def test_what_its_users_say_is_not_done_goes_on_and_the_page_says_so(city: City) -> None:
    code = asked(city)
    said(code, **{"done": 5, "not": 5})
    assert over(code) == "running"
    assert [one.kind for one in info(code).changes] == ["denied"]
    assert info(code).done_on is None


@pytest.mark.parametrize(
    ("counts", "became"),
    [({"done": 4}, "few"), ({"done": 67, "part": 33}, "confirmed"),
     ({"done": 66, "part": 34}, "denied"), ({"aside": 90}, "few")],
)  # fmt: skip
def test_two_thirds_of_its_users_have_to_say_that_it_is_done(
    counts: dict[str, int], became: str
) -> None:
    assert rules.outcome(counts) == became


def test_an_answer_of_a_few_is_hidden_and_another_with_it() -> None:
    shown = rules.said({"done": 9, "part": 6, "not": 1})
    assert shown.users == 16
    assert dict(shown.bars) == {"done": 9, "part": None, "not": None}


def test_one_device_answers_once(city: City) -> None:
    code = asked(city)
    word = actions.begin(code)
    actions.answer(code, word, "done")
    with problem("again"):
        actions.answer(code, word, "not")
    assert counted(code) == {"done": 1}


def test_who_answered_stands_in_no_event(city: City) -> None:
    code = asked(city)
    before = Event.objects.count()
    said(code, done=2)
    assert Event.objects.count() == before


def test_a_word_of_nowhere_and_an_option_of_nowhere_count_for_nothing(city: City) -> None:
    code = asked(city)
    with problem("new"):
        actions.answer(code, "x.y", "done")
    with problem("option"):
        actions.answer(code, actions.begin(code), "great")
    assert counted(code) == {}


def test_nobody_is_asked_before_it_is_done_or_after_the_time(city: City) -> None:
    code = public(city)
    for unknown in (code, "nowhere"):
        with problem("not_asked"):
            actions.begin(unknown)
    actions.report_done(code, actor=city.staff["handler"])
    word = actions.begin(code)
    with problem("not_over"):
        actions.close_asking(code)
    assert selectors.standing(code, word) == "begun"
    with clock.at(clock.now() + rules.days()), problem("not_asked"):
        assert selectors.standing(code, word) == "closed"  # before it is counted, too
        actions.answer(code, word, "done")


def test_nothing_is_put_on_a_phone_before_somebody_says_something(city: City) -> None:
    code = asked(city)
    phone, page = Client(headers={"accept-language": "en"}), f"/projects/{code}/"
    assert b"One answer a phone" in phone.get(page).content
    assert "project" not in phone.cookies
    assert phone.post(page, {"option": "done"}).status_code == 409
    assert phone.post(page, {"do": "start"}).status_code == 302
    assert phone.cookies["project"]["path"] == page
    assert b'value="aside"' in phone.get(page).content
    assert phone.post(page, {"option": "what"}).status_code == 422
    for _twice in range(2):  # a double tap: the first one counts
        assert phone.post(page, {"option": "done"}).status_code == 302
    assert b"It is counted" in phone.get(page).content
    assert counted(code) == {"done": 1}


def test_very_many_from_one_connection_are_asked_to_wait(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = asked(city)
    monkeypatch.setattr("lingka.core.limits.hit", lambda *_a: False)
    assert Client().post(f"/projects/{code}/", {"do": "start"}).status_code == 429
