"""Named effects of actions: pure functions from (state, deed, argument) to the next state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import callbacks, clocks, grades, rules
from lingka.cases.declaring import MOMENT, UNIT, a_name, declares
from lingka.cases.definitions import Workflow
from lingka.cases.workflow import CaseState, Deed, Effect, had_a_hand
from lingka.core.problems import Problem

PROBLEM_CASE = 3  # redone or moved so many times without success: a problem case
RULING_AFTER = 2  # returns
HANDLED = ("intake", "dispatch", "handling", "suspended")  # stages in which a unit may be awaited
CALLS_ANEW = {"calls": None, "spared": None}  # what a new round forgets of calling back


def facts_with(state: CaseState, **facts: Any) -> CaseState:
    merged = {**state.facts, **facts}
    return replace(state, facts={key: v for key, v in merged.items() if v is not None})


def _clock(state: CaseState, name: str, value: Mapping[str, Any]) -> CaseState:
    return replace(state, clocks={**state.clocks, name: value})


@declares(a_name)
def start_clock(state: CaseState, deed: Deed, name: str) -> CaseState:
    """Start a clock by the case type's deadline policy; a type without that clock has none."""
    kind, unit = clocks.parted(name)
    rule = deed.world.rule(state, kind)
    if rule is None:
        return state
    calendar = deed.world.calendar(unit or state.lead_unit)
    clock = clocks.start(rule, deed.now, calendar)
    if state.facts.get("asked"):  # what starts while the resident is waited for waits too
        clock = clocks.pause(clock, deed.now, calendar)
    return _clock(state, name, clock)


@declares(a_name)
def stop_clock(state: CaseState, deed: Deed, name: str) -> CaseState:
    """Stop a clock; one that stood still is not late for the time it stood."""
    if name not in state.clocks:
        return state
    clock = dict(state.clocks[name])
    if clock["paused"]:
        clock = clocks.resume(clock, deed.now, deed.world.calendar_of(clock))
    return _clock(state, name, clocks.stop(clock, deed.now, deed.occurred))


