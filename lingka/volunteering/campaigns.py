"""Campaigns as everybody reads them, in numbers of places; and which places remain, for those who
are out for them. Who marked what is nowhere."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from lingka.areas import selectors as areas
from lingka.areas.coordinates import metres_between
from lingka.areas.levels import scheme
from lingka.areas.selectors import PlaceInfo
from lingka.areas.walking import walking_order
from lingka.core import clock
from lingka.core.text import pick
from lingka.volunteering import selectors
from lingka.volunteering.labels import CAMPAIGN_PLACE
from lingka.volunteering.models import Activity, Campaign, CampaignPlace, Service, Shift
from lingka.volunteering.selectors import ActivityInfo, Published

MOST = 100  # in one list
MOST_PLACES = 5000  # that are looked at
DONE = CampaignPlace.State.DONE


@dataclass(frozen=True)
class Part:
    """One kind of place in one grid: how many of them are done."""

    grid_id: int
    place_kind: str
    done: int
    all: int

    @property
    def grid(self) -> str:
        return pick(areas.area(self.grid_id).name)

    @property
    def kind(self) -> str:
        return pick(scheme().place_kinds.get(self.place_kind, {})) or self.place_kind

    @property
    def left(self) -> int:
        return self.all - self.done


@dataclass(frozen=True)
class Stop:
    """One place, for whoever goes there."""

    place: PlaceInfo
    state: str

    @property
    def label(self) -> Any:
        return CAMPAIGN_PLACE[self.state]

    @property
    def kind(self) -> str:
        return pick(scheme().place_kinds.get(self.place.kind, {})) or self.place.kind


@dataclass(frozen=True)
class CampaignInfo(Published):
    uuid: UUID
    code: str
    kind: str
    titles: dict[str, str]
    texts: dict[str, str]
    area_id: int
    area_path: str
    area: str
    begins_on: date
    ends_on: date
    done: int
    all: int
    summary: dict[str, Any] | None

    @property
    def closed(self) -> bool:
        return self.summary is not None

    @property
    def left(self) -> int:
        return self.all - self.done


def _rows() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("area").annotate(
        all=Count("places"), done=Count("places", filter=Q(places__state=DONE))
    )


def _info(row: Any) -> CampaignInfo:
    """What was closed says what its summary says."""
    done, every = (row.summary["done"], row.summary["all"]) if row.summary else (row.done, row.all)
    return CampaignInfo(
        row.uuid, row.code, row.kind, row.title, row.text, row.area_id, row.area.path,
        pick(row.area.name), row.begins_on, row.ends_on, done, every, row.summary,
    )  # fmt: skip


def running() -> list[CampaignInfo]:
    """What goes on in the town, for everybody."""
    return [_info(one) for one in _rows().filter(closed_at=None).order_by("ends_on", "pk")[:MOST]]


def over() -> list[UUID]:
    """Those that nobody closed though their last day is past, the oldest first."""
    rows = Campaign.objects.filter(closed_at=None, ends_on__lt=areas.day_of(None))
    return list(rows.order_by("ends_on", "pk").values_list("uuid", flat=True))


def under(paths: Iterable[str]) -> list[CampaignInfo]:
    """A desk's, those that go on first."""
    inside = Q(pk__in=())
    for path in paths:
        inside |= Q(area__path__startswith=path)
    first = F("closed_at").desc(nulls_first=True)
    rows = _rows().filter(inside).order_by(first, "-begins_on", "-pk")
    return [_info(one) for one in rows[:MOST]]


def campaign(code: str) -> CampaignInfo | None:
    row = _rows().filter(code=code).first()
    return _info(row) if row else None


def campaign_of(activity: str) -> CampaignInfo | None:
    """Which campaign an activity belongs to."""
    row = _rows().filter(activities__code=activity).first()
    return campaign(row.code) if row else None


def activities_of(found: CampaignInfo) -> list[ActivityInfo]:
    """Its public activities, those to come first."""
    codes = Activity.objects.filter(campaign__uuid=found.uuid, state="published")
    held = filter(None, map(selectors.activity, codes.values_list("code", flat=True)[:MOST]))
    return sorted(held, key=lambda one: (one.next is None, one.shifts[0].starts_at))


