"""Rounds of an area: a day, what was missed, plans, and weeks. Of places and units, not persons."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.timezone import make_aware

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.cases.selectors import Standing, near
from lingka.cases.selectors.near import Near
from lingka.core.text import pick
from lingka.patrols import plans
from lingka.patrols.models import Plan, PlanVersion, Round, Stop, Submission
from lingka.patrols.selectors import catalogue
from lingka.patrols.selectors.walks import RoundInfo, infos_of
from lingka.units import selectors as units

Paths = Sequence[str]
MOST = 200  # rounds on one page
MISSED_FOR = timedelta(days=14)  # so long a missed round waits to be explained


def within(paths: Paths, prefix: str = "area__path") -> Q:
    """What lies in one of these areas; nothing for none."""
    chosen = Q(pk__in=())
    for path in paths:
        chosen |= Q(**{f"{prefix}__startswith": path})
    return chosen


def day_of(paths: Paths, day: date) -> list[RoundInfo]:
    """The rounds of areas on a day, by area and hour; at most 200."""
    rows = Round.objects.filter(within(paths), day=day).exclude(state=Round.State.CANCELLED)
    return infos_of(rows.order_by("area__path", "from_at", "id")[:MOST])


def beyond(paths: Paths, day: date, shown: int) -> int:
    """How many rounds a day has in all, where not all of them are shown; else 0."""
    if shown < MOST:
        return 0
    rows = Round.objects.filter(within(paths), day=day).exclude(state=Round.State.CANCELLED)
    found = rows.count()
    return found if found > shown else 0


def brought_up(paths: Paths) -> list[RoundInfo]:
    """What was missed, nobody has explained, and is told to one of these areas or below."""
    rows = Round.objects.filter(
        within(paths, "brought_to__path"), state=Round.State.MISSED, excuse="",
        day__gte=accounts.today() - MISSED_FOR,
    )  # fmt: skip
    return infos_of(rows.order_by("-in_a_row", "-day", "id")[:MOST])


def hazards_of(rounds: Iterable[RoundInfo]) -> dict[str, Standing]:
    """Where the hazards that were found stand, by the case's id as text."""
    ids = {UUID(case) for one in rounds for stop in one.stops for case in stop.cases}
    return {str(uuid): one for uuid, one in cases.standings(ids).items()} if ids else {}


# -- plans -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanInfo:
    """A plan with what its version in force says."""

    uuid: UUID
    number: int
    area_id: int
    unit_id: int
    ended: bool
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(plans.KINDS[self.body["kind"]])


def plans_of(paths: Paths) -> list[PlanInfo]:
    """Those that go on, by area and how often they come."""
    rows = Plan.objects.filter(within(paths), ended_at=None).order_by("area__path", "id")
    return _plans(list(rows[:MOST]))


def plan(uuid: UUID) -> PlanInfo | None:
    found = _plans(list(Plan.objects.filter(uuid=uuid)))
    return found[0] if found else None


def _plans(rows: list[Plan]) -> list[PlanInfo]:
    versions = PlanVersion.objects.filter(plan__in=rows).order_by("number")
    bodies = {one.plan_id: one.body for one in versions}
    return [
        PlanInfo(row.uuid, row.number, row.area_id, row.unit_id, row.ended_at is not None,
                 bodies[row.id])
        for row in rows
    ]  # fmt: skip


def plan_versions(uuid: UUID) -> list[PlanVersion]:
    return list(PlanVersion.objects.filter(plan__uuid=uuid).order_by("-number"))


def ahead(uuid: UUID, limit: int = 6) -> list[date]:
    """The next days on which a plan is walked."""
    rows = Round.objects.filter(plan__uuid=uuid, day__gte=accounts.today())
    listed = rows.filter(state=Round.State.PLANNED).order_by("day")
    return list(listed.values_list("day", flat=True)[:limit])


# -- weeks -----------------------------------------------------------------------------------


