"""What neighbours agreed on: each version adopted by a vote or a meeting, and never changed."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lingka.core import clock, verify
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.covenants import actions, selectors
from lingka.covenants.actions import Adopted
from lingka.covenants.models import Covenant, Version
from lingka.covenants.selectors import VersionInfo
from tests.cases.city import MONDAY, City, names, problem, refusal
from tests.cases.conftest import city, monday
from tests.points.test_mine import desk, said
from tests.voting.hall import AGAINST, FOR, cast, counted, opened, people

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
DAY = MONDAY.date()
LATER = DAY + timedelta(days=8)
FIRST = names("东头上午不停车。\n其余画六个车位。")
SECOND = names("东头上午不停车。\n其余画八个车位。\n九月晾青稞。")
TABLE = Adopted(FIRST, DAY, meeting=names("林卡坝坝会"), on=DAY)


@pytest.fixture
def yard(city: City) -> UUID:
    return actions.begin(city.street.pk, names("3 号院公约"), TABLE, actor=SYSTEM)


def voted(city: City, choice: int = FOR) -> UUID:
    """A vote of the street that carried what it asked, or not."""
    voters = people(city, 5)
    vote = opened(city)
    cast(vote, *[(one, choice) for one in voters])
    counted(vote)
    return vote


def test_a_covenant_has_versions_each_with_who_adopted_it(city: City, yard: UUID) -> None:
    vote = voted(city)
    assert actions.adopt(yard, Adopted(SECOND, LATER, vote=vote), actor=SYSTEM) == 2
    found = selectors.covenant(yard)
    assert found is not None
    assert [one.number for one in found.versions] == [2, 1]
    newest = found.versions[0]
    assert newest.vote is not None
    assert (newest.vote.uuid, newest.adopted_on) == (vote, DAY + timedelta(days=7))
    assert found.versions[1].meeting == "林卡坝坝会"
    told = Event.objects.filter(stream_id=yard).order_by("sequence")
    assert [one.data["number"] for one in told] == [1, 2]
    assert verify.run() == []


def test_what_a_version_changed_is_told_paragraph_by_paragraph(city: City, yard: UUID) -> None:
    actions.adopt(yard, replace(TABLE, text=SECOND), actor=SYSTEM)
    found = selectors.covenant(yard)
    assert found is not None
    lines = selectors.differences(found.versions[0], found.versions[1])
    assert [(one.kind, one.text) for one in lines] == [
        ("same", "东头上午不停车。"), ("gone", "其余画六个车位。"), ("new", "其余画八个车位。"),
        ("new", "九月晾青稞。"),
    ]  # fmt: skip
    assert {one.kind for one in selectors.differences(found.versions[1], None)} == {"same"}


def test_a_covenant_that_is_sent_twice_is_begun_once(city: City) -> None:
    key, area = uuid4(), city.street.pk
    first = actions.begin(area, names("院约"), TABLE, actor=SYSTEM, idempotency_key=key)
    assert actions.begin(area, names("院约"), TABLE, actor=SYSTEM, idempotency_key=key) == first
    assert Covenant.objects.count() == 1
    with problem("key"):
        actions.begin(area, names("巷约"), TABLE, actor=SYSTEM, idempotency_key=key)
    browser = desk("dispatcher")
    for _twice in range(2):
        browser.post("/desk/covenants/new", filled("new", city, key=first))
    assert Covenant.objects.count() == 2


def test_of_two_versions_that_one_vote_adopts_at_once_the_second_is_told_so(
    city: City, yard: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither has seen the other yet: only the database knows."""
    vote = voted(city)
    lane = actions.begin(city.street.pk, names("巷约"), TABLE, actor=SYSTEM)
    monkeypatch.setattr(actions, "has_adopted", lambda _vote: False)
    for one, raised in ((yard, nullcontext()), (lane, problem("vote"))):
        with raised:
            actions.adopt(one, Adopted(SECOND, LATER, vote=vote), actor=SYSTEM)
    assert Version.objects.filter(vote=vote).count() == 1


def test_a_covenant_that_has_ended_gets_no_version(city: City, yard: UUID) -> None:
    actions.end(yard, DAY, actor=SYSTEM)
    assert Event.objects.get(type="covenants.CovenantEnded").data == {"on": DAY.isoformat()}
    with problem("ended"):
        actions.adopt(yard, TABLE, actor=SYSTEM)
    with problem("no_covenant"):
        actions.end(uuid4(), LATER, actor=SYSTEM)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_covenant_ends_neither_before_its_newest_version_nor_some_day_to_come(
    city: City, yard: UUID, days: int
) -> None:
    with pytest.raises(Problem) as caught:
        actions.end(yard, DAY + timedelta(days=days), actor=SYSTEM)
    assert (caught.value.code, caught.value.field, caught.value.status) == ("on", "on", 422)


