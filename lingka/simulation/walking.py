"""One case's life: who does what next, by the plan's ways and the engine's rules."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import actions as cases
from lingka.cases import permissions, rows
from lingka.cases.definitions import Action, Workflow
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import permitted
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.simulation import reckoned
from lingka.simulation.giving import Hand, drawn
from lingka.simulation.plan import NOTHING, Way
from lingka.simulation.pools import Job, Pool, Steps
from lingka.simulation.reckoning import Deed

if TYPE_CHECKING:
    from lingka.simulation.running import Simulation

RESIDENT = Actor("resident")
RESIDENTS = ("reporter", "follower")
MINUTES = 60.0
DAY = 24 * MINUTES
HELPS = ("arrive", "note_arrival", "co_report", "excuse")  # of a unit that is called besides
LATER, PATIENCE = 4 * MINUTES, 12  # how often a helper looks whether it can report
TRIES = 4  # of what leads on, before it is left until tomorrow
CURED = frozenset({"reopenable", "too_early"})  # refusals that time alone takes away
PARTS = frozenset({"split_off", "open_call", "ask_for"})  # effects that make a case of their own
ENGINE = "system"
STANDS = ("state", "lead_unit_id", "desk_area_id")  # what a job found when it was asked for


@dataclass(frozen=True)
class Report:
    """What somebody is about to report; drawn before anything is known of the staff."""

    number: int
    at: float  # minutes since the begin
    case_type: str
    place: PlaceInfo
    channel: str
    language: str
    joined: int  # so many neighbours say: me too
    words: str


@dataclass
class Visit:
    """A stay in one state: what is done besides, and what leads on."""

    state: str
    round: int
    first: list[str]
    then: Way
    tries: int = 0


def _as_grave(its: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    """A hazard goes on only as one of its level, and on the public list where it was there."""
    listed = "listed" in its or "listed" not in mine
    return its.get("level") == mine.get("level") and listed


@dataclass
class Life:
    """One case from its report on, and what its people draw."""

    sim: "Simulation"
    report: Report
    uuid: UUID = field(init=False)
    reporter: Actor = field(init=False)
    followers: list[Actor] = field(default_factory=list)
    visit: Visit | None = None
    against: int | None = None  # a unit whose duty list spoke against it
    refused_by: list[int] = field(default_factory=list)
    helper: int | None = None  # the unit that a side process acts for
    into: UUID | None = None  # the case that this one was last merged with
    helped: dict[tuple[int, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.env, self.plan, self.town = self.sim.env, self.sim.plan, self.sim.town
        seed = f"{self.plan.seed}:life:{self.report.number}"
        self.rng = random.Random(seed)  # noqa: S311 - a likeness

    # -- time -------------------------------------------------------------------------------

    def live(self) -> Steps:
        """From the report until nobody will do anything any more."""
        yield self.env.timeout(self.report.at - self.env.now)
        self._open()
        yield from self._walked()

    def _walked(self) -> Steps:
        while True:
            case = self.look()
            self._helpers(case)
            step = self._next(case)
            if step == NOTHING:
                if case.stage == "closed":
                    self._leave(case)
                    return
                yield self.env.timeout(self._rest(case))
            elif step:
                yield from self._take(step, case)

    def _leave(self, case: Case) -> None:
        """It is over; who named what was merged follows the case that goes on."""
        del self.sim.lives[self.uuid]
        other = self.sim.lives.get(self.into) if case.state == "merged" and self.into else None
        if other:
            other.followers += [self.reporter, *self.followers]

    def look(self) -> Case:
        return Case.objects.get(uuid=self.uuid)

    def _rest(self, case: Case) -> float:
        """Until the engine has looked at it again; it may have moved it then."""
        if case.wake_at is None:
            return DAY
        return max(self.sim.minutes(case.wake_at) - self.env.now, 0) + self.sim.look_every * 1.5

    def _open(self) -> None:
        told, kind = self.report, catalogue.case_type(self.report.case_type)
        channel = told.channel if kind.comes_by(told.channel) else kind.channels[0]
        with clock.at(self.sim.moment()):
            opened = cases.open_case(
                actor=RESIDENT, case_type=told.case_type, channel=channel,
                language=told.language, words=told.words, place_id=told.place.id,
                lon=told.place.lon, lat=told.place.lat,
                idempotency_key=self._key(),
            )  # fmt: skip
            self.uuid = opened.case_uuid
            self.reporter = Actor("resident", opened.receipt_id)
            for _one in range(told.joined):
                joined = cases.follow_case(
                    self.uuid, actor=RESIDENT, language=told.language, idempotency_key=self._key()
                )
                self.followers.append(Actor("resident", joined.receipt_id))
        self.sim.count.opened(self.uuid, told)
        now, grid = self.sim.moment().timestamp(), areas.area(told.place.grid_id)
        self.sim.reckoning.opened(self.uuid, told.case_type, now, grid.path)
        self.sim.lives[self.uuid] = self

    def _key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    # -- what comes next --------------------------------------------------------------------

    def _next(self, case: Case) -> str:
        """The action to be done next, NOTHING where nobody does any; "" to look again."""
        flow = catalogue.workflow(case.workflow_id)
        now = case.state, case.facts.get("rounds", 0)
        if self.visit is None or (self.visit.state, self.visit.round) != now:
            self.visit = self._enter(flow, case)
        if self.visit.first:
            return self.visit.first.pop(0)
        if self.visit.tries >= TRIES:
            self.visit.tries = 0
            return NOTHING
        self.visit.tries += 1
        possible = {
            key: share for key, share in self.visit.then.then.items()
            if key == NOTHING or (key in flow.actions and _starts(flow.actions[key], case.state))
        }  # fmt: skip
        return drawn(self.rng, possible) if sum(map(float, possible.values())) else NOTHING

    def _enter(self, flow: Workflow, case: Case) -> Visit:
        way = self.plan.way(flow.key, case.state)
        first = [
            key for key, chance in way.first.items()
            if key in flow.actions and self.rng.random() < float(chance)
        ]  # fmt: skip
        return Visit(case.state, case.facts.get("rounds", 0), first, way)

    def _take(self, step: str, case: Case) -> Steps:
        """Let one action be done by whoever it falls to, if there is any sense in it."""
        flow = catalogue.workflow(case.workflow_id)
        action = flow.actions[step]
        relation = self._who(action, case, flow)
        wait = self.plan.wait(step, case.case_type)
        leads_on = self.visit is not None and step in self.visit.then.then
        if (wait.mean or not leads_on) and not self._may(action, relation, case):
            return
        if wait.mean:
            yield self.env.timeout(wait.draw(self.rng) * MINUTES)
            case = self.look()
            if not _starts(action, case.state):
                return
        if relation == ENGINE:
            self.perform(action, SYSTEM)
            return
        if relation in RESIDENTS:
            self.perform(action, self.followers.pop(0) if relation == "follower" else self.reporter)
            return
        if step == "report_back" and (running := self._running(case)):
            yield self.env.all_of(running)
        unit = self._unit_for(relation, case)
        if pool := self.town.of(relation, case, unit):
            yield self._asked(pool, action, case, relation)

    def _who(self, action: Action, case: Case, flow: Workflow) -> str:
        """Whose turn it is of those who may: the plan's word, whoever has the case, the first."""
        named, owner = self.plan.relation(action.key), flow.states[case.state].owner
        if named == ENGINE in action.by:
            return ENGINE
        able = [one for one in action.by if one != ENGINE]
        if "on_the_case" in able and owner not in RESIDENTS:
            able.insert(0, owner)
        first = [one for one in (named, owner) if one in able]
        return next((one for one in (*first, *able) if self._reached(one, case)), "")

    def _reached(self, relation: str, case: Case) -> bool:
        """Whether anybody stands in this relation."""
        return relation in RESIDENTS or bool(
            self.town.of(relation, case, self._unit_for(relation, case))
        )

    def alike(self, case: Case) -> Case | None:
        """An open case of the same desk with which this one may go on: the likest first."""
        open_ones = Case.objects.exclude(stage="closed").exclude(uuid=self.uuid).filter(
            workflow_id=case.workflow_id, desk_area_id=case.desk_area_id
        )  # fmt: skip
        seen = reckoned.types()[case.case_type].get("publication")
        found = [
            one for one in open_ones.order_by("opened_at", "id")
            if type(self.sim.lives.get(one.uuid)) is Life
            and reckoned.types()[one.case_type].get("publication") == seen
            and _as_grave(one.facts, case.facts)
        ]  # fmt: skip
        found.sort(key=lambda one: (one.case_type != case.case_type, one.grid_id != case.grid_id))
        return next(iter(found), None)

    def _unit_for(self, relation: str, case: Case) -> int | None:
        if relation == "claimant":
            near = self.town.near(self.plan.body["claimants"], case.area_path)
            return self.rng.choice(near) if near else None
        if relation == "called_unit":
            called = [one["unit"] for one in case.assignments]
            return self.rng.choice(called) if called else None
        return self.helper if relation == "co_handler" else None

    def _may(self, action: Action, relation: str, case: Case) -> bool:
        """Whether somebody of these may do it now, or when enough time has passed."""
        who, joins = self._somebody(relation, case), {need.kind for need in action.needs} & {"case"}
        if who is None or (joins and self.alike(case) is None):
            return False
        with clock.at(self.sim.moment()):
            state, flow = rows.state_of(case), catalogue.workflow(case.workflow_id)
            related = permissions.relations(case, state, who)
            verdict = permitted(flow, state, action, related)
        return bool(verdict) or getattr(verdict, "code", "") in CURED

    def _somebody(self, relation: str, case: Case) -> Actor | None:
        """One of those in a relation, for all of them."""
        if relation == ENGINE:
            return SYSTEM
        if relation in RESIDENTS:
            return self.reporter if relation == "reporter" else next(iter(self.followers), None)
        pool = self.town.of(relation, case, self._unit_for(relation, case))
        if pool is None or not pool.actors:
            return None
        return self._person(relation, case) or pool.actors[0]

    def _person(self, relation: str, case: Case) -> Actor | None:
        """Who alone can do it: a lead is named in person."""
        if relation != "named_lead":
            return None
        pool, leader = self.town.of(relation, case), case.facts.get("leader")
        return next((one for one in pool.actors if one.id == leader), None) if pool else None

    # -- doing ------------------------------------------------------------------------------

    def _asked(self, pool: Pool, action: Action, case: Case, relation: str) -> Any:
        stood = [getattr(case, name) for name in STANDS]

        def begin() -> float | None:
            now = Case.objects.values_list(*STANDS).get(uuid=self.uuid)
            if list(now) != stood:
                self.sim.count.stale += 1
                return None
            return self.plan.work(action.key, case.case_type).draw(self.rng)

        job = Job(
            begin, lambda actor: self.perform(action, actor), self.env.event(),
            urgent=case.urgent, person=self._person(relation, case),
        )  # fmt: skip
        return pool.ask(job)

    def perform(self, action: Action, actor: Actor) -> bool:
        """Do it by the real engine; a refusal is counted, and the case looked at again."""
        case = self.look()
        with clock.at(self.sim.moment()):
            hand = Hand(self, case, action)
            try:
                data = hand.fill()
                done = cases.perform(self.uuid, action.key, actor=actor, data=data)
            except (PermissionRefused, Problem) as error:
                self._refused(action, case, error, hand.lead)
                return False
        self.sim.count.acted(self.uuid, case, action.key, done.state)
        self._reckon(action, actor, data)
        if self.visit:
            self.visit.tries = 0
        if done.state != case.state:
            self.visit = None
        return True

    def _reckon(self, action: Action, actor: Actor, data: Mapping[str, Any]) -> None:
        """Tell the plan's own books; a part that was split off gets a life of its own."""
        unit, books = self.town.acts_for.get(actor.post or 0), self.sim.reckoning
        now = self.sim.moment().timestamp()
        deed = Deed(action.key, now, f"{actor.kind}{actor.id}", unit, data)
        if kind := books.acted(self.uuid, deed):
            self.before_council(kind, now)
        effects = {name for name, _argument in action.effects}
        if "hand_over" in effects:
            self._hand_over()
        if PARTS & effects:
            part = UUID(self.look().facts["parts"][-1])
            side = Part(self, part, books.parted(self.uuid, part, deed), len(self.helped))
            self.helped[0, str(part)] = self.env.process(side.live())
        if (
            self.into
            and "merge_into" in effects
            and (kind := books.merged(self.uuid, self.into, now))
        ):
            self.sim.lives[self.into].before_council(kind, now)
        if self.into and "part_again" in effects:
            books.apart(self.uuid, self.into, now)

    def _hand_over(self) -> None:
        """Whoever followed it first is its reporter, and may have rated before."""
        heirs = Receipt.objects.filter(case__uuid=self.uuid, kind="reporter")
        for one in heirs.values_list("id", flat=True):
            self.reporter = Actor("resident", one)
        self.followers = [one for one in self.followers if one.id != self.reporter.id]

    def before_council(self, kind: str, now: float) -> None:
        """It grew too large: a case of its own begins, and lives on beside this one."""
        named = self.look().facts.get("resolution")
        made = UUID(named) if named else self._key()
        self.sim.reckoning.brought(made, kind, now)
        if named:
            side = Part(self, made, kind, len(self.helped))
            self.env.process(side.live())

    def _refused(
        self, action: Action, case: Case, error: PermissionRefused | Problem, unit: int | None
    ) -> None:
        code = error.denied.code if isinstance(error, PermissionRefused) else error.code
        self.sim.count.refused[f"{action.key}: {code}"] += 1
        if code != "duty_list" or unit is None or self.visit is None:
            return
        self.against, flow = unit, catalogue.workflow(case.workflow_id)
        asks = self.rng.random() < float(self.plan.body["supervision"]["exceptions"])
        if asks and "except_duty" in flow.actions:
            self.visit.first.insert(0, "except_duty")
        else:
            self.refused_by.append(unit)

    # -- units that help --------------------------------------------------------------------

    def _helpers(self, case: Case) -> None:
        """Every unit that helps goes its own way beside the lead's."""
        for one in case.assignments:
            key = one["unit"], one["at"]
            known = self.helped.get(key)
            if one["kind"] == "co" and not one["ended"] and not (known and known.is_alive):
                side = Helping(self, one["unit"], len(self.helped))
                self.helped[key] = self.env.process(side.live())

    def _running(self, case: Case) -> list[Any]:
        return [one for one in self.helped.values() if one.is_alive]


