"""Does a checklist hold together? Whole in every language, each condition on something earlier."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.core.faults import Fault, Faults
from lingka.core.problems import Problem
from lingka.patrols.checklists import GRADED, KINDS, MOST, SCHEMA

SOUND = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_ITEMS, MOST_OPTIONS, MOST_SIGNS, HEAVIEST = 100, 30, 600, 10
LEVELS = ("ordinary", "major")
PHOTOS = ("", "failed", "always")
PARTS = frozenset({
    "key", "kind", "text", "hint", "say", "required", "if", "photo", "none", "options", "fails",
    "least", "most", "whole", "good", "unit", "longest", "weight", "hazard", "article", "audio",
})  # fmt: skip
CONDITIONS = frozenset({"is", "above", "below", "failed"})
NO_KEY = gettext_lazy("A key has small letters, digits and _, and begins with a letter.")


def check(body: Mapping[str, Any]) -> None:
    """Raise Problem "checklist" (422) at the first thing that does not do; `at` says where."""
    for one in faults(body):
        raise refusal(one)


def refusal(fault: Fault) -> Problem:
    """As the first thing that is wrong; `at` says where, as in "items.2.text.bo"."""
    return Problem(
        "checklist", fault.message, field=fault.where, status=422, at=fault.where, fault=fault.code
    )


def faults(body: Any) -> Faults:
    """Everything wrong with a checklist."""
    if not isinstance(body, Mapping) or body.get("schema") != SCHEMA:
        yield Fault("schema", "schema", _("This is not a checklist of a kind that is known here."))
        return
    for name in ("title", "about"):
        yield from _texts(name, body.get(name))
    if not _listed(body.get("fits")) or not all(map(storable, body["fits"])):
        yield Fault("empty", "fits", _("Say for which kinds of places it is meant."))
    yield from _sources(body.get("sources"))
    yield from _items(body.get("items"))


def _listed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _texts(where: str, texts: Any) -> Faults:
    for code, _name in settings.LANGUAGES:
        said = texts.get(code) if isinstance(texts, Mapping) else None
        if not isinstance(said, str) or not said.strip():
            yield Fault("untranslated", f"{where}.{code}", _("Write this in all three languages."))
        elif len(said) > MOST_SIGNS:
            yield Fault(
                "long", f"{where}.{code}", _("This is too long. At most 600 characters, please.")
            )
        elif not storable(said):
            yield Fault("unreadable", f"{where}.{code}", _("This cannot be read."))


def storable(text: str) -> bool:
    """The database has no NUL."""
    return "\0" not in text


def _sources(sources: Any) -> Faults:
    if not isinstance(sources, list) or not sources:
        yield Fault("empty", "sources", _("Name at least one rule or practice that this rests on."))
        return
    for at, one in enumerate(sources):
        named = one if isinstance(one, Mapping) else {}
        yield from _texts(f"sources.{at}.name", named.get("name"))
        try:
            date.fromisoformat(str(named.get("date")))
        except ValueError:
            yield Fault(
                "date", f"sources.{at}.date", _("Say of which day the source is, as in 2026-03-01.")
            )


def _items(items: Any) -> Faults:
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        yield Fault("amount", "items", _("A checklist has between 1 and 100 items."))
        return
    earlier: dict[str, Mapping[str, Any]] = {}
    for at, item in enumerate(items):
        if not isinstance(item, Mapping):
            yield Fault("shape", f"items.{at}", _("This is not an item."))
            continue
        for one in _item(item, earlier):
            yield replace(one, where=f"items.{at}.{one.where}")
        earlier[str(item.get("key"))] = item


def _item(item: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Faults:
    key, kind = item.get("key"), item.get("kind")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        yield Fault("key", "key", str(NO_KEY))
    elif key in earlier:
        yield Fault("duplicate", "key", _("Another item has this key already."))
    if kind not in KINDS and kind != "note":
        yield Fault("option", "kind", _("Please choose one of these."))
        return
    for unknown in sorted(set(item) - PARTS):
        yield Fault("unknown", unknown, _("Items have no such part."))
    yield from _worded(item)
    yield from _answers(item)
    yield from _numbers(item)
    yield from _conditions(item.get("if", []), earlier)
    yield from _hazard(item)


def _worded(item: Mapping[str, Any]) -> Faults:
    yield from _texts("text", item.get("text"))
    for name in ("hint", "say", "unit", "article"):
        if item.get(name):
            yield from _texts(name, item[name])
    yield from _spoken(item.get("audio", {}))
    for name in ("required", "none", "whole"):
        if not isinstance(item.get(name, True), bool):
            yield Fault("option", name, _("Please choose one of these."))
    if item.get("photo", "") not in PHOTOS:
        yield Fault("option", "photo", _("Please choose one of these."))


def _spoken(audio: Any) -> Faults:
    """Recordings by language, as many as there are: read aloud in one is better than in none."""
    if not isinstance(audio, Mapping) or set(audio) - set(dict(settings.LANGUAGES)):
        yield Fault("language", "audio", _("Recordings are named by language."))
        return
    for code, named in audio.items():
        if not isinstance(named, str) or not SOUND.fullmatch(named):
            yield Fault(
                "lacking", f"audio.{code}", _("This recording is not here. Please choose it again.")
            )


def _answers(item: Mapping[str, Any]) -> Faults:
    """The options, and which answers fail."""
    possible: Iterable[str] = {"check": ("yes", "no"), "date": ("past", "future")}.get(
        item["kind"], ()
    )
    if item["kind"] in {"choice", "choices"}:
        options = item.get("options")
        if not isinstance(options, list) or not 2 <= len(options) <= MOST_OPTIONS:  # noqa: PLR2004
            yield Fault("amount", "options", _("Give between 2 and 30 answers to choose from."))
            return
        yield from _options(options)
        possible = _keys(item)
    if not _listed(item.get("fails", [])) or set(item.get("fails", ())) - set(possible):
        yield Fault("option", "fails", _("What fails must be one of the answers."))


def _options(options: list[Any]) -> Faults:
    seen: set[str] = set()
    for at, one in enumerate(options):
        key = one.get("key") if isinstance(one, Mapping) else None
        if not isinstance(key, str) or not KEY.fullmatch(key):
            yield Fault("key", f"options.{at}.key", str(NO_KEY))
        elif key in seen:
            yield Fault("duplicate", f"options.{at}.key", _("Another answer has this key already."))
        else:
            seen.add(key)
            yield from _texts(f"options.{at}.text", one.get("text"))


def _keys(item: Mapping[str, Any]) -> set[str]:
    options = item.get("options")
    listed = options if isinstance(options, list) else []
    return {str(one.get("key")) for one in listed if isinstance(one, Mapping)}


def _numbers(item: Mapping[str, Any]) -> Faults:
    good = item.get("good", {})
    if not isinstance(good, Mapping) or set(good) - {"from", "to"}:
        yield Fault("number", "good", _("Please type a number."))
        return
    given = {"least": item.get("least"), "most": item.get("most"), **good}
    for name, value in given.items():
        if value is not None and not _is_number(value):
            yield Fault("number", name if name in item else "good", _("Please type a number."))
            return
    for low, high in (("least", "most"), ("from", "to")):
        if None not in (given.get(low), given.get(high)) and given[low] > given[high]:
            yield Fault(
                "order",
                ("least" if low == "least" else "good"),
                _("The smaller number comes first."),
            )
    if not isinstance(item.get("weight", 1), int) or not 0 <= item.get("weight", 1) <= HEAVIEST:
        yield Fault("amount", "weight", _("A weight is a whole number from 0 to 10."))
    longest = item.get("longest", 1)
    if not isinstance(longest, int) or not 1 <= longest <= 1000:  # noqa: PLR2004
        yield Fault("number", "longest", _("Please type a number."))


def _is_number(value: Any) -> bool:
    """Of those that an answer can have: neither endless nor none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST


