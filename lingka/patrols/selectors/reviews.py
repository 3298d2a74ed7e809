"""A month's review, as it writes itself: what was found, what comes back, what is open too long.

Of places and things; nobody who walks is counted.
"""

import calendar
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.cases.selectors import Standing
from lingka.core import clock, contents
from lingka.core.text import pick
from lingka.patrols import reading
from lingka.patrols.models import Decision, Submission
from lingka.patrols.selectors import catalogue
from lingka.patrols.selectors.boards import Summary, end_of, named, summary

MOST = 50
AGAIN = 2  # so many days with the same fault make a place one where it comes back


@dataclass(frozen=True)
class Again:
    """A fault that came back at a place: on how many days of the month."""

    place: areas.PlaceInfo
    what: str
    days: int


@dataclass(frozen=True)
class Decided:
    """A decision with what it became."""

    uuid: UUID
    words: str
    made_at: datetime
    made_by: int | None
    case: Standing | None
    plan: UUID | None
    plan_name: str
    plan_number: int | None


@dataclass(frozen=True)
class Review:
    summary: Summary
    again: list[Again]
    overdue: list[tuple[Standing, datetime]]
    decided: list[Decided]


def review(area_id: int, month: date) -> Review:
    """Written by itself from what was recorded, but for the decisions."""
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    path = areas.area(area_id).path
    return Review(
        summary(area_id, first, last), _again(path, first, last), _overdue(path, last),
        _decided(area_id, first),
    )  # fmt: skip


def _again(path: str, first: date, last: date) -> list[Again]:
    rows = Submission.objects.filter(
        area__path__startswith=path, day__range=(first, last), place__isnull=False
    ).exclude(failed=[])
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    for place, checklist, version, failed, day in rows.values_list(
        "place_id", "checklist", "version", "failed", "day"
    ):
        for key in failed:
            days[place, named(checklist, version, key)].add(day)
    found = [(which, len(seen)) for which, seen in days.items() if len(seen) >= AGAIN]
    found.sort(key=lambda one: (-one[1], one[0]))
    places = areas.places(place for (place, _what), _n in found[:MOST])
    return [Again(places[place], what, n) for (place, what), n in found[:MOST]]


def _overdue(path: str, last: date) -> list[tuple[Standing, datetime]]:
    """Hazards of the area, found on rounds by then, whose day was over and that nobody had struck
    off: as of the end of the month, so that a review says the same whenever it is read."""
    opened = Submission.objects.filter(area__path__startswith=path, day__lte=last).exclude(cases=[])
    ids = {UUID(one) for found in opened.values_list("cases", flat=True) for one in found}
    due = cases.overdue(ids, min(clock.now(), end_of(last)))
    standing = cases.standings(due)
    return sorted(((standing[uuid], at) for uuid, at in due.items()), key=lambda one: one[1])[:MOST]


def _decided(area_id: int, month: date) -> list[Decided]:
    rows = list(
        Decision.objects.filter(area_id=area_id, month=month).select_related("plan").order_by("id")
    )
    words = contents.read(row.words for row in rows)
    standing = cases.standings({row.case for row in rows if row.case})
    return [_one(row, words, standing) for row in rows]


def _one(row: Decision, words: Mapping[UUID, Any], standing: Mapping[UUID, Standing]) -> Decided:
    plan = row.plan
    name = plan.versions.get(number=row.plan_number or 0).body["name"] if plan else {}
    return Decided(
        row.uuid, str(words.get(row.words, "")), row.made_at, row.made_by,
        standing.get(row.case) if row.case else None, plan.uuid if plan else None, pick(name),
        row.plan_number,
    )  # fmt: skip


# -- one filled-in checklist -----------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A question with what was answered."""

    number: int
    text: str
    said: list[str]
    words: str
    failed: bool
    mended: bool
    photos: list[str]


@dataclass(frozen=True)
class Look:
    """A checklist that was gone through: where, on which day, what was found. Not by whom."""

    key: UUID
    checklist: str
    version: int
    title: Mapping[str, str]
    area_id: int
    place: areas.PlaceInfo | None
    round: UUID | None
    unit: int | None
    day: date
    in_order: int
    looked_at: int
    answers: list[Answer]
    cases: list[UUID]
    photos: frozenset[UUID]


def look(key: UUID) -> Look | None:
    row = Submission.objects.select_related("round").filter(key=key).first()
    info = catalogue.info(row.checklist, row.version) if row else None
    if row is None or info is None:
        return None
    said = contents.read([row.answers]).get(row.answers) or {}
    place = areas.places([row.place_id]).get(row.place_id) if row.place_id else None
    return Look(
        row.key, row.checklist, row.version, info.body["title"], row.area_id, place,
        row.round.uuid if row.round else None, row.round.unit_id if row.round else None, row.day,
        row.in_order, row.looked_at, _answers(info.body, said, set(row.failed)),
        [UUID(one) for one in row.cases], frozenset(UUID(one) for one in row.attachments),
    )  # fmt: skip


def _answers(body: Mapping[str, Any], said: Mapping[str, Any], failed: set[str]) -> list[Answer]:
    by_key = {one["key"]: one for one in body["items"]}
    found = []
    for shown in reading.shown(body):
        given = said.get(shown.key)
        if given is not None and shown.number:
            photos = [*given.get("photos", ()), *given.get("after", ())]
            found.append(
                Answer(
                    shown.number, shown.text, reading.answered(by_key[shown.key], given),
                    str(given.get("words") or ""), shown.key in failed,
                    bool(given.get("mended")), [str(one) for one in photos],
                )
            )  # fmt: skip
    return found


def looks_of(round_uuid: UUID) -> dict[UUID, UUID]:
    """For each stop of a round that was looked at, the last look at it."""
    rows = Submission.objects.filter(round__uuid=round_uuid, stop__isnull=False)
    return dict(rows.order_by("turn").values_list("stop__uuid", "key"))
