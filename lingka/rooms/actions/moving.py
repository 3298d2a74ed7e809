"""What becomes of a booked time: answered, come, given back, released; and who moves up."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import NEW, record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.rooms import permissions, rules, tokens
from lingka.rooms.events import BookingForgotten, BookingMoved, BookingMovedUp
from lingka.rooms.models import (
    HOLDING,
    Booking,
    BookingDate,
    Contact,
    ContactReading,
    Room,
    State,
)
from lingka.rooms.selectors.stations import zone
from lingka.units import selectors as units

AT_ONCE = 200  # dates that one night's run looks at in one transaction
FREED = frozenset({State.REFUSED, State.GIVEN_BACK, State.RELEASED})


def tell(row: BookingDate, actor: Actor, *, first: bool = False) -> None:
    """One event for one date's new state."""
    told = BookingMoved(
        str(row.booking.uuid), str(row.room.uuid), row.state, row.starts_at.isoformat(),
        row.ends_at.isoformat(),
    )  # fmt: skip
    record(told, stream_id=row.uuid, actor=actor, after=NEW if first else None)


def lock_room(room_id: int) -> Room:
    """Who frees a room and who begins to wait for it go one after the other, so that nobody
    waits for what is free. Bookings that wait for nothing need no lock and get none: theirs
    refer to the room, which a stronger lock than this would keep them from."""
    return Room.objects.select_for_update(no_key=True).get(id=room_id)


@transaction.atomic
def approve(date: UUID, *, actor: Actor) -> None:
    """The station says yes."""
    row = _run_by(date, actor)
    _move(row, State.BOOKED, actor)


@transaction.atomic
def refuse(date: UUID, *, actor: Actor, why: str) -> None:
    """The station says no, and why."""
    if not why.strip():
        raise Problem("why", _("Say why, so that they can ask otherwise."), field="why")
    row = _run_by(date, actor)
    _may_become(row, State.REFUSED)
    row.said = contents.keep("room_refusal", {"why": why.strip()[:500]}).id
    _move(row, State.REFUSED, actor)


@transaction.atomic
def check_in(date: UUID, *, actor: Actor) -> None:
    """The desk sees them come."""
    row = _run_by(date, actor)
    _must_be_near(row)
    _move(row, State.HERE, actor)


@transaction.atomic
def check_in_at_door(token: str, date: UUID, code: str, *, actor: Actor) -> None:
    """The group types the code of the day that stands on the door."""
    row = _held(token, date)
    _must_be_near(row)
    day = row.starts_at.astimezone(zone()).date()
    if code.strip() != tokens.door_code(row.room.uuid, day):
        message = _("This is not today's code of this room. It stands on the door.")
        raise Problem("door_code", message, field="code", status=422)
    _move(row, State.HERE, actor)


@transaction.atomic
def give_back(token: str, date: UUID, *, actor: Actor) -> None:
    """Let others have the time; who waits longest moves up. Given back once, it stays so."""
    row = _held(token, date)
    if row.state != State.GIVEN_BACK:
        _move(row, State.GIVEN_BACK, actor)


@transaction.atomic
def release(date: UUID, *, actor: Actor) -> None:
    """The desk sees that nobody came."""
    row = _run_by(date, actor)
    if row.starts_at > clock.now():
        raise Problem("too_early", _("The time has not come yet."), status=409)
    _move(row, State.RELEASED, actor)


def release_missed() -> int:
    """Free what nobody came for, nobody answered in time, or waited in vain; returns how many."""
    now = clock.now()
    late = BookingDate.objects.filter(state=State.BOOKED, come_by__lte=now)
    unanswered = BookingDate.objects.filter(state=State.ASKED, starts_at__lte=now)
    vain = BookingDate.objects.filter(state=State.WAITING, ends_at__lte=now)
    found = [uuid for rows in (late, unanswered, vain)
             for uuid in rows.values_list("uuid", flat=True)[:AT_ONCE]]  # fmt: skip
    return sum(map(_released, found))


