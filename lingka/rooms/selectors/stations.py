"""Stations: where, for whom, open until when, and what happens there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core import clock, saying
from lingka.core.keeping import Kept
from lingka.core.text import pick
from lingka.rooms import catalogue, permissions, rules
from lingka.rooms.models import Programme, Room, SpecialDay, Station
from lingka.units import selectors as units

LOOK_EVERY = 5.0  # seconds between looks for stations that another process opened or closed
LOOK_AHEAD = 14  # days in which the next opening is looked for


@dataclass(frozen=True)
class StationInfo:
    id: int
    uuid: UUID
    key: str
    kind: str
    unit_id: int
    area_path: str  # of the unit that runs it
    place: areas.PlaceInfo
    names: Mapping[str, str]
    abouts: Mapping[str, str]
    audiences: Sequence[str]
    has: Sequence[str]
    hours: Mapping[str, rules.Spans] | None
    on_holidays: bool
    is_open: bool  # not closed for good

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def about(self) -> str:
        return pick(self.abouts)

    @property
    def kind_name(self) -> str:
        return catalogue.said([self.kind], catalogue.kinds())[0]

    @property
    def for_whom(self) -> str:
        return saying.listed(catalogue.said(self.audiences, catalogue.audiences()))

    @property
    def equipment(self) -> str:
        return saying.listed(catalogue.said(self.has, catalogue.equipment()))

    @cached_property
    def unit(self) -> units.UnitInfo:
        return units.unit(self.unit_id)

    @property
    def where(self) -> str:
        return pick(self.place.name)

    def serves(self, audience: str) -> bool:
        return not audience or audience in self.audiences or catalogue.EVERYBODY in self.audiences


@dataclass(frozen=True)
class RoomInfo:
    id: int
    uuid: UUID
    station: StationInfo
    names: Mapping[str, str]
    seats: int
    has: Sequence[str]
    longest: int
    needs_approval: bool
    is_open: bool

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def equipment(self) -> str:
        return saying.listed(catalogue.said(self.has, catalogue.equipment()))


@dataclass(frozen=True)
class Now:
    """Whether it is open this moment, and until or from when."""

    until: datetime | None = None
    again: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.until is not None


@dataclass(frozen=True)
class Entry:
    """Something on a station's programme, on one day."""

    uuid: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    room: str
    weekly: bool

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_on(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    return clock.now().astimezone(zone()).date()


def stations(*, closed: bool = False) -> list[StationInfo]:
    rows = Station.objects.order_by("unit__area__path", "id")
    return _stations(rows if closed else rows.filter(closed_at=None))


def _running() -> frozenset[tuple[int, str]]:
    """Units that run a station that is open, with where they lie."""
    kept = Station.objects.filter(closed_at=None).values_list("unit_id", flat=True).distinct()
    return frozenset((one, units.unit(one).area_path) for one in kept)


_RUNNING = Kept(_running, every=LOOK_EVERY)
forget_running = _RUNNING.forget


def runs_some(posts: Sequence[PostInfo]) -> bool:
    """Whether any station is theirs to run: each page of the desk asks, so it is kept."""
    return any(permissions.runs(posts, unit, path) for unit, path in _RUNNING.now())


def stations_run_by(posts: Sequence[PostInfo]) -> list[StationInfo]:
    return [one for one in stations() if permissions.runs(posts, one.unit_id, one.area_path)]


def stations_under(paths: tuple[str, ...]) -> list[StationInfo]:
    """Those of units in these areas, closed ones too."""
    return [one for one in stations(closed=True) if one.area_path.startswith(paths)]


def station(key: str) -> StationInfo | None:
    found = _stations(Station.objects.filter(key=key))
    return found[0] if found else None


def _stations(rows: Iterable[Station]) -> list[StationInfo]:
    rows = list(rows)
    places = areas.places([row.place_id for row in rows])
    return [
        StationInfo(
            row.id, row.uuid, row.key, row.kind, row.unit_id, units.unit(row.unit_id).area_path,
            places[row.place_id], row.name, row.about, row.audiences, row.equipment, row.hours,
            row.on_holidays, row.closed_at is None,
        )
        for row in rows
    ]  # fmt: skip


def room(uuid: UUID) -> RoomInfo | None:
    row = Room.objects.select_related("station").filter(uuid=uuid).first()
    return _room(row, _stations([row.station])[0]) if row else None


def rooms_of(several: Iterable[StationInfo], *, closed: bool = False) -> list[RoomInfo]:
    held = {one.id: one for one in several}
    rows = Room.objects.filter(station_id__in=held).order_by("station_id", "id")
    return [
        _room(row, held[row.station_id])
        for row in (rows if closed else rows.filter(closed_at=None))
    ]


def _room(row: Room, of: StationInfo) -> RoomInfo:
    return RoomInfo(
        row.id, row.uuid, of, row.name, row.seats, row.equipment, row.longest,
        row.needs_approval, row.closed_at is None and of.is_open,
    )  # fmt: skip


# -- hours ----------------------------------------------------------------------------------

Special = Mapping[tuple[int, date], SpecialDay]


def special_days(several: Iterable[StationInfo], first: date, last: date) -> Special:
    rows = SpecialDay.objects.filter(
        station_id__in=[one.id for one in several], day__range=(first, last)
    )
    return {(row.station_id, row.day): row for row in rows.order_by("day")}


def opening(one: StationInfo, day: date, special: Special) -> list[rules.Period]:
    """When it is open on a day; what was said of this very day goes before all else."""
    if not one.is_open:
        return []
    own = special.get((one.id, day))
    if own is not None:
        return rules.periods(day, own.hours, zone())
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    hours = rules.Hours(one.hours, one.on_holidays, units.calendar_for(one.unit_id, noon))
    return rules.periods(day, hours.on(day), zone())


def openings(one: StationInfo, first: date, days: int) -> dict[date, list[rules.Period]]:
    """Of several days, in one statement."""
    listed = [first + timedelta(days=number) for number in range(days)]
    special = special_days([one], listed[0], listed[-1])
    return {day: opening(one, day, special) for day in listed}


def now_of(several: Sequence[StationInfo]) -> dict[int, Now]:
    """What each is doing this moment, in one statement."""
    first, moment = today(), clock.now()
    days = [first + timedelta(days=number) for number in range(LOOK_AHEAD)]
    special = special_days(several, days[0], days[-1])
    return {one.id: _now(one, days, special, moment) for one in several}


def _now(one: StationInfo, days: Sequence[date], special: Special, moment: datetime) -> Now:
    for day in days:
        for opens, closes in opening(one, day, special):
            if opens <= moment < closes:
                return Now(until=closes)
            if opens > moment:
                return Now(again=opens)
    return Now()


@dataclass(frozen=True)
class DayInfo:
    day: date
    periods: list[rules.Period]
    why: str  # it is otherwise than usual


def week(one: StationInfo) -> list[DayInfo]:
    """The next seven days, with what is special or a holiday about them."""
    days = [today() + timedelta(days=number) for number in range(7)]
    special = special_days([one], days[0], days[-1])
    return [DayInfo(day, opening(one, day, special), _why(one, day, special)) for day in days]


def _why(one: StationInfo, day: date, special: Special) -> str:
    own = special.get((one.id, day))
    if own is not None:
        return pick(own.why)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return pick(units.calendar_for(one.unit_id, noon).day_off(day) or {})


# -- programme ------------------------------------------------------------------------------


def entries(one: StationInfo) -> list[Programme]:
    """All that is on the programme, as its form shows it: weekly ones, then what is to come."""
    rows = Programme.objects.filter(station_id=one.id).filter(
        Q(day__isnull=True) | Q(day__gte=today())
    )
    return list(rows.select_related("room").order_by("day", "weekday", "starts"))


def programme(several: Sequence[StationInfo], first: date, days: int = 1) -> dict[int, list[Entry]]:
    """What happens at these stations on these days, by time, in two statements."""
    listed = [first + timedelta(days=number) for number in range(days)]
    rows = Programme.objects.filter(station_id__in=[one.id for one in several]).filter(
        Q(weekday__in={day.weekday() for day in listed}) | Q(day__in=listed)
    )
    special = special_days(several, listed[0], listed[-1])
    found: dict[int, list[Entry]] = {one.id: [] for one in several}
    for row in rows.select_related("room"):
        held = next(one for one in several if one.id == row.station_id)
        for day in listed:
            if (row.day == day or row.weekday == day.weekday()) and _held(held, day, special):
                found[row.station_id].append(_entry(row, day))
    return {key: sorted(one, key=lambda entry: entry.starts_at) for key, one in found.items()}


def _held(one: StationInfo, day: date, special: Special) -> bool:
    """Nothing happens on a day on which the station is closed."""
    return bool(opening(one, day, special))


def _entry(row: Programme, day: date) -> Entry:
    return Entry(
        row.uuid, pick(row.title), rules.moment(day, row.starts, zone()),
        rules.moment(day, row.ends, zone()), row.room_id, pick(row.room.name) if row.room else "",
        row.weekday is not None,
    )  # fmt: skip
