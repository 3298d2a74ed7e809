"""Registers of places: what a register asks, whether values hold, what a checklist sets. Pure.

A register's fields are numbers, days, hours, one of few, or a place: nothing is typed freely.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lingka.core import datafiles
from lingka.core.problems import Problem

SOURCE = Path(__file__).parent / "data" / "registers.yaml"
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", re.ASCII)
Names = Mapping[str, str]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    key: str
    kind: str  # "number", "day", "hours", "choice", "place"
    name: Names
    most: int = 0
    options: tuple[tuple[str, Names], ...] = ()
    fits: tuple[str, ...] = ()  # kinds of place


@dataclass(frozen=True)
class State:
    key: str
    tone: str
    name: Names


@dataclass(frozen=True)
class Register:
    key: str
    public: bool
    name: Names
    about: Names
    fits: tuple[str, ...]
    states: tuple[State, ...]
    fields: tuple[Field, ...]
    seen: tuple[Mapping[str, Any], ...]
    again: int  # so many days after somebody looked, it is to be seen

    def looked_at_by(self, checklist: str) -> bool:
        return any(rule["checklist"] == checklist for rule in self.seen)

    def state(self, key: str) -> State | None:
        return next((one for one in self.states if one.key == key), None)

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)


@cache
def registers() -> Mapping[str, Register]:
    """Those that the package brings, in their order."""
    return {key: _register(key, body) for key, body in datafiles.read(SOURCE).items()}


def register(key: str) -> Register:
    """One of them; Problem 404 for any other key."""
    found = registers().get(key)
    if found is None:
        raise Problem("no_register", _("There is no such register."), status=404)
    return found


def _register(key: str, body: Mapping[str, Any]) -> Register:
    states = tuple(State(one["key"], one["tone"], one["name"]) for one in body["states"])
    fields = tuple(_field(one) for one in body["fields"])
    seen = tuple(body.get("seen", ()))
    return Register(
        key, body["public"], body["name"], body["about"], tuple(body["fits"]), states, fields, seen,
        body["again"],
    )  # fmt: skip


def _field(body: Mapping[str, Any]) -> Field:
    options = tuple((one["key"], one["name"]) for one in body.get("options", ()))
    return Field(
        body["key"], body["kind"], body["name"], body.get("most", 0), options,
        tuple(body.get("fits", ())),
    )  # fmt: skip


# -- values ----------------------------------------------------------------------------------


def checked(of: Register, state: str, values: Values) -> dict[str, Any]:
    """The values as they are kept; Problem 422 beside the first that does not do."""
    if of.state(state) is None:
        raise _wrong("state", _("Please choose one of these."))
    for key in values:
        if of.field(key) is None:
            raise _wrong(key, _("This register has no such field."))
    return {
        one.key: kept
        for one in of.fields
        if (kept := value(one, values.get(one.key))) is not None
    }  # fmt: skip


def value(of: Field, given: Any) -> Any:
    """One value as it is kept, None where there is none; Problem 422 where it does not do."""
    if given is None or given == "":
        return None
    kept = _READ[of.kind](of, given)
    if kept is None:
        raise _wrong(of.key, _SAID[of.kind])
    return kept


def _number(of: Field, given: Any) -> int | None:
    text = str(given)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004
        return None
    return int(text) if int(text) <= of.most else None


def _day(_of: Field, given: Any) -> str | None:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        return None


def _hours(_of: Field, given: Any) -> str | None:
    text = str(given).replace(" ", "").replace("–", "-")
    return text if HOURS.fullmatch(text) and text[:5] != text[6:] else None


def _choice(of: Field, given: Any) -> str | None:
    known = {key for key, _name in of.options}
    return given if isinstance(given, str) and given in known else None


def _place(_of: Field, given: Any) -> str | None:
    """The place's id; whether there is one is asked where it is written."""
    try:
        return str(UUID(str(given)))
    except ValueError:
        return None


_READ = {"number": _number, "day": _day, "hours": _hours, "choice": _choice, "place": _place}
_SAID = {
    "number": _("Please type a whole number that is not too large."),
    "day": _("Please give a day, as in 2026-03-01."),
    "hours": _("Please give hours, as in 18:30-08:00."),
    "choice": _("Please choose one of these."),
    "place": _("Please choose one of these."),
}


def _wrong(field: str, message: Any) -> Problem:
    return Problem("register", message, field=field, status=422)


# -- hours -----------------------------------------------------------------------------------


def opens(hours: str, at: datetime) -> tuple[str, str]:
    """("open", until when) or ("later", from when), as the town's clock shows it."""
    begin, end = (time.fromisoformat(part) for part in hours.split("-"))
    now = at.time()
    past_midnight = begin > end
    within = (now >= begin or now < end) if past_midnight else begin <= now < end
    return ("open", end.strftime("%H:%M")) if within else ("later", begin.strftime("%H:%M"))


# -- what a checklist sets -------------------------------------------------------------------


def seen(of: Register, checklist: str, answers: Values, failed: list[str]) -> dict[str, Any]:
    """What a checklist's answers say of an entry: {"state": …, field: …}, as far as they do."""
    found: dict[str, Any] = {}
    for rule in of.seen:
        if rule["checklist"] == checklist:
            found |= dict(_said(of, rule, answers, failed))
    return found


def _said(
    of: Register, rule: Mapping[str, Any], answers: Values, failed: list[str]
) -> Iterator[tuple[str, Any]]:
    if "items" in rule:
        if set(rule["items"]) & set(answers):
            yield "state", rule["failed"] if set(rule["items"]) & set(failed) else rule["fine"]
        return
    given = (answers.get(rule.get("item", "")) or {}).get("value")
    if not isinstance(given, str | int):
        return  # not looked at, or a town's own version asks otherwise
    if "states" in rule:
        if given in rule["states"]:
            yield "state", rule["states"][given]
        return
    field = of.field(rule["field"])
    kept = rule["values"].get(given) if "values" in rule else given
    if field is not None and (kept := _READ[field.kind](field, kept)) is not None:
        yield field.key, kept
