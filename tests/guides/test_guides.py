"""Guides: whole in every language, dated, in versions, and found by what people say."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from lingka.core import events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.guides import actions, rules, selectors
from lingka.guides.models import Guide, GuideVersion
from tests.cases.city import City
from tests.security.stage import _give

pytestmark = pytest.mark.django_db


def texts(words: str) -> dict[str, str]:
    return {"zh-hans": words, "bo": words, "en": words}


def body(**changes: Any) -> dict[str, Any]:
    whole = {
        "kind": "service",
        "title": texts("养犬登记"),
        "answer": texts("带狗来打针"),
        "papers": [texts("免疫证")],
        "source": texts("演示"),
        "source_date": "2026-03-01",
        "keywords": ["狗"],
    }
    return whole | changes


def test_what_comes_with_the_package_is_whole() -> None:
    kept = [one.body for one in GuideVersion.objects.all()]
    assert len(kept) >= 10
    assert [fault for one in kept for fault in rules.faults(one)] == []


def test_publishing_the_same_words_again_makes_no_version() -> None:
    assert actions.publish("dog", body(), actor=SYSTEM) == 1
    assert actions.publish("dog", body(), actor=SYSTEM) == 1
    assert actions.publish("dog", body(papers=[]), actor=SYSTEM) == 2


def test_an_older_version_stays_as_it_was_read() -> None:
    actions.publish("dog", body(), actor=SYSTEM)
    actions.publish("dog", body(answer=texts("不用来了")), actor=SYSTEM)
    answers = GuideVersion.objects.filter(guide__key="dog").order_by("number")
    assert [one.body["answer"]["en"] for one in answers] == ["带狗来打针", "不用来了"]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE guides_guideversion SET number = 9")


def test_each_version_is_told_by_an_event() -> None:
    actions.publish("dog", body(), actor=SYSTEM)
    actions.retire("dog", actor=SYSTEM)
    told = events.history(Guide.objects.get(key="dog").uuid)
    assert [one.type for one in told] == ["guides.GuidePublished", "guides.GuideRetired"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {"zh-hans": "狗", "en": "dog"}}, "title_bo"),
        ({"papers": [{"zh-hans": "证"}]}, "papers_bo"),
        ({"source_date": "soon"}, "source_date"),
        ({"kind": "rumour"}, "kind"),
        ({"takes": {"en": "a day"}}, "takes_zh-hans"),
        ({"answer": texts("长" * 4001)}, "answer_zh-hans"),
    ],
)
def test_what_is_not_whole_is_refused_beside_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as refused:
        actions.publish("dog", body(**changes), actor=SYSTEM)
    assert refused.value.field == field
    assert not Guide.objects.filter(key="dog").exists()


def test_a_retired_guide_is_found_no_more_until_it_is_published_again() -> None:
    actions.publish("dog", body(), actor=SYSTEM)
    selectors.forget()
    assert [one.key for one in selectors.find("狗")] == ["dog"]
    actions.retire("dog", actor=SYSTEM)
    selectors.forget()
    assert selectors.find("狗") == []
    assert selectors.guide("dog") is None
    actions.publish("dog", body(), actor=SYSTEM)
    selectors.forget()
    assert selectors.guide("dog") is not None


def test_taking_down_what_is_not_there_is_said() -> None:
    with pytest.raises(Problem) as refused:
        actions.retire("nothing", actor=SYSTEM)
    assert refused.value.status == 404


def test_only_administrators_of_the_whole_town_publish(city: City) -> None:
    for who in ("dispatcher", "supervisor"):
        with pytest.raises(PermissionRefused):
            actions.publish("dog", body(), actor=city.staff[who])
    with pytest.raises(PermissionRefused):
        actions.retire("heating-hours", actor=Actor("resident"))


def test_what_comes_with_the_package_is_told_by_no_event() -> None:
    assert Guide.objects.exists()
    assert not Event.objects.filter(stream="guide").exists()


def test_a_town_s_own_version_survives_an_upgrade(city: City) -> None:
    _give(city, "administrator", "administrator", "hall", city.root)
    actions.publish("heating-hours", body(), actor=city.staff["administrator"])
    actions.publish_shipped()
    newest = GuideVersion.objects.filter(guide__key="heating-hours").latest("number")
    assert newest.body["title"]["en"] == "养犬登记"


def test_words_are_found_in_any_language() -> None:
    for said, key in (
        ("我刚搬来，想办居住证", "residence-permit"),
        ("གནས་སྡོད་ལག་ཁྱེར་བཟོ་འདོད་ཡོད", "residence-permit"),
        ("lawyer for unpaid wages", "legal-aid"),
        ("家里没水了", "water-outage"),
    ):
        assert selectors.find(said)[0].key == key


@pytest.mark.parametrize("said", ["open", "申请"])
def test_a_word_that_some_guides_share_finds_them(said: str) -> None:
    assert selectors.find(said)


def test_words_that_no_guide_has_find_nothing() -> None:
    assert selectors.find("火星") == []
    assert selectors.find("") == []


def test_a_guide_is_told_in_the_reader_s_language() -> None:
    for language, word in (("zh-hans", "居住证"), ("bo", "ལག་ཁྱེར"), ("en", "residence")):
        with translation.override(language):
            told = selectors.guide("residence-permit")
            assert told is not None
            assert word in told.title
