"""The engine's pure core: what a workflow allows, what an action decides, how a case folds.

`decide` turns a case's state and an action into the changes that one event records; `evolve`
applies an event's changes. Replay never decides again: it applies what was decided, so history
stays readable when rules and code have moved on.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from lingka.cases.definitions import Action, Workflow
from lingka.core.permissions import Allowed, Denied


@dataclass(frozen=True)
class CaseState:
    """Everything of a case that its events decide. JSON values only."""

    case_type: str = ""
    catalogue: int = 0
    workflow: int = 0
    channel: str = ""
    number: str = ""
    state: str = ""
    stage: str = ""
    owner: str = ""
    urgent: bool = False
    grid: int | None = None
    area_path: str = ""
    place: int | None = None
    desk_area: int = 0
    lead_unit: int | None = None
    assignments: tuple[Mapping[str, Any], ...] = ()
    clocks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None
    location: str | None = None
    h3: str | None = None  # in hexadecimal: canonical JSON holds no integer of 64 bits
    opened_at: str = ""
    changed_at: str = ""
    closed_at: str | None = None


Changes = dict[str, Any]


def evolve(state: CaseState, changes: Mapping[str, Any]) -> CaseState:
    """The state after an event. `clocks` and `facts` merge key by key; None removes a fact."""
    merged: dict[str, Any] = dict(changes)
    if "clocks" in changes:
        merged["clocks"] = {**state.clocks, **changes["clocks"]}
    if "facts" in changes:
        facts = {**state.facts, **changes["facts"]}
        merged["facts"] = {key: value for key, value in facts.items() if value is not None}
    if "assignments" in changes:
        merged["assignments"] = tuple(changes["assignments"])
    return replace(state, **merged)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    return tuple(one.name for one in fields(CaseState))


def difference(before: CaseState, after: CaseState) -> Changes:
    """The smallest changes that lead from one state to the other."""
    changes: Changes = {}
    for name in names():
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name in ("clocks", "facts"):
            gone = {key: None for key in old if key not in new} if name == "facts" else {}
            changes[name] = {k: v for k, v in new.items() if old.get(k) != v} | gone
        else:
            changes[name] = list(new) if name == "assignments" else new
    return changes


@dataclass(frozen=True)
class Deed:
    """One action about to be done: who, with what, when, and what the world says."""

    action: Action
    data: Mapping[str, Any]
    actor: Mapping[str, Any]  # {"kind", "id", "post"}
    unit: int | None  # the unit that the actor acts for
    now: datetime
    world: Any  # `cases.world.World`: calendars, areas and policies, read-only
    occurred: datetime | None = None  # by the actor's clock, where that is not now
    pictured: bool = False  # photos came with it
    before: CaseState | None = None  # as it stood, while effects are decided


def permitted(
    workflow: Workflow, state: CaseState, action: Action, relations: frozenset[str]
) -> Allowed | Denied:
    """May somebody who stands in these relations do this now?"""
    from lingka.cases import rules

    if not relations & set(action.by):
        return Denied("relation", rules.NOT_YOURS)
    if action.starts and state.state not in action.starts:
        return Denied("state", rules.NotFrom(workflow.states[state.state].label))
    for name in action.conditions:
        verdict = rules.CONDITIONS[name](state, relations)
        if not verdict:
            return verdict
    return Allowed()


def decide(workflow: Workflow, state: CaseState, deed: Deed) -> Changes:
    """The changes that an action means. Raises Problem where what was given does not do."""
    from lingka.cases import effects, named

    after, deed = _moved(workflow, state, deed), replace(deed, before=state)
    for name, argument in deed.action.effects:
        after = named.EFFECTS[name](after, deed, argument)
    after = effects.settle(workflow, state, after, deed)
    return difference(state, after)


def _moved(workflow: Workflow, state: CaseState, deed: Deed) -> CaseState:
    if deed.action.to is None:
        return state
    target = _interrupted(state) if deed.action.to == "@before" else deed.action.to
    goal = workflow.states[target]
    return replace(state, state=goal.key, stage=goal.stage, owner=goal.owner)


def _interrupted(state: CaseState) -> str:
    """Where it stood before it was suspended, or merged into another."""
    merged: Mapping[str, Any] = state.facts.get("merged_from", {})
    return str(state.facts.get("resume_to") or merged.get("state", ""))


def had_a_hand(
    assignments: Iterable[Mapping[str, Any]], facts: Mapping[str, Any]
) -> frozenset[int]:
    """Every unit that led or helped, if only once, did a part, or whose people reported or answered
    for it by name, if only before somebody else did.

    None of them judges what came of it (roles are separated).
    """
    units = {one["unit"] for one in assignments} | set(facts.get("part_units", ()))
    units |= set(facts.get("hand_units", ()))
    reported = facts.get("handled_unit")
    return frozenset(units | {reported} if reported else units)


def round_of(facts: Mapping[str, Any]) -> int:
    """Which round a rating is of. Those given on a case that it was merged into stay what they
    are: they count before its own."""
    return int(facts.get("rounds", 0)) + int(facts.get("rounds_before", 0))


Effect = Callable[[CaseState, Deed, Any], CaseState]
Condition = Callable[[CaseState, frozenset[str]], Allowed | Denied]
