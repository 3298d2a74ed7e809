"""A group takes a room: once, or every week for a while."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lingka.core import canonical, clock, codes, contents, locks
from lingka.core.actors import Actor
from lingka.core.crypto import current_key_number, derive, seal
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.rooms import rules, selectors, tokens
from lingka.rooms.actions.moving import lock_room, tell
from lingka.rooms.models import Booking, BookingDate, Contact, State
from lingka.rooms.selectors import RoomInfo

CLOSED, TAKEN = "closed", "taken"  # why a date of a series came to nothing


@dataclass(frozen=True)
class Wish:
    """What a group asks for. `times` dates, `every` so many days; `wait`: where it is taken."""

    starts_at: datetime
    minutes: int
    group: str
    purpose: str
    people: int
    phone: str = ""
    times: int = 1
    every: int = 7
    wait: bool = False


@dataclass(frozen=True)
class Booked:
    """What became of each date that was asked for: a state, "closed" or "taken"."""

    uuid: UUID
    token: str
    code: str
    results: list[tuple[datetime, str]]


@transaction.atomic
def book(
    room: UUID, wish: Wish, *, actor: Actor, idempotency_key: UUID, language: str = ""
) -> Booked:
    """Take a room; the same form sent again is the same booking.

    Whether it is free, the database decides: of many at once one gets it. The others wait, if
    they said so, or hear Problem "taken" (409). Dates of a series stand or fall one by one; where
    none stands it is a Problem.
    """
    locks.hold(idempotency_key)
    info = selectors.room(room)
    if info is None or not info.is_open:
        raise Problem("unknown_room", _("There is no such room."), status=404)
    asked = _digest(room, wish)
    before = Booking.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _again(before, asked)
    _must_make_sense(info, wish)
    if wish.wait or wish.times > 1:
        lock_room(info.id)  # before any date is held: else two could wait for each other
    row = _row(info, wish, asked, idempotency_key, language)
    results = [(at, _date(row, info, wish, at, actor)) for at in _dates(wish)]
    if not {state for _at, state in results} - {CLOSED, TAKEN}:
        raise _nothing(results)
    row.missed = [[at.isoformat(), what] for at, what in results if what in (CLOSED, TAKEN)]
    row.save(update_fields=["missed"])
    if wish.phone:
        Contact.objects.create(booking=row.uuid, sealed=seal({"phone": wish.phone}))
    return Booked(row.uuid, tokens.token_of(row.uuid, row.token_key), row.short_code, results)


def _again(before: Booking, asked: bytes) -> Booked:
    if bytes(before.asked) != asked:
        message = _("This was sent before with other content.")
        raise Problem("key_reused", message, status=409)
    had = before.dates.values_list("starts_at", "state")
    missed = [(datetime.fromisoformat(at), why) for at, why in before.missed]
    results = sorted([*had, *missed])
    token = tokens.token_of(before.uuid, before.token_key)
    return Booked(before.uuid, token, before.short_code, results)


def _digest(room: UUID, wish: Wish) -> bytes:
    """Keyed: a number in it must not be found by trying all."""
    sent = asdict(wish) | {"room": str(room), "starts_at": wish.starts_at.isoformat()}
    return derive("booking-asked", 1, canonical.dumps(sent))


def _row(info: RoomInfo, wish: Wish, asked: bytes, key: UUID, language: str) -> Booking:
    uuid, number = uuid7(), current_key_number()
    spoken = language or translation.get_language() or settings.LANGUAGE_CODE
    words = {"group": wish.group, "purpose": wish.purpose}
    return Booking.objects.create(
        uuid=uuid, room_id=info.id, words=contents.keep("booking", words, spoken).id,
        people=wish.people, language=spoken, token_key=number, asked=asked, idempotency_key=key,
        token_hash=tokens.hash_of(tokens.token_of(uuid, number)), short_code=codes.short_code(),
    )  # fmt: skip


def _must_make_sense(info: RoomInfo, wish: Wish) -> None:
    now = clock.now()
    if not wish.group.strip():
        raise Problem("group", _("Say who comes: the name of your group."), field="group")
    if not 1 <= wish.people <= info.seats:
        message = _("This room has %(seats)s seats.") % {"seats": info.seats}
        raise Problem("people", message, field="people", status=422)
    if not rules.STEP <= wish.minutes <= info.longest or wish.minutes % rules.STEP:
        raise Problem("minutes", _("Choose one of these."), field="minutes", status=422)
    if not 1 <= wish.times <= rules.DATES or wish.every not in (1, 7, 14):
        raise Problem("times", _("Choose one of these."), field="times", status=422)
    ends = wish.starts_at + timedelta(minutes=wish.minutes)
    last = _dates(wish)[-1]
    if ends <= now or wish.starts_at < now - timedelta(minutes=rules.STEP):
        raise Problem("past", _("This time is over. Choose another."), field="starts_at")
    if last > now + rules.AHEAD + timedelta(days=(wish.times - 1) * wish.every):
        raise Problem("far", _("So far ahead no room is given."), field="starts_at", status=422)


def _dates(wish: Wish) -> list[datetime]:
    return rules.dates(wish.starts_at, wish.times, wish.every, selectors.zone())


def _date(row: Booking, info: RoomInfo, wish: Wish, at: datetime, actor: Actor) -> str:
    """What becomes of one date: a state, or why it came to nothing."""
    ends = at + timedelta(minutes=wish.minutes)
    day = at.astimezone(selectors.zone()).date()
    if not rules.fits(at, ends, selectors.openings(info.station, day, 1)[day]):
        return CLOSED
    if _has_programme(info, at, ends):
        return TAKEN
    state = State.ASKED if info.needs_approval else State.BOOKED
    made = BookingDate(
        uuid=uuid7(), booking=row, room_id=info.id, starts_at=at, ends_at=ends, state=state,
        come_by=rules.come_by(at, clock.now()),
    )  # fmt: skip
    if insert_if_free(made):
        tell(made, actor, first=True)
        return str(state)
    return _waits(made, actor) if wish.wait else TAKEN


def insert_if_free(row: BookingDate) -> bool:
    """Let the constraint decide. ON CONFLICT DO NOTHING, since of two that insert at once
    without it each would wait for the other."""
    BookingDate.objects.bulk_create([row], ignore_conflicts=True)
    held = BookingDate.objects.filter(uuid=row.uuid).values_list("id", flat=True).first()
    row.id = held or 0
    return held is not None


def _waits(row: BookingDate, actor: Actor) -> str:
    """Stand at the end of the list. Under the room's lock nothing comes free meanwhile."""
    row.pk, row.state = None, State.WAITING
    row.save(force_insert=True)
    tell(row, actor, first=True)
    return str(State.WAITING)


def _has_programme(info: RoomInfo, at: datetime, ends: datetime) -> bool:
    day = at.astimezone(selectors.zone()).date()
    listed = selectors.programme([info.station], day)[info.station.id]
    return any(
        one.room_id == info.id and one.starts_at < ends and one.ends_at > at for one in listed
    )


def _nothing(results: list[tuple[datetime, str]]) -> Problem:
    """None of the dates can be had."""
    if all(state == CLOSED for _at, state in results):
        message = _("The station is not open for all of this time. Choose another.")
        return Problem("closed", message, field="starts_at", status=409, results=results)
    message = _("Somebody has the room at this time. Choose another, or wait for it.")
    return Problem("taken", message, field="starts_at", status=409, results=results)
