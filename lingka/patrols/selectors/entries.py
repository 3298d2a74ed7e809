"""Registers as desks and the public read them: entries of places, with their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format, number_format

from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.patrols import registers
from lingka.patrols.models import Entry, EntryState
from lingka.patrols.registers import Field, Register, State

MOST = 500


@dataclass(frozen=True)
class EntryInfo:
    """A place in a register as it stands."""

    uuid: UUID
    register: Register
    place: areas.PlaceInfo
    state: State
    values: Mapping[str, Any]
    version: int
    since: date
    ended_on: date | None

    @property
    def facts(self) -> list[tuple[str, str]]:
        return facts(self.register, self.values)

    def as_json(self) -> dict[str, Any]:
        """For a phone."""
        return {
            "register": self.register.key, "place": str(self.place.uuid), "state": self.state.key,
            "values": dict(self.values), "since": str(self.since),
        }  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """A line of an entry's history."""

    day: date
    how: str
    state: State
    facts: list[tuple[str, str]]
    cases: list[UUID]
    clashing: bool


def entries(register: str, paths: Sequence[str] | None = None) -> list[EntryInfo]:
    """Those in force, by place, of these areas or of the whole town; at most 500."""
    chosen = Q()
    if paths is not None:
        chosen = Q(pk__in=())
        for path in paths:
            chosen |= Q(place__grid__path__startswith=path)
    rows = Entry.objects.filter(chosen, register=register, ended_on=None)
    return infos_of(rows.order_by("place__grid__path", "id")[:MOST])


def entries_in(paths: Sequence[str]) -> list[EntryInfo]:
    """Those in force in all registers of these areas, at most 500 of each."""
    return [one for key in registers.registers() for one in entries(key, paths)]


def register_rows() -> list[dict[str, Any]]:
    """What each register asks, as a phone keeps it."""
    return [
        {
            "key": of.key, "name": dict(of.name), "about": dict(of.about),
            "states": [{"key": one.key, "name": dict(one.name)} for one in of.states],
            "fields": [_asked(one) for one in of.fields],
        }
        for of in registers.registers().values()
    ]  # fmt: skip


def _asked(of: Field) -> dict[str, Any]:
    return {
        "key": of.key, "kind": of.kind, "name": dict(of.name), "most": of.most,
        "fits": list(of.fits),
        "options": [{"key": key, "name": dict(name)} for key, name in of.options],
    }  # fmt: skip


def entry(uuid: UUID) -> EntryInfo | None:
    """One entry, also one that has ended."""
    return next(iter(infos_of(Entry.objects.filter(uuid=uuid))), None)


def infos_of(rows: Iterable[Entry]) -> list[EntryInfo]:
    found = [one for one in rows if one.register in registers.registers()]
    places = areas.places(one.place_id for one in found)
    return [_info(one, places[one.place_id]) for one in found]


def _info(row: Entry, place: areas.PlaceInfo) -> EntryInfo:
    of = registers.registers()[row.register]
    return EntryInfo(
        row.uuid, of, place, _state(of, row.state), row.values, row.version, row.since,
        row.ended_on,
    )  # fmt: skip


def _state(of: Register, key: str) -> State:
    return of.state(key) or State(key, "plain", {})


def history(one: EntryInfo) -> list[Turn]:
    """The newest first."""
    rows = EntryState.objects.filter(entry__uuid=one.uuid).order_by("-turn")
    return [
        Turn(
            row.day, row.how, _state(one.register, row.state), facts(one.register, row.values),
            [UUID(case) for case in row.cases], row.clashing,
        )
        for row in rows
    ]  # fmt: skip


def counts(paths: Sequence[str]) -> list[tuple[Register, list[tuple[State, int]]]]:
    """How many entries of each register are in which state."""
    found = []
    for of in registers.registers().values():
        listed = entries(of.key, paths)
        states = [(one, sum(row.state == one for row in listed)) for one in of.states]
        found.append((of, states))
    return found


def facts(of: Register, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is known, as a page says it."""
    return [
        (pick(one.name), _said(one, values[one.key])) for one in of.fields if one.key in values
    ]  # fmt: skip


def _said(of: Field, value: Any) -> str:
    if of.kind == "number":
        return number_format(value)
    if of.kind == "day":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if of.kind == "choice":
        return pick(dict(of.options).get(value, {}))
    if of.kind == "place":
        found = areas.place_by_uuid(UUID(value))
        return pick(found.name) if found else ""
    return str(value).replace("-", "–")


def open_hours(one: EntryInfo, at: datetime) -> tuple[str, str] | None:
    """Whether an entry that is in its first state is open to others now, or from when on today."""
    hours = next((one.values.get(f.key) for f in one.register.fields if f.kind == "hours"), None)
    if not hours or one.state != one.register.states[0]:
        return None
    return registers.opens(str(hours), at.astimezone(ZoneInfo(settings.TIME_ZONE)))