def stop_all(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    for name in state.clocks:
        state = stop_clock(state, deed, name)
    return state


def pause_clocks(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    for name, clock in state.clocks.items():
        calendar = deed.world.calendar_of(clock)
        state = _clock(state, name, clocks.pause(dict(clock), deed.now, calendar))
    return state


def resume_clocks(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    if state.facts.get("asked") or state.facts.get("resume_on"):
        return state  # it still waits for something else
    for name, clock in state.clocks.items():
        calendar = deed.world.calendar_of(clock)
        state = _clock(state, name, clocks.resume(dict(clock), deed.now, calendar))
    return state


def given_to(state: CaseState, deed: Deed, unit_id: int, *, lead: bool) -> Any:
    """The unit that the case is given to; a Problem that cites the duty list against it."""
    unit = deed.world.unit(unit_id)
    against = deed.world.duty_against(unit.id, state.case_type, lead=lead)
    if against and not _excepted(state, unit.id):
        raise Problem("duty_list", deed.world.cited(unit, *against), field="unit", status=409)
    return unit


def _excepted(state: CaseState, unit: int) -> bool:
    return any(one["unit"] == unit for one in state.facts.get("exceptions", ()))


@declares(unit=UNIT)
def except_from_duty_list(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The level above lets a unit be given what its duty list keeps from it, this once."""
    unit = deed.world.unit(deed.data["unit"])
    against = deed.world.duty_against(unit.id, state.case_type, lead=True)
    if against is None:
        raise Problem("nothing_against", rules.NOTHING_AGAINST, field="unit", status=409)
    duty_list, article = against
    made = {
        "unit": unit.id, "list": duty_list.key, "version": duty_list.version,
        "article": article.number,
    }  # fmt: skip
    return facts_with(state, exceptions=[*state.facts.get("exceptions", ()), made])


@declares(unit=UNIT)
def assign_lead(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Put a unit in charge; the one before is kept in the assignments with how it ended.

    Moved through three units without a lead, it is a problem case at the level above.
    """
    unit = given_to(state, deed, deed.data["unit"], lead=True)
    past = tuple(
        {**one, "ended": clocks.text(deed.now)}
        if one["kind"] == "lead" and not one["ended"]
        else one
        for one in state.assignments
    )
    mine = {"unit": unit.id, "kind": "lead", "at": clocks.text(deed.now), "ended": None}
    moved = state.facts.get("moved", 0) + 1
    state = replace(state, lead_unit=unit.id, assignments=(*past, mine))
    problem = moved > PROBLEM_CASE and not state.facts.get("problem")
    named = state.facts.get("suggested") or {}
    reason = deed.data.get("route") or (named if named.get("unit") == unit.id else {"by": "desk"})
    state = facts_with(state, moved=moved, route=reason, ruling=None, dispute=None)
    state = stop_clock(state, deed, "ruling")
    return climb(facts_with(state, problem=True), deed, None) if problem else state


def release_lead(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The unit in charge hands the case back; the second time the level above rules."""
    ended = tuple(
        {**one, "ended": clocks.text(deed.now), "returned": True}
        if one["kind"] == "lead" and not one["ended"]
        else one
        for one in state.assignments
    )
    returns = state.facts.get("returns", 0) + 1
    state = facts_with(
        replace(state, lead_unit=None, assignments=ended),
        returns=returns,
        returned_by=state.lead_unit,
    )
    if returns < RULING_AFTER:
        return state
    return start_clock(climb(facts_with(state, ruling=True), deed, None), deed, "ruling")


def climb(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Give the case to the desk of the level above, where there is one."""
    above = deed.world.desk_above(state.desk_area)
    return state if above is None else replace(state, desk_area=above)


def remember_handler(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Keep who handled, so that somebody else verifies; with no unit in charge, whose people."""
    person = deed.actor.get("id") if deed.actor["kind"] == "user" else None
    state = had_hands(state, {person}, {deed.unit})
    return facts_with(state, handled_by=person, handled_unit=state.lead_unit or deed.unit)


def had_hands(state: CaseState, people: set[int | None], units: set[int | None]) -> CaseState:
    """These handled it or answered for it by name, and count as such when others follow them."""
    hands = {*state.facts.get("hands", ()), *people} - {None}
    of_units = {*state.facts.get("hand_units", ()), *units} - {None}
    return facts_with(state, hands=sorted(hands) or None, hand_units=sorted(of_units) or None)


def _free_to_look(state: CaseState) -> CaseState:
    """A unit that was named to look again, and had a hand in it since, does not: whoever checks at
    the desk has it then."""
    again = state.facts.get("reinspector")
    if again in had_a_hand(state.assignments, state.facts):
        return facts_with(state, reinspector=None)
    return state


def remember_contact(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return stop_clock(facts_with(state, contacted=clocks.text(deed.now)), deed, "respond")


def open_reopening(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    until = deed.now + timedelta(days=deed.world.reopen_days(state))
    return facts_with(state, reopen_until=clocks.text(until))


@declares(until=MOMENT)
def ask_extension(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    due = _later_than(deed, state)
    asked = {"until": clocks.text(due), "by": deed.actor.get("id"), "unit": deed.unit}
    return start_clock(facts_with(state, extension=asked), deed, "extension")


def _later_than(deed: Deed, state: CaseState) -> datetime:
    due: datetime = deed.data["until"]
    if due <= deed.now:
        raise Problem(
            "past", _("This day has passed already. Please choose a later one."), field="until"
        )
    resolve = state.clocks.get("resolve")
    if resolve is None:
        raise Problem("no_deadline", rules.NO_DEADLINE, status=409)
    if clocks.text(due) <= resolve["due"]:
        raise Problem("earlier", _("This is no later than the present deadline."), field="until")
    return due


@declares(guarded="extension_is_asked")
def grant_extension(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    until = clocks.moment(state.facts["extension"]["until"])
    resolve = dict(state.clocks["resolve"])
    extended = clocks.extend(resolve, until, deed.world.calendar_of(resolve))
    extensions = state.facts.get("extensions", 0) + 1
    state = facts_with(_clock(state, "resolve", extended), extensions=extensions)
    return drop_extension(state, deed, None)


def drop_extension(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return stop_clock(facts_with(state, extension=None), deed, "extension")


@declares(until=MOMENT)
def suspend(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    until: datetime = deed.data["until"]
    if until <= deed.now:
        raise Problem(
            "past", _("This day has passed already. Please choose a later one."), field="until"
        )
    state = facts_with(state, resume_on=clocks.text(until))
    return pause_clocks(state, deed, None)


def end_suspension(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return resume_clocks(facts_with(state, resume_on=None, resume_to=None), deed, None)


def ask_resident(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return pause_clocks(facts_with(state, asked=clocks.text(deed.now)), deed, None)


def hear_resident(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return resume_clocks(facts_with(state, asked=None), deed, None)


def hand_over(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Whoever reported it stops; one who follows it is its reporter now, and was asked nothing."""
    state = facts_with(state, followers=state.facts.get("followers", 0) - 1 or None)
    return hear_resident(state, deed, None) if state.facts.get("asked") else state


def new_round(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Handled anew; the third redoing makes it a problem case at the level above."""
    rounds = state.facts.get("rounds", 0) + 1
    state = facts_with(state, rounds=rounds, reopen_until=None, answers=None, **CALLS_ANEW)
    if rounds >= PROBLEM_CASE:
        state = climb(facts_with(state, problem=True), deed, None)
    return state


def count_reminder(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return facts_with(state, reminders=state.facts.get("reminders", 0) + 1)


@declares(solved="flag", may_ask={"satisfied": frozenset({"choice"})})
def note_answer(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """What the reporter said last: solved or not, satisfied or not."""
    return facts_with(state, solved=deed.data["solved"], satisfied=deed.data.get("satisfied"))


@declares(outcome="choice")
def count_call(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """One more try to reach the resident, and whether these are enough by now."""
    this = {"at": clocks.text(deed.now), "outcome": deed.data["outcome"]}
    tries = [*state.facts.get("calls", {}).get("tries", ()), this]
    return facts_with(state, calls={"tries": tries, "enough": callbacks.enough(tries)})


def spare_call(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """The lot did not fall on this case: nobody calls, and that is told apart from unreached."""
    return facts_with(state, spared=True)


@declares(solved="flag")
def count_answer(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """One more receipt's holder has answered in this round, and what."""
    said = "solved" if deed.data["solved"] else "not_solved"
    answers = {"solved": 0, "not_solved": 0} | state.facts.get("answers", {})
    return facts_with(state, answers=answers | {said: answers[said] + 1})


def settle(workflow: Workflow, before: CaseState, after: CaseState, deed: Deed) -> CaseState:
    """What follows from any move: clocks of the state left and entered, times, the way back."""
    if after.state != before.state:
        after = _change_of_state(workflow, before, after, deed)
    goal = workflow.states[after.state]
    after = _await_no_longer(after, deed, handled=goal.stage in HANDLED)
    closed = clocks.text(deed.now) if goal.stage == "closed" else None
    if closed and before.closed_at:
        closed = before.closed_at
    after = _free_to_look(grades.climbed(workflow, after, deed.world))
    return replace(after, changed_at=clocks.text(deed.now), closed_at=closed)


def _await_no_longer(state: CaseState, deed: Deed, *, handled: bool) -> CaseState:
    """A unit's own clocks end with its part in the case, and when the case is said to be done."""
    there = {one["unit"] for one in state.assignments if handled and not one["ended"]}
    for name, clock in state.clocks.items():
        unit = clocks.parted(name)[1]
        if unit is not None and unit not in there and not clock["stopped"]:
            state = stop_clock(state, deed, name)
    return state


def _change_of_state(
    workflow: Workflow, before: CaseState, after: CaseState, deed: Deed
) -> CaseState:
    left, goal = workflow.states[before.state], workflow.states[after.state]
    if goal.stage == "suspended":
        return facts_with(after, resume_to=before.state)
    if left.stage == "suspended" and not goal.final:
        return after
    if "merged_from" in before.facts and not goal.final:
        return after  # it stands as it stood: who put it so has started what runs
    after = drop_extension(after, deed, None)
    if after.facts.get("asked") and not _hears(workflow, goal.key):
        after = hear_resident(after, deed, None)  # nobody can answer any more
    if left.clock != goal.clock:
        own = workflow.state_clocks
        after = stop_clock(after, deed, left.clock) if left.clock in own else after
        after = start_clock(after, deed, goal.clock) if goal.clock in own else after
    return stop_all(facts_with(after, **WAITS), deed, None) if goal.final else after


def _hears(workflow: Workflow, state: str) -> bool:
    """Can an open question be answered in this state?"""
    answers = (one for one in workflow.actions.values() if state in one.starts)
    return any(("hear_resident", None) in one.effects for one in answers)


WAITS = dict.fromkeys(
    ("asked", "resume_on", "resume_to", "ruling", "dispute", "escalated", "supervised", "meeting")
)

OWN: dict[str, Effect] = {
    function.__name__: function
    for function in (
        start_clock,
        stop_clock,
        stop_all,
        pause_clocks,
        resume_clocks,
        assign_lead,
        except_from_duty_list,
        release_lead,
        climb,
        remember_handler,
        remember_contact,
        open_reopening,
        ask_extension,
        grant_extension,
        drop_extension,
        suspend,
        end_suspension,
        ask_resident,
        hear_resident,
        hand_over,
        new_round,
        count_reminder,
        count_call,
        spare_call,
        note_answer,
        count_answer,
    )
}