def test_a_version_holds_from_its_day_and_the_one_before_until_then(city: City, yard: UUID) -> None:
    actions.adopt(yard, replace(TABLE, text=SECOND, since=LATER), actor=SYSTEM)
    anybody, at = Client(headers={"accept-language": "en"}), f"/covenants/{yard}/"
    found = selectors.covenant(yard)
    assert found is not None
    assert found.holding.number == 1
    assert "画八个车位" not in said(anybody.get(at))
    assert "version 1, since" in said(anybody.get("/covenants/"))
    assert "This version holds from" in said(anybody.get(f"{at}2"))
    with clock.at(MONDAY + timedelta(days=8)):
        assert found.holding.number == 2
        assert "画八个车位" in said(anybody.get(at))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"text": {"zh-hans": "甲", "bo": "", "en": "a"}}, "words", "text_bo"),
        ({"meeting": {}}, "words", "meeting_zh-hans"),
        ({"on": None}, "on", "on"),
        ({"on": DAY + timedelta(days=1)}, "on", "on"),
        ({"since": DAY - timedelta(days=1)}, "since", "since"),
        ({"vote": uuid4()}, "vote", "vote"),
    ],
)
def test_what_was_not_adopted_so_is_refused(
    city: City, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Problem) as caught:
        actions.begin(city.street.pk, names("公约"), replace(TABLE, **change), actor=SYSTEM)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Covenant.objects.exists()


def test_a_version_needs_a_vote_that_was_carried_here_and_adopted_nothing_else(
    city: City, yard: UUID
) -> None:
    lost = voted(city, AGAINST)
    with problem("vote"):
        actions.adopt(yard, Adopted(SECOND, LATER, vote=lost), actor=SYSTEM)
    won = voted(city)
    assert [key for key, _question in selectors.to_adopt(city.street.pk)] == [str(won)]
    actions.adopt(yard, Adopted(SECOND, LATER, vote=won), actor=SYSTEM)
    with problem("vote"):
        actions.adopt(yard, Adopted(FIRST, LATER, vote=won), actor=SYSTEM)
    assert selectors.to_adopt(city.street.pk) == []


def test_a_later_version_does_not_hold_before_an_earlier_one(city: City, yard: UUID) -> None:
    actions.adopt(yard, replace(TABLE, text=SECOND, since=LATER), actor=SYSTEM)
    with problem("since"):
        actions.adopt(yard, TABLE, actor=SYSTEM)


def test_only_the_desk_of_the_area_writes_covenants_down(city: City, yard: UUID) -> None:
    stranger = city.staff["handler"]
    with refusal("not_desk"):
        actions.begin(city.street.pk, names("公约"), TABLE, actor=stranger)
    with refusal("not_desk"):
        actions.adopt(yard, TABLE, actor=stranger)
    assert actions.adopt(yard, TABLE, actor=city.staff["dispatcher"]) == 2


def test_the_database_changes_no_version(city: City, yard: UUID) -> None:
    for change in (lambda: Version.objects.update(text={}), lambda: Version.objects.all().delete()):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()


# -- pages ----------------------------------------------------------------------------------


def filled(form: str, city: City, **more: Any) -> dict[str, Any]:
    words = {
        f"{form}-{name}_{code}": text for code in ("zh-hans", "bo", "en")
        for name, text in (("name", "院约"), ("text", "一\n二"), ("meeting", "坝坝会"))
    }  # fmt: skip
    return words | {
        "do": form, f"{form}-area": city.street.pk, f"{form}-on": DAY.isoformat(),
        f"{form}-since": DAY.isoformat(),
    } | {f"{form}-{name}": value for name, value in more.items()}  # fmt: skip


def test_the_desk_writes_one_down_and_everybody_reads_it(city: City) -> None:
    browser, anybody = desk("dispatcher"), Client(headers={"accept-language": "en"})
    assert "No covenant yet" in said(browser.get("/desk/covenants/"))
    assert "No covenant yet" in said(anybody.get("/covenants/"))
    made = browser.post("/desk/covenants/new", filled("new", city))
    uuid = Covenant.objects.get().uuid
    assert made["Location"] == f"/covenants/{uuid}/"
    vote = voted(city)
    page = f"/desk/covenants/{uuid}"
    assert str(vote) in said(browser.get(page))
    browser.post(page, filled("next", city, vote=vote, since=LATER.isoformat(), text_en="one\nX"))
    shown = said(anybody.get(f"/covenants/{uuid}/2"))
    assert "Changed from version 1" in shown
    assert f"/votes/{vote}/" in shown
    with clock.at(MONDAY + timedelta(days=8)):
        assert "This is an earlier version" in said(anybody.get(f"/covenants/{uuid}/1"))
    assert anybody.get(f"/covenants/{uuid}/9").status_code == 404
    assert "版本" not in said(browser.get("/desk/covenants/"))
    with clock.at(MONDAY + timedelta(days=8)):
        browser = desk("dispatcher")
        browser.post(page, {"do": "end", "end-on": LATER.isoformat()})
        assert browser.get(page).status_code == 404
    assert "It holds no longer" in said(anybody.get(f"/covenants/{uuid}/"))


def test_what_cannot_be_taken_is_said_beside_the_field_and_what_was_typed_stays(
    city: City,
) -> None:
    answer = desk("dispatcher").post("/desk/covenants/new", filled("new", city, on=""))
    assert answer.status_code == 400
    assert "on which day the meeting was" in said(answer)
    assert "坝坝会" in said(answer)


def test_a_desk_elsewhere_finds_nothing(city: City, yard: UUID) -> None:
    assert desk("handler").get("/desk/covenants/").status_code == 404
    assert desk("handler").get(f"/desk/covenants/{yard}").status_code == 404
    assert Client().get(f"/covenants/{uuid4()}/").status_code == 404


def test_empty_lines_are_no_paragraphs() -> None:
    text = VersionInfo(1, "一\n\n 二 \n", None, "", date(2026, 1, 1), date(2026, 1, 1))
    assert text.paragraphs == ["一", "二"]
