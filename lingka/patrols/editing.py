"""A checklist as a form: what is typed becomes a body, and each fault stands beside its field.

Nothing that was typed is lost: what cannot be understood is kept as it stands and named.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.faults import Fault
from lingka.patrols.checklists import SCHEMA
from lingka.patrols.schema import MOST_ITEMS, SOUND

Sent = Mapping[str, str]
Body = dict[str, Any]
CODES = [code for code, _name in settings.LANGUAGES]
KIND_NAMES: dict[str, Any] = {
    "check": _("In order or not"), "choice": _("One of several"), "choices": _("Any of several"),
    "number": _("A number"), "date": _("Day"), "text": _("Words"), "photo": _("Photo"),
    "note": _("Words in between, nothing to answer"),
}  # fmt: skip
LABELS: dict[str, Any] = {
    "text": _("Question"), "hint": _("What to look at"), "say": _("Read aloud, if otherwise"),
    "unit": _("Counted in"), "article": _("By which rule"), "name": _("What the hazard is called"),
    "least": _("At least"), "most": _("At most"), "from": _("Right from"), "to": _("Right up to"),
    "fails": _("Answers that are not in order"), "if": _("Asked only if"),
    "weight": _("Weight"), "longest": _("Signs at most"),
}  # fmt: skip
TEXTS = ("text", "hint", "say", "unit", "article")
NUMBERS = ("least", "most", "weight", "longest")
LONGEST = 2000


# -- from the form ---------------------------------------------------------------------------


def read(sent: Sent) -> Body:
    """The body that a form says; `items` in the form's order."""
    count = min(_whole(sent.get("count", "")), MOST_ITEMS)
    return {
        "schema": SCHEMA,
        "title": _texts(sent, "title"),
        "about": _texts(sent, "about"),
        "fits": [key[5:] for key in sent if key.startswith("fits-")],
        "sources": [
            {"name": _texts(sent, f"source-{at}-name"), "date": _said(sent, f"source-{at}-date")}
            for at in range(8)
            if any(_texts(sent, f"source-{at}-name").values())
        ],
        "items": [_item(sent, f"item-{at}") for at in range(count)],
    }


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _said(sent: Sent, name: str) -> str:
    return sent.get(name, "").strip()[:LONGEST]


def _texts(sent: Sent, name: str) -> dict[str, str]:
    return {code: _said(sent, f"{name}-{code}") for code in CODES}


def _item(sent: Sent, at: str) -> Body:
    kind = _said(sent, f"{at}-kind")
    item: Body = {"key": _said(sent, f"{at}-key"), "kind": kind, "text": _texts(sent, f"{at}-text")}
    for name in TEXTS[1:]:
        texts = _texts(sent, f"{at}-{name}")
        if any(texts.values()):
            item[name] = texts
    for name in NUMBERS:
        if said := _said(sent, f"{at}-{name}"):
            item[name] = _number(said)
    good = {end: _number(said) for end in ("from", "to") if (said := _said(sent, f"{at}-{end}"))}
    item |= {"good": good} if good else {}
    audio = {code: said for code in CODES if (said := _said(sent, f"{at}-audio-{code}"))
             and not sent.get(f"{at}-unsaid-{code}")}  # fmt: skip
    item |= {"audio": audio} if audio else {}
    item |= _marks(sent, at, kind)
    if level := _said(sent, f"{at}-level"):
        item["hazard"] = {"level": level, "name": _texts(sent, f"{at}-name")}
    if asked := list(_conditions(_said(sent, f"{at}-if"))):
        item["if"] = asked
    return item


def _marks(sent: Sent, at: str, kind: str) -> Body:
    """What is ticked or chosen of an item."""
    found: Body = {}
    if kind != "note" and not sent.get(f"{at}-required"):
        found["required"] = False
    if kind == "check" and not sent.get(f"{at}-none"):
        found["none"] = False
    if kind == "number" and sent.get(f"{at}-whole"):
        found["whole"] = True
    if photo := _said(sent, f"{at}-photo"):
        found["photo"] = photo
    if kind in {"choice", "choices"}:
        found["options"] = [_option(line) for line in _lines(_said(sent, f"{at}-options"))]
    fails = [one for one in re.split(r"[\s,，、]+", _said(sent, f"{at}-fails")) if one]
    return found | ({"fails": fails} if fails else {})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _option(line: str) -> Body:
    key, *texts = (part.strip() for part in line.split("|"))
    texts += [""] * (len(CODES) - len(texts))
    return {"key": key, "text": dict(zip(CODES, texts, strict=False))}


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) else number


_THAN = re.compile(r"(\w+)\s*([<>])\s*(-?[0-9.]+)")
_IS = re.compile(r"(\w+)\s*=\s*([\w\s,，、]+)")
_FAILED = re.compile(r"(!?)(\w+)")


def _conditions(text: str) -> Iterator[Body]:
    """A line each: `gas = piped, bottle`, `hose > 2`, `door` (not in order), `!door` (in order)."""
    for line in _lines(text):
        if found := _THAN.fullmatch(line):
            name, sign, number = found.groups()
            yield {"item": name, "above" if sign == ">" else "below": _number(number)}
        elif found := _IS.fullmatch(line):
            said = [one for one in re.split(r"[\s,，、]+", found.group(2)) if one]
            yield {"item": found.group(1), "is": said}
        elif found := _FAILED.fullmatch(line):
            yield {"item": found.group(2), "failed": not found.group(1)}
        else:
            yield {"item": line}


