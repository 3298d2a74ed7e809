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
Whole = Mapping[str, Any]  # the state and the values of an entry


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
        since=accounts.today(), seen_on=accounts.today(),
        written_on=accounts.today(),
    )  # fmt: skip
    _turn(row, DESK, accounts.today())
    record(EntryMade(register, where.id, state, kept), stream_id=uuid, actor=actor, after=NEW)
    return uuid


class Overtaken(Problem):
    """Somebody else changed the same meanwhile: what two wrote is `clashing`, what only the other
    wrote is `taken_over`, and `now` is what holds."""

    def __init__(self, now: Whole, clashing: list[str], taken_over: list[str]) -> None:
        super().__init__("overtaken", _("Somebody else changed this meanwhile."), status=409)
        self.now, self.clashing, self.taken_over = now, clashing, taken_over


@transaction.atomic
def change_entry(
    uuid: UUID, *, state: str, values: Mapping[str, Any], actor: Actor, version: int | None = None
) -> int:
    """What an entry holds from now on. The same again changes nothing.

    `version` is the one that was read: what others changed since, field by field, stays. Raises
    Overtaken where both changed the same.
    """
    row = _entry(uuid)
    must(permissions.may_plan(actor, _path(row)))
    before = _whole(row)
    after = {"state": state, **_checked(registers.register(row.register), state, values)}
    if version not in {None, row.version}:
        after = _joined(_as_of(row, version or 0), before, after)
    if before == after:
        return row.version
    _write(row, after, DESK, accounts.today())
    record(EntryChanged(before, after), stream_id=uuid, actor=actor)
    return row.version


def _whole(row: Entry | EntryState) -> dict[str, Any]:
    return {"state": row.state, **row.values}


def _as_of(row: Entry, version: int) -> Whole:
    """What a version held: each that held has a line of the history."""
    held = row.states.filter(clashing=False).order_by("turn")
    return next((_whole(one) for one in held[version - 1 : version]), {}) if version > 0 else {}


def _joined(was: Whole, now: Whole, mine: Whole) -> dict[str, Any]:
    names = list(dict.fromkeys((*mine, *now, *was)))
    ours = {name for name in names if mine.get(name) != was.get(name)}
    theirs = {name for name in names if now.get(name) != was.get(name)}
    clashing = [name for name in names if name in ours & theirs and mine.get(name) != now.get(name)]
    if clashing:
        raise Overtaken(now, clashing, [name for name in names if name in theirs - ours])
    whole = {name: (mine if name in ours else now).get(name) for name in names}
    return {name: value for name, value in whole.items() if value is not None}


@transaction.atomic
def end_entry(uuid: UUID, *, actor: Actor, version: int | None = None) -> None:
    """Take a place out of a register; its history stays. Not what was changed since it was read."""
    row = _entry(uuid)
    must(permissions.may_plan(actor, _path(row)))
    if version not in {None, row.version}:
        said = _("Somebody else changed this meanwhile. Please look before you take it out.")
        raise Problem("overtaken", said, status=409)
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
    now = _whole(row)
    said = {name: one.get("to") for name, one in changes.items()}
    kept = _merged(of, now, said)
    known = {name: now.get(name) for name in changes}
    clashing = [
        name
        for name, one in changes.items()
        if known[name] not in {_key(one.get("from")), kept.get(name)}
    ]  # fmt: skip
    _looked(row, day or accounts.today())
    if clashing or kept == now:
        if clashing:
            _turn(row, ROUND, day or accounts.today(), seen=kept)
        return Seen(row.version, [], clashing, known)
    _write(row, kept, ROUND, day or accounts.today())
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
        if of is None or not of.looked_at_by(checklist):
            continue
        _looked(row, day)
        found = registers.seen(of, checklist, answers, failed)
        now = _whole(row)
        if found and (cases or now | found != now):
            _write(row, now | found, ROUND, day, cases)


def _entry(uuid: UUID) -> Entry:
    row = Entry.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise Problem("no_entry", _("There is no such entry."), status=404)
    if row.ended_on is not None:
        said = _("Somebody took this place out of the register meanwhile.")
        raise Problem("ended", said, status=409)
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


def _write(row: Entry, whole: Whole, how: str, day: date, cases: Sequence[str] = ()) -> None:
    row.state, row.since = whole["state"], day
    row.values = {name: one for name, one in whole.items() if name != "state"}
    row.version += 1
    row.written_on = accounts.today()
    row.save()
    _turn(row, how, day, cases)


def _looked(row: Entry, day: date) -> None:
    """Somebody was there, whatever they saw; who is not said."""
    row.seen_on = max(row.seen_on, day)
    row.save(update_fields=["seen_on"])


def _turn(
    row: Entry, how: str, day: date, cases: Sequence[str] = (), *,
    seen: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """A line of its history; `seen` is what it does not hold."""
    last = row.states.aggregate(last=Max("turn"))["last"] or 0
    held = seen or _whole(row)
    EntryState.objects.create(
        id=unordered(), entry=row, turn=last + 1, day=day, how=how, state=held["state"],
        values={name: one for name, one in held.items() if name != "state"}, cases=list(cases),
        clashing=seen is not None,
    )  # fmt: skip
