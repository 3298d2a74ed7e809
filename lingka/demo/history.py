"""Months of cases, lived through in order of time by the real engine.

`lingka.demo.retelling` then tells closed ones again until there are as many as a city has.

All open cases stand in one heap by the moment of their next step. The oldest comes first; the
clock is set to its moment, somebody who may does the next thing, and the case goes back into the
heap with a later moment. In between the engine attends to its own deadlines. What would come
after now is never done: these cases are still open.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import actions as cases
from lingka.cases.actions import ContactData
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.demo import drawings, fates, steps, stories, voices
from lingka.demo.fates import Fate
from lingka.demo.organisation import DESK, HOME, STREET, Staff
from lingka.demo.sayings import HOMES, Sayings, pieces
from lingka.demo.scenes import SCENES, Scene
from lingka.units.calendars import WorkCalendar

RESIDENT = Actor("resident")
CHANNELS = {"door": 46, "web": 18, "hotline": 20, "grid_worker": 9, "counter": 4, "letterbox": 3}
WEIGHTS = {HOME: 5, DESK: 3}  # communities that report more than others
STREET_WEIGHT = 2.5
DAY, NIGHT = timedelta(hours=1), timedelta(hours=3)  # how often the engine looks around
AWAKE = range(7, 22)
CONTACT_KEPT = timedelta(days=30)  # what was left longer ago is erased by now
STUCK_AT_MOST = timedelta(days=40)  # supervision finds what lies for longer
REACHABLE = 0.65  # so many leave a number
LANGUAGES = {"zh-hans": 65, "bo": 32, "en": 3}
# Where a place belongs first: the grid of the demo's grid worker, the community's desk, the street.
SPOTS = {"grid": f"{HOME}003", "community": DESK, "street": STREET}
NOWHERE = "nowhere"
JOINED = timedelta(days=9)  # the last days, lived whole
QUIET = timedelta(hours=30)  # so long the demo desk has not looked at its queue
URGENT = {"water.burst", "heat.gas", "light.wire", "road.manhole"}


@dataclass(order=True)
class Turn:
    moment: datetime
    number: int
    case: "steps.Living | stories.Story | None" = field(compare=False)  # None: a new report


@dataclass
class History:
    """The months between `begin` and `now`, with those who act in them."""

    rng: random.Random
    staff: Staff
    places: list[PlaceInfo]
    begin: datetime
    now: datetime
    office: WorkCalendar
    told: Callable[[float], None] = lambda _share: None  # hears how much is done
    heap: list[Turn] = field(default_factory=list)
    numbers: count = field(default_factory=count)  # type: ignore[type-arg]
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.sayings = Sayings(self.rng)
        self.scenes = {self.now - timedelta(hours=one.hours): one for one in SCENES}
        self.sayings.said |= {one.words for one in SCENES}
        self.loved = {place.id: min(self.rng.paretovariate(1.4), 12.0) for place in self.places}
        self.weights = [self.weigh(place) for place in self.places]
        self.lots = fates.Lots(self.rng)
        self.drawn: dict[UUID, str] = {}  # what a file shows
        self.tick = self.begin
        found = {name: areas.area_by_code(code) for name, code in SPOTS.items()}
        self.spots = {name: area.path for name, area in found.items() if area is not None}
        self.sayings.said |= {words for one in stories.told() for words in one["words"]}
        for story in stories.stories(self.begin, self.now):
            self._push(story.opens, story)

    def live(self, openings: list[datetime], until: datetime) -> None:
        """Let time pass up to `until`, with a new report at each of these moments."""
        for moment in openings:
            self._push(moment, None)
        begin = self.tick
        while self.heap and self.heap[0].moment < until:
            if self.heap[0].moment > self.tick:
                _attend(self.tick)
                self.tick += DAY if self.tick.hour in AWAKE else NIGHT
                self.told((self.tick - begin) / (until - begin))
            else:
                turn = heapq.heappop(self.heap)
                self._take(turn, self.scenes.get(turn.moment))
        _attend(until)
        self.tick = max(self.tick, until)

    def weigh(self, place: PlaceInfo) -> float:
        """How much is reported from a place: some are seen by many, and some streets are busy."""
        code = areas.area(place.grid_id).code
        busy = WEIGHTS.get(code[:12], STREET_WEIGHT) if code.startswith(STREET[:9]) else 1.0
        return busy * self.loved[place.id]

    def _push(self, moment: datetime, case: "steps.Living | stories.Story | None") -> None:
        if moment < self.now:
            heapq.heappush(self.heap, Turn(moment, next(self.numbers), case))

    def _take(self, turn: Turn, scene: Scene | None) -> None:
        if isinstance(turn.case, stories.Story):
            self._tell(turn.moment, turn.case)
            return
        with clock.at(turn.moment):
            if turn.case is None:
                living = self._open(turn.moment, scene)
            else:
                living = turn.case
                self._join(living)
                refusal = steps.next_step(living, self)
                if refusal:
                    self.refused[refusal] += 1
                    return
        delay = steps.delay(living, self.rng)
        if delay is not None:
            after = turn.moment + delay
            self._push(after if living.urgent else self._working(after), living)

    def _tell(self, moment: datetime, story: "stories.Story") -> None:
        with clock.at(moment):
            delay = story.go_on(self)
        if delay is not None:
            after = moment + delay
            self._push(self._working(after) if story.waits_for_office(delay) else after, story)

    def _working(self, moment: datetime) -> datetime:
        return fates.working(moment, self.office.is_working_day)

    def _open(self, moment: datetime, scene: Scene | None) -> "steps.Living":
        place = self._place(scene)
        case_type = scene.case_type if scene else self.sayings.case_type(place.kind, moment.date())
        urgent, group = case_type in URGENT, case_type.partition(".")[0]
        fate = scene.fate() if scene else fates.draw(self.rng, self.lots, group, urgent=urgent)
        if moment < self.now - STUCK_AT_MOST:
            fate.stops = frozenset()
        if moment < self.now - JOINED:
            fate.followers = 0  # a case of several cannot be told again
        language = scene.language if scene else _chosen(self.rng, LANGUAGES)
        words = scene.words if scene else self.sayings.report(case_type, language, place.kind)
        reachable = self.rng.random() < REACHABLE
        opened = cases.open_case(
            actor=RESIDENT, case_type=case_type, language=language, words=words,
            channel=scene.channel if scene else _chosen(self.rng, CHANNELS),
            idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
            **_where(place, scene),
            contact=self._contact(moment) if reachable else None,
            attachments=self._files(group, fate, mended=False),
            share_words=self.rng.random() < 0.3,  # noqa: PLR2004
        )  # fmt: skip
        living = steps.Living(
            opened.case_uuid, Actor("resident", opened.receipt_id), case_type, fate, urgent, moment,
            self.rng.getrandbits(30), language, scene.unit if scene else "", reachable,
        )  # fmt: skip
        self._hold(living, place, scene)
        return living

    def _join(self, living: "steps.Living") -> None:
        """Neighbours name the same matter before anything else happens to it."""
        for _one in range(living.fate.followers):
            cases.follow_case(
                living.uuid, actor=RESIDENT, language=_chosen(self.rng, LANGUAGES),
                idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
            )  # fmt: skip
        living.fate.followers = 0

    def _hold(self, living: "steps.Living", place: PlaceInfo, scene: Scene | None) -> None:
        """Recent reports of the demo street mostly wait at its desk, so that there is work."""
        recent = living.opened > self.now - QUIET
        ours = areas.area(place.grid_id).path.startswith(self.spots["street"])
        if scene is None and recent and ours and self.rng.random() < 0.8:  # noqa: PLR2004
            living.fate.stops = frozenset({"received", "accepted"})

    def _place(self, scene: Scene | None) -> PlaceInfo:
        """Anywhere, but scenes where somebody who signs in has to do with them."""
        if scene is None or scene.at == NOWHERE:
            return self.rng.choices(self.places, self.weights)[0]
        there = [place for place in self.places if self._spot(place) == scene.at]
        fitting = [place for place in there if _suits(scene, place.kind)]
        return self.rng.choice(fitting or there)

    def _spot(self, place: PlaceInfo) -> str:
        """Where a place belongs of those that matter to the people on the sign-in sheet."""
        path = areas.area(place.grid_id).path
        return next((name for name, own in self.spots.items() if path.startswith(own)), "")

    def _contact(self, moment: datetime) -> ContactData | None:
        """A number of a range that is given to nobody; old ones are erased by now."""
        if moment < self.now - CONTACT_KEPT:
            return None
        return ContactData(phone=f"0891-555{self.rng.randrange(10_000):04}")

    def _files(self, group: str, fate: Fate, *, mended: bool) -> list[UUID]:
        """A picture and a voice note, as fate has it."""
        made = []
        if fate.photo:
            drawn = drawings.draw(group, mended=mended, rng=self.rng)
            made.append(self._add(drawn, "photo", f"{group} {mended}"))
        if fate.voice and not mended:
            made.append(self._add(voices.hum(self.rng), "voice", "voice"))
        return made

    def _add(self, file: bytes, kind: str, shows: str) -> UUID:
        number = cases.add_attachment(file, actor=RESIDENT, kind=kind)
        self.drawn[number] = shows
        return number

    def after_pictures(self, living: "steps.Living") -> list[str]:
        """A picture of the mended thing, where there was one of the matter."""
        group = living.case_type.partition(".")[0]
        return [str(one) for one in self._files(group, living.fate, mended=True)]


def _where(place: PlaceInfo, scene: Scene | None) -> dict[str, Any]:
    if scene is not None and scene.at == NOWHERE:
        return {}
    return {"place_id": place.id, "lon": place.lon, "lat": place.lat}


def _chosen(rng: random.Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _suits(scene: Scene, kind: str) -> bool:
    if scene.kind:
        return scene.kind == kind
    at = pieces()["types"][scene.case_type]["at"]
    return bool(at == "any" or (at == "home") == (kind in HOMES))


def _attend(moment: datetime) -> None:
    """The engine's own round: warnings, breaches, resumptions, closing without a rating."""
    with clock.at(moment):
        while cases.due_now(500):
            pass