@transaction.atomic
def _released(date: UUID) -> bool:
    row = _locked(date)
    now = clock.now()
    over = {State.BOOKED: row.come_by, State.ASKED: row.starts_at, State.WAITING: row.ends_at}
    if row.state not in over or over[State(row.state)] > now:
        return False  # came, answered or moved up in the meantime
    _move(row, State.RELEASED, SYSTEM)
    return True


def _move(row: BookingDate, to: State, actor: Actor) -> None:
    _may_become(row, to)
    held = row.state in HOLDING
    row.state = to
    row.save(update_fields=["state", "said"])
    tell(row, actor)
    if held and to in FREED:
        _move_up(row, actor)


def _may_become(row: BookingDate, to: State) -> None:
    if to not in rules.NEXT[row.state]:
        raise Problem("stale", _("This was done already, or is over."), status=409)


def _move_up(freed: BookingDate, actor: Actor) -> None:
    """Those who wait for some of a freed time get what is left of it, who waited longest first.
    Needs the room's lock."""
    waiting = BookingDate.objects.select_for_update(of=("self",)).filter(
        room_id=freed.room_id, state=State.WAITING,
        starts_at__lt=freed.ends_at, ends_at__gt=max(freed.starts_at, clock.now()),
    )  # fmt: skip
    for row in waiting.select_related("booking", "room").order_by("id"):
        _take_up(row, actor)


def _take_up(row: BookingDate, actor: Actor) -> None:
    """Give a waiting group its time, if the database finds it free."""
    row.state = State.ASKED if row.room.needs_approval else State.BOOKED
    row.come_by = rules.come_by(row.starts_at, clock.now())
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "come_by"])
    except IntegrityError:
        return  # somebody has part of it still
    tell(row, actor)
    record(BookingMovedUp(str(row.booking.uuid)), stream_id=row.uuid, actor=SYSTEM)


def _must_be_near(row: BookingDate) -> None:
    now = clock.now()
    if row.state == State.BOOKED and now < row.starts_at - rules.BEFORE:
        message = _("You can check in from a quarter of an hour before.")
        raise Problem("too_early", message, status=409)
    if row.state == State.BOOKED and now >= row.ends_at:
        raise Problem("stale", _("This was done already, or is over."), status=409)


def _held(token: str, date: UUID) -> BookingDate:
    """A date of the booking whose token this is, locked."""
    mine = BookingDate.objects.filter(uuid=date, booking__token_hash=tokens.hash_of(token))
    if not mine.exists():
        raise _unknown()
    return _locked(date)


def _run_by(date: UUID, actor: Actor) -> BookingDate:
    row = _locked(date)
    of = row.room.station
    verdict = permissions.may_run(actor, of.unit_id, units.unit(of.unit_id).area_path)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    return row


def _locked(date: UUID) -> BookingDate:
    """The room first, then its date: everybody locks in this order."""
    room = BookingDate.objects.filter(uuid=date).values_list("room_id", flat=True).first()
    if room is None:
        raise _unknown()
    lock_room(room)
    rows = BookingDate.objects.select_for_update(of=("self",))
    found = rows.select_related("booking", "room__station").filter(uuid=date).first()
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Problem:
    return Problem("unknown_booking", _("There is no such booking any more."), status=404)


# -- forgetting -----------------------------------------------------------------------------


def forget_past() -> int:
    """Erase bookings a week after their last date: words, number, token. Returns how many."""
    edge = clock.now() - rules.KEPT
    live = BookingDate.objects.filter(ends_at__gte=edge).values("booking_id")
    gone = Booking.objects.exclude(id__in=live).values_list("uuid", flat=True)
    return sum(map(_forgotten, list(gone[:AT_ONCE])))


@transaction.atomic
def _forgotten(uuid: UUID) -> bool:
    row = Booking.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        return False
    said = row.dates.exclude(said=None).values_list("said", flat=True)
    contents.erase([row.words, *_present(said)])
    Contact.objects.filter(booking=uuid).delete()
    ContactReading.objects.filter(booking=uuid).delete()
    record(BookingForgotten(), stream_id=uuid, actor=SYSTEM)
    row.delete()
    return True


def _present(several: Iterable[UUID | None]) -> list[UUID]:
    return [one for one in several if one is not None]
