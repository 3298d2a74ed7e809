"""What a standard reply must hold, and what becomes of its brackets."""

from typing import Any

import pytest

from lingka.core.problems import Problem
from lingka.desks import rules


def body(**texts: str) -> dict[str, Any]:
    whole = {one: texts.get("text", "{code}") for one in rules.LANGUAGES}
    whole |= {name.replace("_", "-"): words for name, words in texts.items() if name != "text"}
    return {"for": ["reply"], "title": dict.fromkeys(rules.LANGUAGES, "谢谢"), "text": whole}


def fields(given: dict[str, Any]) -> list[str]:
    return [field for field, _said in rules.faults(given)]


def test_a_whole_reply_has_no_fault() -> None:
    assert fields(body()) == []
    rules.check(body())


@pytest.mark.parametrize("purpose", [[], ["shout"]])
def test_it_says_what_it_is_for(purpose: list[str]) -> None:
    assert fields(body() | {"for": purpose}) == ["for"]


def test_the_first_fault_is_told_beside_its_field() -> None:
    with pytest.raises(Problem) as told:
        rules.check(body() | {"for": [], "title": {}})
    assert (told.value.code, told.value.field, told.value.status) == ("reply", "for", 422)


def test_title_and_text_stand_in_every_language() -> None:
    assert fields(body(bo=" ") | {"title": {"en": "Thanks", "bo": "ཐུགས་རྗེ་ཆེ།"}}) == [
        "title_zh-hans", "text_bo", "text_bo",
    ]  # fmt: skip


def test_neither_is_too_long() -> None:
    long = body(text="字" * (rules.LONGEST + 1))
    assert fields(long) == [f"text_{one}" for one in rules.LANGUAGES]


@pytest.mark.parametrize("text", ["{code", "{code!r}", "{code:>9}", "{0}", "{}"])
def test_a_bracket_holds_a_name_and_is_closed(text: str) -> None:
    assert fields(body(bo=text)) == ["text_bo"]


def test_nobody_fills_in_what_is_not_known() -> None:
    ((field, said),) = list(rules.faults(body(bo="{phone} {code}")))
    assert (field, "{phone}" in str(said)) == ("text_bo", True)


def test_what_stands_in_one_language_stands_in_all() -> None:
    assert fields(body(en="Thank you.")) == ["text_en"]


def test_what_the_case_does_not_know_is_left_to_the_writer() -> None:
    assert rules.fill("{code}: {due}", {"code": "K1"}) == "K1: …"


@pytest.mark.parametrize("text", ["{code", "{phone}", "{0}"])
def test_words_that_cannot_be_filled_stay_as_they_are(text: str) -> None:
    assert rules.fill(text, {"code": "K1"}) == text