class Part(Life):
    """What was split off somebody's case, or grew too large for it: no resident's own."""

    def __init__(self, life: Life, uuid: UUID, case_type: str, number: int) -> None:
        self.sim, self.uuid, self.reporter = life.sim, uuid, RESIDENT
        self.report = replace(life.report, case_type=case_type, at=life.env.now)
        self.followers, self.refused_by, self.helped = [], [], {}
        self.visit, self.against, self.helper, self.into = None, None, None, None
        self.env, self.plan, self.town = life.env, life.plan, life.town
        seed = f"{self.plan.seed}:part:{life.report.number}:{number}"
        self.rng = random.Random(seed)  # noqa: S311 - a likeness

    def live(self) -> Steps:
        self.sim.count.opened(self.uuid, self.report)
        self.sim.lives[self.uuid] = self
        yield from self._walked()


class Helping(Life):
    """A unit's part in somebody else's case: comes, does its part or says why not."""

    def __init__(self, life: Life, unit: int, number: int) -> None:
        self.sim, self.report, self.uuid, self.reporter = (
            life.sim, life.report, life.uuid, life.reporter,
        )  # fmt: skip
        self.followers, self.refused_by, self.helped = [], [], {}
        self.visit, self.against, self.helper, self.into = None, None, unit, None
        self.env, self.plan, self.town = life.env, life.plan, life.town
        seed = f"{self.plan.seed}:help:{life.report.number}:{number}"
        self.rng = random.Random(seed)  # noqa: S311 - a likeness

    def live(self) -> Steps:
        case = self.look()
        flow = catalogue.workflow(case.workflow_id)
        helpers: Mapping[str, float] = self.plan.body["helpers"]
        arriving = (
            ("note_arrival", "arrive") if self.rng.random() < helpers["noted"] else ("arrive",)
        )
        for step in (*arriving, drawn(self.rng, helpers["then"])):  # type: ignore[arg-type]
            if step in flow.actions and self._here(case):
                yield from self._take(step, case)
                case = self.look()
        for _again in range(PATIENCE):
            if not self._here(case):
                return
            yield self.env.timeout(LATER)
            yield from self._take("co_report", self.look())
            case = self.look()
        if self._here(case) and "excuse" in flow.actions:
            yield from self._take("excuse", case)

    def _who(self, action: Action, case: Case, flow: Workflow) -> str:
        helps = "co_handler" in action.by
        return "co_handler" if helps else super()._who(action, case, flow)

    def _here(self, case: Case) -> bool:
        return case.stage == "handling" and any(
            one["unit"] == self.helper and one["kind"] == "co" and not one["ended"]
            for one in case.assignments
        )


def _starts(action: Action, state: str) -> bool:
    return not action.starts or state in action.starts
