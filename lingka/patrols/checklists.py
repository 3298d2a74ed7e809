"""What a checklist asks, and what its answers come to. Pure: the phone's twin of this file is
frontend/src/field/checklist.ts, and the vectors in tests/patrols/vectors hold both to one result.

An answer is `{"value": …, "words": "…", "photos": […], "mended": true, "after": […]}`, each part
only where there is something to say. What a result says is about the place, never about a person.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 1
MOST = 1_000_000_000  # beyond it no number is meant
TO_COME = frozenset({"photo", "after"})  # pictures still to be taken: what was answered counts
LONGEST_TEXT, LONGEST_WORDS = 500, 1000
Item = Mapping[str, Any]
Answer = Mapping[str, Any]
Verdict = tuple[str, bool]  # a problem's code, and whether the item failed

# Spelt out, for what counts as white or as a digit differs between the two languages.
_BLANK = re.compile("[ \t\r\n\u00a0\u3000]*")
_DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass
class Result:
    """`met` of `of`: the weights of what is in order, of what was looked at."""

    asked: list[str] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    hazards: list[dict[str, str]] = field(default_factory=list)
    met: int = 0
    of: int = 0

    @property
    def complete(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Known:
    """What later items may ask of an earlier one."""

    value: Any
    failed: bool


def evaluate(body: Mapping[str, Any], answers: Mapping[str, Any], today: str) -> Result:
    """Which items are asked, what is missing, what failed. `today` as in 2026-11-21."""
    result, known = Result(), dict[str, _Known]()
    items: Sequence[Item] = body["items"]
    for item in items:
        if not _applies(item, known):
            continue
        if item["kind"] != "note":
            result.asked.append(item["key"])
            _judge(item, answers.get(item["key"]), today, result, known)
    named = {item["key"] for item in items}
    result.problems += [
        {"item": key, "code": "unknown"} for key in sorted(answers) if key not in named
    ]
    return result


def _judge(item: Item, answer: Any, today: str, result: Result, known: dict[str, _Known]) -> None:
    code, failed = _verdict(item, answer, today)
    if code:
        result.problems.append({"item": item["key"], "code": code})
    if code and code not in TO_COME:
        return
    if not _given(item, answer):
        return
    known[item["key"]] = _Known(answer.get("value"), failed)
    if not _can_fail(item) or answer.get("value") == "none":
        return
    weight = item.get("weight", 1)
    result.of += weight
    if not failed:
        result.met += weight
        return
    result.failed.append(item["key"])
    hazard = item.get("hazard")
    if hazard and not (answer.get("mended") and hazard["level"] == "ordinary"):
        result.hazards.append({"item": item["key"], "level": hazard["level"]})


def _can_fail(item: Item) -> bool:
    """Only what can fail is counted as in order: to be asked which gas is used is no merit."""
    if item["kind"] == "number":
        return bool(item.get("good"))
    return item["kind"] == "check" or (item["kind"] in GRADED and bool(item.get("fails")))


def _verdict(item: Item, answer: Any, today: str) -> Verdict:
    """The first thing wrong with an answer, and whether it says that the item failed."""
    if answer is not None and not _well_formed(answer):
        return "kind", False
    if not _given(item, answer):
        return ("missing" if item.get("required", True) else ""), False
    if len(answer.get("words") or "") > LONGEST_WORDS:
        return "long", False
    code, failed = KINDS[item["kind"]](item, answer.get("value"), today)
    return (code, False) if code else (_to_come(item, answer, failed=failed), failed)


def _to_come(item: Item, answer: Answer, *, failed: bool) -> str:
    """Which picture is still to be taken."""
    if not answer.get("photos") and _wants_photo(item, failed=failed):
        return "photo"
    return "after" if failed and answer.get("mended") and not answer.get("after") else ""


def _well_formed(answer: Any) -> bool:
    return (
        isinstance(answer, Mapping)
        and isinstance(answer.get("words") or "", str)
        and isinstance(answer.get("photos") or [], list)
        and isinstance(answer.get("after") or [], list)
        and isinstance(answer.get("mended") or False, bool)
    )


def _given(item: Item, answer: Any) -> bool:
    if answer is None:
        return False
    if item["kind"] == "photo":
        return bool(answer.get("photos"))
    value = answer.get("value")
    return value is not None and not (isinstance(value, str) and _BLANK.fullmatch(value))


def _wants_photo(item: Item, *, failed: bool) -> bool:
    wanted = item.get("photo", "")
    return wanted == "always" or (wanted == "failed" and failed)


def _applies(item: Item, known: Mapping[str, _Known]) -> bool:
    """Do all of an item's conditions hold? One on what was not asked or answered does not."""
    return all(_holds(one, known.get(one["item"])) for one in item.get("if", ()))


def _holds(condition: Mapping[str, Any], about: _Known | None) -> bool:
    if about is None:
        return False
    if "failed" in condition:
        return about.failed is bool(condition["failed"])
    if "is" in condition:
        said = about.value if isinstance(about.value, list) else [about.value]
        return any(one in condition["is"] for one in said)
    if not _is_number(about.value):
        return False
    if "above" in condition:
        return bool(about.value > condition["above"])
    return bool(about.value < condition["below"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check(item: Item, value: Any, today: str) -> Verdict:
    if value not in ("yes", "no", "none") or (value == "none" and not item.get("none", True)):
        return "option", False
    return "", value in item.get("fails", ["no"])


def option_keys(item: Item) -> set[str]:
    return {one["key"] for one in item.get("options", ())}


def _choice(item: Item, value: Any, today: str) -> Verdict:
    if not isinstance(value, str) or value not in option_keys(item):
        return "option", False
    return "", value in item.get("fails", ())


def _choices(item: Item, value: Any, today: str) -> Verdict:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return "option", False
    if len(set(value)) < len(value) or set(value) - option_keys(item):
        return "option", False
    return "", any(one in item.get("fails", ()) for one in value)


def _number(item: Item, value: Any, today: str) -> Verdict:
    """`least` and `most` keep out slips of the finger; outside of `good` the item fails."""
    if not _is_number(value) or not -MOST <= value <= MOST:
        return "number", False
    if item.get("whole") and value != int(value):
        return "whole", False
    if "least" in item and value < item["least"]:
        return "low", False
    if "most" in item and value > item["most"]:
        return "high", False
    good = item.get("good", {})
    return "", value < good.get("from", -MOST) or value > good.get("to", MOST)


def _text(item: Item, value: Any, today: str) -> Verdict:
    if not isinstance(value, str):
        return "kind", False
    return ("long" if len(value) > item.get("longest", LONGEST_TEXT) else ""), False


def _date(item: Item, value: Any, today: str) -> Verdict:
    if not isinstance(value, str) or not _is_date(value):
        return "date", False
    fails = item.get("fails", ())
    return "", ("past" in fails and value < today) or ("future" in fails and value > today)


def _photo(item: Item, value: Any, today: str) -> Verdict:
    return "", False


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= len(_DAYS):
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # noqa: PLR2004
    return 1 <= day <= _DAYS[month - 1] + leap


KINDS: dict[str, Callable[[Item, Any, str], Verdict]] = {
    "check": _check, "choice": _choice, "choices": _choices, "number": _number, "text": _text,
    "date": _date, "photo": _photo,
}  # fmt: skip
GRADED = frozenset({"check", "choice", "choices", "number", "date"})
