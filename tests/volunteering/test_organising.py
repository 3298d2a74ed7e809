"""Draft, approve by another, publish, cancel; and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock
from lingka.volunteering import actions, selectors
from lingka.volunteering.models import Activity
from tests.cases.city import MONDAY, City, problem, refusal
from tests.volunteering.helping import Town, wanted


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def desk(city: City, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=city.staff[who].id))
    return client


def drafted(city: City) -> str:
    home = city.grid.parent_id or 0
    code = actions.draft(home, wanted(), actor=city.staff["dispatcher"])
    begins = clock.now() + timedelta(days=1)
    actions.add_shift(code, begins, begins + timedelta(hours=1), 3, actor=city.staff["dispatcher"])
    return code


def test_nobody_approves_what_they_drafted_not_even_by_sql(city: City) -> None:
    code = drafted(city)
    with refusal("own_draft"):
        actions.approve(code, actor=city.staff["dispatcher"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.update(approved_by=city.staff["dispatcher"].id)
    actions.approve(code, actor=city.staff["supervisor"])


def test_only_what_was_approved_becomes_public(city: City) -> None:
    code = drafted(city)
    with problem("moved_on"):
        actions.publish(code, actor=city.staff["dispatcher"])
    assert Client().get(f"/v/{code}").status_code == 404
    actions.approve(code, actor=city.staff["supervisor"])
    assert Client().get(f"/v/{code}").status_code == 404
    actions.publish(code, actor=city.staff["dispatcher"])
    assert "捡垃圾" in said(Client().get(f"/v/{code}"))


def test_other_words_have_to_be_approved_anew(city: City) -> None:
    code = drafted(city)
    actions.approve(code, actor=city.staff["supervisor"])
    actions.change(code, wanted("care"), actor=city.staff["dispatcher"])
    found = selectors.prepared(code)
    assert found is not None
    assert (found.state, found.kind) == ("draft", "care")


def test_what_is_sent_back_says_what_should_change_until_it_is_approved(city: City) -> None:
    code, supervisor = drafted(city), city.staff["supervisor"]
    actions.approve(code, actor=supervisor)
    actions.send_back(code, " 写上下雨怎么办 ", actor=supervisor)
    assert stood(code) == ("returned", "写上下雨怎么办")
    with problem("moved_on"):
        actions.publish(code, actor=city.staff["dispatcher"])
    actions.change(code, wanted("care"), actor=city.staff["dispatcher"])
    assert stood(code) == ("draft", "写上下雨怎么办")
    actions.approve(code, actor=supervisor)
    assert stood(code) == ("approved", "")


def stood(code: str) -> tuple[str, str]:
    found = Activity.objects.get(code=code)
    return found.state, found.asked_for


def test_only_others_send_a_draft_back_and_only_with_words(city: City) -> None:
    code = drafted(city)
    with refusal("own_draft"):
        actions.send_back(code, "写上下雨怎么办", actor=city.staff["dispatcher"])
    for words in ("", "  ", "雨" * 301):
        with problem("words"):
            actions.send_back(code, words, actor=city.staff["supervisor"])
    assert stood(code) == ("draft", "")


def test_what_is_public_is_not_sent_back(town: Town) -> None:
    with problem("moved_on"):
        actions.send_back(town.code, "太晚了", actor=town.city.staff["supervisor"])


def test_the_desk_reads_what_was_asked_for_and_that_it_was_changed_since(city: City) -> None:
    code = drafted(city)
    page, words = f"/desk/activities/{code}", "Say what happens in rain."
    assert "Send it back" not in said(desk(city, "dispatcher").get(page))
    boss = desk(city, "supervisor")
    assert "Send it back" in said(boss.get(page))
    assert "This field is required" in said(boss.post(page, {"do": "back", "back-words": ""}))
    assert boss.post(page, {"do": "back", "back-words": words}).status_code == 302
    author = said(desk(city, "dispatcher").get(page))
    assert words in author
    assert "Save it changed" in author
    actions.change(code, wanted("care"), actor=city.staff["dispatcher"])
    again = said(boss.get(page))
    assert words in again
    assert "It was changed since" in again


def test_what_is_public_keeps_its_words(town: Town) -> None:
    with problem("public"):
        actions.change(town.code, wanted("care"), actor=town.city.staff["dispatcher"])


def test_handlers_and_desks_of_elsewhere_prepare_nothing(city: City) -> None:
    home = city.grid.parent_id or 0
    for who in ("handler", "verifier", "walker"):
        with refusal("not_organiser"):
            actions.draft(home, wanted(), actor=city.staff[who])
    with refusal("not_organiser"):
        actions.draft(city.root.pk, wanted(), actor=city.staff["dispatcher"])


@pytest.mark.parametrize(
    ("begins", "ends", "places", "field"),
    [(-1, 2, 5, "begins"), (3, 2, 5, "ends"), (3, 30, 5, "ends"), (3, 4, 0, "places"),
     (3, 4, 5000, "places")],
)  # fmt: skip
def test_a_time_that_does_not_do_is_said_beside_its_field(
    city: City, begins: int, ends: int, places: int, field: str
) -> None:
    code, now = drafted(city), clock.now()
    with problem(field):
        actions.add_shift(
            code, now + timedelta(hours=begins), now + timedelta(hours=ends), places,
            actor=city.staff["dispatcher"],
        )  # fmt: skip


def test_a_cancelled_activity_frees_everybody_and_says_so(town: Town) -> None:
    one = town.member()
    actions.sign_up(town.shift, actor=one.actor)
    actions.cancel(town.code, "weather", actor=town.city.staff["dispatcher"])
    assert town.state(one) == "off"
    page = said(Client(headers={"accept-language": "en"}).get(f"/v/{town.code}"))
    assert "This activity was cancelled." in page
    with problem("not_open"):
        actions.sign_up(town.shift, actor=one.actor)


def test_the_desk_does_it_all_on_its_pages(city: City) -> None:
    first, second = desk(city, "dispatcher"), desk(city, "supervisor")
    words = {f"activity-{name}_{code}": "灯" for name in ("title", "text", "where")
             for code in ("zh-hans", "bo", "en")}  # fmt: skip
    form = {"do": "activity", "activity-kind": "care", "activity-area": city.grid.parent_id}
    refused = first.post("/desk/activities/new", form)
    assert refused.status_code == 400
    assert "field-wrong" in said(refused)
    page = first.post("/desk/activities/new", form | words)["Location"]
    tomorrow = MONDAY + timedelta(days=1)
    times = {"shift-begins": f"{tomorrow:%Y-%m-%dT%H:%M}", "shift-places": "4",
             "shift-ends": f"{tomorrow + timedelta(hours=2):%Y-%m-%dT%H:%M}"}  # fmt: skip
    first.post(page, {"do": "shift", **times})
    assert "You wrote this" in said(first.get(page))
    assert first.post(page, {"do": "step"}).status_code == 400
    second.post(page, {"do": "step"})
    first.post(page, {"do": "step"})
    assert Activity.objects.get().state == "published"
    assert "0 of 4" in said(first.get("/desk/activities/"))
    assert first.post(page, {"do": "cancel"}).status_code == 400, "without a reason"
    first.post(page, {"do": "cancel", "cancel-why": "few"})
    assert "灯" in said(first.get("/desk/activities/?over"))
