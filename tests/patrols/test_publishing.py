"""Checklists are whole, in versions, and written by the town's administrators alone."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lingka.areas.levels import scheme
from lingka.core.actors import SYSTEM, Actor
from lingka.core.models import Event
from lingka.patrols import actions, schema, selectors
from lingka.patrols.actions.publishing import shipped
from lingka.patrols.models import ChecklistVersion
from tests.cases.city import City, problem, refusal
from tests.security.stage import _give

pytestmark = pytest.mark.django_db


def texts(words: str) -> dict[str, str]:
    return {"zh-hans": words, "bo": words, "en": words}


def item(key: str, kind: str = "check", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "text": texts("好吗？"), **more}


def body(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    source = {"name": texts("演示"), "date": "2026-03-01"}
    whole = {
        "schema": 1, "title": texts("演示"), "about": texts("演示"), "fits": ["shop"],
        "sources": [source], "items": list(items) or [item("a")],
    }  # fmt: skip
    return whole | changes


@pytest.mark.parametrize("key", sorted(shipped()))
def test_what_comes_with_the_package_is_whole(key: str) -> None:
    asks = shipped()[key]
    assert list(schema.faults(asks)) == []
    assert set(asks["fits"]) <= scheme().place_kinds.keys()
    assert len(asks["items"]) >= 9
    assert any(one.get("hazard") for one in asks["items"])


def test_a_fresh_town_has_all_of_them() -> None:
    assert [one["key"] for one in selectors.checklists()] == sorted(shipped())
    assert {one["version"] for one in selectors.checklists()} == {1}


def test_publishing_the_same_again_makes_no_version() -> None:
    assert actions.publish_checklist("a", body(), actor=SYSTEM) == 1
    assert actions.publish_checklist("a", body(), actor=SYSTEM) == 1
    assert actions.publish_checklist("a", body(item("b")), actor=SYSTEM, reason="改一项") == 2
    assert Event.objects.filter(type="patrols.ChecklistPublished").count() == 2


def test_an_older_version_stays_as_it_was_asked() -> None:
    actions.publish_checklist("a", body(item("old")), actor=SYSTEM)
    actions.publish_checklist("a", body(item("new")), actor=SYSTEM)
    old, new = selectors.checklist("a", 1), selectors.checklist("a")
    assert old
    assert new
    assert (old["items"][0]["key"], new["items"][0]["key"]) == ("old", "new")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE patrols_checklistversion SET number = 9")


def test_a_town_s_own_checklist_is_not_overwritten_by_the_package() -> None:
    version = ChecklistVersion.objects.get(checklist__key="school")
    theirs = deepcopy(version.body) | {"title": texts("我们的")}
    actions.publish_checklist("school", theirs, actor=SYSTEM)
    ChecklistVersion.objects.create(
        checklist=version.checklist, number=3, body=theirs, content_hash="x",
        published_at=version.published_at, published_by=7,
    )  # fmt: skip
    actions.publish_shipped()
    selectors.forget()
    assert selectors.infos()[-2].body["title"] != "school"
    now = selectors.info("school")
    assert now
    assert now.body["title"] == texts("我们的")


def test_what_is_out_of_use_is_not_given_to_phones_and_stays_readable() -> None:
    actions.publish_checklist("a", body(), actor=SYSTEM)
    actions.retire_checklist("a", actor=SYSTEM)
    assert selectors.checklist("a") is None
    assert selectors.checklist("a", 1) is not None
    with problem("unknown_checklist"):
        actions.retire_checklist("a", actor=SYSTEM)


def test_only_administrators_of_the_whole_town_write_checklists(city: City) -> None:
    _give(city, "administrator", "administrator", "hall", city.root)
    _give(city, "local", "administrator", "office", city.street)
    for who in ("walker", "dispatcher", "supervisor", "local"):
        with refusal("not_administrator"):
            actions.publish_checklist("a", body(), actor=city.staff[who])
    with refusal("not_administrator"):
        actions.publish_checklist("a", body(), actor=Actor("resident"))
    assert actions.publish_checklist("a", body(), actor=city.staff["administrator"]) == 1


OPTIONS = [{"key": "a", "text": texts("一")}, {"key": "b", "text": texts("二")}]
HAZARD = {"level": "ordinary", "name": texts("隐患")}
BAD: list[tuple[str, dict[str, Any]]] = [
    ("schema", body(schema=2)),
    ("title.bo", body(title={"zh-hans": "题", "en": "title"})),
    ("fits", body(fits="shop")),
    ("sources", body(sources=[])),
    ("sources.0.date", body(sources=[{"name": texts("x"), "date": "soon"}])),
    ("items", body(items=[])),
    ("items.0", body(items=["a"])),
    ("items.0.key", body(item("A b"))),
    ("items.1.key", body(item("a"), item("a"))),
    ("items.0.kind", body(item("a", "score"))),
    ("items.0.color", body(item("a", color="red"))),
    ("items.0.text.en", body(item("a", text={"zh-hans": "问", "bo": "ཀ"}))),
    ("items.0.text.zh-hans", body(item("a", text=texts("x" * 601)))),
    ("items.0.hint.en", body(item("a", hint={"zh-hans": "问", "bo": "ཀ"}))),
    ("items.0.required", body(item("a", required="yes"))),
    ("items.0.photo", body(item("a", photo="often"))),
    ("items.0.options", body(item("a", "choice"))),
    ("items.0.options.0.key", body(item("a", "choice", options=[{"key": "A"}, OPTIONS[0]]))),
    ("items.0.options.1.key", body(item("a", "choice", options=[OPTIONS[0], OPTIONS[0]]))),
    (
        "items.0.options.1.text.zh-hans",
        body(item("a", "choice", options=[OPTIONS[0], {"key": "b"}])),
    ),
    ("items.0.fails", body(item("a", "choice", options=OPTIONS, fails=["c"]))),
    ("items.0.fails", body(item("a", fails=["none"]))),
    ("items.0.least", body(item("a", "number", least="0"))),
    ("items.0.least", body(item("a", "number", least=2, most=1))),
    ("items.0.good", body(item("a", "number", good={"from": 2, "to": 1}))),
    ("items.0.good", body(item("a", "number", good=[1, 2]))),
    ("items.0.weight", body(item("a", weight=11))),
    ("items.0.longest", body(item("a", "text", longest=0))),
    ("items.0.if", body(item("a", **{"if": "b"}))),
    ("items.0.if", body(item("a", **{"if": [{"item": "b", "is": ["yes"]}]}), item("b"))),
    ("items.1.if", body(item("a"), item("b", **{"if": [{"item": "a"}]}))),
    ("items.1.if", body(item("a"), item("b", **{"if": [{"item": "a", "is": ["red"]}]}))),
    ("items.1.if", body(item("a"), item("b", **{"if": [{"item": "a", "above": 3}]}))),
    ("items.1.if", body(item("a", "text"), item("b", **{"if": [{"item": "a", "failed": True}]}))),
    ("items.0.hazard", body(item("a", "text", hazard=HAZARD))),
    ("items.0.hazard", body(item("a", hazard={"level": "huge", "name": texts("x")}))),
    ("items.0.hazard.name.zh-hans", body(item("a", hazard={"level": "major"}))),
]  # fmt: skip


@pytest.mark.parametrize(("where", "bad"), BAD)
def test_what_does_not_hold_together_is_refused_where_it_stands(
    where: str, bad: dict[str, Any]
) -> None:
    with problem("checklist"):
        actions.publish_checklist("a", bad, actor=SYSTEM)
    assert next(schema.faults(bad)).where == where
