"""A checklist as a page reads it: each item with its answers, conditions and consequences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lingka.core.text import pick

Body = Mapping[str, Any]
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    label: str
    tone: str = ""  # "good", "bad" or neither


@dataclass(frozen=True)
class Shown:
    """One item in the reader's language."""

    key: str
    kind: str
    number: int  # 0 for words in between
    text: str
    hint: str
    choices: list[Choice] = field(default_factory=list)
    unit: str = ""
    rule: str = ""  # what is right, for numbers and dates
    only_if: str = ""
    photo: str = ""
    optional: bool = False
    weight: int = 1
    hazard: str = ""
    major: bool = False
    article: str = ""
    spoken: str = ""  # a recording in the reader's language


def shown(body: Body) -> list[Shown]:
    """All items in order; what asks for something is numbered."""
    items: Sequence[Item] = body["items"]
    by_key = {one["key"]: one for one in items}
    found, number = [], 0
    for item in items:
        number += item["kind"] != "note"
        found.append(_item(item, 0 if item["kind"] == "note" else number, by_key))
    return found


def asked(body: Body) -> int:
    return sum(one["kind"] != "note" for one in body["items"])


def hazards(body: Body) -> int:
    return sum(bool(one.get("hazard")) for one in body["items"])


def _item(item: Item, number: int, by_key: Mapping[str, Item]) -> Shown:
    hazard = item.get("hazard") or {}
    return Shown(
        key=item["key"], kind=item["kind"], number=number, text=pick(item["text"]),
        hint=pick(item.get("hint", {})), choices=_choices(item), unit=pick(item.get("unit", {})),
        rule=_rule(item), only_if="; ".join(_said(one, by_key) for one in item.get("if", ())),
        photo=_photo(item), optional=not item.get("required", True), weight=item.get("weight", 1),
        hazard=pick(hazard.get("name", {})), major=hazard.get("level") == "major",
        article=pick(item.get("article", {})),
        spoken=item.get("audio", {}).get(get_language() or "", ""),
    )  # fmt: skip


def _choices(item: Item) -> list[Choice]:
    fails = item.get("fails", ["no"] if item["kind"] == "check" else [])
    if item["kind"] == "check":
        words = check_words(item)
        keys = ["yes", "no", *(["none"] if item.get("none", True) else [])]
        return [Choice(words[key], _tone(key, fails, graded=key != "none")) for key in keys]
    if item["kind"] in {"choice", "choices"}:
        return [
            Choice(pick(one["text"]), _tone(one["key"], fails, graded=False))
            for one in item["options"]
        ]
    return []


def _tone(key: str, fails: Sequence[str], *, graded: bool) -> str:
    if key in fails:
        return "bad"
    return "good" if graded else ""


def answered(item: Item, given: Mapping[str, Any]) -> list[str]:
    """What was answered, as the question's own words have it."""
    value: Any = given.get("value")
    if value in {None, ""} if not isinstance(value, list) else not value:
        return []
    if item["kind"] == "check":
        return [check_words(item).get(str(value), str(value))]
    if item["kind"] in {"choice", "choices"}:
        options = {one["key"]: pick(one["text"]) for one in item["options"]}
        listed = value if isinstance(value, list) else [value]
        return [str(options.get(one) or one) for one in listed]
    if item["kind"] == "number":
        return [f"{number_format(value)} {pick(item.get('unit', {}))}".strip()]
    return [str(value)]


def check_words(item: Item) -> dict[str, str]:
    """What the buttons of a check say: in order or not, unless it is plainly asked."""
    if item.get("fails", ["no"]) == ["no"]:
        return {"yes": _("In order"), "no": _("Not in order"), "none": _("Does not apply")}
    return {"yes": _("Yes"), "no": _("No"), "none": _("Does not apply")}


def _rule(item: Item) -> str:
    if item["kind"] == "date" and "past" in item.get("fails", ()):
        return _("The day must not have passed.")
    good = item.get("good", {})
    low, high = (number_format(good[end]) if end in good else "" for end in ("from", "to"))
    if low and high:
        return _("Right from %(low)s to %(high)s.") % {"low": low, "high": high}
    if low:
        return _("Right from %(low)s up.") % {"low": low}
    return _("Right up to %(high)s.") % {"high": high} if high else ""


def _photo(item: Item) -> str:
    said = {"always": _("Photo needed"), "failed": _("Photo needed if not in order")}
    return said.get(item.get("photo", ""), "")


def _said(condition: Mapping[str, Any], by_key: Mapping[str, Item]) -> str:
    """A condition in words."""
    about = by_key[condition["item"]]
    question = pick(about["text"])
    if "failed" in condition:
        said = _("“%(question)s” is not in order")
        right = _("“%(question)s” is in order")
        return (said if condition["failed"] else right) % {"question": question}
    if "above" in condition or "below" in condition:
        said = _("“%(question)s” is above %(number)s")
        if "below" in condition:
            said = _("“%(question)s” is below %(number)s")
        limit = condition.get("above", condition.get("below"))
        return said % {"question": question, "number": number_format(limit)}
    options = {one["key"]: pick(one["text"]) for one in about.get("options", ())}
    words = check_words(about) if about["kind"] == "check" else options
    named = [words[one] for one in condition["is"]]
    return _("“%(question)s” is answered by %(answers)s") % {
        "question": question, "answers": " / ".join(named),
    }  # fmt: skip
