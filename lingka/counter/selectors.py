"""Windows and their free times, a day at the counter, the papers of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from lingka.accounts.selectors import PostInfo
from lingka.core import clock
from lingka.core.text import pick
from lingka.counter import rules, tokens
from lingka.counter.models import Appointment, HandIn, Window
from lingka.guides import selectors as guides
from lingka.units import selectors as units

State = Appointment.State
MOST_DAYS = 10  # days with free times offered to choose from


@dataclass(frozen=True)
class WindowInfo:
    id: int
    uuid: UUID
    name: str
    unit_id: int
    unit: str
    phone: str
    area_path: str
    slot_minutes: int
    capacity: int
    is_open: bool


@dataclass(frozen=True)
class Visit:
    """An appointment, as its holder and the counter see it."""

    uuid: UUID
    window: WindowInfo
    starts_at: datetime
    guide: guides.GuideInfo | None
    language: str
    state: str
    code: str

    @property
    def mark(self) -> str:
        """Where a list goes on after this one."""
        return f"{self.starts_at.timestamp():.0f}-{self.uuid}"

    @property
    def has_come(self) -> bool:
        return self.starts_at <= clock.now()


@dataclass(frozen=True)
class Paper:
    name: str
    state: str  # "here", "missing" or "unneeded"


@dataclass(frozen=True)
class Papers:
    """What was handed in with a case, in the reader's language."""

    case_uuid: UUID
    code: str
    guide: str
    number: int
    title: str
    papers: tuple[Paper, ...]

    @property
    def here(self) -> list[str]:
        return [one.name for one in self.papers if one.state == rules.HERE]

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.papers if one.state == rules.MISSING]


def windows(*, closed: bool = False) -> list[WindowInfo]:
    """All that are open, near ones beside each other."""
    rows = Window.objects.order_by("unit__area__path", "id")
    return [_window(row) for row in (rows if closed else rows.filter(closed_at=None))]


def windows_of(posts: Sequence[PostInfo]) -> list[WindowInfo]:
    """Those in the areas of these posts; a desk below all of them serves those around it."""
    paths = tuple(post.area_path for post in posts if post.role == "dispatcher")
    found = windows()
    return [one for one in found if one.area_path.startswith(paths)] or [
        one for one in found if any(path.startswith(one.area_path) for path in paths)
    ]


def window(uuid: UUID) -> WindowInfo | None:
    row = Window.objects.filter(uuid=uuid).first()
    return _window(row) if row else None


def texts(uuid: UUID) -> dict[str, str]:
    """A window's name in all languages, for its form."""
    return dict(Window.objects.values_list("name", flat=True).get(uuid=uuid))


def _window(row: Window) -> WindowInfo:
    unit = units.unit(row.unit_id)
    return WindowInfo(
        row.id, row.uuid, pick(row.name), unit.id, pick(unit.name), unit.phone, unit.area_path,
        row.slot_minutes, row.capacity, row.closed_at is None,
    )  # fmt: skip


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    return clock.now().astimezone(zone()).date()


def times(one: WindowInfo, day: date) -> list[datetime]:
    """All slots of a window on a day that are still ahead."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    hours = units.calendar_for(one.unit_id, noon).intervals(day)
    now, last = clock.now(), clock.now() + rules.AHEAD
    made = rules.slots(day, hours, one.slot_minutes, settings.TIME_ZONE)
    return [at for at in made if now <= at <= last]


def free_days(one: WindowInfo) -> list[tuple[date, list[datetime]]]:
    """The next days with free times, in one statement."""
    days = [today() + timedelta(days=offset) for offset in range(rules.AHEAD.days + 1)]
    offered = {day: times(one, day) for day in days}
    room = set(with_room(one, [at for several in offered.values() for at in several]))
    free = [(day, [at for at in several if at in room]) for day, several in offered.items()]
    return [(day, several) for day, several in free if several][:MOST_DAYS]


def with_room(one: WindowInfo, times: Sequence[datetime]) -> list[datetime]:
    """Those of a window's times at which one more finds room."""
    if not times:
        return []
    last = times[-1] + timedelta(minutes=one.slot_minutes)
    rows = Appointment.objects.filter(
        window_id=one.id, starts_at__lt=last, ends_at__gt=times[0]
    ).exclude(state=State.MISSED)
    taken = list(rows.values_list("starts_at", "ends_at").order_by("starts_at"))
    return rules.free(times, one.slot_minutes, taken, one.capacity)


