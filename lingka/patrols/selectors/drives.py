"""A joint drive as it stands: every unit's places visited, what was found, visits made together.

It writes itself from what was recorded. Of units and places: nobody's way, and no unit before
another but by its name.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import selectors as cases
from lingka.cases.selectors import Standing
from lingka.core.text import pick
from lingka.patrols.models import Drive, JointVisit, Plan, Stop, Submission
from lingka.patrols.selectors import catalogue
from lingka.patrols.selectors.boards import MOST, named, within
from lingka.units import selectors as units

MOST_PLACES = 5000  # of an area are looked through
MOST_DRIVES = 50  # on one page, the latest


@dataclass(frozen=True)
class DriveInfo:
    uuid: UUID
    name: dict[str, str]
    area_id: int
    begins_on: date
    ends_on: date
    over: bool  # its last day has passed, or somebody ended it


@dataclass(frozen=True)
class PartInfo:
    """What one unit does in a drive, and how far it is: `visited` of `places`."""

    plan: UUID
    unit_id: int
    unit: str
    checklist: str
    places: frozenset[int]
    visited: frozenset[int]
    hazards: list[Standing]

    @property
    def open(self) -> int:
        return sum(not one.over for one in self.hazards)

    @property
    def share(self) -> int:
        """Hundredths of its places that were visited."""
        return round(100 * len(self.visited) / len(self.places)) if self.places else 0


@dataclass(frozen=True)
class Visit:
    """A place where units were together on a day."""

    place: PlaceInfo
    day: date
    units: list[str]


@dataclass(frozen=True)
class Account:
    """The drive's own summary."""

    parts: list[PartInfo]
    visits: list[Visit]
    left: list[PlaceInfo]  # where no unit was yet

    @property
    def places(self) -> frozenset[int]:
        return frozenset[int]().union(*(one.places for one in self.parts))

    @property
    def visited(self) -> frozenset[int]:
        return frozenset[int]().union(*(one.visited for one in self.parts))

    @property
    def hazards(self) -> list[Standing]:
        found = {one.uuid: one for part in self.parts for one in part.hazards}
        return sorted(found.values(), key=lambda one: (one.over, one.number))

    @property
    def open(self) -> int:
        return sum(not one.over for one in self.hazards)


def drives(paths: Sequence[str]) -> list[DriveInfo]:
    """The drives of areas, the latest first."""
    rows = Drive.objects.filter(within(paths)).order_by("-begins_on", "-id")
    return [_info(row) for row in rows[:MOST_DRIVES]]


def drive(uuid: UUID) -> DriveInfo | None:
    row = Drive.objects.filter(uuid=uuid).first()
    return _info(row) if row else None


def of_plan(plan: UUID) -> DriveInfo | None:
    """The drive of which a plan is a part."""
    row = Drive.objects.filter(plans__uuid=plan).first()
    return _info(row) if row else None


def _info(row: Drive) -> DriveInfo:
    over = row.ended_at is not None or row.ends_on < accounts.today()
    return DriveInfo(row.uuid, row.name, row.area_id, row.begins_on, row.ends_on, over)


def body_of(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = plan.versions.get(number=plan.number).body
    return body


def places_of_kind(area: int, kind: str) -> list[PlaceInfo]:
    """All places in use of a kind, in an area and below it."""
    return [one for one in _in(area) if one.kind == kind]


def kinds_in(area: int) -> dict[str, int]:
    """The kinds of place in an area, and how many there are of each."""
    return dict(Counter(one.kind for one in _in(area)))


def _in(area: int) -> list[PlaceInfo]:
    return areas.places_of(areas.subtree_grids(area), 0, MOST_PLACES)


def account(uuid: UUID) -> Account:
    """How a drive stands: written from what rounds and desks recorded."""
    plans = list(Plan.objects.filter(drive__uuid=uuid).order_by("id"))
    seen = list(JointVisit.objects.filter(drive__uuid=uuid))
    found = _found(plans)
    standing = cases.standings({case for several in found.values() for case in several})
    done = _done(plans)
    parts = []
    for plan in plans:
        body = body_of(plan)
        places = frozenset(stop["place"] for stop in body["stops"])
        together = {one.place_id for one in seen if plan.unit_id in one.units}
        parts.append(PartInfo(
            plan.uuid, plan.unit_id, pick(units.unit(plan.unit_id).name), _titles(body), places,
            places & (done[plan.id] | together),
            [standing[case] for case in found[plan.id] if case in standing],
        ))  # fmt: skip
    parts.sort(key=lambda one: one.unit)
    return Account(parts, _visits(seen), _left(parts))


def _titles(body: dict[str, Any]) -> str:
    """The checklists of a plan, by name."""
    keys = dict.fromkeys(stop["checklist"] for stop in body["stops"] if stop["checklist"])
    found = [catalogue.info(key) for key in keys]
    return ", ".join(pick(one.body["title"]) for one in found if one)


def _done(plans: Sequence[Plan]) -> dict[int, set[int]]:
    """By plan, the places where its rounds were."""
    found: dict[int, set[int]] = {plan.id: set() for plan in plans}
    rows = Stop.objects.filter(round__plan__in=plans, outcome="done")
    for plan, place in rows.values_list("round__plan_id", "place_id").distinct():
        found[plan].add(place)
    return found


def _found(plans: Sequence[Plan]) -> dict[int, list[UUID]]:
    """By plan, the hazards that its rounds found."""
    found: dict[int, list[UUID]] = {plan.id: [] for plan in plans}
    rows = Submission.objects.filter(round__plan__in=plans).exclude(cases=[])
    for plan, opened in rows.values_list("round__plan_id", "cases"):
        found[plan] += [UUID(one) for one in opened]
    return found


def faults(uuid: UUID) -> dict[UUID, str]:
    """By hazard, which questions of the checklist found it: authored words, nobody's own."""
    rows = Submission.objects.filter(round__plan__drive__uuid=uuid).exclude(cases=[])
    found: dict[UUID, str] = {}
    for key, version, failed, opened in rows.values_list("checklist", "version", "failed", "cases"):
        said = " · ".join(named(key, version, item) for item in failed)
        found |= {UUID(one): said for one in opened}
    return found


def _visits(rows: Sequence[JointVisit]) -> list[Visit]:
    places = areas.places(one.place_id for one in rows)
    made = [
        Visit(places[one.place_id], one.day, [pick(units.unit(unit).name) for unit in one.units])
        for one in rows
    ]
    return sorted(made, key=lambda one: (pick(one.place.name), one.day))


def _left(parts: Sequence[PartInfo]) -> list[PlaceInfo]:
    """By name, as a list and not as a way."""
    ids = {id_ for one in parts for id_ in one.places} - {id_ for p in parts for id_ in p.visited}
    return sorted(areas.places(ids).values(), key=lambda one: pick(one.name))[:MOST]
