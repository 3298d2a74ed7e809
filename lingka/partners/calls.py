"""Calls by month and area: counted as they happen, and what is worth a supervisor's look.

Both very many and very few tell something: that one thing breaks again and again, or that people
do not know that they may call. Both sides say of each other how it went: how many of how many, no
shares, since few ratings say little. Areas stand in the order of their codes, units of their names,
never of their numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.cases import selectors as cases
from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent
from lingka.core.faults import Fault, Faults, number
from lingka.core.rulebooks import Rulebook
from lingka.core.text import pick
from lingka.partners.models import Call
from lingka.units import selectors as units

MONTHS = 3  # shown, the running one last
SAID = {  # by action: what kind of row it makes
    "call": Call.Said.CALLED,
    "rate_call": Call.Said.OF_CALL,
    "rate_unit": Call.Said.OF_UNIT,
}


def faults(body: Mapping[str, Any]) -> Faults:
    """What speaks against watching calls so."""
    levels = {one.key for one in scheme().levels}
    flows = cases.workflow_keys()
    for key, rule in body["watched"].items():
        if key not in flows:
            yield Fault("unknown_workflow", key, _("there is no such workflow"))
        if rule["level"] not in levels:
            said = _("there is no level “%(name)s”") % {"name": rule["level"]}
            yield Fault("unknown_level", f"{key}.level", said)
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
    """One more call of an area in its month, or what one side of it said of the other."""
    data = event.data
    if not isinstance(data, CaseActed) or data.action not in SAID:
        return
    case = cases.progress_of([event.stream_id]).get(event.stream_id)
    if case is None or case.workflow not in thresholds():
        return
    area = _caller(case.area_path, thresholds()[case.workflow]["level"])
    if area is not None:
        told = Call(
            position=event.position, month=month_of(event), workflow=case.workflow, area_id=area,
            said=SAID[data.action], **_said(event, data),
        )  # fmt: skip
        Call.objects.bulk_create([told], ignore_conflicts=True)


def _said(event: StoredEvent, data: CaseActed) -> dict[str, Any]:
    """What was said, and by or of which unit; of a call itself nothing."""
    if SAID[data.action] == Call.Said.CALLED:
        return {"lawful": True}
    given = data.given
    return {
        "case_uuid": event.stream_id,
        "unit_id": given.get("helper", data.unit),
        "lawful": given.get("justified"),
        "in_time": given.get("in_time"),
        "solved": given.get("solved"),
    }


def _caller(path: str, level: str) -> int | None:
    """The area of the level that calls, in which the case lies."""
    return next((one.id for one in areas.ancestors(path) if one.level == level), None)


def month_of(event: StoredEvent) -> date:
    local = event.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return date(local.year, local.month, 1)


@dataclass(frozen=True)
class Line:
    """One area that may call: its calls by month, what called units said, whether to look."""

    area: areas.AreaInfo
    counts: list[int]
    unjustified: int
    judged: int  # calls of which a called unit said whether the rules allow them
    warning: str  # "many", "few" or ""


@dataclass(frozen=True)
class Month:
    """What callers said of one unit in a month: of so many, so many in time and solved."""

    of: int = 0
    in_time: int = 0
    solved: int = 0


@dataclass(frozen=True)
class Rated:
    """One called unit, with what was said of it in each of the months."""

    unit: units.UnitInfo
    months: list[Month]


@dataclass(frozen=True)
class Calls:
    """One kind of call in somebody's areas."""

    workflow: str
    few: int
    many: int
    months: list[date]
    lines: list[Line]
    rated: list[Rated]  # by name: nobody is ranked

    @property
    def heard(self) -> list[Line]:
        """Areas with anything to count in these months."""
        return [one for one in self.lines if one.judged or any(one.counts)]

    @property
    def silent(self) -> list[Line]:
        """Areas that called nobody in all these months."""
        return [one for one in self.lines if not (one.judged or any(one.counts))]


def overview(paths: Iterable[str], today: date) -> list[Calls]:
    """Every area below these paths that may call, by workflow, whether it did or not; and what
    was said there of the units that were called."""
    below, months = tuple(paths), _months(today)
    counted, judged, rated = _counted(months[0]), _judged(months[0]), _rated(below, months)
    found = []
    for workflow, rule in thresholds().items():
        callers = [
            one for root in areas.roots() for one in areas.areas_below(root.id)
            if one.level == rule["level"] and one.path.startswith(below)
        ]  # fmt: skip
        lines = [
            _line(
                one, [counted[workflow, one.id, month] for month in months],
                judged[workflow, one.id], rule,
            )
            for one in sorted(callers, key=lambda area: area.code)
        ]  # fmt: skip
        named = rated[workflow]
        found.append(Calls(workflow, rule["few"], rule["many"], months, lines, named))
    return found


def _counted(since: date) -> Mapping[tuple[str, int, date], int]:
    """Calls by workflow, area and month."""
    held = Call.objects.filter(month__gte=since, said=Call.Said.CALLED)
    rows = held.values_list("workflow", "area_id", "month").annotate(Count("position"))
    return Counter({(workflow, area, month): calls for workflow, area, month, calls in rows})


def _last_words(said: Call.Said, since: date) -> QuerySet[Call]:
    """What each unit said, or was said of each, in every case; the last time counts."""
    held = Call.objects.filter(said=said, month__gte=since)
    return held.order_by("case_uuid", "unit", "-position").distinct("case_uuid", "unit")


def _judged(since: date) -> Mapping[tuple[str, int], tuple[int, int]]:
    """How many calls were held not lawful, and of how many it was said, by workflow and area."""
    found: dict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in _last_words(Call.Said.OF_CALL, since):
        unlawful, of = found[one.workflow, one.area_id]
        found[one.workflow, one.area_id] = (unlawful + (not one.lawful), of + 1)
    return found


def _rated(below: tuple[str, ...], months: list[date]) -> Mapping[str, list[Rated]]:
    """What callers below these paths said of called units, by workflow; units by name."""
    sums: dict[str, dict[int, dict[date, Month]]] = defaultdict(lambda: defaultdict(dict))
    for one in _last_words(Call.Said.OF_UNIT, months[0]):
        if one.unit_id is None or not areas.area(one.area_id).path.startswith(below):
            continue
        held = sums[one.workflow][one.unit_id]
        so_far = held.get(one.month, Month())
        held[one.month] = Month(
            so_far.of + 1, so_far.in_time + bool(one.in_time), so_far.solved + bool(one.solved)
        )
    found: dict[str, list[Rated]] = defaultdict(list)
    for workflow, by_unit in sums.items():
        lines = [
            Rated(units.unit(unit), [held.get(month, Month()) for month in months])
            for unit, held in by_unit.items()
        ]
        found[workflow] = sorted(lines, key=lambda one: (pick(one.unit.name), one.unit.id))
    return found


def _line(
    area: areas.AreaInfo, counts: list[int], judged: tuple[int, int], rule: Mapping[str, Any]
) -> Line:
    return Line(area, counts, *judged, _warning(counts, rule))


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
