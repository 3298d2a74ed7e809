"""The demo's months at full number: lived cases told again elsewhere, at another time, anew.

The engine lives some hundred cases. Each closed one happens again at other places of the same
desk, on other days, in other words, with other pictures.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import h3
from django.db import connection

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases.models import Case, Receipt
from lingka.demo import moving, stories
from lingka.demo.copying import Copier, File, Pattern, cut, write
from lingka.demo.moving import Course, Days
from lingka.demo.sayings import Sayings, fits_season

TRIES = 40
NEAR = 9  # H3 resolution of nearness, as the engine has it


@dataclass
class Told:
    """One pattern, with where it may happen again."""

    pattern: Pattern
    course: Course
    places: Sequence[PlaceInfo]
    weights: Sequence[float]
    group: str


@dataclass(frozen=True)
class Copy:
    """What happens again: when, where, in which texts of moments."""

    told: Told
    place: PlaceInfo
    texts: dict[str, str]

    @property
    def opened(self) -> str:
        return self.texts[self.told.course.moments[self.told.course.opened][0]][:19]


@dataclass
class Retelling:
    """Copies of what was lived, between two days."""

    rng: random.Random
    days: Days
    sayings: Sayings
    weigh: Callable[[PlaceInfo], float]
    drawn: dict[str, list[File]] = field(default_factory=dict)

    def tell(
        self, places: Iterable[PlaceInfo], count: int, first: date, until: date, now: datetime
    ) -> int:
        """Add so many cases opened from `first` to before `until`, all over by `now`."""
        patterns = self._patterns(list(places))
        span = [first + timedelta(days=step) for step in range((until - first).days)]
        free: dict[bool, list[date]] = {True: [], False: []}
        for day in span:
            free[bool(self.days.place(day)[1])].append(day)
        copies = []
        for one in self._deck(patterns, count):
            rest = self.days.place(one.course.opened.astimezone(self.days.zone).date())[1]
            made = self._somehow(one, free[bool(rest)], now)
            copies += [made] if made else []
        copies.sort(key=lambda one: one.opened)
        with connection.cursor() as cursor:
            maker = Copier(cursor)
            write((self._lines(maker, one) for one in copies), cursor)
            maker.settle(cursor)
        return len(copies)

    def _patterns(self, places: list[PlaceInfo]) -> list[Told]:
        found = []
        several = Receipt.objects.filter(kind="follower").values("case")
        alone = Case.objects.exclude(facts__has_key="resolution")  # a council's has one matter
        closed = alone.filter(stage="closed").exclude(id__in=several)
        for case in closed.exclude(case_type__in=stories.types()).order_by("id"):
            own = _cut(case)
            near = _alike(case, places)
            weights = [self.weigh(place) for place in near]
            group = case.case_type.partition(".")[0]
            found.append(Told(own, moving.course(own), near, weights, group))
        return found

    def _deck(self, patterns: Sequence[Told], count: int) -> Sequence[Told]:
        """Each pattern equally often: what is short must not come more often than what is long."""
        deck = [patterns[number % len(patterns)] for number in range(count)]
        self.rng.shuffle(deck)
        return deck

    def _somehow(self, told: Told, days: Sequence[date], now: datetime) -> Copy | None:
        """On the first of some days that it can happen on, so that it is over by now."""
        over = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        for _try in range(TRIES if days else 0):
            day = self.rng.choice(days)
            if not fits_season(told.pattern.case.case_type, day):
                continue
            texts = moving.moved(told.course, self.days, day)
            if texts and max(_events(told, texts)) < over:
                place = self.rng.choices(told.places, told.weights)[0]
                return Copy(told, place, texts)
        return None

    def _lines(self, maker: Copier, copy: Copy) -> Iterable[tuple[str, str]]:
        pattern, place = copy.told.pattern, copy.place
        cell = h3.latlng_to_cell(place.lat, place.lon, NEAR)
        grid = areas.area(place.grid_id)

        def say(value: Any) -> Any:
            if isinstance(value, dict):
                return value | {"lon": place.lon, "lat": place.lat}
            return self.sayings.again(value)

        return maker.copy(
            pattern, say=say, files=self._pictures(copy.told),
            slots=copy.texts | {
                "grid": f'"grid": {grid.id}', "grid_canonical": f'"grid":{grid.id}',
                "place": f'"place": {place.id}', "place_canonical": f'"place":{place.id}',
                "path": grid.path, "cell": cell, "grid_id": str(grid.id),
                "place_id": str(place.id), "h3": str(int(cell, 16)),
            },
        )  # fmt: skip

    def _pictures(self, told: Told) -> list[File]:
        """As many as there were, before and after the mending, of the same kind of matter."""
        files = []
        for one in told.pattern.files:
            same = next((some for some in self.drawn.values() if one in some), None)
            files.append(self.rng.choice(same) if same else one)
        return files


def _cut(case: Case) -> Pattern:
    """Cut also at everything that says where."""
    named = {case.area_path: "path", f"{case.h3:x}": "cell"}
    for name, value in (("grid", case.grid_id), ("place", case.place_id)):
        named |= {f'"{name}": {value}': name, f'"{name}":{value}': f"{name}_canonical"}
    return cut(case, named, moments=True)


def _alike(case: Case, places: Iterable[PlaceInfo]) -> list[PlaceInfo]:
    """Places of the same desk and kind; in the same community where its own unit had the case."""
    assert case.place_id is not None and case.grid_id is not None  # noqa: PT018 - the demo's have
    kind = areas.place(case.place_id).kind
    desk = areas.area(case.desk_area_id).path
    route = case.facts.get("route") or case.facts.get("suggested") or {}
    if route.get("area") and areas.area(route["area"]).level not in {"city", "district"}:
        desk = areas.area(areas.area(case.grid_id).parent_id or case.grid_id).path
    own = {one.id: areas.area(one.grid_id).path for one in places if one.kind == kind}
    return [one for one in places if own.get(one.id, "").startswith(desk)]


def _events(told: Told, texts: dict[str, str]) -> Iterable[str]:
    """When things happened, planned ends left aside."""
    closed = told.pattern.case.closed_at
    for moment, names in told.course.moments.items():
        if closed is None or moment <= closed:
            yield texts[names[0]][:19].replace(" ", "T")