def to_take_on(found: CampaignInfo) -> list[ActivityInfo]:
    """Activities of its area that belong to no campaign."""
    free = Activity.objects.filter(campaign=None, area__path__startswith=found.area_path)
    codes = set(free.values_list("code", flat=True))
    return [one for one in selectors.under([found.area_path]) if one.code in codes]


def parts(found: CampaignInfo) -> list[Part]:
    """By grid and kind of place."""
    if found.summary is not None:
        return [Part(*one) for one in found.summary["parts"]]
    return _parts(CampaignPlace.objects.filter(campaign__uuid=found.uuid))


def _parts(rows: QuerySet[CampaignPlace]) -> list[Part]:
    every: Counter[tuple[int, str]] = Counter()
    done: Counter[tuple[int, str]] = Counter()
    for grid, kind, state in rows.values_list("place__grid_id", "place__kind", "state"):
        every[grid, kind] += 1
        done[grid, kind] += state == DONE
    made = [Part(*key, done[key], number) for key, number in every.items()]
    return sorted(made, key=lambda one: (areas.area(one.grid_id).code, one.place_kind))


def stops(uuid: UUID, *, done: bool = False) -> list[tuple[str, list[Stop]]]:
    """What remains, or what is done, under each grid's name, in the order in which it is walked."""
    rows = CampaignPlace.objects.filter(campaign__uuid=uuid).order_by("pk")
    rows = rows.filter(state=DONE) if done else rows.exclude(state=DONE)
    held = list(rows.values_list("place_id", "state"))
    known = areas.places(place for place, _state in held)
    found: dict[int, list[Stop]] = {}
    for place, state in held:
        found.setdefault(known[place].grid_id, []).append(Stop(known[place], state))
    return [(pick(areas.area(grid).name), several) for grid, several in found.items()]


def is_out(uuid: UUID, member: UUID) -> bool:
    """Whether somebody is at an activity of this campaign just now."""
    rows = Shift.objects.filter(
        activity__campaign__uuid=uuid, closed_at=None,
        services__member=member, services__state=Service.State.HERE,
    )  # fmt: skip
    return rows.exists()


def at_door(place: int, member: UUID) -> list[CampaignInfo]:
    """Campaigns that wait for this door, of those that somebody is out for just now."""
    rows = Campaign.objects.filter(
        closed_at=None, pk__in=CampaignPlace.objects.filter(place=place).values("campaign"),
        activities__shifts__closed_at=None,
        activities__shifts__services__member=member,
        activities__shifts__services__state=Service.State.HERE,
    )  # fmt: skip
    codes = rows.distinct().values_list("code", flat=True)
    return [one for one in map(campaign, codes) if one is not None]


def summary_of(row: Campaign) -> dict[str, Any]:
    """What was done, written by nobody: places by grid and kind, and at how many times."""
    held = CampaignPlace.objects.filter(campaign=row)
    found = _parts(held)
    times = Shift.objects.filter(
        activity__campaign=row, activity__state="published", starts_at__lte=clock.now()
    )
    return {
        "done": sum(one.done for one in found), "all": sum(one.all for one in found),
        "times": times.count(),
        "absent": held.filter(state="absent").count(), "again": held.filter(state="again").count(),
        "parts": [[one.grid_id, one.place_kind, one.done, one.all] for one in found],
    }  # fmt: skip


def places_for(area: int, of: Collection[str]) -> list[PlaceInfo]:
    """The places of these kinds in an area and below it, as the register has them now."""
    found = areas.places_of(areas.subtree_grids(area), 0, MOST_PLACES)
    return [one for one in found if one.kind in of]


def in_order(places: Iterable[PlaceInfo]) -> list[PlaceInfo]:
    """Grid by grid, each in the order in which it is walked."""
    grids: dict[str, list[PlaceInfo]] = {}
    for one in places:
        grids.setdefault(areas.area(one.grid_id).code, []).append(one)
    found = []
    for _code, several in sorted(grids.items()):
        points = [(one.lon, one.lat) for one in several]
        order = walking_order(points, lambda a, b: metres_between(*a, *b))
        found += [several[at] for at in order]
    return found


def place_kinds() -> list[tuple[str, str]]:
    return [(key, pick(names)) for key, names in scheme().place_kinds.items()]
