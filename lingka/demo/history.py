"""Months of cases, lived through in order of time by the real engine.

All open cases stand in one heap by the moment of their next step. The oldest comes first; the
clock is set to its moment, somebody who may does the next thing, and the case goes back into the
heap with a later moment. In between the engine attends to its own deadlines. What would come
after now is never done: these cases are still open.
"""

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import transaction

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import actions as cases
from lingka.cases.actions import ContactData
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.demo import drawings, fates, steps
from lingka.demo.fates import Fate
from lingka.demo.organisation import DESK, HOME, STREET, Staff
from lingka.demo.sayings import Sayings
from lingka.demo.scenes import SCENES, Scene

RESIDENT = Actor("resident")
CHANNELS = {"door": 46, "web": 18, "hotline": 20, "grid_worker": 9, "counter": 4, "letterbox": 3}
WEIGHTS = {HOME: 5, DESK: 3}  # communities that report more than others
STREET_WEIGHT = 2.5
ENGINE_EVERY = timedelta(hours=24)
BATCH = 200  # steps to a transaction
QUIET = timedelta(hours=30)  # so long the demo desk has not looked at its queue
URGENT = {"water.burst", "heat.gas", "light.wire", "road.manhole"}


@dataclass(order=True)
class Turn:
    moment: datetime
    number: int
    case: "steps.Living | None" = field(compare=False)  # None: a new report


@dataclass
class History:
    """The months between `begin` and `now`, with those who act in them."""

    rng: random.Random
    staff: Staff
    places: list[PlaceInfo]
    begin: datetime
    now: datetime
    photos: int = 0
    heap: list[Turn] = field(default_factory=list)
    numbers: count = field(default_factory=count)  # type: ignore[type-arg]
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.sayings = Sayings(self.rng)
        self.weights = [_weight(place) for place in self.places]
        street = areas.area_by_code(STREET)
        assert street is not None  # part of every size
        self.own_desk = street.id

    def live(self, amount: int) -> None:
        """Let the months pass."""
        scenes = {self.now - timedelta(hours=one.hours): one for one in SCENES}
        for moment in fates.opening_times(self.rng, amount - len(scenes), self.begin, self.now):
            self._push(moment, None)
        for moment in scenes:
            self._push(moment, None)
        tick = self.begin
        while self.heap:
            with transaction.atomic():
                for _turn in range(BATCH):
                    if not self.heap:
                        break
                    if self.heap[0].moment > tick:
                        _attend(tick)
                        tick += ENGINE_EVERY
                    else:
                        turn = heapq.heappop(self.heap)
                        self._take(turn, scenes.get(turn.moment))
        _attend(self.now)

    def _push(self, moment: datetime, case: "steps.Living | None") -> None:
        if moment < self.now:
            heapq.heappush(self.heap, Turn(moment, next(self.numbers), case))

    def _take(self, turn: Turn, scene: Scene | None) -> None:
        with clock.at(turn.moment):
            if turn.case is None:
                living = self._open(turn.moment, scene)
            else:
                living = turn.case
                refusal = steps.next_step(living, self)
                if refusal:
                    self.refused[refusal] += 1
                    return
        delay = steps.delay(living, self.rng)
        if delay is not None:
            after = turn.moment + delay
            self._push(after if living.urgent else fates.working(after), living)

    def _open(self, moment: datetime, scene: Scene | None) -> "steps.Living":
        place = self._place(scene)
        case_type = scene.case_type if scene else self._type(moment)
        urgent = case_type in URGENT
        fate = scene.fate() if scene else fates.draw(self.rng, urgent=urgent)
        language = scene.language if scene else self.rng.choices(("zh-hans", "bo"), (66, 34))[0]
        channel = self._channel(scene)
        pictures = self._pictures(case_type, fate, mended=False)
        opened = cases.open_case(
            actor=RESIDENT, case_type=case_type, channel=channel, language=language,
            idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
            words=scene.words if scene else self.sayings.report(case_type, language),
            place_id=place.id, lon=place.lon, lat=place.lat,
            contact=self._contact(), attachments=pictures,
            share_words=self.rng.random() < 0.3,  # noqa: PLR2004
        )  # fmt: skip
        living = steps.Living(
            opened.case_uuid, Actor("resident", opened.receipt_id), case_type, fate, urgent, moment
        )
        self._hold(living, place, scene)
        return living

    def _hold(self, living: "steps.Living", place: PlaceInfo, scene: Scene | None) -> None:
        """Recent reports of the demo street mostly wait at its desk, so that there is work."""
        recent = living.opened > self.now - QUIET
        ours = f"/{self.own_desk}/" in areas.area(place.grid_id).path
        if scene is None and recent and ours and self.rng.random() < 0.8:  # noqa: PLR2004
            living.fate.stops = frozenset({"received", "accepted"})

    def _place(self, scene: Scene | None) -> PlaceInfo:
        """Anywhere, but scenes at the demo street's own desk."""
        while True:
            place = self.rng.choices(self.places, self.weights)[0]
            chain = [one.code for one in areas.ancestors(areas.area(place.grid_id).path)]
            if scene is None or (STREET in chain and DESK not in chain):
                return place

    def _type(self, moment: datetime) -> str:
        """Ice and cold radiators in winter only."""
        while True:
            found = self.sayings.case_type()
            cold = found.startswith("heat.") or found == "road.ice"
            if not cold or found == "heat.gas" or moment.month in {10, 11, 12, 1, 2, 3}:
                return found

    def _channel(self, scene: Scene | None) -> str:
        if scene:
            return scene.channel
        return self.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]

    def _contact(self) -> ContactData | None:
        """A number of a range that is given to nobody, on most reports."""
        if self.rng.random() < 0.35:  # noqa: PLR2004
            return None
        return ContactData(phone=f"0891-555{self.rng.randrange(10_000):04}")

    def _pictures(self, case_type: str, fate: Fate, *, mended: bool) -> list[UUID]:
        if not fate.photo or self.photos <= 0:
            return []
        self.photos -= 1
        group = case_type.partition(".")[0]
        drawn = drawings.draw(group, mended=mended, rng=self.rng)
        return [cases.add_attachment(drawn, actor=RESIDENT, kind="photo")]

    def after_pictures(self, living: "steps.Living") -> list[str]:
        """A picture of the mended thing, where there was one of the matter."""
        return [str(one) for one in self._pictures(living.case_type, living.fate, mended=True)]


def _weight(place: PlaceInfo) -> float:
    code = areas.area(place.grid_id).code
    if code.startswith(STREET[:9]):
        return WEIGHTS.get(code[:12], STREET_WEIGHT)
    return 1.0


def _attend(moment: datetime) -> None:
    """The engine's own round: warnings, breaches, resumptions, closing without a rating."""
    with clock.at(moment):
        for _round in range(20):
            if not cases.due_now(500):
                return