def _conditions(conditions: Any, earlier: Mapping[str, Mapping[str, Any]]) -> Faults:
    if not isinstance(conditions, list):
        yield Fault("shape", "if", _("Conditions are a list."))
        return
    for one in conditions:
        if not isinstance(one, Mapping) or one.get("item") not in earlier:
            yield Fault("order", "if", _("A condition asks about an item that comes before."))
        elif set(one) - {"item"} - CONDITIONS or len(set(one) & CONDITIONS) != 1:
            yield Fault("shape", "if", _("A condition asks for one thing."))
        elif not _fits(one, earlier[one["item"]]):
            yield Fault("option", "if", _("That item cannot be answered so."))


def _fits(condition: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    if "failed" in condition:
        return isinstance(condition["failed"], bool) and about.get("kind") in GRADED
    if "is" in condition:
        possible = {"yes", "no", "none"} if about.get("kind") == "check" else _keys(about)
        return _listed(condition["is"]) and set(condition["is"]) <= possible
    asked = condition.get("above", condition.get("below"))
    return about.get("kind") == "number" and _is_number(asked)


def _hazard(item: Mapping[str, Any]) -> Faults:
    hazard = item.get("hazard")
    if hazard is None:
        return
    if item["kind"] not in GRADED:
        yield Fault("ungraded", "hazard", _("Nothing fails here, so no hazard can be found."))
    elif not isinstance(hazard, Mapping) or hazard.get("level") not in LEVELS:
        yield Fault("option", "hazard", _("A hazard is ordinary or major."))
    else:
        yield from _texts("hazard.name", hazard.get("name"))
