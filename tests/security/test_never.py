"""What Lingka never does (mission, last page), rule by rule. Every checker is shown an offender."""

import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db.models import FloatField
from django.forms.forms import BaseForm
from django.test import Client

import lingka
from lingka.api.api import api
from lingka.cases.models import Case, Contact
from lingka.core.events import REGISTRY
from lingka.ops.middleware import HEADERS
from tests.security import walking
from tests.security.conftest import staged
from tests.security.stage import EMAIL, PHONE, STAFF_OF_THE_CASE, Stage
from tests.security.walking import Row

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NEVER = yaml.safe_load((HERE / "never.yaml").read_text(encoding="utf-8"))
SHIPPED = yaml.safe_load((ROOT / "lingka/cases/data/case_types.yaml").read_text(encoding="utf-8"))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LATIN = re.compile(r"[A-Za-z]+")
Named = Iterable[tuple[str, str]]  # where it stands, what it says


def offenders(named: Named, words: Mapping[str, list[str]]) -> list[str]:
    """What says one of the words."""
    every = [str(word) for group in words.values() for word in group]
    latin = {word for word in every if word.isascii()}
    whole = {word for word in latin if "*" not in word}
    begins = tuple(word.rstrip("*") for word in latin - whole)
    found = []
    for where, text in named:
        said = [one.lower() for one in _LATIN.findall(_CAMEL.sub(" ", text))]
        bad = [one for one in said if one in whole or one.startswith(begins)]
        bad += [word for word in every if not word.isascii() and word in text]
        found += [f"{where}: {text} ({word})" for word in bad]
    return found


def _models() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if model.__module__.startswith("lingka."):
            for one in model._meta.get_fields():
                yield model._meta.label, one.name
                yield from (
                    ((model._meta.label, str(key)) for key, _ in one.choices or ())
                    if (getattr(one, "choices", None))
                    else ()
                )


def _events() -> Iterator[tuple[str, str]]:
    for kind in REGISTRY.values():
        yield kind.type, str(kind.label)
        yield from ((kind.type, one.name) for one in fields(kind))  # type: ignore[arg-type]


def _forms() -> Iterator[tuple[str, str]]:
    for module in pkgutil.walk_packages(lingka.__path__, "lingka."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    for form in _below(BaseForm):
        if form.__module__.startswith("lingka."):
            for name, one in getattr(form, "base_fields", {}).items():
                yield form.__qualname__, name
                yield form.__qualname__, str(one.label or "")


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _interface() -> Iterator[tuple[str, str]]:
    schema = api.get_openapi_schema()
    for name, shape in schema["components"]["schemas"].items():
        yield from ((name, one) for one in shape.get("properties", ()))
    for path, methods in schema["paths"].items():
        for one in methods.values():
            yield from ((path, given["name"]) for given in one.get("parameters", ()))


def _data() -> Iterator[tuple[str, str]]:
    shipped = [
        *(ROOT / "lingka/cases/data").rglob("*.yaml"),
        ROOT / "lingka/surveys/data/surveys.yaml",
        ROOT / "lingka/patrols/data/registers.yaml",
    ]
    for path in sorted(shipped):
        yield from _strings(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))


