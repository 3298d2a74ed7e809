"""Calls by month and area: counted as they happen, and what is worth a supervisor's look.

Both very many and very few tell something: that one thing breaks again and again, or that people
do not know that they may call. Areas stand in the order of their codes, never of their numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.rulebooks import Rulebook, number
from lingka.partners.models import Call

MONTHS = 3  # shown, the running one last
CALL, JUDGED = "call", "rate_call"


def faults(body: Mapping[str, Any]) -> Iterator[str]:
    """What speaks against watching calls so."""
    levels = {one.key for one in scheme().levels}
    flows = cases.workflow_keys()
    for key, rule in body["watched"].items():
        if key not in flows:
            yield f"{key}: there is no such workflow"
        if rule["level"] not in levels:
            yield f"{key}.level: there is no level {rule['level']!r}"
        yield from number(f"{key}.few", rule["few"], 0, 10_000)
        yield from number(f"{key}.many", rule["many"], rule["few"] + 1, 100_000)


def _watched(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = body["watched"]
    return found


CALLS = Rulebook(
    "calls", "watched", Path(__file__).parent / "data" / "calls.yaml",
    faults=faults, read=_watched,
)  # fmt: skip


def thresholds() -> Mapping[str, Mapping[str, Any]]:
    """By workflow: who calls, and which numbers a month are few and many."""
    return CALLS.now()


def count(event: StoredEvent) -> None:
    """One more call of an area in its month, or one that a called unit held not to be lawful."""
    data = event.data
    if not isinstance(data, CaseActed) or not _counts(data):
        return
    case = cases.progress_of([event.stream_id]).get(event.stream_id)
    if case is None or case.workflow not in thresholds():
        return
    area = _caller(case.area_path, thresholds()[case.workflow]["level"])
    if area is not None:
        told = Call(
            position=event.position, month=month_of(event), workflow=case.workflow, area_id=area,
            lawful=data.action == CALL,
        )  # fmt: skip
        Call.objects.bulk_create([told], ignore_conflicts=True)


def _counts(data: CaseActed) -> bool:
    return data.action == CALL or (data.action == JUDGED and not data.given["justified"])


def _caller(path: str, level: str) -> int | None:
    """The area of the level that calls, in which the case lies."""
    return next((one.id for one in areas.ancestors(path) if one.level == level), None)


def month_of(event: StoredEvent) -> date:
    local = event.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return date(local.year, local.month, 1)


@dataclass(frozen=True)
class Line:
    """One area that may call: its calls by month, and whether they are worth a look."""

    area: areas.AreaInfo
    counts: list[int]
    unjustified: int
    warning: str  # "many", "few" or ""


@dataclass(frozen=True)
class Calls:
    """One kind of call in somebody's areas."""

    workflow: str
    few: int
    many: int
    months: list[date]
    lines: list[Line]

    @property
    def heard(self) -> list[Line]:
        """Areas with anything to count in these months."""
        return [one for one in self.lines if one.unjustified or any(one.counts)]

    @property
    def silent(self) -> list[Line]:
        """Areas that called nobody in all these months."""
        return [one for one in self.lines if not (one.unjustified or any(one.counts))]


def overview(paths: Iterable[str], today: date) -> list[Calls]:
    """Every area below these paths that may call, by workflow, whether it did or not."""
    below, months = tuple(paths), _months(today)
    held = _held(months[0])
    found = []
    for workflow, rule in thresholds().items():
        callers = [
            one for root in areas.roots() for one in areas.areas_below(root.id)
            if one.level == rule["level"] and one.path.startswith(below)
        ]  # fmt: skip
        lines = [
            _line(one, [held[workflow, one.id, month] for month in months], rule)
            for one in sorted(callers, key=lambda area: area.code)
        ]
        found.append(Calls(workflow, rule["few"], rule["many"], months, lines))
    return found


def _held(since: date) -> Mapping[tuple[str, int, date], tuple[int, int]]:
    """Calls, and those held not lawful, by workflow, area and month."""
    found: dict[tuple[str, int, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = Call.objects.filter(month__gte=since).values_list("workflow", "area_id", "month")
    sums = rows.annotate(
        calls=Count("position", filter=Q(lawful=True)),
        unlawful=Count("position", filter=Q(lawful=False)),
    )
    for workflow, area, month, calls, unlawful in sums:
        found[workflow, area, month] = (calls, unlawful)
    return found


def _line(area: areas.AreaInfo, held: list[tuple[int, int]], rule: Mapping[str, Any]) -> Line:
    counts = [calls for calls, _unlawful in held]
    unjustified = sum(unlawful for _calls, unlawful in held)
    return Line(area, counts, unjustified, _warning(counts, rule))


def _warning(counts: list[int], rule: Mapping[str, Any]) -> str:
    """Many at once; few only when a month is over, and the running one brought none either."""
    most = max(counts[-2:])
    if most >= rule["many"]:
        return "many"
    return "few" if most < rule["few"] else ""


def _months(today: date) -> list[date]:
    """First days of the months shown, oldest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found
