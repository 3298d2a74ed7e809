"""What was given with an action, read by what the action needs; errors stand beside the field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from lingka.cases.definitions import Action, Need
from lingka.core import codes
from lingka.core.problems import Problem

ANSWER = 255  # characters of an answer to a case type's question
LONGEST = 4000  # characters of one text
PHOTOS = 5
UNITS = 8
CODE = 200  # characters of an address that ends with a place's code
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
YES = {"true", "yes", "1", "on"}
NO = {"false", "no", "0", "off"}


@dataclass
class Given:
    """Values by name, texts apart (they become content rows), and attachment ids."""

    values: dict[str, Any] = field(default_factory=dict)
    texts: list[tuple[Need, str]] = field(default_factory=list)
    photos: list[UUID] = field(default_factory=list)


def read(action: Action, data: Mapping[str, Any]) -> Given:
    """Read and check; raises Problem for what is missing, unknown or wrong."""
    known = {need.name for need in action.needs}
    if unknown := set(data) - known:
        raise Problem(
            "unknown", _("This action does not ask for that."), field=min(unknown), status=422
        )
    given = Given()
    for need in action.needs:
        raw = data.get(need.name)
        if raw is None or raw in ("", []):
            if need.required:
                raise Problem("missing", _("Please fill this in."), field=need.name, status=422)
            continue
        _take(given, need, raw)
    if action.one_of and not any(data.get(name) for name in action.one_of):
        message = _("Write a few words, or choose a photo.")
        raise Problem("missing", message, field=action.one_of[0], status=422)
    return given


def answers(form: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a case type's own questions; whatever is not asked is refused, not dropped."""
    asked = {question["code"]: question for question in form}
    if unknown := given.keys() - asked.keys():
        message = _("This is not asked for here.")
        raise Problem("unknown", message, field=f"attributes.{min(unknown)}", status=422)
    found: dict[str, Any] = {}
    for code, question in asked.items():
        raw, name = given.get(code), f"attributes.{code}"
        if raw not in (None, "", []):
            found[code] = _answer(question, name, raw)
        elif question.get("required"):
            raise Problem("missing", _("Please fill this in."), field=name, status=422)
    return found


def chosen(form: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The questions answered from a list: their answers are codes and name nobody."""
    return frozenset(question["code"] for question in form if question.get("options"))


def _answer(question: Mapping[str, Any], name: str, raw: Any) -> Any:
    several = question["datatype"] == "multivaluelist"
    values = [text(name, one, ANSWER) for one in (raw if isinstance(raw, list) else [raw])]
    choices = {option["key"] for option in question.get("options", ())}
    if (choices and not choices.issuperset(values)) or (len(values) > 1 and not several):
        raise Problem("choice", _("Please choose one of these."), field=name, status=422)
    if question["datatype"] == "number" and not all(map(NUMBER.fullmatch, values)):
        raise Problem("number", _("Please write a number."), field=name, status=422)
    return values if several else values[0]


def _take(given: Given, need: Need, raw: Any) -> None:
    if need.kind == "text":
        given.texts.append((need, text(need.name, raw)))
    elif need.kind == "photos":
        given.photos = _ids(need.name, raw)
    else:
        given.values[need.name] = READERS[need.kind](need, raw)


def text(name: str, raw: Any, limit: int = LONGEST) -> str:
    """A storable text without blank ends."""
    if not isinstance(raw, str):
        raise Problem("text", _("Please write this as text."), field=name, status=422)
    value = raw.strip()
    if len(value) > limit:
        message = _("This is too long: at most %(limit)s characters.") % {"limit": limit}
        raise Problem("long", message, field=name, status=422)
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Problem("signs", _("This has a sign that cannot be stored."), field=name, status=422)
    return value


def _ids(name: str, raw: Any) -> list[UUID]:
    values = raw if isinstance(raw, list) else [raw]
    if len(values) > PHOTOS:
        message = _("At most %(limit)s photos.") % {"limit": PHOTOS}
        raise Problem("many", message, field=name, status=422)
    try:
        return [value if isinstance(value, UUID) else UUID(str(value)) for value in values]
    except ValueError:
        raise Problem("photo", _("This photo is not known."), field=name, status=422) from None


def _unit(need: Need, raw: Any) -> int:
    if isinstance(raw, bool) or not WHOLE.fullmatch(str(raw)):
        raise Problem("unit", _("Please choose a unit from the list."), field=need.name, status=422)
    return int(raw)


def _units(need: Need, raw: Any) -> list[int]:
    found = dict.fromkeys(_unit(need, one) for one in (raw if isinstance(raw, list) else [raw]))
    if len(found) > UNITS:
        message = _("At most %(limit)s units at once.") % {"limit": UNITS}
        raise Problem("many", message, field=need.name, status=422)
    return list(found)


def _person(need: Need, raw: Any) -> int:
    if isinstance(raw, bool) or not WHOLE.fullmatch(str(raw)):
        raise Problem(
            "person", _("Please choose somebody from the list."), field=need.name, status=422
        )
    return int(raw)


def _case(need: Need, raw: Any) -> str:
    """The number of another case, as printed or typed."""
    number = codes.normalise(raw) if isinstance(raw, str) else None
    if number is None:
        message = _("This is no code of a case. It has seven signs, such as 5KX8-7MV.")
        raise Problem("code", message, field=need.name, status=422)
    return number


def _type(need: Need, raw: Any) -> str:
    """The key of a case type; whether there is such a one, the catalogue knows."""
    return text(need.name, raw, 64)


def _choice(need: Need, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in dict(need.options):
        raise Problem("choice", _("Please choose one of these."), field=need.name, status=422)
    return raw


def _checks(need: Need, raw: Any) -> list[str]:
    """A list that is gone through whole: what does not hold is mended first, not passed over."""
    ticked = {str(one) for one in raw} if isinstance(raw, list) else {str(raw)}
    if ticked != dict(need.options).keys():
        said = _("Every line must hold. Mend the words first, then tick each.")
        raise Problem("checks", said, field=need.name, status=422)
    return [key for key, _names in need.options]


def _flag(need: Need, raw: Any) -> bool:
    value = str(raw).lower()
    if value not in YES | NO:
        raise Problem("flag", _("Please answer yes or no."), field=need.name, status=422)
    return value in YES


def _moment(need: Need, raw: Any) -> datetime:
    """A date means the end of that day's office hours; without an offset, local time."""
    zone = ZoneInfo(settings.TIME_ZONE)
    value = raw if isinstance(raw, datetime) else None
    try:
        if value is None and (day := parse_date(str(raw))):
            value = datetime.combine(day, time(18, 0))
        value = value or parse_datetime(str(raw))
        if value is not None:
            value = value if value.tzinfo else value.replace(tzinfo=zone)
            return value.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        pass
    raise Problem("date", _("Please give a day such as 2026-11-27."), field=need.name, status=422)


def _place_code(need: Need, raw: Any) -> str:
    """As printed on a door plate, in any way of writing it, or the address in its QR code."""
    found = codes.normalise(str(raw)[:CODE].strip().strip("/").rpartition("/")[2])
    if found is None:
        message = _("This is no code of a place: it has seven signs, like 5KX8-7MD.")
        raise Problem("place_code", message, field=need.name, status=422)
    return found


READERS = {
    "unit": _unit, "units": _units, "helper": _unit, "other_unit": _unit,
    "leader": _person, "choice": _choice, "checks": _checks, "flag": _flag, "moment": _moment,
    "time": _moment, "helpers": _units,
    "case": _case, "type": _type,
    "place_code": _place_code,
}  # fmt: skip
