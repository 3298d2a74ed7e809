"""Cases that belong together: what joining, parting or splitting them means for one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks
from lingka.cases.declaring import UNIT, Needs, a_kind, by_option_of, declares
from lingka.cases.definitions import Workflow
from lingka.cases.effects import HANDLED, facts_with, start_clock
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.cases.world import World
from lingka.core.ids import uuid7
from lingka.core.problems import Problem

MERGED = "merged"  # how an assignment ended
# Of what the other case has to be, said as the effect's argument; without one, of any fitting kind.
LIKE, LIKE_ONCE_TAKEN_ON = "like", "like_once_taken_on"
KEPT = (  # what an end makes forget
    "ruling", "dispute", "escalated", "supervised", "meeting", "asked", "extension",
)  # fmt: skip
IN_PUBLIC = "promise"  # a clock: a day that was named to everybody


def _only(argument: Any, _needs: Needs, _workflow: Workflow) -> bool:
    return argument is None or str(argument) in {LIKE, LIKE_ONCE_TAKEN_ON}


@declares(_only, into="case")
def merge_into(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Another case goes on for this one; whoever worked on this need not any more.

    How it stood is kept for some days, in case the two turn out to be two matters after all.
    """
    ended = tuple(
        one if one["ended"] else {**one, "ended": clocks.text(deed.now), "how": MERGED}
        for one in state.assignments
    )
    until = deed.now + timedelta(days=deed.world.reopen_days(state))
    left = {
        "state": (deed.before or state).state,
        "clocks": [name for name, one in state.clocks.items() if not one["stopped"]],
        "paused": {name: dict(one) for name, one in state.clocks.items() if one["paused"]},
        "facts": {name: state.facts[name] for name in KEPT if name in state.facts},
        "until": clocks.text(until),
    }
    state = replace(state, assignments=ended)
    return facts_with(state, into=deed.data["into"], merged_from=left)


@declares(guarded="merge_can_be_undone")
def part_again(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """As it stood before it was merged. What was promised to the resident counts on as if nothing
    had been; what colleagues owe each other begins anew, since nobody could work on it meanwhile.
    """
    left = state.facts["merged_from"]
    again = tuple(
        {name: value for name, value in one.items() if name != "how"} | {"ended": None}
        if one.get("how") == MERGED
        else one
        for one in state.assignments
    )
    facts = {"into": None, "merged_from": None, "rounds_before": deed.world.rounds_rated(state)}
    told = state.facts.get("told_before", 0) + deed.world.version_told(state.facts["into"])
    held = _still_meant(left["facts"], deed)
    state = facts_with(replace(state, assignments=again), **held, **facts, told_before=told)
    promised = deed.world.workflow(state).promised | {IN_PUBLIC}
    for name in left["clocks"]:
        if name == "extension" and name not in held:
            continue
        if name in promised:
            still = left.get("paused", {}).get(name, {})  # it waits on since the question was asked
            clock = {**state.clocks[name], "stopped": None, **still}
            clock = clocks.recompute(clock, deed.world.calendar_of(clock))
            state = replace(state, clocks={**state.clocks, name: clock})
        else:
            state = start_clock(state, deed, name)
    return state


def promise_along(case: CaseState, other: CaseState, world: World) -> clocks.Clock | None:
    """The clock of a day that was promised in public for a merged case, for that which goes on: it
    reminds whoever has it now. None where nothing runs, or a day before it is promised already."""
    left = case.facts["merged_from"]
    if IN_PUBLIC not in left["clocks"] or other.stage not in HANDLED:
        return None
    still = left.get("paused", {}).get(IN_PUBLIC, {})
    clock = {**case.clocks[IN_PUBLIC], "stopped": None, **still}
    own = other.clocks.get(IN_PUBLIC)
    if own and not own["stopped"] and own["due"] <= clock["due"]:
        return None
    return _as_it_stands(clock, other, world)


def promise_back(
    carried: clocks.Clock | None, own: clocks.Clock, other: CaseState, world: World
) -> clocks.Clock | None:
    """The clock of the case that goes on when what was merged with it leaves: that of its own
    promise again, or stopped. None where no promise came along, or another has taken its place."""
    now = other.clocks.get(IN_PUBLIC)
    if not carried or not now or now["stopped"] or now["started"] != carried["started"]:
        return None
    if not own or own["stopped"]:
        return clocks.stop(dict(now), world.now)
    return _as_it_stands(own, other, world)


def _as_it_stands(clock: clocks.Clock, state: CaseState, world: World) -> clocks.Clock:
    """Waiting where the case waits, running where it does not."""
    waits = state.facts.get("asked") or state.facts.get("resume_on")
    turned = clocks.pause if waits else clocks.resume
    return turned(clock, world.now, world.calendar_of(clock))


def _still_meant(facts: Mapping[str, Any], deed: Deed) -> dict[str, Any]:
    """What was asked before, but for more time until a day that has passed."""
    asked = facts.get("extension")
    late = asked and clocks.moment(asked["until"]) <= deed.now
    return {name: one for name, one in facts.items() if not (late and name == "extension")}


@declares(case_type="type", unit=UNIT, note="text")
def split_off(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """One more part, which gets a row and a history of its own in the same transaction."""
    return facts_with(state, parts=[*state.facts.get("parts", ()), str(uuid7())])


@declares(by_option_of("caller"), caller="choice", note="text")
def open_call(state: CaseState, deed: Deed, kinds: Mapping[str, str]) -> CaseState:
    """A part of another kind: a call, by the desk that calls for whoever was chosen to."""
    return ask_for(state, deed, kinds.get(deed.data["caller"], ""))


@declares(a_kind, note="text")
def ask_for(state: CaseState, deed: Deed, kind: str) -> CaseState:
    """The same where only one can be asked to call."""
    if not deed.world.can_be_a_part(kind):
        message = _("Nobody here calls in this way. Please choose another one.")
        raise Problem("no_call", message, field="caller", status=409)
    state = split_off(state, deed, None)
    return facts_with(state, call=state.facts["parts"][-1])


def called(effects: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The kind of call that these effects ask for, if they ask for one."""
    kind: str = effects.get("ask_for") or effects.get("open_call", {}).get(given.get("caller"), "")
    return kind


def kinds_called(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Every kind of case that an action of this workflow asks for as a call: action and kind."""
    for action in workflow.actions.values():
        effects = dict(action.effects)
        asked = [*effects.get("open_call", {}).values(), effects.get("ask_for")]
        yield from ((action.key, kind) for kind in asked if kind)


EFFECTS: dict[str, Effect] = {
    function.__name__: function
    for function in (merge_into, part_again, split_off, open_call, ask_for)
}