@dataclass
class Line:
    """A week or month of one area's rounds. Every share shows what it is of."""

    area_id: int
    planned: int = 0
    walked: int = 0
    missed: int = 0
    stops: int = 0
    done: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    hazards: int = 0
    open: int = 0

    @property
    def unvisited(self) -> int:
        return self.stops - self.done - self.skipped.total()

    def add(self, other: "Line") -> None:
        for name in ("planned", "walked", "missed", "stops", "done", "looked", "hazards", "open"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.skipped += other.skipped


@dataclass(frozen=True)
class Summary:
    """What a period's rounds came to: in all, by area, and what was found, by kind."""

    area_id: int
    first: date
    last: date
    total: Line
    lines: list[Line]
    found: list[tuple[str, int, int]]  # checklist's item in words, how often, still open
    missed: list[RoundInfo]


def summary(area_id: int, first: date, last: date) -> Summary:
    """Written by itself from what was recorded: nobody types a summary."""
    lines = {one.id: Line(one.id) for one in areas.children(area_id)} or {area_id: Line(area_id)}
    rows = Round.objects.filter(
        area__path__startswith=areas.area(area_id).path, day__range=(first, last),
        day__lte=accounts.today(),
    ).exclude(state=Round.State.CANCELLED)  # fmt: skip
    below = _Below(area_id, lines)
    _count_rounds(rows, below)
    _count_stops(Stop.objects.filter(round__in=rows), below)
    found = _count_looks(area_id, first, last, below)
    total = Line(area_id)
    for line in lines.values():
        total.add(line)
    missed = infos_of(rows.filter(state=Round.State.MISSED).order_by("day", "id")[:MOST])
    return Summary(area_id, first, last, total, list(lines.values()), found, missed)


class _Below:
    """The line to which an area counts: the child of the summary's area that holds it."""

    def __init__(self, top: int, lines: dict[int, Line]) -> None:
        self.depth = areas.area(top).path.count("/") - 1
        self.top, self.lines = top, lines

    def line(self, area_id: int) -> Line:
        parts = areas.area(area_id).path.strip("/").split("/")
        child = int(parts[self.depth]) if len(parts) > self.depth else self.top
        return self.lines.setdefault(child, Line(child))


def _count_rounds(rows: Any, below: _Below) -> None:
    grouped = rows.values_list("area_id", "state").annotate(n=Count("id")).order_by()
    for area, state, count in grouped:
        line = below.line(area)
        line.planned += count
        line.walked += count if state in {Round.State.STARTED, Round.State.ENDED} else 0
        line.missed += count if state == Round.State.MISSED else 0


def _count_stops(rows: Any, below: _Below) -> None:
    names = ("round__area_id", "outcome", "reason")
    for area, outcome, reason, count in rows.values_list(*names).annotate(n=Count("id")).order_by():
        line = below.line(area)
        line.stops += count
        if outcome == "done":
            line.done += count
        elif outcome == "skipped":
            line.skipped[reason] += count


def _count_looks(
    area_id: int, first: date, last: date, below: _Below
) -> list[tuple[str, int, int]]:
    rows = Submission.objects.filter(
        area__path__startswith=areas.area(area_id).path, day__range=(first, last)
    )
    listed = list(rows.values_list("area_id", "checklist", "version", "failed", "cases"))
    over = cases.over_at({UUID(case) for row in listed for case in row[4]}, end_of(last))
    items: Counter[tuple[str, int, str]] = Counter()
    still: Counter[tuple[str, int, str]] = Counter()
    for area, checklist, version, failed, opened in listed:
        line = below.line(area)
        going = [one for one in opened if UUID(one) not in over]
        line.looked += 1
        line.hazards += len(opened)
        line.open += len(going)
        for key in failed:
            items[checklist, version, key] += 1
            still[checklist, version, key] += bool(going)
    return [(named(*which), count, still[which]) for which, count in items.most_common(12)]


def end_of(day: date) -> datetime:
    """What a period says holds as of the end of its last day."""
    return make_aware(datetime.combine(day + timedelta(days=1), time()))


def named(checklist: str, version: int, key: str) -> str:
    """A failed item by its hazard's name, else by its question."""
    info = catalogue.info(checklist, version)
    items = info.body["items"] if info else []
    item = next((one for one in items if one["key"] == key), None)
    if item is None:
        return key
    hazard = item.get("hazard")
    return pick(hazard["name"] if hazard else item["text"])


def units_near(area_id: int, like: str = "", chosen: str = "") -> Near:
    """Who can walk a round of an area: units of it, of what is below, and the desks above. The
    nearest; others by a part of their name."""
    path = areas.area(area_id).path
    found = [
        one
        for one in units.units()
        if (one.area_path.startswith(path) or path.startswith(one.area_path))
        and (str(one.id) == chosen or near.fits(one.name, like))
    ]
    ranked = sorted(found, key=lambda one: (one.kind != "grid_team", -one.area_path.count("/")))
    return near.first([(str(one.id), pick(one.name)) for one in ranked], chosen)