def _strings(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield where, str(key)
            yield from _strings(f"{where}.{key}", one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(where, one)


SOURCES = {
    "models": _models, "events": _events, "forms": _forms, "interface": _interface, "data": _data,
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_asks_who_somebody_is_or_how_they_live(source: str) -> None:
    named = list(SOURCES[source]())
    assert len(named) > 20, "nothing was looked at"
    assert offenders(named, NEVER["fields"]) == []


@pytest.mark.parametrize(
    "planted",
    ["ethnic_group", "religiousBelief", "party", "faceVector", "民族", "身份证号", "risk_score",
     "last_track", "མི་རིགས།", "ranking"],
)  # fmt: skip
def test_a_field_about_a_person_would_be_found(planted: str) -> None:
    assert offenders([("planted", planted)], NEVER["fields"])


def _said_of(types: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, one in types.items():
        shown = {name: one.get(name) for name in ("name", "description", "keywords", "form")}
        yield key, key.replace(".", " ")
        yield from _strings(key, shown)


def test_cases_are_about_things_and_services() -> None:
    assert offenders(_said_of(SHIPPED["types"]), NEVER["case_types"]) == []


@pytest.mark.parametrize(
    "planted",
    [
        {"neighbour.noise": {}},
        {"other.x": {"name": {"zh-hans": "可疑人员"}}},
        {"other.x": {"description": {"en": "Report a person living here"}}},
    ],
)
def test_a_case_type_about_somebody_would_be_found(planted: dict[str, Any]) -> None:
    assert offenders(_said_of(planted), NEVER["case_types"])


def forbidden_packages(names: Iterable[str]) -> list[str]:
    patterns = [re.compile(one.replace("*", ".*")) for one in NEVER["packages"]]
    return [name for name in names if any(one.fullmatch(name.lower()) for one in patterns)]


def test_no_dependency_sees_follows_or_profiles_people() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    front = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    names = [one["name"] for one in lock["package"]]
    assert forbidden_packages([*names, *front["dependencies"], *front["devDependencies"]]) == []
    assert forbidden_packages(["opencv-python-headless", "face-recognition", "posthog"])


def test_pages_may_not_use_the_camera_and_know_the_place_only_by_asking() -> None:
    policy = dict(part.strip().split("=", 1) for part in HEADERS["Permissions-Policy"].split(","))
    assert policy["camera"] == "()"
    assert policy["geolocation"] == "(self)"
    assert "http" not in HEADERS["Content-Security-Policy"]


def with_a_point(models: Iterable[Any]) -> set[str]:
    return {
        model._meta.label
        for model in models
        if any(isinstance(one, FloatField) and one.name in {"lon", "lat"}
               for one in model._meta.get_fields())
    }  # fmt: skip


def test_no_row_keeps_where_a_person_or_worker_is() -> None:
    assert with_a_point(apps.get_models()) == set(NEVER["with_a_point"])


def test_a_contact_holds_nothing_that_can_be_searched() -> None:
    assert {one.name for one in Contact._meta.get_fields()} == set(NEVER["contact"])


@pytest.fixture
def stage(
    django_db_setup: None, db: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[Stage]:
    with staged(django_db_blocker, tmp_path) as built:
        yield built


def test_nobody_is_found_by_a_telephone_number_or_a_name(stage: Stage) -> None:
    for who in STAFF_OF_THE_CASE:
        browser = stage.client(who)
        for sought in (PHONE, EMAIL, PHONE[-4:], "dispatcher"):
            answer = browser.get("/desk/find/", {"q": sought})
            assert answer.status_code == 404
            assert stage.things["case"] not in answer.content.decode()
    assert stage.client("disp").get("/desk/find/", {"q": stage.things["case"]}).status_code == 302


def test_a_resident_takes_back_the_contact_and_the_case_goes_on(stage: Stage) -> None:
    token, number = stage.held["token"], stage.things["case"]
    assert "forget" in Client().get(f"/r/{token}").content.decode()
    Client().post(f"/r/{token}/do/forget")
    assert not Contact.objects.filter(receipt__case__number=number).exists()
    assert "forget" not in Client().get(f"/r/{token}").content.decode()
    assert Case.objects.get(number=number).state == "handling"


def test_no_public_page_shows_how_many_cases_there_are(stage: Stage) -> None:
    rows = [
        row
        for row in walking.table(walking.TABLE.read_text(encoding="utf-8"))
        if row.method == "GET" and row.cells["none"] == "ok"
    ]
    before = {str(row): _said(stage, row) for row in rows}
    for number in range(3):
        stage.city.open(words=f"又一件{number}", lon=91.12 + number / 100)
        stage.city.open("help.papers", words=f"又一问{number}", lon=91.12 + number / 100)
    moved = [row.path for row in rows if _said(stage, row) != before[str(row)]]
    assert set(moved) == set(NEVER["moved_by_cases"])  # these two prove that it would be noticed


def _said(stage: Stage, row: Row) -> str:
    """The answer without what is new each time: tokens, keys and ids."""
    response = walking.answer(stage, row, "none")
    text = response.content.decode(errors="replace")
    return re.sub(r"[0-9A-Za-z_-]{22,}", "…", text)
