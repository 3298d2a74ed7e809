"""Internal notes that name colleagues, and what was only begun to write."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingka.accounts.models import User
from lingka.accounts.selectors import posts_of
from lingka.cases import actions, selectors
from lingka.cases.selectors import queues
from lingka.cases.selectors.day import day
from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.desks import actions as desks
from lingka.desks.models import Draft, Mention
from tests.cases import city as cities
from tests.cases.city import City, case_of, problem, reads

pytestmark = pytest.mark.usefixtures("unhurried")


def signed_in(who: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def test_a_colleague_named_in_a_note_is_told_of_it(city: City) -> None:
    opened = city.at("dispatched")
    actions.note(
        opened.case_uuid, actor=city.staff["dispatcher"], words="钥匙在三楼",
        mentioned=[city.staff["handler"].id],
    )  # fmt: skip
    html = signed_in("handler").get("/desk/day/").content.decode()
    assert "Colleagues ask you to look" in html
    page = f"/desk/cases/{case_of(opened).number}/"
    assert "Told: handler" in signed_in("dispatcher").get(page).content.decode()


def test_a_mention_is_seen_once_the_case_is_opened(city: City) -> None:
    opened = city.at("dispatched")
    actions.note(
        opened.case_uuid, actor=city.staff["dispatcher"], words="看一下",
        mentioned=[city.staff["handler"].id],
    )  # fmt: skip
    client = signed_in("handler")
    client.get(f"/desk/cases/{case_of(opened).number}/")
    assert "Colleagues ask you to look" not in client.get("/desk/day/").content.decode()


def test_whoever_may_not_see_the_case_cannot_be_named_and_no_note_is_kept(city: City) -> None:
    opened = city.open()
    before = Event.objects.count()
    with problem("mention"):
        actions.note(
            opened.case_uuid, actor=city.staff["dispatcher"], words="看一下",
            mentioned=[city.staff["plumber"].id],
        )  # fmt: skip
    assert Event.objects.count() == before
    assert not Mention.objects.exists()


def test_a_note_sent_twice_tells_once(city: City) -> None:
    opened, op = city.at("dispatched"), uuid7()
    for _ in range(2):
        actions.note(
            opened.case_uuid, actor=city.staff["dispatcher"], words="看一下", op_id=op,
            mentioned=[city.staff["handler"].id],
        )  # fmt: skip
    assert Event.objects.filter(type="cases.ColleaguesMentioned").count() == 1


def test_the_resident_reads_neither_note_nor_names(city: City) -> None:
    opened = city.at("dispatched")
    actions.note(
        opened.case_uuid, actor=city.staff["dispatcher"], words="钥匙在三楼",
        mentioned=[city.staff["handler"].id],
    )  # fmt: skip
    view = selectors.receipt_by_token(opened.token)
    assert "钥匙" not in repr(view)
    assert "handler" not in repr(view)


def test_what_was_refused_keeps_note_and_names_as_typed(city: City) -> None:
    case = case_of(city.at("dispatched"))
    answer = signed_in("dispatcher").post(
        f"/desk/cases/{case.number}/say/",
        {"action": "note", "words": "看一下", "mention": [city.staff["plumber"].id]},
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose up to ten colleagues who may see this case." in html
    assert "看一下</textarea>" in html


@pytest.mark.parametrize(("kind", "box"), [("reply", "say-words"), ("note", "note-words")])
def test_what_was_begun_is_there_again_and_gone_once_sent(city: City, kind: str, box: str) -> None:
    case = case_of(city.at("handling"))
    page, client = f"/desk/cases/{case.number}/", signed_in("dispatcher")
    begun = {"kind": kind, "words": "明天上午"}
    assert client.post(f"{page}draft/", begun).status_code == 204
    html = client.get(page).content.decode()
    assert "明天上午</textarea>" in html.partition(f'id="{box}"')[2]
    assert "Begun and not sent" in client.get("/desk/day/").content.decode()
    client.post(f"{page}say/", {"action": kind, "words": "明天上午来", "begun": "1"})
    assert not Draft.objects.exists()


def test_without_scripts_a_draft_is_kept_and_thrown_away_by_buttons(city: City) -> None:
    case = case_of(city.at("handling"))
    page, client = f"/desk/cases/{case.number}/", signed_in("dispatcher")
    client.post(f"{page}say/", {"action": "keep", "kind": "note", "words": "查一下"})
    assert Draft.objects.get().words == "查一下"
    client.post(f"{page}say/", {"action": "drop", "kind": "note"})
    assert not Draft.objects.exists()


def test_a_draft_is_its_writers_alone_and_needs_the_case(city: City) -> None:
    case = case_of(city.at("handling"))
    page = f"/desk/cases/{case.number}/"
    signed_in("dispatcher").post(f"{page}draft/", {"kind": "reply", "words": "只有我看见"})
    assert "只有我看见" not in signed_in("chief").get(page).content.decode()
    assert signed_in("plumber").post(f"{page}draft/", {"words": "x"}).status_code == 404


def test_drafts_and_mentions_left_lying_are_erased(city: City) -> None:
    opened = city.at("handling")
    desks.keep_draft(opened.case_uuid, "reply", actor=city.staff["dispatcher"], words="旧")
    with clock.at(cities.MONDAY + timedelta(days=15)):
        assert desks.forget_old() == 1
    assert not Draft.objects.exists()


def test_ones_day_takes_at_most_ten_statements_with_those_of_every_page(city: City) -> None:
    for _number in range(3):
        city.open()
    opened = city.at("handling")
    city.do(opened, "return", "handler", reason="not_ours", note="不是我们的")
    desks.keep_draft(opened.case_uuid, "reply", actor=city.staff["dispatcher"], words="在写")
    client = signed_in("dispatcher")
    client.get("/desk/day/")
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/desk/day/").content.decode()
    # session, user, posts, and what menu and duty say are five of them
    assert len(reads(asked)) <= 10, "\n".join(reads(asked))
    assert "Came back" in html


def test_ones_day_says_for_whom_one_waits_and_who_is_late(city: City) -> None:
    city.at("handling")
    with clock.at(cities.MONDAY + timedelta(days=60)):
        html: Any = signed_in("dispatcher").get("/desk/day/").content.decode()
    assert ">light</th>" in html
    assert "1 late" in html


def test_the_day_s_figures_are_those_of_the_queue(city: City) -> None:
    """They are counted from the lists at hand; the queue asks the database."""
    for case_type in ("water.burst", "light.out", "rubbish.full"):
        city.open(case_type)
    city.at("handling")
    dispatcher = city.staff["dispatcher"]
    posts = posts_of(dispatcher.id or 0)
    told = set()
    for hours in (0, 1, 30, 24 * 60):
        with clock.at(cities.MONDAY + timedelta(hours=hours)):
            asked = queues.counters(dispatcher, posts=posts)
            shown = day(dispatcher, posts, frozenset()).counts
        assert shown == {tab: asked[tab] for tab in shown}
        told.add(tuple(shown.values()))
    assert len(told) > 1


def test_a_list_that_ends_too_early_is_counted_by_the_database(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(3):
        city.open()
    monkeypatch.setattr("lingka.cases.selectors.day.LOOKED", 2)
    dispatcher = city.staff["dispatcher"]
    posts = posts_of(dispatcher.id or 0)
    with clock.at(cities.MONDAY + timedelta(days=60)):
        assert day(dispatcher, posts, frozenset()).counts[queues.Tab.LATE] == 3