def arranged(body: Body, do: str) -> Body:
    """The body with an item added, dropped, or moved: "add", "drop-3", "up-3", "down-3"."""
    items = list(body["items"])
    what, _dash, which = do.partition("-")
    at = _whole(which)
    if what == "add":
        items.append({"key": f"item_{len(items) + 1}", "kind": "check", "text": {}})
    elif what == "drop" and at < len(items):
        del items[at]
    elif what in {"up", "down"} and at < len(items):
        to = at - 1 if what == "up" else at + 1
        if 0 <= to < len(items):
            items[at], items[to] = items[to], items[at]
    return body | {"items": items[:MOST_ITEMS]}


# -- to the form -----------------------------------------------------------------------------


@dataclass
class Field:
    """One input: where it stands, what it says, what is wrong with it."""

    name: str
    label: Any
    value: str = ""
    lang: str = ""
    fault: Any = ""

    @property
    def heard(self) -> bool:
        """Whether it names a recording; what a spreadsheet of others named may be anything."""
        return not self.fault and SOUND.fullmatch(self.value) is not None


@dataclass
class Part:
    """One item as the form shows it."""

    at: int
    key: Field
    kind: str
    texts: list[list[Field]]
    numbers: list[Field]
    options: Field
    fails: Field
    asked: Field
    level: str
    hazard: list[Field]
    photo: str
    marks: dict[str, bool]
    spoken: list[Field]
    faults: list[Any] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        every = [*self.numbers, *self.hazard, self.key, self.options, self.fails, self.asked]
        every += [one for row in [*self.texts, self.spoken] for one in row]
        return bool(self.faults) or any(one.fault for one in every)


class Shown:
    """A body with its faults, as the template draws it."""

    def __init__(self, body: Body, faults: Iterable[Fault] = ()) -> None:
        self.faults: dict[str, Any] = {}
        for fault in faults:
            self.faults.setdefault(fault.where, fault.message)
        self.title = self._texts("title", _("Name"), body.get("title"), "title")
        self.about = self._texts("about", _("What it is for"), body.get("about"), "about")
        self.fits = set(body.get("fits") or ())
        self.sources = [
            (self._texts(f"source-{at}-name", _("Source"), one.get("name"), f"sources.{at}.name"),
             Field(f"source-{at}-date", _("Source is of"), str(one.get("date", "")),
                   fault=self.faults.get(f"sources.{at}.date", "")))
            for at, one in enumerate([*(body.get("sources") or ()), {}][:8])
        ]  # fmt: skip
        self.whole = [
            self.faults[one] for one in ("fits", "sources", "items") if one in self.faults
        ]
        self.items = [self._part(at, item) for at, item in enumerate(body["items"])]

    def _texts(self, name: str, label: Any, texts: Any, where: str) -> list[Field]:
        said = texts if isinstance(texts, Mapping) else {}
        return [
            Field(f"{name}-{code}", label, said.get(code, ""), code,
                  self.faults.get(f"{where}.{code}", ""))
            for code in CODES
        ]  # fmt: skip

    def _part(self, at: int, item: Mapping[str, Any]) -> Part:
        name, where = f"item-{at}", f"items.{at}"
        hazard, good = item.get("hazard") or {}, item.get("good") or {}
        numbers = {one: item.get(one, "") for one in NUMBERS} | {
            end: good.get(end, "") for end in ("from", "to")
        }

        def one(key: str, label: Any, value: str, *at_: str) -> Field:
            found = [self.faults[f"{where}.{w}"] for w in at_ if f"{where}.{w}" in self.faults]
            return Field(f"{name}-{key}", label, value, fault=found[0] if found else "")

        return Part(
            at, one("key", _("Key"), str(item.get("key", "")), "key"),
            str(item.get("kind", "check")),
            [self._texts(f"{name}-{t}", LABELS[t], item.get(t), f"{where}.{t}") for t in TEXTS],
            [one(n, LABELS[n], str(v), n, *(["good"] if n == "from" else []))
             for n, v in numbers.items()],
            self._options(one, where, item),
            one("fails", LABELS["fails"], " ".join(item.get("fails", ())), "fails"),
            one("if", LABELS["if"], "\n".join(map(_line, item.get("if", ()))), "if"),
            str(hazard.get("level", "")),
            self._texts(f"{name}-name", LABELS["name"], hazard.get("name"), f"{where}.hazard.name"),
            str(item.get("photo", "")),
            {"required": item.get("required", True), "none": item.get("none", True),
             "whole": item.get("whole", False)},
            self._texts(f"{name}-audio", _("Spoken"), item.get("audio"), f"{where}.audio"),
            [self.faults[f"{where}.{w}"] for w in ("kind", "hazard", "photo", "audio")
             if f"{where}.{w}" in self.faults],
        )  # fmt: skip

    def _options(self, one: Any, where: str, item: Mapping[str, Any]) -> Field:
        begun = f"{where}.options"
        fault = next((said for at, said in self.faults.items() if at.startswith(begun)), "")
        shown: Field = one(
            "options", _("Answers, a line each"), _option_lines(item.get("options", ()))
        )
        shown.fault = fault
        return shown


def _option_lines(options: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(
        " | ".join([one["key"], *(one["text"].get(code, "") for code in CODES)]) for one in options
    )


def _line(condition: Mapping[str, Any]) -> str:
    name = condition.get("item", "")
    if "failed" in condition:
        return f"{name}" if condition["failed"] else f"!{name}"
    for word, sign in (("above", ">"), ("below", "<")):
        if word in condition:
            return f"{name} {sign} {condition[word]}"
    return f"{name} = {', '.join(condition['is'])}" if "is" in condition else str(name)


EMPTY: Body = {
    "schema": SCHEMA, "title": {}, "about": {}, "fits": [], "sources": [],
    "items": [{"key": "item_1", "kind": "check", "text": {}}],
}  # fmt: skip
