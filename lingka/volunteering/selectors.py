"""Activities as everybody reads them, as a desk prepares them, and as one member sees their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet, Sum

from lingka.areas import selectors as areas
from lingka.core import clock, saying
from lingka.core.text import pick
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.volunteering import rules
from lingka.volunteering.labels import ACTIVITY, OFF, SERVICE
from lingka.volunteering.models import Activity, Certificate, Service, Shift

State = Service.State
TAKES_A_PLACE = (State.GOING, State.HERE, State.GONE, State.REVIEW, State.SERVED)
READ = (Activity.State.PUBLISHED, Activity.State.CANCELLED)  # by everybody, once published
MOST = 100  # in one list


@dataclass(frozen=True)
class ShiftInfo:
    """One time of an activity, with how many places are left and what the reader has there."""

    uuid: UUID
    starts_at: datetime
    ends_at: datetime
    places: int
    taken: int
    waiting: int
    here: int
    closed: bool
    off: str  # why it does not take place; "" of one that does
    added_by: int | None  # somebody else has to look at it first
    said_at: datetime | None  # when it was last said that, or whether, it takes place
    mine: str  # a state; "" of nobody's

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def over(self) -> bool:
        return self.ends_at <= clock.now() or bool(self.off)

    @property
    def begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def why_off(self) -> Any:
        return OFF.get(self.off, "")

    @property
    def mine_label(self) -> Any:
        return SERVICE.get(self.mine, "")

    @property
    def scannable(self) -> bool:
        return rules.open_for_scanning(self.starts_at, self.ends_at, clock.now())


class Published:
    """What everybody reads of an activity or a campaign: its words in the reader's language, the
    kind of service and that kind's picture."""

    kind: str
    titles: dict[str, str]
    texts: dict[str, str]

    @property
    def title(self) -> str:
        return pick(self.titles)

    @property
    def text(self) -> str:
        return pick(self.texts)

    @property
    def kind_name(self) -> str:
        return kinds.kinds()[self.kind].name

    @property
    def picture(self) -> str:
        return kinds.kinds()[self.kind].picture


@dataclass(frozen=True)
class ActivityInfo(Published):
    uuid: UUID
    code: str
    kind: str
    training: bool
    titles: dict[str, str]
    texts: dict[str, str]
    wheres: dict[str, str]
    state: str
    area_id: int
    area_path: str
    area: str
    authors: frozenset[int | None]  # who drafted it, and who last changed it before approval
    asked_for: str  # when it was sent back, until it is approved
    shifts: list[ShiftInfo]

    @property
    def where(self) -> str:
        return pick(self.wheres)

    @property
    def state_label(self) -> Any:
        return ACTIVITY[self.state]

    @property
    def coming(self) -> list[ShiftInfo]:
        return [one for one in self.shifts if not one.over]

    @property
    def next(self) -> ShiftInfo | None:
        return next(iter(self.coming), None)

    @property
    def left(self) -> int:
        """Places at all times to come."""
        return sum(one.left for one in self.coming)

    @property
    def url(self) -> str:
        """Absolute: for codes to scan and calendars."""
        return f"{settings.PUBLIC_ORIGIN}/v/{self.code}"


def _infos(
    rows: Iterable[Activity], member: UUID | None = None, *, unseen: bool = False
) -> list[ActivityInfo]:
    """With `unseen`, for desks, also times at which nobody else than who added them has looked."""
    found = list(rows)
    shifts: dict[int, list[ShiftInfo]] = {row.pk: [] for row in found}
    published = {row.pk: row.published_at for row in found}
    asked = Shift.objects.filter(activity__in=found).order_by("starts_at", "id")
    if not unseen:
        asked = asked.filter(added_by=None)
    asked = asked.annotate(
        taken=Count("services", filter=Q(services__state__in=TAKES_A_PLACE)),
        waiting=Count("services", filter=Q(services__state=State.WAITING)),
        here=Count("services", filter=Q(services__state=State.HERE)),
    )
    mine: dict[int, str] = {}
    if member is not None:
        own = Service.objects.filter(shift__activity__in=found, member=member)
        mine = dict(own.exclude(state=State.CANCELLED).values_list("shift_id", "state"))
    for one in asked:
        shifts[one.activity_id].append(
            ShiftInfo(
                one.uuid, one.starts_at, one.ends_at, one.places, one.taken, one.waiting, one.here,
                one.closed_at is not None, one.off, one.added_by,
                one.closed_at if one.off else published[one.activity_id], mine.get(one.pk, ""),
            )
        )  # fmt: skip
    return [
        ActivityInfo(
            row.uuid, row.code, row.kind, row.training, row.title, row.text, row.where, row.state,
            row.area_id, row.area.path, pick(row.area.name),
            frozenset({row.drafted_by, row.changed_by}), row.asked_for, shifts[row.pk],
        )
        for row in found
    ]  # fmt: skip


def _rows() -> QuerySet[Activity]:
    return Activity.objects.select_related("area")


def public(
    *, kind: str = "", area: int | None = None, member: UUID | None = None, off: bool = False
) -> list[ActivityInfo]:
    """What is to come, the soonest first; with `off`, for calendars, also what was called off."""
    coming = Q(shifts__ends_at__gt=clock.now(), shifts__added_by=None)
    if not off:
        coming &= Q(shifts__off="", state=Activity.State.PUBLISHED)
    rows = _rows().filter(coming, state__in=READ)
    if kind:
        rows = rows.filter(kind=kind)
    if area is not None:
        rows = rows.filter(area__path__startswith=areas.area(area).path)
    soonest = rows.exclude(published_at=None).annotate(soonest=Min("shifts__starts_at"))
    return _infos(soonest.order_by("soonest", "pk")[:MOST], member)


