"""Bookings, as their holder and the station see them; which times of a room are free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from uuid import UUID

from lingka.accounts.selectors import names
from lingka.core import clock, contents
from lingka.rooms import rules, tokens
from lingka.rooms.models import HOLDING, Booking, BookingDate, Contact, ContactReading, State
from lingka.rooms.selectors.stations import (
    RoomInfo,
    StationInfo,
    opening,
    programme,
    room,
    rooms_of,
    special_days,
    today,
    zone,
)


@dataclass(frozen=True)
class DateInfo:
    """One time of a booking."""

    uuid: UUID
    booking: UUID
    room: RoomInfo
    starts_at: datetime
    ends_at: datetime
    state: str
    come_by: datetime
    said: str  # why it was refused
    group: str
    purpose: str
    people: int
    code: str
    has_phone: bool
    before: int = 0  # groups that wait in front of this one

    @property
    def can_check_in(self) -> bool:
        return self.state == State.BOOKED and self.starts_at - rules.BEFORE <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def can_give_back(self) -> bool:
        return not self.is_over and State.GIVEN_BACK in rules.NEXT[self.state]


@dataclass(frozen=True)
class BookingInfo:
    uuid: UUID
    room: RoomInfo
    code: str
    language: str
    group: str
    purpose: str
    people: int
    has_phone: bool
    dates: list[DateInfo]
    missed: list[tuple[datetime, str]]  # dates of a series that came to nothing

    @property
    def is_series(self) -> bool:
        return len(self.dates) + len(self.missed) > 1

    @property
    def in_turn(self) -> list[tuple[datetime, DateInfo | None, str]]:
        """All that was asked for, by day: the date, or why it came to nothing."""
        dates: list[tuple[datetime, DateInfo | None, str]]
        dates = [(one.starts_at, one, "") for one in self.dates]
        return sorted([*dates, *((at, None, why) for at, why in self.missed)], key=itemgetter(0))


@dataclass(frozen=True)
class ReadingInfo:
    who: str
    reason: str
    at: datetime


def booking_by_token(token: str) -> BookingInfo | None:
    row = Booking.objects.select_related("room").filter(token_hash=tokens.hash_of(token)).first()
    held = room(row.room.uuid) if row else None
    if row is None or held is None:
        return None
    dates = _dates(row.dates.select_related("booking").order_by("starts_at", "id"), [held])
    words = contents.read([row.words]).get(row.words, {})
    return BookingInfo(
        row.uuid, held, row.short_code, row.language, words.get("group", ""),
        words.get("purpose", ""), row.people, Contact.objects.filter(booking=row.uuid).exists(),
        dates, [(datetime.fromisoformat(at), why) for at, why in row.missed],
    )  # fmt: skip


def date_info(uuid: UUID) -> DateInfo | None:
    row = BookingDate.objects.select_related("booking", "room").filter(uuid=uuid).first()
    held = room(row.room.uuid) if row else None
    return _dates([row], [held])[0] if row and held else None


def dates_on(several: Sequence[StationInfo], day: date) -> list[DateInfo]:
    """A day's bookings of these stations, those given back left out."""
    begin = datetime(day.year, day.month, day.day, tzinfo=zone())
    held = rooms_of(several, closed=True)
    rows = BookingDate.objects.filter(
        room_id__in=[one.id for one in held],
        starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1),
    ).exclude(state__in=[State.GIVEN_BACK, State.REFUSED])  # fmt: skip
    return _dates(rows.select_related("booking").order_by("starts_at", "id"), held)


def to_answer(several: Sequence[StationInfo]) -> list[DateInfo]:
    """What waits for a station's word, the nearest first."""
    held = rooms_of(several, closed=True)
    rows = BookingDate.objects.filter(
        room_id__in=[one.id for one in held], state=State.ASKED, starts_at__gt=clock.now()
    )
    return _dates(rows.select_related("booking").order_by("starts_at", "id")[:50], held)


def _dates(rows: Iterable[BookingDate], rooms: Sequence[RoomInfo]) -> list[DateInfo]:
    rows = list(rows)
    held = {one.id: one for one in rooms}
    said = contents.read(
        {row.booking.words for row in rows} | {row.said for row in rows if row.said}
    )
    phones = set(
        Contact.objects.filter(booking__in=[row.booking.uuid for row in rows]).values_list(
            "booking", flat=True
        )
    )
    return [
        _date(row, held[row.room_id], said, has_phone=row.booking.uuid in phones) for row in rows
    ]


def _date(
    row: BookingDate, held: RoomInfo, said: dict[UUID, dict[str, str]], *, has_phone: bool
) -> DateInfo:
    words = said.get(row.booking.words, {})
    return DateInfo(
        row.uuid, row.booking.uuid, held, row.starts_at, row.ends_at, row.state, row.come_by,
        said.get(row.said, {}).get("why", "") if row.said else "",
        words.get("group", ""), words.get("purpose", ""), row.booking.people,
        row.booking.short_code, has_phone, _before(row),
    )  # fmt: skip


def _before(row: BookingDate) -> int:
    if row.state != State.WAITING:
        return 0
    return BookingDate.objects.filter(
        room_id=row.room_id, state=State.WAITING, id__lt=row.id,
        starts_at__lt=row.ends_at, ends_at__gt=row.starts_at,
    ).count()  # fmt: skip


def taken(
    rooms: Iterable[RoomInfo], begin: datetime, end: datetime
) -> dict[int, list[rules.Period]]:
    """When these rooms are held by groups, or by what is on the programme."""
    rooms = list(rooms)
    found: dict[int, list[rules.Period]] = {one.id: [] for one in rooms}
    rows = BookingDate.objects.filter(
        room_id__in=found, state__in=HOLDING, starts_at__lt=end, ends_at__gt=begin
    )
    for number, starts_at, ends_at in rows.values_list("room_id", "starts_at", "ends_at"):
        found[number].append((starts_at, ends_at))
    first, last = begin.astimezone(zone()).date(), end.astimezone(zone()).date()
    several = list({one.station.id: one.station for one in rooms}.values())
    for entry in (
        one
        for listed in programme(several, first, (last - first).days + 1).values()
        for one in listed
    ):
        if entry.room_id in found and entry.starts_at < end and entry.ends_at > begin:
            found[entry.room_id].append((entry.starts_at, entry.ends_at))
    return {number: sorted(periods) for number, periods in found.items()}


def free_starts(one: RoomInfo, day: date) -> list[tuple[datetime, bool]]:
    """The half hours of a day still ahead, and whether each is free."""
    periods = opening(one.station, day, special_days([one.station], day, day))
    starts = [
        at for at in rules.starts(periods) if at + timedelta(minutes=rules.STEP) > clock.now()
    ]
    if not starts:
        return []
    held = taken([one], starts[0], periods[-1][1])[one.id]
    free = set(rules.free(starts, held))
    return [(at, at in free) for at in starts]


def first_free_day(one: RoomInfo) -> date:
    """The first of the days to come on which a time is free; today where the week has none."""
    week = (today() + timedelta(days=ahead) for ahead in range(7))
    return next((day for day in week if any(free for _at, free in free_starts(one, day))), today())


def readings(booking: UUID) -> list[ReadingInfo]:
    """Who opened a group's number, and why: for the group itself."""
    rows = list(ContactReading.objects.filter(booking=booking).order_by("read_at"))
    who = names([row.user_id for row in rows])
    return [ReadingInfo(who.get(row.user_id, ""), row.reason, row.read_at) for row in rows]
