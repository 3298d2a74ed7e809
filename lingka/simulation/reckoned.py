"""What a run has to show, reckoned from what its people did: case by case, in plain Python.

The simulator tells each deed as it does it; here a second, small bookkeeping follows: what state a
case is in by its workflow's text, which deadlines run, what the resident said. It uses none of the
engine's code for states, clocks, receivers or rates, and never asks what the engine made of a deed.
`checked` then lays both side by side. What the engine does by itself (closing what nobody rated,
waking what was suspended, dropping the parts of what was withdrawn) is foretold by the clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from lingka.cases import parts
from lingka.core import datafiles
from lingka.simulation import known
from lingka.simulation.reckoned_clock import Tick
from lingka.simulation.reckoned_time import Office

Data = Mapping[str, Any]
CLOSED, SUSPENDED, MERGED, NEVER = "closed", "suspended", "merged", float("inf")
AWAITED = frozenset({"intake", "dispatch", "handling", SUSPENDED})  # stages in which units come
SECOND_RETURN = 2  # the level above rules then
PROMISE = "promise"  # the deadline of a day that everybody was told


@cache
def types() -> Data:
    found: Data = datafiles.read(parts.DATA / "case_types.yaml")["types"]
    return found


@cache
def deadlines() -> Data:
    found: Data = datafiles.read(parts.DATA / "deadlines.yaml")
    return found


@dataclass
class Round:
    """Handled once: its deadline, and what residents said of it."""

    resolve: Tick | None = None
    said: dict[str, tuple[bool, str]] = field(default_factory=dict)  # who: solved, satisfied


@dataclass(frozen=True)
class Left:
    """How a case stood when it was merged: state, running deadlines, those that stood still."""

    state: str
    clocks: list[str]
    still: Mapping[str, tuple[int | None, int, int]]
    asked: bool


@dataclass
class Rhythm:
    """When the engine acts by itself: so many seconds after the begin, again and again."""

    begin: int
    look: int
    deliver: int

    def next(self, at: float, every: int) -> float:
        """The first such moment that is not before another one."""
        passed = max(at - self.begin, 1)
        return self.begin + -(-passed // every) * every


class Matter:
    """One case."""

    def __init__(
        self, office: Office, rhythm: Rhythm, case_type: str, at: float, channel: str = "",
        *, is_part: bool = False,
    ) -> None:  # fmt: skip
        self.office, self.rhythm, self.case_type, self.opened = office, rhythm, case_type, at
        self.is_part = is_part
        self.flow = known.flows()[types()[case_type]["workflow"]]
        self.clocks: dict[str, Tick] = {}
        self.every: list[Tick] = []
        self.rounds = [Round()]
        self.first_contact: Tick | None = None
        self.kept: dict[str, Any] = {}  # what was chosen, by name
        self.lead: int | None = None
        self.helping: set[int] = set()
        self.returns = 0
        self.asked = False
        self.until, self.asks_until = NEVER, 0.0  # suspended until; more time asked until
        self.before = self.ended = ""
        self.changed = at
        self.parts: list[Matter] = []
        self.whole_ended = NEVER
        self.council = ""  # the kind of case that was opened for it, having grown too large
        self.grid, self.also = "", dict[Any, str]()  # where it is; where what it goes on for was
        self.merged_from: Left | None = None
        self.along: dict[Any, tuple[Tick, Tick | None]] = {}  # days promised for what was merged
        self.grade = self._first_grade()
        self.state = self.flow.get("begins", {}).get(channel, self.flow["initial"])
        self.start(self.flow["states"][self.state].get("clock", ""), at)
        self._effects(self.flow.get("on_open", ()), at, {}, None)

    # -- states -------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        return str(self.flow["states"][self.state]["stage"])

    @property
    def left_out(self) -> str:
        if self.is_part:
            return "part"
        return self.ended if self.ended in {"declined", "withdrawn", "merged"} else ""

    # -- grades -------------------------------------------------------------------------------

    def _first_grade(self) -> int:
        """The grade that names its kind, else the lowest."""
        kinds = {self.case_type, self.case_type.partition(".")[0]}
        grades = enumerate(self.flow.get("grades", ()))
        return next((at for at, one in grades if kinds & set(one.get("types", ()))), 0)

    def climb(self) -> None:
        """As high as its thresholds let it; `late` counts whether, not how often, it was told."""
        grades = self.flow.get("grades", ())
        while self.stage != CLOSED and self.grade + 1 < len(grades):
            resolve = self.clocks.get("resolve")
            counted = {
                "late": bool(resolve and resolve.late), "redone": len(self.rounds) - 1,
                "refused": self.returns, "grids": len({self.grid, *self.also.values()}),
            }  # fmt: skip
            climbs = grades[self.grade]["climbs"].items()
            if not any(counted[name] >= most for name, most in climbs):
                return
            self.grade += 1

    def to_council(self) -> str:
        """The kind of case that its grade opens, once; mostly none."""
        grades = self.flow.get("grades", ())
        if self.council or not grades:
            return ""
        seen = types()[self.case_type].get("publication", "")
        self.council = str(grades[self.grade].get("opens", {}).get(seen, ""))
        return self.council

    def called(self, action: str, data: Data) -> str:
        """The kind of case that asking for a call opens."""
        named = dict(map(_named, self.flow["actions"][action].get("effects", ())))
        return str(named.get("ask_for") or named["open_call"][data["caller"]])

    # -- deeds --------------------------------------------------------------------------------

    def act(self, key: str, at: float, data: Data, unit: int | None) -> None:
        """Somebody does something; `unit` is the one they act for."""
        action = self.flow["actions"][key]
        before, to = self.state, action.get("to") or self.state
        self.came_from, self.state = before, self.before if to == "@before" else to
        self._effects(action.get("effects", ()), at, data, unit)
        if self.state != before:
            self._moved(before, at)
        self._wait_no_longer(at)
        self.climb()
        self.changed = at

    def _wait_no_longer(self, at: float) -> None:
        """A unit's own deadlines end with its part in the case, and when the case is said done."""
        there = {self.lead, *self.helping} if self.stage in AWAITED else set()
        for name in self.clocks:
            unit = name.partition(":")[2]
            if unit and int(unit) not in there:
                self.stop(name, at)

    def _moved(self, before: str, at: float) -> None:
        left, here = self.flow["states"][before], self.flow["states"][self.state]
        if left["stage"] != here["stage"]:  # what is archived ended before
            self.ended = self.state if here["stage"] == CLOSED else ""
        if here["stage"] == SUSPENDED:
            self.before = before
            return
        if left["stage"] == SUSPENDED and not here.get("final"):
            return
        if before == MERGED and not here.get("final"):
            return  # it stands as it stood
        self.stop("extension", at)
        if self.asked and not self._can("hear_resident"):
            self.hear_resident(at, {}, None)
        self._clock_of_state(left.get("clock", ""), here.get("clock", ""), at)
        if here.get("final"):
            self._over(at)

    def _clock_of_state(self, left: str, here: str, at: float) -> None:
        own = self._own_clocks() if left != here else set()
        if left in own:
            self.stop(left, at)
        if here in own:
            self.start(here, at)

    def _over(self, at: float) -> None:
        """It ends: no clock runs any more, and its parts are dropped with it."""
        for name in self.clocks:
            self.stop(name, at)
        self.asked, self.until, self.before = False, NEVER, self.merged_from_state()
        for part in self.parts:
            part.whole_ended = at

    def _own_clocks(self) -> set[str]:
        """Deadlines of one state; those that the report starts run across states."""
        every = {one.get("clock", "") for one in self.flow["states"].values()}
        return every - self._begun_across() - {""}

    def _begun_across(self) -> set[str]:
        """Deadlines that the report starts: what is promised to whoever reported it."""
        begun = map(_named, self.flow.get("on_open", ()))
        return {argument for name, argument in begun if name == "start_clock"}

    def _can(self, effect: str) -> bool:
        """Whether anything that starts here has this effect."""
        return any(
            effect in [_named(each)[0] for each in one.get("effects", ())]
            for one in self.flow["actions"].values() if self._from(one)
        )  # fmt: skip

    def _from(self, action: Data) -> bool:
        starts = action["from"]
        if starts == "open":
            return not self.flow["states"][self.state].get("final")
        return not starts or self.state in starts

    # -- what the engine does by itself ---------------------------------------------------------

    def until_now(self, now: float) -> None:
        """Let everything happen that happens by itself before a moment."""
        while (at := self._attention()) <= now:
            if at >= self._dropped():
                self.act("drop", at, {}, None)
            elif self.until <= at:
                self.act("resume", at, {}, None)
            elif own := self._by_itself(at):
                self.act(own, at, {}, None)
            else:
                for one in self.clocks.values():
                    one.look(at)
                self.climb()

    def _attention(self) -> float:
        """The next moment at which there is something to do."""
        dues = [one.due for one in self.clocks.values() if one.runs and not one.late]
        soonest = max(min([*dues, self.until]), self.changed)  # what was looked at was as it stood
        looked = self.rhythm.next(soonest, self.rhythm.look) if soonest < NEVER else NEVER
        return min(looked, self._dropped())

    def _dropped(self) -> float:
        if self.whole_ended == NEVER or self.stage == CLOSED:
            return NEVER
        return self.rhythm.next(self.whole_ended, self.rhythm.deliver)

    def _by_itself(self, at: float) -> str | None:
        """What nobody but the engine does here, once the state's deadline is over."""
        clock = self.clocks.get(self.flow["states"][self.state].get("clock", ""))
        if clock is None or not clock.runs or clock.due > at:
            return None
        alone = (
            key for key, one in self.flow["actions"].items()
            if one["by"] == ["system"] and self._from(one)
            and not any(need.get("required", True) for need in one.get("needs", ()))
        )  # fmt: skip
        return next(alone, None)

    # -- clocks -------------------------------------------------------------------------------

    def start(self, name: str, at: float, due: float | None = None) -> None:
        policy = deadlines()["policies"][types()[self.case_type]["deadlines"]]
        kind = name.partition(":")[0]
        rule = policy.get(kind) or deadlines()["always"].get(kind)
        if rule is None:
            return
        made = Tick.begun(self.office, kind, rule, at)
        if self.asked:
            made.pause(at)
        if due is not None:
            made.agree(due, extended=False)
        before = self.clocks.get(name)
        if before and before.started == made.started:  # begun twice by one deed: it is one
            self.every.remove(before)
        self.clocks[name] = made
        self.every.append(made)
        if name == "respond" and self.first_contact is None:
            self.first_contact = made
        if name == "resolve":
            self.rounds[-1].resolve = made

    def stop(self, name: str, at: float) -> None:
        if name in self.clocks:
            self.clocks[name].stop(at)

    def _effects(self, effects: Any, at: float, data: Data, unit: int | None) -> None:
        for one in effects:
            name, argument = _named(one)
            if name == "start_clock":
                self.start(argument, at)
            elif name == "stop_clock":
                self.stop(argument, at)
            elif name in WITH_A_NAME:
                WITH_A_NAME[name](self, at, data, argument)
            elif name in EFFECTS:
                EFFECTS[name](self, at, data, unit)

    # -- effects, by the names that workflows give them -----------------------------------------

    def due_on(self, at: float, data: Data, name: str) -> None:
        self.start(name, at, _seconds(data["until"]))

    def keep(self, _at: float, data: Data, name: str) -> None:
        self.kept[name] = data.get(name)

    def start_where(self, at: float, _data: Data, given: Any) -> None:
        if self.kept.get(given["fact"]) == given["is"]:
            for name in given["clocks"]:
                self.start(name, at)

    def remember_contact(self, at: float, _data: Data, _unit: int | None) -> None:
        self.stop("respond", at)

    def assign_lead(self, at: float, data: Data, unit: int | None) -> None:
        self.lead = int(data["unit"]) if "unit" in data else unit
        self.stop("ruling", at)

    def release_lead(self, at: float, _data: Data, _unit: int | None) -> None:
        self.lead, self.returns = None, self.returns + 1
        if self.returns >= SECOND_RETURN:
            self.start("ruling", at)

    def open_dispute(self, at: float, _data: Data, _unit: int | None) -> None:
        self.start("ruling", at)

    def end_dispute(self, at: float, _data: Data, _unit: int | None) -> None:
        self.stop("ruling", at)

    def ask_extension(self, at: float, data: Data, _unit: int | None) -> None:
        self.asks_until = _seconds(data["until"])
        self.start("extension", at)

    def grant_extension(self, at: float, _data: Data, _unit: int | None) -> None:
        self.clocks["resolve"].agree(self.asks_until, extended=True)
        self.stop("extension", at)

    def drop_extension(self, at: float, _data: Data, _unit: int | None) -> None:
        self.stop("extension", at)

    def suspend(self, at: float, data: Data, _unit: int | None) -> None:
        self.until = int(_seconds(data["until"]))
        self._pause(at)

    def end_suspension(self, at: float, _data: Data, _unit: int | None) -> None:
        self.until = NEVER
        self._resume(at)

    def ask_resident(self, at: float, _data: Data, _unit: int | None) -> None:
        self.asked = True
        self._pause(at)

    def hear_resident(self, at: float, _data: Data, _unit: int | None) -> None:
        self.asked = False
        self._resume(at)

    def hand_over(self, at: float, data: Data, unit: int | None) -> None:
        if self.asked:  # whoever has it now was asked nothing
            self.hear_resident(at, data, unit)

    def _pause(self, at: float) -> None:
        for one in self.clocks.values():
            one.pause(at)

    def _resume(self, at: float) -> None:
        if not self.asked and self.until == NEVER:
            for one in self.clocks.values():
                one.resume(at)

    def new_round(self, _at: float, _data: Data, _unit: int | None) -> None:
        self.rounds.append(Round())

    def call_units(self, at: float, data: Data, _unit: int | None) -> None:
        lead = int(data["unit"])
        for one in map(int, data.get("units", ())):
            if one not in {lead, *self.helping}:
                self._join(one, at, ("arrive", "help"))
        self.start(f"arrive:{lead}", at)

    def add_co_handler(self, at: float, data: Data, _unit: int | None) -> None:
        self._join(int(data["unit"]), at, ("help",))

    def _join(self, unit: int, at: float, names: tuple[str, ...]) -> None:
        self.helping.add(unit)
        for name in names:
            self.start(f"{name}:{unit}", at)

    def unit_arrived(self, at: float, data: Data, unit: int | None) -> None:
        self.stop(f"arrive:{data.get('helper', unit)}", at)
        self.stop("respond", at)

    def end_help(self, at: float, data: Data, unit: int | None) -> None:
        over = int(data.get("helper", unit or 0))
        self.helping.discard(over)
        for name in [name for name in self.clocks if name.endswith(f":{over}")]:
            self.stop(name, at)

    # -- two that are one -----------------------------------------------------------------------

    def merge_into(self, _at: float, _data: Data, _unit: int | None) -> None:
        """How it stood is kept, in case the two turn out to be two matters after all."""
        runs = {name: one for name, one in self.clocks.items() if one.stopped is None}
        still = {name: (one.paused, one.left, one.due) for name, one in runs.items() if one.paused}
        self.merged_from = Left(self.came_from, list(runs), still, self.asked)

    def merged_from_state(self) -> str:
        return self.merged_from.state if self.merged_from and self.state == MERGED else ""

    def part_again(self, at: float, _data: Data, _unit: int | None) -> None:
        """What was promised counts on as if nothing had been; the rest begins anew."""
        left, self.merged_from, self.before = self.merged_from, None, ""
        if left is None:
            return
        self.asked = left.asked
        promised = self._begun_across() | {PROMISE}
        for name in left.clocks:
            if name in promised:
                again = self.clocks[name]
                again.stopped = None
                if name in left.still:
                    again.paused, again.left, again.due = left.still[name]
            elif name != "extension" or self.asks_until > at:
                self.start(name, at)

    def take_promise(self, one: "Matter", key: object, at: float) -> None:
        """The day promised for what was merged with this reminds here too, the earliest first."""
        left, mine = one.merged_from, self.clocks.get(PROMISE)
        if left is None or PROMISE not in left.clocks or self.stage not in AWAITED:
            return
        made = replace(one.clocks[PROMISE], stopped=None)
        if PROMISE in left.still:
            made.paused, made.left, made.due = left.still[PROMISE]
        if mine and mine.stopped is None and mine.due <= made.due:
            return
        self.along[key] = made, mine
        same = (made.name, made.started)
        self.every = [*(old for old in self.every if (old.name, old.started) != same), made]
        self._remind_by(made, at)

    def give_back_promise(self, key: object, at: float) -> None:
        made, mine = self.along.pop(key, (None, None))
        if made and self.clocks[PROMISE] is made and made.stopped is None:
            if mine and mine.stopped is None:
                self._remind_by(mine, at)
            else:
                made.stop(at)

    def _remind_by(self, tick: Tick, at: float) -> None:
        self.clocks[PROMISE] = tick
        waits = self.asked or self.until != NEVER
        (tick.pause if waits else tick.resume)(at)

    def supervise(self, at: float, data: Data, _unit: int | None) -> None:
        self.start("supervise", at, _seconds(data["until"]))

    def answer_supervision(self, at: float, _data: Data, _unit: int | None) -> None:
        self.stop("supervise", at)

    def raise_grade(self, _at: float, _data: Data, _unit: int | None) -> None:
        self.grade += 1


