"""Lists and projects as everybody reads them. Who said what of them is nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from lingka.areas.selectors import day_of
from lingka.core import clock
from lingka.core.text import pick
from lingka.projects import rules
from lingka.projects.labels import CHANGE, SHOWS, STATE
from lingka.projects.models import Change, Milestone, Photo, Project, Spent, Tally, YearList
from lingka.projects.rules import Said
from lingka.surveys import rules as asking
from lingka.units import selectors as units

MOST = 100  # lists in one choice


@dataclass(frozen=True)
class ListInfo:
    uuid: UUID
    area_id: int
    area_path: str
    area: str
    year: int
    published: bool


@dataclass(frozen=True)
class Step:
    uuid: UUID
    title: str
    due: date
    done_on: date | None

    @property
    def late(self) -> bool:
        return self.done_on is None and self.due < day_of(None)


@dataclass(frozen=True)
class ChangeInfo:
    """One thing that changed, and what was said with it."""

    kind: str
    at: datetime
    before: Any  # a day or yuan; "" of neither
    after: Any
    why: str

    @property
    def label(self) -> Any:
        return CHANGE[self.kind]

    @property
    def paid(self) -> str:
        return f"{self.after:,}"


@dataclass(frozen=True)
class PhotoInfo:
    """A photo that everybody sees, with what it shows and since when."""

    uuid: UUID
    shows: str
    caption: str
    shown_on: date
    milestone: str  # its title, or ""

    @property
    def label(self) -> Any:
        return SHOWS[self.shows]


@dataclass(frozen=True)
class ProjectInfo:
    uuid: UUID
    code: str
    number: int
    titles: dict[str, str]
    texts: dict[str, str]
    wheres: dict[str, str]
    owner_id: int
    owner: str
    planned: int
    spent: int
    first_due: date
    due: date
    state: str
    done_on: date | None
    explained: bool
    asked_until: datetime | None
    of: ListInfo
    said: Said
    steps: tuple[Step, ...]
    changes: tuple[ChangeInfo, ...]
    photos: tuple[PhotoInfo, ...]

    @property
    def title(self) -> str:
        return pick(self.titles)

    @property
    def text(self) -> str:
        return pick(self.texts)

    @property
    def where(self) -> str:
        return pick(self.wheres)

    @property
    def late(self) -> bool:
        return rules.is_late(self.state, self.due, day_of(None))

    @property
    def unexplained(self) -> bool:
        return self.late and not self.explained

    @property
    def label(self) -> Any:
        return STATE["late" if self.late else self.state]

    @property
    def tone(self) -> str:
        """Of four; "" is neutral."""
        if self.late:
            return "late"
        return {"running": "running", "asked": "soon", "confirmed": "done"}.get(self.state, "")

    @property
    def why_late(self) -> str:
        """What was said when its day passed, or moved."""
        told = [one.why for one in self.changes if one.kind in {"late", "moved"}]
        return told[-1] if told and (self.explained or not self.late) else ""

    @property
    def cost(self) -> str:
        return f"{self.planned:,}"

    @property
    def paid(self) -> str:
        return f"{self.spent:,}"

    @property
    def url(self) -> str:
        """Absolute: for the sign at the place."""
        return f"{settings.PUBLIC_ORIGIN}/projects/{self.code}/"


@dataclass(frozen=True)
class Sums:
    """Of a list as a whole: work, money, never people."""

    all: int
    confirmed: int
    asked: int
    late: int
    planned: int
    spent: int

    @property
    def cost(self) -> str:
        return f"{self.planned:,}"

    @property
    def paid(self) -> str:
        return f"{self.spent:,}"


def sums(found: Iterable[ProjectInfo]) -> Sums:
    rows = list(found)
    return Sums(
        len(rows), sum(one.state == "confirmed" for one in rows),
        sum(one.state in {"asked", "few"} for one in rows), sum(one.late for one in rows),
        sum(one.planned for one in rows), sum(one.spent for one in rows),
    )  # fmt: skip


def _list(row: YearList) -> ListInfo:
    area = row.area
    return ListInfo(
        row.uuid, row.area_id, area.path, pick(area.name), row.year,
        row.published_at is not None,
    )  # fmt: skip


def public_lists() -> list[ListInfo]:
    """The newest year first, the widest area first."""
    rows = YearList.objects.exclude(published_at=None).select_related("area")
    return [_list(row) for row in rows.order_by("-year", "area__code")[:MOST]]


def lists_of(paths: Iterable[str], own: Iterable[int]) -> list[ListInfo]:
    """Those that somebody keeps, and those on which their unit owns a project."""
    chosen = Q(projects__owner_id__in=list(own)) & ~Q(published_at=None)
    for path in paths:
        chosen |= Q(area__path__startswith=path)
    rows = YearList.objects.filter(chosen).select_related("area").distinct()
    return [_list(row) for row in rows.order_by("-year", "area__code")[:MOST]]


def list_(uuid: UUID) -> ListInfo | None:
    row = YearList.objects.filter(uuid=uuid).select_related("area").first()
    return _list(row) if row else None


def projects_of(of: UUID) -> list[ProjectInfo]:
    return _infos(_rows().filter(of__uuid=of).order_by("number"))


def project(code: str, *, public: bool = True) -> ProjectInfo | None:
    rows = _rows().filter(code=code)
    return next(iter(_infos(rows.exclude(of__published_at=None) if public else rows)), None)


def _rows() -> "QuerySet[Project]":
    rows = Project.objects.select_related("of__area")
    return rows.prefetch_related("milestones", "changes", "photos__milestone")


def _infos(rows: Iterable[Project]) -> list[ProjectInfo]:
    found = list(rows)
    counts: dict[tuple[int, int], dict[str, int]] = {}
    over = [row.pk for row in found if row.round and row.state != Project.State.ASKED]
    for one in Tally.objects.filter(project__in=over):
        counts.setdefault((one.project_id, one.round), {})[one.option] = one.answers
    return [_info(row, counts.get((row.pk, row.round), {})) for row in found]


def _info(row: Project, counts: dict[str, int]) -> ProjectInfo:
    return ProjectInfo(
        row.uuid, row.code, row.number, row.title, row.text, row.where, row.owner_id,
        pick(units.unit(row.owner_id).name), row.planned, row.spent, row.first_due, row.due,
        row.state, row.done_on, row.explained_on == row.due, row.asked_until, _list(row.of),
        rules.said(counts), tuple(map(_step, sorted(row.milestones.all(), key=_by_day))),
        tuple(map(_change, sorted(row.changes.all(), key=lambda one: one.pk))),
        tuple(map(_photo, sorted(row.photos.all(), key=_by_course))),
    )  # fmt: skip


def _by_course(row: Photo) -> tuple[int, int]:
    """As the work went: what was there before comes first."""
    return Photo.Shows.values.index(row.shows), row.pk


def _photo(row: Photo) -> PhotoInfo:
    step = pick(row.milestone.title) if row.milestone else ""
    return PhotoInfo(row.uuid, row.shows, row.caption, row.shown_on, step)


def photo(uuid: UUID) -> UUID | None:
    """The file of a photo of a public project."""
    rows = Photo.objects.filter(uuid=uuid).exclude(project__of__published_at=None)
    return rows.values_list("attachment", flat=True).first()


def _by_day(row: Milestone) -> tuple[date, int]:
    return row.due, row.pk


def _step(row: Milestone) -> Step:
    return Step(row.uuid, pick(row.title), row.due, row.done_on)


def _change(row: Change) -> ChangeInfo:
    read: Any = int if row.kind == Change.Kind.COST else date.fromisoformat
    before, after = (read(text) if text else "" for text in (row.before, row.after))
    return ChangeInfo(row.kind, row.at, before, after, row.why)


def standing(code: str, word: str) -> str:
    """Of a device: "closed" (nobody is asked), "new", "begun" or "answered"."""
    rows = Project.objects.filter(code=code, state=Project.State.ASKED)
    row = rows.filter(asked_until__gt=clock.now()).first()
    if row is None or row.secret is None:
        return "closed"
    secret = bytes(row.secret)
    if not word or not asking.genuine(secret, word):
        return "new"
    spent = Spent.objects.filter(project=row, mark=asking.mark(secret, word)).exists()
    return "answered" if spent else "begun"
