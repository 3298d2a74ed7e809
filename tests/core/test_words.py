"""Whatever a reader meets has words in all three languages, each in its own letters."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils.translation import override

from lingka.accounts.models import Role
from lingka.cases import parts
from lingka.cases.selectors import faces, flows
from lingka.core import events
from lingka.notifications import texts

LANGUAGES = {
    "zh-hans": re.compile(r"[\u4e00-\u9fff]"),
    "bo": re.compile(r"[\u0f40-\u0fbc]"),
    "en": re.compile(r"[A-Za-z]"),
}
ROOT = Path(events.__file__).parents[1]
FILES = sorted(
    file
    for file in [*ROOT.glob("*/data/**/*.yaml"), ROOT / "cases" / "replies.yaml"]
    if file.parts[-3] != "intake" and "demo" not in file.parts
)
WORKFLOWS = [file for file in FILES if file.parent.name == "workflows"]
CASES = ROOT / "cases" / "data"


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def authored(value: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text by language within a data file, with where it stands."""
    if isinstance(value, Mapping):
        if LANGUAGES.keys() & value.keys():
            yield from by_language(value, path)
        else:
            for key, inner in value.items():
                yield from authored(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from authored(inner, f"{path}/{number}")


def by_language(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One text; or each text of whole tables by language. Numbers by language are no text."""
    if any(isinstance(one, dict) for one in value.values()):
        for key in {key for table in value.values() for key in table}:
            texts = {code: table.get(key, "") for code, table in value.items()}
            if any(re.sub(r"{\w+}|\W", "", text) for text in texts.values()):
                yield f"{path}/*/{key}", texts
    elif any(isinstance(one, str) for one in value.values()):
        yield path, value


def faults(names: Mapping[str, Any]) -> list[str]:
    """What is wrong with one text: a language missing, or written in another's letters."""
    found = [code for code, letters in LANGUAGES.items() if not letters.search(names.get(code, ""))]
    foreign = LANGUAGES["zh-hans"].search(names.get("en", "") + names.get("bo", ""))
    return [*found, *(["Chinese elsewhere"] if foreign else [])]


def said(label: Any) -> dict[str, str]:
    """A lazy text in each language."""
    spoken = {}
    for code in LANGUAGES:
        with override(code):
            spoken[code] = str(label)
    return spoken


def test_the_check_finds_what_is_missing_and_what_is_in_the_wrong_letters() -> None:
    assert faults({"zh-hans": "派单", "bo": "འགན་འགོད།", "en": "Dispatch"}) == []
    assert faults({"zh-hans": "派单", "bo": "Dispatch", "en": "Dispatch"}) == ["bo"]
    assert faults({"zh-hans": "派单", "bo": "派单", "en": ""}) == ["bo", "en", "Chinese elsewhere"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}/{file.name}")
def test_every_text_of_a_data_file_is_there_in_three_languages(file: Path) -> None:
    found = list(authored(read(file)))
    assert {where: wrong for where, names in found if (wrong := faults(names))} == {}


def test_the_data_files_are_found() -> None:
    names = {file.name for file in FILES}
    assert {"case_types.yaml", "messages.yaml", "replies.yaml", "quick_response.yaml"} <= names


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_state_action_input_and_choice_of_a_workflow_has_words(file: Path) -> None:
    flow = parts.expanded(read(file))
    wanted = {"/name": flow.get("name")}
    for key, state in flow["states"].items():
        wanted |= {f"{key}/{one}": state.get(one) for one in ("label", "waits")}
    for key, action in flow["actions"].items():
        wanted |= {f"{key}/{one}": action.get(one) for one in ("label", "done")}
        for need in action.get("needs", ()):
            wanted[f"{key}/{need['name']}"] = need.get("label")
            for option, names in (need.get("options") or {}).items():
                wanted[f"{key}/{need['name']}/{option}"] = names
    assert {where for where, names in wanted.items() if faults(names or {})} == set()


def test_every_case_type_and_group_has_a_name() -> None:
    data = read(CASES / "case_types.yaml")
    kinds = data.get("types") or data["case_types"]
    named = {**data["groups"], **kinds}
    assert {key for key, one in named.items() if faults(one.get("name") or {})} == set()


@pytest.mark.parametrize("type_", sorted(events.REGISTRY))
def test_every_event_type_has_a_label(type_: str) -> None:
    cls = events.REGISTRY[type_]
    if cls.__module__.startswith("lingka."):
        assert faults(said(cls.label)) == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_clock_of_a_workflow_or_policy_has_a_name(file: Path) -> None:
    deadlines = read(CASES / "deadlines.yaml")
    used = {
        one["clock"] for one in parts.expanded(read(file))["states"].values() if one.get("clock")
    }
    used |= set(deadlines["always"]).union(*deadlines["policies"].values())
    assert used <= faces.CLOCKS.keys()


@pytest.mark.parametrize("label", [
    *faces.CLOCKS.values(), *(one.label for one in faces.CHANNELS.values()),
    *Role.labels, *dict(flows.STAGES).values(),
], ids=str)  # fmt: skip
def test_every_clock_channel_post_and_stage_has_words(label: Any) -> None:
    assert faults(said(label)) == []


def test_every_message_that_an_event_sends_has_a_text() -> None:
    data = texts.data()
    residents, sent = data["residents"], set[str]()
    sent |= {residents[key] for key in ("opened", "followed", "again")}
    sent |= set(residents["actions"].values()) | set(residents["states"].values())
    assert sent <= data["texts"].keys()


def test_a_message_says_the_same_in_every_language() -> None:
    differing = {
        key
        for key, spoken in texts.data()["texts"].items()
        if len({frozenset(texts.fields(text)) for text in spoken.values()}) != 1
    }
    assert differing == set()