Doing = Callable[[Matter, float, Data, Any], None]
WITH_A_NAME: Mapping[str, Doing] = {
    one.__name__: one for one in (Matter.due_on, Matter.keep, Matter.start_where)
}
EFFECTS: Mapping[str, Doing] = {
    one.__name__: one
    for one in (
        Matter.remember_contact, Matter.assign_lead, Matter.release_lead, Matter.open_dispute,
        Matter.end_dispute, Matter.ask_extension, Matter.grant_extension, Matter.drop_extension,
        Matter.suspend, Matter.end_suspension, Matter.ask_resident, Matter.hear_resident,
        Matter.new_round, Matter.call_units, Matter.add_co_handler, Matter.unit_arrived,
        Matter.supervise, Matter.answer_supervision, Matter.raise_grade, Matter.merge_into,
        Matter.part_again, Matter.hand_over,
    )
} | {
    "claim": Matter.assign_lead, "co_reported": Matter.end_help, "co_refused": Matter.end_help,
    "excuse": Matter.end_help,
}  # fmt: skip


def _named(effect: Any) -> tuple[str, Any]:
    return next(iter(effect.items())) if isinstance(effect, Mapping) else (str(effect), None)


def _seconds(given: Any) -> float:
    return datetime.fromisoformat(str(given)).timestamp()