def next_free(one: WindowInfo, after: datetime) -> datetime | None:
    """The first free time from then on; what stands before it is looked at last."""
    every = [at for _day, free in free_days(one) for at in free]
    return next((at for at in every if at >= after), next(iter(every), None))


def visit_by_token(token: str) -> Visit | None:
    row = _visits().filter(token_hash=tokens.hash_of(token)).first()
    return _visit(row) if row else None


def visit_by_code(code: str) -> Visit | None:
    """By the code that is read out at a window, any window."""
    row = _visits().filter(short_code=code).first()
    return _visit(row) if row else None


def visit(uuid: UUID) -> Visit | None:
    row = _visits().filter(uuid=uuid).first()
    return _visit(row) if row else None


def visits(
    windows: Iterable[WindowInfo], day: date, states: Iterable[str] = tuple(State),
    *, after: str = "", most: int | None = None,
) -> list[Visit]:  # fmt: skip
    """Who is expected at these windows on a day, by time; `after` is a visit's `mark`."""
    rows = _of(windows, day).filter(state__in=list(states))
    if (mark := _marked(after)) is not None:
        at, uuid = mark
        rows = rows.filter(Q(starts_at__gt=at) | Q(starts_at=at, uuid__gt=uuid))
    return [_visit(row) for row in rows.order_by("starts_at", "uuid")[:most]]


def numbers(windows: Iterable[WindowInfo], day: date) -> dict[str, int]:
    """How many visits of a day are in which state."""
    rows = _of(windows, day).values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(State.values, 0) | dict(rows.order_by())


def _of(windows: Iterable[WindowInfo], day: date) -> QuerySet[Appointment]:
    start = datetime(day.year, day.month, day.day, tzinfo=zone())
    return _visits().filter(
        window_id__in=[one.id for one in windows],
        starts_at__gte=start, starts_at__lt=start + timedelta(days=1),
    )  # fmt: skip


def _marked(text: str) -> tuple[datetime, UUID] | None:
    seconds, _, uuid = text.partition("-")
    try:
        return datetime.fromtimestamp(int(seconds), UTC), UUID(uuid)
    except (ValueError, OverflowError, OSError):  # made up: the list begins anew
        return None


def _visits() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("window")


def _visit(row: Appointment) -> Visit:
    return Visit(
        row.uuid, _window(row.window), row.starts_at,
        guides.guide(row.guide) if row.guide else None, row.language, row.state, row.short_code,
    )  # fmt: skip


def papers(case_uuid: UUID) -> Papers | None:
    """What was handed in with a case; None where nothing was."""
    return _papers(HandIn.objects.filter(case_uuid=case_uuid).first())


def papers_of(receipt_id: int) -> Papers | None:
    """What the holder of a receipt handed in, whatever was merged with it since."""
    return _papers(HandIn.objects.filter(receipt_id=receipt_id).first())


def papers_by_code(code: str) -> Papers | None:
    """By the code on the receipt, at any counter."""
    return _papers(HandIn.objects.filter(short_code=code).first())


def _papers(row: HandIn | None) -> Papers | None:
    if row is None:
        return None
    body = guides.version(row.guide, row.number)
    names = [pick(paper) for paper in body.get("papers", ())]
    return Papers(
        row.case_uuid, row.short_code, row.guide, row.number, pick(body["title"]),
        tuple(Paper(*one) for one in zip(names, row.papers, strict=True)),
    )  # fmt: skip
