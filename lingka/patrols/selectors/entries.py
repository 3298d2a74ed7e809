"""Registers as desks and the public read them: entries of places, with their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format, number_format

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.patrols import registers
from lingka.patrols.models import Entry, EntryState
from lingka.patrols.registers import Field, Register, State

PAGE = 50
Values = Mapping[str, Any]
Named = Mapping[str, Mapping[str, str]]  # places that values name, by their id
Hours = tuple[str, str]


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
    seen_on: date
    ended_on: date | None
    named: Named

    @property
    def to_see(self) -> bool:
        """Nobody has looked for as long as its register lets it be."""
        return not self.ended_on and self.seen_on < _long_ago(self.register)

    @property
    def facts(self) -> list[tuple[str, str]]:
        return facts(self.register, self.values, self.named)

    def as_json(self) -> dict[str, Any]:
        """For a phone."""
        return {
            "register": self.register.key, "place": str(self.place.uuid), "state": self.state.key,
            "values": dict(self.values), "since": str(self.since),
        }  # fmt: skip


Public = tuple[EntryInfo, Hours | None]


@dataclass(frozen=True)
class Turn:
    """A line of an entry's history."""

    day: date
    how: str
    state: State
    facts: list[tuple[str, str]]
    cases: list[UUID]
    clashing: bool


def entries(register: str, paths: Sequence[str]) -> list[EntryInfo]:
    """All in force of these areas, by place: for a file."""
    return infos_of(_in_force(paths).filter(register=register))


def page(
    of: Register, paths: Sequence[str], after: UUID | None = None, *, to_see: bool = False
) -> tuple[list[EntryInfo], UUID | None]:
    """Those in force of these areas, by place, behind one of them; and behind which to go on.
    `to_see`: only where nobody has looked for long."""
    rows = _in_force(paths).filter(register=of.key)
    if to_see:
        rows = rows.filter(seen_on__lt=_long_ago(of))
    if after is not None and (last := Entry.objects.filter(uuid=after).first()):
        path = areas.area(areas.place(last.place_id).grid_id).path
        here = Q(place__grid__path=path, id__gt=last.id)
        rows = rows.filter(here | Q(place__grid__path__gt=path))
    found = infos_of(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].uuid if len(found) > PAGE else None


def to_see(of: Register, paths: Sequence[str]) -> int:
    """How many nobody has looked at for long."""
    return _in_force(paths).filter(register=of.key, seen_on__lt=_long_ago(of)).count()


def _long_ago(of: Register) -> date:
    return accounts.today() - timedelta(days=of.again)


def entered(register: str, paths: Sequence[str]) -> frozenset[int]:
    """The places that are in it already."""
    rows = _in_force(paths).filter(register=register)
    return frozenset(rows.values_list("place_id", flat=True))


def _in_force(paths: Sequence[str]) -> QuerySet[Entry]:
    chosen = Q(pk__in=())
    for path in paths:
        chosen |= Q(place__grid__path__startswith=path)
    return Entry.objects.filter(chosen, ended_on=None).order_by("place__grid__path", "id")


def public(register: Register, at: datetime, number: int) -> tuple[list[Public], bool]:
    """A page of a whole town's register, what is open first; and whether there is another."""
    rows = Entry.objects.filter(register=register.key, ended_on=None)
    found = [(row, _hours(register, row, at)) for row in rows.order_by("place__grid__path", "id")]
    order = {"open": 0, "later": 1}
    found.sort(key=lambda one: order[one[1][0]] if one[1] else 2)
    shown = found[(number - 1) * PAGE : number * PAGE]
    infos = infos_of(row for row, _hours in shown)
    listed = [(info, hours) for info, (_row, hours) in zip(infos, shown, strict=True)]
    return listed, len(found) > number * PAGE


def entries_in(
    paths: Sequence[str], after: int, room: int, since: date | None = None
) -> tuple[list[EntryInfo], int | None]:
    """Those in force in all registers of these areas, behind one of them; and behind which to go
    on. `since`: only what was written from that day on, which may be later than it was seen."""
    chosen = Q() if since is None else Q(written_on__gte=since)
    rows = list(_in_force(paths).filter(chosen, id__gt=after).order_by("id")[:room])
    return infos_of(rows), rows[-1].pk if len(rows) == room else None


def ended_among(uuids: Iterable[UUID]) -> list[tuple[UUID, int]]:
    """Which of these entries have ended, with their versions."""
    rows = Entry.objects.filter(uuid__in=list(uuids)).exclude(ended_on=None)
    return list(rows.values_list("uuid", "version"))


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
    named = _named((registers.registers()[one.register], one.values) for one in found)
    return [_info(one, places[one.place_id], named) for one in found]


def _named(values: Iterable[tuple[Register, Values]]) -> Named:
    """The places that they name, in one statement; none where they name none."""
    wanted = {
        UUID(held[field.key])
        for of, held in values
        for field in of.fields
        if field.kind == "place" and field.key in held
    }
    return {str(one.uuid): one.name for one in areas.places_by_uuid(wanted)} if wanted else {}


def _info(row: Entry, place: areas.PlaceInfo, named: Named) -> EntryInfo:
    of = registers.registers()[row.register]
    return EntryInfo(
        row.uuid, of, place, _state(of, row.state), row.values, row.version, row.since,
        row.seen_on, row.ended_on, named,
    )  # fmt: skip


def _state(of: Register, key: str) -> State:
    return of.state(key) or State(key, "plain", {})


def history(one: EntryInfo) -> list[Turn]:
    """The newest first."""
    rows = list(EntryState.objects.filter(entry__uuid=one.uuid).order_by("-turn"))
    named = _named((one.register, row.values) for row in rows)
    return [
        Turn(
            row.day, row.how, _state(one.register, row.state),
            facts(one.register, row.values, named), [UUID(case) for case in row.cases],
            row.clashing,
        )
        for row in rows
    ]  # fmt: skip


def counts(paths: Sequence[str]) -> list[tuple[Register, list[tuple[State, int]]]]:
    """How many entries of each register are in which state."""
    rows = _in_force(paths).order_by().values_list("register", "state").annotate(n=Count("id"))
    found = {(register, state): number for register, state, number in rows}
    return [
        (of, [(one, found.get((of.key, one.key), 0)) for one in of.states])
        for of in registers.registers().values()
    ]


def facts(of: Register, values: Values, named: Named) -> list[tuple[str, str]]:
    """What is known, as a page says it."""
    return [
        (pick(one.name), _said(one, values[one.key], named))
        for one in of.fields
        if one.key in values
    ]


def _said(of: Field, value: Any, named: Named) -> str:
    if of.kind == "number":
        return number_format(value)
    if of.kind == "day":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if of.kind == "choice":
        return pick(dict(of.options).get(value, {}))
    if of.kind == "place":
        return pick(named.get(value, {}))
    return str(value).replace("-", "–")


def _hours(of: Register, row: Entry, at: datetime) -> Hours | None:
    """Whether an entry that is in its first state is open to others now, or from when on today."""
    hours = next((row.values.get(one.key) for one in of.fields if one.kind == "hours"), None)
    if not hours or row.state != of.states[0].key:
        return None
    return registers.opens(str(hours), at.astimezone(ZoneInfo(settings.TIME_ZONE)))