def activity(code: str, member: UUID | None = None) -> ActivityInfo | None:
    """One that was published, also when it is over or cancelled."""
    rows = _rows().filter(code=code).exclude(published_at=None)
    return next(iter(_infos(rows, member)), None)


def prepared(code: str) -> ActivityInfo | None:
    """One in any state, for its desk."""
    return next(iter(_infos(_rows().filter(code=code), unseen=True)), None)


def under(paths: Iterable[str], *, over: bool = False) -> list[ActivityInfo]:
    """A desk's: those to come or in preparation, or those over and cancelled."""
    inside = Q(pk__in=())
    for path in paths:
        inside |= Q(area__path__startswith=path)
    going = ~Q(state=Activity.State.CANCELLED) & (
        Q(shifts__closed_at=None, shifts__isnull=False) | Q(shifts=None)
    )
    rows = _rows().filter(inside, ~going if over else going).distinct()
    return _infos(rows.order_by("-pk")[:MOST], unseen=True)


def activity_of(shift: UUID, member: UUID | None = None) -> tuple[ActivityInfo, ShiftInfo] | None:
    rows = _rows().filter(shifts__uuid=shift)
    for one in _infos(rows, member, unseen=True):
        return one, next(own for own in one.shifts if own.uuid == shift)
    return None


@dataclass(frozen=True)
class Present:
    """One line of the list that the desk keeps at a shift."""

    uuid: UUID
    name: str
    state: str
    in_at: datetime | None
    out_at: datetime | None
    minutes: int | None
    listed: bool
    by_captain: bool

    @property
    def label(self) -> Any:
        return SERVICE[self.state]

    @property
    def hours(self) -> str:
        return saying.served(self.minutes) if self.minutes is not None else ""


def roll(shift: UUID) -> list[Present]:
    """Who has a place or waits, by the names that they chose; in the order of signing up."""
    rows = list(
        Service.objects.filter(shift__uuid=shift)
        .exclude(state=State.CANCELLED)
        .order_by("asked_at", "id")
    )
    names = members.names(one.member for one in rows if one.member)
    return [
        Present(
            one.uuid, names.get(one.member, "") if one.member else "", one.state, one.in_at,
            one.out_at, one.minutes, one.listed_by is not None, one.by_captain,
        )
        for one in rows
    ]  # fmt: skip


def secret_of(shift: UUID) -> bytes | None:
    found = Shift.objects.filter(uuid=shift).values_list("secret", flat=True).first()
    return bytes(found) if found is not None else None


def span_of(shift: UUID) -> tuple[datetime, datetime]:
    """When it begins and ends."""
    found = Shift.objects.get(uuid=shift)
    return found.starts_at, found.ends_at


@dataclass(frozen=True)
class Mine:
    """A member's place in one shift."""

    activity: ActivityInfo
    shift: ShiftInfo
    state: str
    minutes: int | None

    @property
    def label(self) -> Any:
        return SERVICE[self.state]

    @property
    def hours(self) -> str:
        return saying.served(self.minutes or 0)


def mine(member: UUID) -> list[Mine]:
    """Everything of a member's, the newest first."""
    rows = Service.objects.filter(member=member).exclude(state=State.CANCELLED)
    held = list(rows.select_related("shift").order_by("-shift__starts_at"))
    shown = _infos(_rows().filter(pk__in={one.shift.activity_id for one in held}), member)
    by_shift = {own.uuid: (one, own) for one in shown for own in one.shifts}
    return [Mine(*by_shift[one.shift.uuid], one.state, one.minutes) for one in held]


def minutes_of(member: UUID) -> int:
    """All that was confirmed, training apart."""
    served = Service.objects.filter(
        member=member, state=State.SERVED, shift__activity__training=False
    )
    return int(served.aggregate(all=Sum("minutes"))["all"] or 0)


def minutes_by_member(year: int | None = None) -> dict[UUID, int]:
    """All that was confirmed of everybody who takes part: what the ledger of hours gives too; or
    of one year alone, by the day in the town on which it was served, whenever it was confirmed."""
    served = Service.objects.filter(state=State.SERVED).exclude(member=None)
    if year is not None:
        served = served.filter(shift__starts_at__year=year)
    rows = served.order_by().values_list("member").annotate(all=Sum("minutes"))
    return {member: int(total) for member, total in rows if member and total}


def due_reminders(now: datetime) -> list[UUID]:
    """Places in shifts within a day, of those who were not reminded yet."""
    rows = Service.objects.filter(
        state=State.GOING, reminded=False, shift__starts_at__gt=now,
        shift__starts_at__lte=now + rules.REMIND,
        shift__activity__state=Activity.State.PUBLISHED,
    ).exclude(member=None)  # fmt: skip
    return list(rows.order_by("id").values_list("uuid", flat=True))


def place_of(service: UUID) -> tuple[ActivityInfo, ShiftInfo] | None:
    """The activity and time of a place, for telling its member."""
    found = Service.objects.filter(uuid=service).values_list("shift__uuid", flat=True).first()
    return activity_of(found) if found else None


@dataclass(frozen=True)
class Paper:
    """A certificate as it was issued."""

    code: str
    first_day: Any
    last_day: Any
    times: int
    minutes: int
    issued_on: Any

    @property
    def hours(self) -> str:
        return saying.served(self.minutes)


def certificate(code: str, member: UUID | None = None) -> Paper | None:
    """By its code; with `member`, only theirs."""
    rows = Certificate.objects.filter(code=code)
    if member is not None:
        rows = rows.filter(member=member)
    row = rows.first()
    if row is None:
        return None
    return Paper(
        row.code, row.first_day, row.last_day, row.times, row.minutes, row.issued_on
    )  # fmt: skip
