"""Promises and headings as anybody may read them: things, units, days. Nothing of anybody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Literal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.cases.selectors import PublicCase, PublicFilter
from lingka.core import clock, contents
from lingka.core.text import pick
from lingka.promises.models import Heading, HeadingCase, Promise
from lingka.units import selectors as units

State = Literal["running", "overdue", "reported", "kept", "broken"]
STAGES = ("intake", "dispatch", "handling", "suspended", "verification", "closed")
ASIDE = {  # beside the stages: how a case ended, or that two lines are one matter
    "declined": _("Not taken up"),
    "withdrawn": _("Withdrawn"),
    "joined": _("Joined with another of these"),
}
MOST = 100
SMALL = 5  # fewer cases than this of kinds that are not listed are not even counted


@dataclass(frozen=True)
class Moved:
    """A day that was promised before, and what was said when another took its place."""

    due_at: datetime
    at: datetime
    why: str


@dataclass(frozen=True)
class PromiseInfo:
    number: str
    title: str
    where: str
    unit: str
    words: str
    made_at: datetime
    due_at: datetime
    state: State
    settled_at: datetime | None
    moved: tuple[Moved, ...] = ()  # days before this one, the first one first


@dataclass(frozen=True)
class Tally:
    """How promises ended. An overdue one runs on; its day has come without its being kept."""

    kept: int = 0
    broken: int = 0
    running: int = 0
    overdue: int = 0

    @property
    def due(self) -> int:
        """Those whose day has come, or that ended before it: what the kept ones are a share of."""
        return self.kept + self.broken + self.overdue


@dataclass(frozen=True)
class Row:
    """One case of a heading."""

    number: str
    title: str
    where: str
    unit: str
    stage: str
    stage_name: str
    due_at: datetime | None
    promise: PromiseInfo | None


@dataclass(frozen=True)
class StageCount:
    stage: str
    name: str
    count: int


@dataclass(frozen=True)
class HeadingInfo:
    code: str
    title: str
    source: str
    day: date
    unit: str
    area: str
    total: int = 0  # cases that may be shown
    closed: int = 0
    stages: list[StageCount] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0  # more of them, of kinds that are not shown; 0 where they are few
    tally: Tally = Tally()


def promises(
    *, area: areas.AreaInfo | None = None, over: bool = False
) -> tuple[list[PromiseInfo], Tally]:
    """Promises that stand, the earliest day first, or those that ended, the latest first."""
    rows = Promise.objects.exclude(state__in=("moved", "void"))
    if area is not None:
        rows = rows.filter(area_path__startswith=area.path)
    found = rows.exclude(state="running") if over else rows.filter(state="running")
    ordered = found.order_by("-settled_at" if over else "due_at", "id")[:MOST]
    return _shown(list(ordered)), _tally(rows)


def _tally(rows: QuerySet[Promise]) -> Tally:
    """Counted in the database: no promise is ever forgotten, so they become many."""
    late = Q(reported_at=None, due_at__lt=clock.now()) | Q(reported_at__gt=F("due_at"))
    running = Q(state="running")
    return Tally(
        **rows.aggregate(
            kept=Count("id", filter=Q(state="kept")),
            broken=Count("id", filter=Q(state="broken")),
            running=Count("id", filter=running),
            overdue=Count("id", filter=running & late),
        )
    )


def of_case(case_uuid: UUID) -> PromiseInfo | None:
    """What is promised for a case now."""
    several = [str(case_uuid), *cases.merged_into(case_uuid)]
    last = Promise.objects.filter(case_uuid__in=several).exclude(state="void")
    found = last.order_by("-position").first()
    shown = _shown([found]) if found and found.state != "moved" else []
    return shown[0] if shown else None


def _shown(rows: list[Promise]) -> list[PromiseInfo]:
    """In the reader's language; a case that public lists leave out meanwhile is left out."""
    numbers = _numbers(rows)
    public = _public(numbers.values())
    before = _before(rows)
    several = [*rows, *(one for moved in before.values() for one in moved)]
    words = contents.read(row.words for row in several if row.words)
    return [
        _info(row, public[numbers[row.id]], before.get(row.id, []), words)
        for row in rows
        if numbers[row.id] in public
    ]


def _numbers(rows: Iterable[Promise]) -> dict[int, str]:
    """By promise, the case that it is owed for now: that which goes on for one that was merged."""
    gone = cases.goes_on_as(row.case_uuid for row in rows)
    found = cases.standings(gone.values()) if gone else {}
    return {
        row.id: found[gone[row.case_uuid]].number if row.case_uuid in gone else row.case_number
        for row in rows
    }


def _before(rows: Iterable[Promise]) -> dict[int, list[Promise]]:
    """By promise, those of its case that were moved to make room for it, in their order."""
    found: dict[int, list[Promise]] = {}
    waiting: dict[UUID, list[Promise]] = {row.case_uuid: [] for row in rows}
    for one in Promise.objects.filter(case_uuid__in=list(waiting)).order_by("position"):
        if one.state == "moved":
            waiting[one.case_uuid].append(one)
        else:
            found[one.id], waiting[one.case_uuid] = waiting[one.case_uuid], []
    return found


