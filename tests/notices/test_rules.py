"""What a notice must hold, field by field; who may put one up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.notices import actions, permissions, rules, templates
from lingka.notices.selectors import NoticeInfo
from tests.cases.city import City, problem

PutUp = Callable[..., NoticeInfo]
WHOLE = dict.fromkeys(("zh-hans", "bo", "en"), "{where} 停水")


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (None, "title_zh-hans"),
        ({"zh-hans": "停水", "bo": " ", "en": "x"}, "title_bo"),
        ({"zh-hans": "停" * 81, "bo": "ཆུ།", "en": "x"}, "title_zh-hans"),
        (WHOLE | {"en": "{where"}, "title_en"),
        (WHOLE | {"en": "{where:>9}"}, "title_en"),
        (WHOLE | {"en": "{who} {where}"}, "title_en"),
        (WHOLE | {"bo": "ཆུ།"}, "title_bo"),
    ],
)
def test_what_does_not_do_is_named_by_its_field(texts: Any, field: str) -> None:
    named = [one for one, _said in rules.faults("title", texts)]
    assert named[0] == field


def test_what_is_whole_has_no_fault() -> None:
    assert list(rules.faults("title", WHOLE)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [({"kind": "weather"}, "kind"), ({"hours": 0}, "hours"), ({"hours": "6"}, "hours"),
     ({"text": {}}, "words"), ({"title": {}}, "words")],
)  # fmt: skip
def test_a_template_that_would_make_no_whole_notice_is_refused(
    change: dict[str, Any], code: str
) -> None:
    body = {"kind": "outage", "hours": 6, "title": WHOLE, "text": WHOLE}
    rules.check_template(body)
    with problem(code):
        rules.check_template(body | change)


def test_a_sentence_begins_with_a_capital_whoever_it_names() -> None:
    said = rules.filled("{where}. {unit} is there", {"where": "here", "unit": "the team"})
    assert said == "Here. The team is there"


def test_without_a_telephone_nobody_is_told_to_call() -> None:
    frame = {"attention": "A", "said": "B", "again": "C", "call": "call {phone}"}
    assert rules.spoken(frame, {"phone": ""}) == "ABC"
    assert rules.spoken(frame, {"phone": "1"}) == "ABCcall 1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"places": []}, "targets"),
        ({"places": [999_999_999]}, "no_place"),
        ({"kind": "weather"}, "kind"),
        ({"ends_at": timedelta(0)}, "ends"),
        ({"ends_at": timedelta(days=93)}, "ends"),
    ],
)
def test_a_notice_that_does_not_do_is_not_published(
    put_up: PutUp, changes: dict[str, Any], code: str
) -> None:
    if "ends_at" in changes:
        changes = {"ends_at": clock.now() + changes["ends_at"]}
    with problem(code):
        put_up(**changes)


@pytest.mark.django_db
def test_a_reason_or_a_notice_that_is_not_there_is_said_so(put_up: PutUp, city: City) -> None:
    notice, desk = put_up(), city.staff["dispatcher"]
    with problem("why"):
        actions.withdraw(notice.code, "tired", actor=desk)
    with problem("no_notice"):
        actions.withdraw("0000000", "sooner", actor=desk)


@pytest.mark.django_db
def test_the_same_words_again_make_no_new_version_of_a_template(city: City) -> None:
    body = {"kind": "outage", "hours": 6, "title": WHOLE, "text": WHOLE}
    assert actions.publish_template("own", body, actor=SYSTEM) == 1
    assert actions.publish_template("own", body, actor=SYSTEM) == 1
    assert actions.publish_template("own", {**body, "hours": 7}, actor=SYSTEM) == 2
    assert [one.key for one in templates.all_in_force()][-1] == "own"


@pytest.mark.django_db
def test_programs_put_up_nothing_and_lingka_itself_may(city: City) -> None:
    assert permissions.may_publish(SYSTEM, city.root.path)
    assert not permissions.may_publish(Actor("client", 1), city.root.path)
    assert permissions.may_write_templates(SYSTEM)
    assert not permissions.may_write_templates(Actor("client", 1))


def test_a_case_without_a_fitting_template_has_none(db: None) -> None:
    assert templates.for_case("rubbish.full") is None
    found = templates.for_case("road.ice")
    assert found is not None
    assert found.key == "ice_danger"
