"""Graded handling: small in the grid, hard together, large by council. Thresholds are data.

A case starts at the first grade, or at the one that names its type, and climbs when a threshold of
its grade is reached. Never down: what was hard does not become easy by being late no more. Where a
grade opens a case of another kind, the first such is noted here and opened by `actions.councils`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lingka.cases.definitions import Grade, Workflow
from lingka.cases.workflow import CaseState, difference, evolve
from lingka.core.ids import uuid7

if TYPE_CHECKING:
    from lingka.cases.world import World


def _late(state: CaseState) -> int:
    """How often it was told that the time for the whole has passed."""
    resolve = state.clocks.get("resolve")
    return int(resolve["level"]) + 1 if resolve and resolve["breached"] else 0


def _grids(state: CaseState) -> int:
    return len({state.grid, *state.facts.get("grids", ())} - {None})


HELPERS = ("services", "duty_lists")  # where units are found that could help

MEASURES: dict[str, Callable[[CaseState], int]] = {
    "late": _late,
    "redone": lambda state: int(state.facts.get("rounds", 0)),
    "refused": lambda state: int(state.facts.get("returns", 0)),
    "grids": _grids,
}


def of(workflow: Workflow, state: CaseState) -> Grade | None:
    """The grade at which a case stands; None in workflows that know none."""
    if not workflow.grades:
        return None
    held = state.facts.get("grade")
    if held is None:
        return _first(workflow.grades, state.case_type)
    return next((one for one in workflow.grades if one.key == held), workflow.grades[0])


def _first(grades: Sequence[Grade], case_type: str) -> Grade:
    group = case_type.partition(".")[0]
    named = (one for one in grades if {group, case_type} & set(one.types))
    return next(named, grades[0])


def begun(workflow: Workflow, state: CaseState, world: "World") -> CaseState:
    """A new case, at the grade that names its kind, where that is not the lowest."""
    grade = of(workflow, state)
    if grade is None or grade == workflow.grades[0]:
        return state
    return raised(state, grade, "kind", world)


def above(workflow: Workflow, grade: Grade) -> Grade | None:
    """The next grade up, None at the highest."""
    at = workflow.grades.index(grade) + 1
    return workflow.grades[at] if at < len(workflow.grades) else None


def reached(state: CaseState, grade: Grade) -> str:
    """The first threshold that a case has reached; "" while it may stay at its grade."""
    return next((name for name, limit in grade.climbs if MEASURES[name](state) >= limit), "")


def climbed(workflow: Workflow, state: CaseState, world: "World") -> CaseState:
    """The case at the grade that its facts ask for."""
    grade = of(workflow, state)
    while grade and state.stage != "closed" and (why := reached(state, grade)):
        higher = above(workflow, grade)
        if higher is None:
            break
        state, grade = raised(state, higher, why, world), higher
    return state


def raised(state: CaseState, grade: Grade, why: str, world: "World") -> CaseState:
    """At a grade, with the desk of the level that handles such."""
    facts: dict[str, Any] = {**state.facts, "grade": grade.key, "graded": why}
    if not grade.climbs:
        facts["highest"] = True
    if "resolution" not in facts and world.opens(state, grade):
        facts["resolution"] = str(uuid7())
    desk = world.desk_at(state.desk_area, grade.desk) if grade.desk else state.desk_area
    return replace(state, facts=facts, desk_area=desk)


def with_grade(
    workflow: Workflow, state: CaseState, changes: dict[str, Any], world: "World"
) -> dict[str, Any]:
    """These changes, with what they mean for the grade at which the case is handled."""
    after = evolve(state, changes)
    higher = climbed(workflow, after, world)
    return changes if higher is after else difference(state, higher)
