"""Corrections of a place: what somebody saw, field by field, against what it says now. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.problems import Problem

LONGEST = 200
EXACT = 1e-6  # degrees: points that differ by less are one
TEXTS = ("name", "address")


@dataclass
class Merged:
    """What is to be written, and what somebody else has changed meanwhile."""

    changed: dict[str, Any] = field(default_factory=dict)
    clashing: list[str] = field(default_factory=list)


def merge(now: Mapping[str, Any], said: Mapping[str, tuple[Any, Any]]) -> Merged:
    """Fields that stand as they were seen are changed; those that others changed clash.

    `said` holds for each field what was seen and what it should be.
    """
    merged = Merged()
    for name, (before, after) in said.items():
        current = now[name]
        if _same(current, after):
            continue
        if _same(current, before):
            merged.changed[name] = after
        else:
            merged.clashing.append(name)
    return merged


def _same(one: Any, other: Any) -> bool:
    if not (isinstance(one, list) and isinstance(other, list) and len(one) == len(other)):
        return bool(one == other)
    if not all(type(number) in {int, float} for number in other):
        return False
    return all(math.isclose(a, b, abs_tol=EXACT) for a, b in zip(one, other, strict=True))


def read(
    said: Mapping[str, Any], languages: list[str], kind_of: Callable[[str], str | None]
) -> dict[str, tuple[Any, Any]]:
    """Corrections as they were sent, each checked; Problem beside the field for what is wrong."""
    found = {}
    for name, pair in said.items():
        if not isinstance(pair, dict) or set(pair) != {"from", "to"}:
            raise _wrong(name, _("Say what it was and what it is."))
        found[name] = (pair["from"], _value(name, pair["to"], languages, kind_of))
    if not found:
        raise _wrong("changes", _("Please fill this in."))
    return found


def _value(
    name: str, value: Any, languages: list[str], kind_of: Callable[[str], str | None]
) -> Any:
    part, _dot, language = name.partition(".")
    if part in TEXTS and language in languages:
        return _text(name, value, required=part == "name" and language == languages[0])
    if name == "kind":
        kind = kind_of(value) if isinstance(value, str) else None
        if kind is None:
            raise _wrong(name, _("Please choose one of these."))
        return kind
    if name == "point":
        return _point(value)
    raise _wrong(name, _("A place has no such field."))


def _text(name: str, value: Any, *, required: bool) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        message = _("This is too long: at most %(limit)s characters.") % {"limit": LONGEST}
        raise _wrong(name, message)
    if required and not value.strip():
        raise _wrong(name, _("Please fill this in."))
    return value.strip()


def _point(value: Any) -> list[float]:
    numbers = [one for one in value if type(one) in {int, float}] if isinstance(value, list) else []
    if len(numbers) != 2 or len(value) != 2 or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:  # noqa: PLR2004
        raise _wrong("point", _("Give longitude and latitude."))
    return [float(numbers[0]), float(numbers[1])]


def _wrong(name: str, message: Any) -> Problem:
    return Problem("field", message, field=f"changes.{name}", status=422)
