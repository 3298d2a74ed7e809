"""Rounds as those who walk them and those who answer for them read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.areas.coordinates import metres_between
from lingka.core import contents
from lingka.patrols import reading
from lingka.patrols.models import Round, Stop, Submission
from lingka.patrols.permissions import WALKERS
from lingka.patrols.selectors import catalogue

METRES_A_MINUTE = 70  # on foot, at 3,650 metres: an estimate
DETOUR = 1.3  # of streets, against the straight line
Names = Mapping[str, str]


@dataclass(frozen=True)
class StopInfo:
    """`walk`: estimated minutes on foot from the stop before; `items` of its checklist."""

    id: UUID
    number: int
    place: areas.PlaceInfo
    checklist: str
    items: int
    note: Names
    walk: int
    outcome: str
    reason: str
    words: str = ""
    failed: int = 0
    cases: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For a phone: nothing of what was found, which it learns from the cases, nor when
        somebody was there, which nobody does."""
        return {
            "id": str(self.id), "number": self.number, "place": str(self.place.uuid),
            "name": dict(self.place.name), "kind": self.place.kind, "code": self.place.code,
            "lon": self.place.lon, "lat": self.place.lat, "checklist": self.checklist,
            "items": self.items, "note": dict(self.note), "walk": self.walk,
            "outcome": self.outcome, "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True)
class RoundInfo:
    """One round on one day, its stops in walking order."""

    id: UUID
    plan: UUID
    version: int
    day: date
    kind: str
    name: Names
    area_id: int
    unit_id: int
    from_at: datetime
    until_at: datetime
    state: str
    in_a_row: int
    brought_to: int | None
    excuse: str
    stops: list[StopInfo] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(one.outcome == "done" for one in self.stops)

    @property
    def skipped(self) -> int:
        return sum(one.outcome == "skipped" for one in self.stops)

    @property
    def hazards(self) -> int:
        return sum(len(one.cases) for one in self.stops)

    def as_json(self) -> dict[str, Any]:
        """As a phone keeps it."""
        return {
            "id": str(self.id), "version": self.version, "day": str(self.day), "kind": self.kind,
            "name": dict(self.name), "area": str(areas.area(self.area_id).uuid),
            "area_name": dict(areas.area(self.area_id).name),
            "from": self.from_at.isoformat(), "until": self.until_at.isoformat(),
            "state": self.state, "stops": [one.as_json() for one in self.stops],
        }  # fmt: skip


def _of_posts(posts: Iterable[PostInfo]) -> Q:
    """Rounds that these posts walk."""
    chosen = Q(pk__in=())
    for post in posts:
        chosen |= Q(unit_id=post.unit_id)
        if post.role in WALKERS:
            chosen |= Q(area__path__startswith=post.area_path)
    return chosen


def rounds_for(user_id: int, day: date) -> list[RoundInfo]:
    """What a worker's posts walk on a day, by hour: not what is cancelled."""
    return rounds_between(user_id, day, day)


def rounds_between(user_id: int, first: date, last: date) -> list[RoundInfo]:
    """The same for several days, both included: what a phone takes with it."""
    mine = _of_posts(accounts.posts_of(user_id))
    rows = Round.objects.filter(mine, day__range=(first, last))
    return infos_of(rows.exclude(state=Round.State.CANCELLED).order_by("day", "from_at", "id"))


def rounds(ids: Iterable[UUID]) -> dict[UUID, RoundInfo]:
    """Rounds by id, cancelled ones too."""
    return {one.id: one for one in infos_of(Round.objects.filter(uuid__in=list(ids)))}


def round_of(uuid: UUID) -> RoundInfo | None:
    return rounds([uuid]).get(uuid)


def walkers_of(uuid: UUID) -> list[int]:
    """Who walks a round: users with a post that does."""
    row = Round.objects.filter(uuid=uuid).first()
    if row is None:
        return []
    found = {one.user_id for one in accounts.posts_in(row.unit_id)}
    path = areas.area(row.area_id).path
    return sorted(found | {one.user_id for one in accounts.posts_over(path, "grid_worker")})


def infos_of(rows: QuerySet[Round]) -> list[RoundInfo]:
    """Whole rounds, in a handful of statements however many."""
    found = list(rows.select_related("plan"))
    stops = list(Stop.objects.filter(round__in=found).order_by("round_id", "number"))
    places = areas.places(one.place_id for one in stops)
    looks = _looks(stops)
    words = contents.read(one.words for one in stops if one.words)
    by_round: dict[int, list[StopInfo]] = {}
    for stop in stops:
        before = by_round.setdefault(stop.round_id, [])
        look = looks.get(stop.id)
        before.append(_stop(stop, places, before, look, _said(words, stop.words)))
    return [_info(row, by_round.get(row.id, [])) for row in found]


def _said(words: Mapping[UUID, Any], content: UUID | None) -> str:
    return str(words.get(content, "")) if content else ""


def _looks(stops: Sequence[Stop]) -> dict[int, Submission]:
    rows = Submission.objects.filter(stop__in=stops).order_by("turn")
    return {row.stop_id: row for row in rows if row.stop_id}


def _stop(
    row: Stop, places: Mapping[int, areas.PlaceInfo], before: Sequence[StopInfo],
    look: Submission | None, words: str,
) -> StopInfo:  # fmt: skip
    place = places[row.place_id]
    info = catalogue.info(row.checklist) if row.checklist else None
    return StopInfo(
        row.uuid, row.number, place, row.checklist if info else "",
        reading.asked(info.body) if info else 0, row.note,
        _minutes(before[-1].place, place) if before else 0, row.outcome, row.reason,
        words, len(look.failed) if look else 0, tuple(look.cases) if look else (),
    )  # fmt: skip


def _minutes(a: areas.PlaceInfo, b: areas.PlaceInfo) -> int:
    way = metres_between(a.lon, a.lat, b.lon, b.lat) * DETOUR
    return max(1, round(way / METRES_A_MINUTE)) if way > 1 else 0


def _info(row: Round, stops: list[StopInfo]) -> RoundInfo:
    return RoundInfo(
        row.uuid, row.plan.uuid, row.version, row.day, row.kind, row.name, row.area_id,
        row.unit_id, row.from_at, row.until_at, row.state, row.in_a_row,
        row.brought_to_id, row.excuse, stops,
    )  # fmt: skip
