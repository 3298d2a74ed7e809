"""`perform`: repeats are harmless, strangers learn nothing, refusals leave no trace."""

from contextlib import nullcontext

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from prometheus_client import REGISTRY

from lingka.cases import actions
from lingka.cases.selectors import allowed_actions
from lingka.core import contents, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.models import Content, Event
from tests.cases.city import City, case_of, problem, refusal

pytestmark = pytest.mark.usefixtures("unhurried")


def test_the_same_operation_gives_the_first_result_again(city: City) -> None:
    opened, op_id = city.at("handling"), uuid7()

    def remind() -> actions.Performed:
        return actions.perform(
            opened.case_uuid, "remind", actor=city.staff["supervisor"], op_id=op_id
        )

    assert remind() == remind()
    assert case_of(opened).facts["reminders"] == 1


def test_an_operation_sent_again_with_other_content_is_refused(city: City) -> None:
    opened, op_id = city.at("handling"), uuid7()
    deed = {"actor": city.staff["dispatcher"], "op_id": op_id}
    actions.perform(opened.case_uuid, "note", data={"note": "一"}, **deed)
    with problem("key_reused"):
        actions.perform(opened.case_uuid, "note", data={"note": "二"}, **deed)


def test_an_operation_of_somebody_else_is_not_repeated(city: City) -> None:
    opened, op_id = city.at("handling"), uuid7()
    for who, code in (("handler", None), ("mate", "key_reused")):
        with problem(code) if code else nullcontext():
            actions.perform(
                opened.case_uuid,
                "reply",
                actor=city.staff[who],
                data={"words": "在修"},
                op_id=op_id,
            )


def test_who_acts_on_an_old_version_is_told_what_happened(city: City) -> None:
    opened = city.open()
    version = case_of(opened).version
    city.do(opened, "accept", "dispatcher")
    with problem("stale"):
        actions.perform(
            opened.case_uuid, "accept", actor=city.staff["chief"], expected_version=version
        )


@pytest.mark.parametrize(
    "actor", [Actor("user", 10**9), Actor("resident", 10**9), Actor("client", 1)]
)
def test_to_a_stranger_a_case_does_not_exist(city: City, actor: Actor) -> None:
    opened = city.open()
    with problem("unknown_case"):
        city.do(opened, "accept", actor)
    assert allowed_actions(opened.case_uuid, actor) == []


def test_one_residents_receipt_does_not_open_anothers_case(city: City) -> None:
    mine, theirs = city.open(), city.open()
    with problem("unknown_case"):
        city.do(theirs, "withdraw", city.reporter(mine))


def test_an_unknown_case_or_action_is_said_so(city: City) -> None:
    with problem("unknown_case"):
        actions.perform(uuid7(), "accept", actor=city.staff["dispatcher"])
    with problem("action"):
        city.do(city.open(), "levitate", "dispatcher")


def test_what_is_missing_unknown_or_wrong_stands_beside_its_field(city: City) -> None:
    opened = city.open()
    with problem("missing"):
        city.do(opened, "decline", "dispatcher", reason="courts")
    with problem("choice"):
        city.do(opened, "decline", "dispatcher", reason="because", words="x")
    with problem("unknown"):
        city.do(opened, "accept", "dispatcher", colour="red")
    with problem("unit"):
        city.do(opened, "dispatch", "dispatcher", unit="light")


def test_a_refused_action_leaves_no_trace(city: City) -> None:
    opened = city.at("reported")
    before = Event.objects.count(), Content.objects.count(), case_of(opened).version
    with refusal("relation"):
        city.do(opened, "verify_failed", "handler", words="没好")
    assert (Event.objects.count(), Content.objects.count(), case_of(opened).version) == before


def test_a_refusal_is_counted_by_its_code(city: City) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("lingka_refusals_total", {"code": "relation"}) or 0

    opened, before = city.at("reported"), counted()
    with refusal("relation"):
        city.do(opened, "accept", "handler")
    assert counted() == before + 1


def test_a_refusal_costs_no_write(city: City) -> None:
    opened = city.at("reported")
    with CaptureQueriesContext(connection) as asked, refusal("relation"):
        city.do(opened, "accept", "handler")
    written = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE"))]
    assert written == []


def test_words_are_kept_apart_from_the_event(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "reply", "handler", words="明天上午来修")
    event = events.history(opened.case_uuid)[-1]
    assert "明天" not in repr(event.data)
    (text,) = event.data.texts  # type: ignore[attr-defined]
    assert (text["name"], text["audience"]) == ("words", "public")
    assert list(contents.read([text["content"]]).values()) == ["明天上午来修"]


@pytest.mark.parametrize(
    ("page", "words", "language"),
    [
        ("zh-hans", "明天上午来修", "zh-hans"), ("zh-hans", "སང་ཉིན་བཟོ་བཅོས་བྱེད།", "bo"),
        ("en", "Tomorrow", "en"), ("bo", "10:30", "bo"),
    ],
)  # fmt: skip
def test_the_language_of_what_staff_write_is_kept(
    city: City, page: str, words: str, language: str
) -> None:
    opened = city.at("handling")
    with translation.override(page):
        city.do(opened, "reply", "handler", words=words)
    (text,) = events.history(opened.case_uuid)[-1].data.texts  # type: ignore[attr-defined]
    assert text["language"] == language
    assert Content.objects.get(id=text["content"]).language == language


def test_what_is_forbidden_just_now_stays_with_its_reason(city: City) -> None:
    offers = {one.key: one.state for one in allowed_actions(
        city.at("reported").case_uuid, city.staff["verifier"]
    )}  # fmt: skip
    assert offers["verify"]
    assert not offers["call_back_done"]
    assert str(offers["call_back_done"].message)  # type: ignore[union-attr]
    assert "accept" not in offers
