"""The level above presses: supervision that must be answered, and a lead who answers by name."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import clocks, grades, rules
from lingka.cases.declaring import MOMENT, declares
from lingka.cases.effects import facts_with, had_hands, start_clock, stop_clock
from lingka.cases.workflow import CaseState, Deed, Effect
from lingka.core.problems import Problem

ANSWER = "supervise"  # the clock by which whoever has the case answers


def due_by(state: CaseState, deed: Deed, name: str) -> CaseState:
    """Start a clock that is due on the day that was named, not by rule."""
    until: datetime = deed.data["until"]
    if until <= deed.now:
        raise Problem(
            "past", _("This day has passed already. Please choose a later one."), field="until"
        )
    state = start_clock(state, deed, name)
    if name not in state.clocks:
        return state
    clock = dict(state.clocks[name])
    agreed = clocks.agree(clock, until, deed.world.calendar_of(clock))
    return replace(state, clocks={**state.clocks, name: agreed})


@declares(reason="choice", until=MOMENT)
def supervise(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Whoever has it owes an answer by a day; unanswered, its clock climbs the tree."""
    asked = {
        "at": clocks.text(deed.now),
        "by": deed.actor.get("id"),
        "unit": state.lead_unit,
        "reason": deed.data["reason"],
        "until": clocks.text(deed.data["until"]),
    }
    times = state.facts.get("supervisions", 0) + 1
    return due_by(facts_with(state, supervised=asked, supervisions=times), deed, ANSWER)


@declares(guarded="answer_is_owed")
def answer_supervision(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    answered = {**state.facts["supervised"], "answered": clocks.text(deed.now)}
    return stop_clock(facts_with(state, supervised=answered), deed, ANSWER)


def end_supervision(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return facts_with(state, supervised=None)


@declares(leader="leader")
def name_leader(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """Somebody whose post covers the place answers for it by name."""
    leader = deed.data["leader"]
    if leader not in deed.world.who_may_lead(state.area_path):
        message = _("Please choose somebody from the list.")
        raise Problem("person", message, field="leader", status=422)
    return facts_with(_replaced(state, deed, leader), leader=leader)


def take_lead(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    return facts_with(_replaced(state, deed, deed.actor["id"]), leader=deed.actor["id"])


def _replaced(state: CaseState, deed: Deed, leader: int) -> CaseState:
    """Who answered for it until now had a hand in it: they and their colleagues do not check it."""
    before = state.facts.get("leader")
    if before is None or before == leader:
        return state
    return had_hands(state, {before}, set(deed.world.units_leading(state.area_path, before)))


def raise_grade(state: CaseState, deed: Deed, _argument: Any) -> CaseState:
    """By hand, where somebody sees before any threshold that this grade cannot solve it."""
    workflow = deed.world.workflow(state)
    grade = grades.of(workflow, state)
    higher = grades.above(workflow, grade) if grade else None
    if higher is None:
        raise Problem("highest", rules.HIGHEST_GRADE, status=409)
    return grades.raised(state, higher, "hand", deed.world)


EFFECTS: dict[str, Effect] = {
    function.__name__: function
    for function in (
        supervise,
        answer_supervision,
        end_supervision,
        name_leader,
        take_lead,
        raise_grade,
    )
}
