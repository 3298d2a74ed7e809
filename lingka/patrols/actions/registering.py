"""Entries of registers: made and changed at a desk, kept up on rounds.

On a round nothing is said of who or of the hour: an entry's history has the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.core import locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import unordered, uuid7
from lingka.core.problems import Problem
from lingka.patrols import permissions, registers
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import EntryChanged, EntryEnded, EntryMade, EntrySeen
from lingka.patrols.models import Entry, EntryState

DESK, ROUND = EntryState.How.DESK, EntryState.How.ROUND
Changes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Seen:
    """What became of what a phone said: merged, or clashing with what is there `now`."""

    version: int
    changed: list[str] = field(default_factory=list)
    clashing: list[str] = field(default_factory=list)
    now: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def make_entry(
    register: str, place: int, *, state: str, values: Mapping[str, Any], actor: Actor,
    key: UUID | None = None,
) -> UUID:  # fmt: skip
    """Put a place into a register. The same `key` again gives the first one's.

    Raises Problem beside the field that does not do, PermissionRefused outside one's area.
    """
    uuid = key or uuid7()
    locks.hold(uuid)
    if Entry.objects.filter(uuid=uuid).exists():
        return uuid
    of = registers.register(register)
    where = _place(of, place, actor)
    kept = _checked(of, state, values)
    if Entry.objects.filter(register=register, place_id=where.id, ended_on=None).exists():
        said = _("This place is in the register already.")
        raise Problem("register", said, field="place", status=422)
    row = Entry.objects.create(
        uuid=uuid, register=register, place_id=where.id, state=state, values=kept,
        since=accounts.today(),
    )  # fmt: skip
    _turn(row, DESK, accounts.today())
    record(EntryMade(register, where.id, state, kept), stream_id=uuid, actor=actor, after=NEW)
    return uuid


@transaction.atomic
def change_entry(uuid: UUID, *, state: str, values: Mapping[str, Any], actor: Actor) -> int:
    """What an entry holds from now on. The same again changes nothing."""
    row = _entry(uuid)
    must(permissions.may_plan(actor, _path(row)))
    kept = _checked(registers.register(row.register), state, values)
    if (row.state, row.values) == (state, kept):
        return row.version
    before = {"state": row.state, **row.values}
    _write(row, state, kept, DESK, accounts.today())
    record(EntryChanged(before, {"state": state, **kept}), stream_id=uuid, actor=actor)
    return row.version


@transaction.atomic
def end_entry(uuid: UUID, *, actor: Actor) -> None:
    """Take a place out of a register; its history stays."""
    row = _entry(uuid)
    must(permissions.may_plan(actor, _path(row)))
    row.ended_on = accounts.today()
    row.save(update_fields=["ended_on"])
    record(EntryEnded(), stream_id=uuid, actor=actor)


@transaction.atomic
def see_entry(uuid: UUID, changes: Changes, *, actor: Actor, day: date | None = None) -> Seen:
    """Merge what somebody saw, field by field; nothing is silently overwritten.

    `changes` is `{"state" or field: {"from": …, "to": …}}`. Where one clashes, nothing is written
    over: what was seen is kept beside it, for the desk.
    """
    row = _entry(uuid)
    must(permissions.may_look(actor, _path(row)))
    of = registers.register(row.register)
    now: dict[str, Any] = {"state": row.state, **row.values}
    said = {name: one.get("to") for name, one in changes.items()}
    kept = _merged(of, now, said)
    known = {name: now.get(name) for name in changes}
    clashing = [
        name
        for name, one in changes.items()
        if known[name] not in {_key(one.get("from")), kept.get(name)}
    ]  # fmt: skip
    if clashing or kept == now:
        if clashing:
            _turn(row, ROUND, day or accounts.today(), seen=kept)
        return Seen(row.version, [], clashing, known)
    _saw(row, kept, day or accounts.today(), [])
    record(EntrySeen(), stream_id=uuid7(), actor=actor, after=NEW)
    return Seen(row.version, sorted(name for name in changes if known[name] != kept.get(name)))


def seen_by_checklist(  # noqa: PLR0917
    place: int | None, checklist: str, answers: Mapping[str, Any], failed: list[str],
    cases: Sequence[str], day: date,
) -> None:  # fmt: skip
    """A checklist was gone through: the registers of the place say what it saw, with its findings.
    In the caller's transaction, whose event tells of it. A phone that comes late overwrites nothing
    that is newer than what it saw."""
    rows = Entry.objects.select_for_update().filter(
        place_id=place or 0, ended_on=None, since__lte=day
    )
    for row in rows.order_by("id"):
        of = registers.registers().get(row.register)
        found = registers.seen(of, checklist, answers, failed) if of else {}
        now = {"state": row.state, **row.values}
        if found and (cases or now | found != now):
            _saw(row, now | found, day, cases)


def _entry(uuid: UUID) -> Entry:
    row = Entry.objects.select_for_update().filter(uuid=uuid, ended_on=None).first()
    if row is None:
        raise Problem("no_entry", _("There is no such entry."), status=404)
    return row


def _path(row: Entry) -> str:
    return areas.area(areas.place(row.place_id).grid_id).path


def _place(of: registers.Register, place: int, actor: Actor) -> areas.PlaceInfo:
    found = areas.places([place]).get(place)
    if found is None or not found.active or found.kind not in of.fits:
        raise Problem("register", _("Please choose one of these."), field="place", status=422)
    must(permissions.may_plan(actor, areas.area(found.grid_id).path))
    return found


def _checked(of: registers.Register, state: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What holds by itself, and names places that there are."""
    kept = registers.checked(of, state, values)
    for one in of.fields:
        if one.kind == "place" and one.key in kept:
            found = areas.place_by_uuid(UUID(kept[one.key]))
            if found is None or found.kind not in one.fits:
                said = _("Please choose one of these.")
                raise Problem("register", said, field=one.key, status=422)
    return kept


def _merged(
    of: registers.Register, now: Mapping[str, Any], said: Mapping[str, Any]
) -> dict[str, Any]:
    whole = {**now, **said}
    state = str(whole.pop("state"))
    return {"state": state, **_checked(of, state, whole)}


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int) else None


def _saw(row: Entry, whole: Mapping[str, Any], day: date, cases: Sequence[str]) -> None:
    values = {name: one for name, one in whole.items() if name != "state"}
    _write(row, whole["state"], values, ROUND, day, cases)


def _write(  # noqa: PLR0917
    row: Entry, state: str, values: dict[str, Any], how: str, day: date, cases: Sequence[str] = (),
) -> None:  # fmt: skip
    row.state, row.values, row.since = state, values, day
    row.version += 1
    row.save()
    _turn(row, how, day, cases)


def _turn(
    row: Entry, how: str, day: date, cases: Sequence[str] = (), *,
    seen: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """A line of its history; `seen` is what it does not hold."""
    last = row.states.aggregate(last=Max("turn"))["last"] or 0
    held = seen or {"state": row.state, **row.values}
    EntryState.objects.create(
        id=unordered(), entry=row, turn=last + 1, day=day, how=how, state=held["state"],
        values={name: one for name, one in held.items() if name != "state"}, cases=list(cases),
        clashing=seen is not None,
    )  # fmt: skip
