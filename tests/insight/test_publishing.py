"""Figures are shown to units first, then frozen and public; old versions stay."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, OperationalError, transaction
from django.test import Client
from psycopg.errors import LockNotAvailable

from lingka.cases.receipts import Opened
from lingka.core import clock, rereading
from lingka.core.models import Event, HeldDelivery
from lingka.insight import publicly
from lingka.insight.actions import (
    decide_appeal,
    file_appeal,
    publish,
    publish_assessment,
    show_to_units,
)
from lingka.insight.models import FrozenCount, FrozenFact, Publication
from lingka.insight.periods import Period
from lingka.insight.selectors import publications
from tests.cases.city import MONDAY, City, problem, refusal
from tests.insight.conftest import forgotten
from tests.insight.test_board import browser

Heard = Callable[[], None]
NEXT = MONDAY + timedelta(days=16)  # early in December
LATER = NEXT + timedelta(days=9)
MONTH = date(2026, 11, 1)


@pytest.fixture
def november(city: City, heard: Heard) -> list[Opened]:
    made = []
    for _number in range(12):
        opened = city.at("resolved")
        city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="yes")
        made.append(opened)
    heard()
    return made


def published(city: City) -> Publication:
    boss = city.staff["supervisor"]
    with clock.at(NEXT):
        shown = show_to_units(MONTH, actor=boss)
    with clock.at(LATER):
        return publish(shown.uuid, actor=boss)


def public(path: str = "/rates/", **query: Any) -> Any:
    client = Client()
    client.cookies["language"] = "en"
    return client.get(path, query)


def test_the_units_look_before_anybody_else(city: City, november: list[Opened]) -> None:
    boss = city.staff["supervisor"]
    with clock.at(NEXT):
        shown = show_to_units(MONTH, actor=boss)
        with problem("early"):
            publish(shown.uuid, actor=boss)
        assert "Nothing has been published yet" in public().content.decode()
        own = browser(city.staff["handler"]).get("/desk/rates/").content.decode()
        assert "will be published" in own
        with problem("shown"):
            show_to_units(MONTH, actor=boss)
    with clock.at(LATER):
        publish(shown.uuid, actor=boss)
        with problem("published"):
            publish(shown.uuid, actor=boss)
        assert "12 ÷ 12" in public().content.decode()


def test_nothing_is_frozen_while_the_figures_are_counted_anew(
    city: City, november: list[Opened], heard: Heard
) -> None:
    boss = city.staff["supervisor"]
    with clock.at(NEXT):
        shown = show_to_units(MONTH, actor=boss)
    with clock.at(LATER):
        forgotten()
        desk = browser(boss)
        answer = desk.post("/desk/rates/published/", {"publication": str(shown.uuid)})
        assert answer.status_code == 409
        assert "counted anew" in answer.content.decode()
        with problem("counting"):
            show_to_units(MONTH, actor=boss)
        with problem("counting"):
            publish_assessment(Period(date(2026, 7, 1), 3), actor=boss)
        heard()
        publish(shown.uuid, actor=boss)
        assert FrozenFact.objects.count() == 12


def test_nothing_is_frozen_while_what_a_case_did_could_not_be_counted(
    city: City, november: list[Opened]
) -> None:
    boss = city.staff["supervisor"]
    with clock.at(NEXT):
        shown = show_to_units(MONTH, actor=boss)
    last = Event.objects.filter(stream="case").latest("position")
    held = HeldDelivery.objects.create(
        receiver="insight.facts", event=last, stream_id=last.stream_id, sequence=last.sequence
    )
    with clock.at(LATER):
        with problem("counting"):
            publish(shown.uuid, actor=boss)
        held.delete()
        publish(shown.uuid, actor=boss)


def test_whoever_waits_too_long_for_the_figures_is_told(
    city: City, november: list[Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_work(*_given: Any) -> None:
        raise OperationalError from LockNotAvailable()

    monkeypatch.setattr(rereading, "_locked", at_work)
    with clock.at(NEXT), problem("counting"):
        show_to_units(MONTH, actor=city.staff["supervisor"])


def test_a_month_that_still_runs_is_not_shown(city: City) -> None:
    with problem("running"):
        show_to_units(MONTH, actor=city.staff["supervisor"])


@pytest.mark.parametrize("who", ["handler", "dispatcher", "verifier"])
def test_only_supervisors_of_the_town_publish(city: City, who: str) -> None:
    with clock.at(NEXT), refusal("town"):
        show_to_units(MONTH, actor=city.staff[who])


def test_an_upheld_appeal_makes_a_new_version_and_the_old_one_stays(
    city: City, november: list[Opened], heard: Heard
) -> None:
    first = published(city)
    boss = city.staff["supervisor"]
    with clock.at(LATER + timedelta(days=1)):
        made = file_appeal(
            november[0].case_uuid, kind="exclude", ground="untrue", words="没有这盏灯",
            actor=city.staff["handler"],
        )  # fmt: skip
        decide_appeal(made.uuid, upheld=True, words="是", actor=boss)
        heard()
        second = publish(show_to_units(MONTH, actor=boss).uuid, actor=boss)
    assert (first.number, second.number, second.upheld) == (1, 2, 1)
    with clock.at(LATER + timedelta(days=2)):
        now, old = public().content.decode(), public("/rates/2026-11/", version=1).content.decode()
        assert "11 ÷ 11" in now
        assert 'left out: <span class="quiet">too few to show' in now
        assert "Found untrue" not in now
        assert "version 1, published" in old
        assert "÷" not in old  # one case more than now: what was appealed would be seen
        desk = browser(boss)
        kept = desk.get("/desk/rates/", {"period": "2026-11", "version": 1}).content.decode()
        assert "As published: version 1" in kept
        assert "12</a> ÷" in kept
        cases = desk.get(
            "/desk/rates/cases/", {"period": "2026-11", "version": 1, "measure": "solved"}
        )
        assert len(cases.context["rows"]) == 12
        said = desk.get("/desk/rates/", {"period": "2026-11"}).content.decode()
        assert "100.0%" in said
        assert "Found untrue" in said


def test_appeals_end_some_time_after_publication(city: City, november: list[Opened]) -> None:
    published(city)
    with clock.at(LATER + timedelta(days=31)), refusal("over"):
        file_appeal(
            november[0].case_uuid, kind="rating", ground="unreasonable", words="晚了",
            actor=city.staff["handler"],
        )  # fmt: skip


def test_nobody_changes_what_was_published(city: City, november: list[Opened]) -> None:
    one = published(city)
    assert FrozenFact.objects.filter(publication=one).count() == 12
    with pytest.raises(Error), transaction.atomic():
        FrozenCount.objects.filter(publication=one).update(solved=0)
    with pytest.raises(Error), transaction.atomic():
        FrozenCount.objects.filter(publication=one).delete()


def test_new_cases_change_nothing_that_is_public(
    city: City, november: list[Opened], heard: Heard
) -> None:
    published(city)
    with clock.at(LATER):
        before = said()
        city.at("resolved")
        heard()
        assert said() == before


def said() -> str:
    """The page, but for what is new each time."""
    return re.sub('value="[0-9A-Za-z]{64}"', "", public().content.decode())


def test_the_desk_shows_and_publishes_by_buttons(city: City, november: list[Opened]) -> None:
    boss, page = browser(city.staff["supervisor"]), "/desk/rates/published/"
    with clock.at(NEXT):
        assert boss.post(page, {"month": "2026-11"}).status_code == 302
        assert boss.post(page, {"month": "2026-12"}).status_code == 409
        assert boss.post(page, {"month": "x"}).status_code == 409
        assert boss.post(page, {"publication": "x"}).status_code == 409
        shown = Publication.objects.get()
        assert boss.post(page, {"publication": str(shown.uuid)}).status_code == 409
        unit = browser(city.staff["handler"])
        assert unit.post(page, {"month": "2026-10"}).status_code == 409
    with clock.at(LATER):
        assert "Publish version 1" in boss.get(page).content.decode()
        assert boss.post(page, {"publication": str(shown.uuid)}).status_code == 302
        assert publications.published(MONTH) is not None


@pytest.mark.parametrize("path", ["2026-12", "2026-Q4", "2026", "x", "2026-13"])
def test_what_was_not_published_is_not_there(city: City, november: list[Opened], path: str) -> None:
    published(city)
    assert public(f"/rates/{path}/").status_code == 404


@pytest.mark.parametrize("area", ["0", "999999", "9" * 30, "x", "٣"])
def test_an_area_that_is_none_is_not_there(city: City, november: list[Opened], area: str) -> None:
    published(city)
    assert public(area=area).status_code == 404


def test_an_area_with_too_few_has_no_page(city: City, heard: Heard) -> None:
    for _time in range(4):
        city.at("resolved")
    heard()
    one = published(city)
    with clock.at(LATER):
        said = public().content.decode()
        assert "Too few to show" in said
        assert publicly.board(one, city.street.pk) is None
        assert public(area=city.street.pk).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_everybody_reads_it_in_their_language(
    city: City, november: list[Opened], language: str
) -> None:
    published(city)
    client = Client()
    client.cookies["language"] = language
    with clock.at(LATER):
        said = client.get("/rates/").content.decode()
    assert {"zh-hans": "我们办得怎么样", "bo": "ང་ཚོས་ཇི་ལྟར་", "en": "how well we did"}[
        language
    ] in said