def _public(numbers: Iterable[str]) -> dict[str, PublicCase]:
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return {}
    found = cases.public_cases(PublicFilter(numbers=wanted), limit=len(wanted))
    return {one.number: one for one in found}


def _info(
    row: Promise, case: PublicCase, before: list[Promise], words: Mapping[UUID, object]
) -> PromiseInfo:
    return PromiseInfo(
        case.number, cases.case_type(row.case_type).name, case.where,
        pick(units.unit(row.unit).name) if row.unit else "", _said(row, words), row.made_at,
        row.due_at, _state(row), row.settled_at,
        tuple(
            Moved(one.due_at, following.made_at, _said(following, words))
            for one, following in pairwise([*before, row])
        ),
    )  # fmt: skip


def _said(row: Promise, words: Mapping[UUID, object]) -> str:
    return str(words.get(row.words, "")) if row.words else ""


def _state(row: Promise) -> State:
    if row.state != "running":
        return "kept" if row.state == "kept" else "broken"
    if row.reported_at is not None and row.reported_at <= row.due_at:
        return "reported"
    return "overdue" if row.due_at < clock.now() else "running"


def headings(paths: tuple[str, ...] = ("/",)) -> list[HeadingInfo]:
    """The newest headings of these areas, or of all, with how far they have come."""
    inside = Q()
    for path in paths:
        inside |= Q(area__path__startswith=path)
    rows = list(Heading.objects.filter(inside).order_by("-day", "-id")[:MOST])
    ids = HeadingCase.objects.filter(heading__in=rows).values_list("heading_id", "case_uuid")
    held: dict[int, list[UUID]] = {}
    for heading, uuid in ids:
        held.setdefault(heading, []).append(uuid)
    several = [uuid for each in held.values() for uuid in each]
    gone = cases.goes_on_as(several)
    found = _standings(gone.get(one, one) for one in several)
    return [_counted(row, _now(held.get(row.id, ()), gone, found)) for row in rows]


def _standings(ids: Iterable[UUID]) -> dict[UUID, cases.Standing]:
    """What was not taken up or withdrawn is told as such, archived or not."""
    return cases.before_archiving(cases.standings(ids))


def _now(
    lines: Iterable[UUID], gone: Mapping[UUID, UUID], found: Mapping[UUID, cases.Standing]
) -> list[cases.Standing]:
    """How the case of each line stands, or that which goes on for it."""
    ends = [gone.get(one, one) for one in lines]
    return [found[one] for one in ends if one in found]


def heading(code: str) -> HeadingInfo | None:
    """One heading with each case that may be shown."""
    row = Heading.objects.filter(code=code).first()
    if row is None:
        return None
    ids = list(row.cases.order_by("line").values_list("case_uuid", flat=True))
    gone = cases.goes_on_as(ids)
    found = _standings(gone.get(one, one) for one in ids)
    standing = _now(ids, gone, found)
    info = _counted(row, standing)
    shown = [one for one in dict.fromkeys(standing) if one.listed]
    promised = _newest({*ids, *(one.uuid for one in shown)})
    public = _public(one.number for one in shown)
    rows = [_row(one, public[one.number], promised.get(one.number))
            for one in shown if one.number in public]  # fmt: skip
    states = Promise.objects.filter(case_uuid__in=ids).exclude(state__in=("moved", "void"))
    tally = _tally(states)
    return HeadingInfo(**{**info.__dict__, "rows": rows, "tally": tally})


def _newest(case_uuids: Iterable[UUID]) -> dict[str, PromiseInfo]:
    rows = Promise.objects.filter(case_uuid__in=list(case_uuids))
    rows = rows.exclude(state__in=("moved", "void")).order_by("position")
    newest = {row.case_uuid: row for row in rows}
    return {one.number: one for one in _shown(list(newest.values()))}


def _row(case: cases.Standing, public: PublicCase, promise: PromiseInfo | None) -> Row:
    return Row(
        case.number, cases.case_type(case.case_type).name, public.where, public.unit, _how(case),
        _label(_how(case)), public.due_at, promise,
    )  # fmt: skip


def _how(case: cases.Standing) -> str:
    """The stage; what ended without having been done is told apart from what was closed."""
    return case.state if case.state in ASIDE else case.stage


def _label(how: str) -> str:
    return str(ASIDE[how]) if how in ASIDE else cases.stage_label(how)


def _counted(row: Heading, standing: list[cases.Standing]) -> HeadingInfo:
    """The heading with its counts; a few of kinds that are not shown would be seen by name."""
    listed = [one for one in standing if one.listed]
    shown = Counter(_how(one) for one in dict.fromkeys(listed))
    shown["joined"] = len(listed) - sum(shown.values())
    hidden = sum(not one.listed for one in standing)
    return HeadingInfo(
        row.code, pick(row.title), pick(row.source), row.day, pick(units.unit(row.unit_id).name),
        pick(areas.area(row.area_id).name), sum(shown.values()), shown["closed"],
        [StageCount(one, _label(one), shown[one]) for one in (*STAGES, *ASIDE) if shown[one]],
        hidden=hidden if hidden >= SMALL else 0,
    )  # fmt: skip


def may_work_on(code: str, paths: tuple[str, ...]) -> bool:
    row = Heading.objects.select_related("area").filter(code=code).first()
    return row is not None and row.area.path.startswith(paths)
