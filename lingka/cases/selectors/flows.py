"""Workflows as the desk reads them: the version a case was opened with, and the diagram of each."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lingka.cases.definitions import Action, Workflow, workflow
from lingka.cases.models import Case, Definition
from lingka.cases.selectors import catalogue, drawing, terms
from lingka.cases.selectors.drawing import DRAWN, RELATIONS, STAGES, Picture
from lingka.cases.selectors.terms import Rank
from lingka.core import saying
from lingka.core.text import pick


def of(case: Case) -> Workflow:
    """The workflow version of a case. Versions are immutable, so they are read once."""
    return catalogue.workflow(case.workflow_id)


@dataclass(frozen=True)
class Rung:
    """A state as a phone shows it: in words, with the ways out of it."""

    stage: str  # named where it begins
    name: str
    note: str
    ways: list[tuple[str, str]]  # action and where it leads


@dataclass(frozen=True)
class Line:
    """One action in the table under the diagram."""

    key: str
    name: str
    route: str
    who: str
    only_if: str
    needs: str
    told: str


@dataclass(frozen=True)
class Flow:
    key: str
    name: str
    number: int
    activated: Any
    picture: Picture
    rungs: list[Rung] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)


EVERYDAY = "quick_response"


def latest() -> list[Definition]:
    """The newest activated version of each workflow, the everyday one first."""
    rows = Definition.objects.filter(kind=Definition.Kind.WORKFLOW)
    found = rows.order_by("key", "-number").distinct("key")
    return sorted(found, key=lambda one: (one.key != EVERYDAY, one.key))


def flow(definition: Definition) -> Flow:
    """Diagram, table and check results of one workflow version."""
    read = workflow(definition.body)
    return Flow(
        key=definition.key,
        name=pick(read.name),
        number=definition.number,
        activated=definition.activated_at,
        picture=drawing.picture(read),
        rungs=_rungs(read),
        lines=[_line(read, action) for action in read.actions.values()],
        checks=_checks(read),
        ranks=terms.ranks(read),
        chain=terms.chain(read),
    )


def _rungs(read: Workflow) -> list[Rung]:
    """The states in the order of their stages, the ways out in the order of the file."""
    names, found, last = dict(STAGES), [], ""
    order = [stage for stage, _name in STAGES]
    for state in sorted(read.states.values(), key=lambda one: order.index(drawing.column(one))):
        ways = [
            (pick(action.label), pick(read.states[goal].label))
            for action in read.actions.values()
            if (goal := action.to or "") in read.states and goal != state.key
            and state.key in action.starts and len(action.starts) <= DRAWN
        ]  # fmt: skip
        stage = str(names[drawing.column(state)])
        found.append(
            Rung(stage if stage != last else "", pick(state.label), drawing.owner(state), ways)
        )
        last = stage
    return found


def _line(read: Workflow, action: Action) -> Line:
    starts = [pick(read.states[key].label) for key in action.starts if key in read.states]
    open_states = sum(not state.final for state in read.states.values())
    start = _("any open state") if len(starts) >= open_states else saying.listed(starts)
    goal = read.states.get(action.to or "")
    route = f"{start} → {pick(goal.label)}" if goal else start
    return Line(
        key=action.key,
        name=pick(action.label),
        route=route,
        who=saying.listed(str(RELATIONS.get(name, name)) for name in action.by),
        only_if=terms.conditions(action.conditions),
        needs=saying.listed(pick(need.label) for need in action.needs),
        told=pick(action.done) if action.public else _("not told"),
    )


def _checks(read: Workflow) -> list[str]:
    """What the model checker made sure of before this version could be activated."""
    return [
        _("All %(count)d states can be reached") % {"count": len(read.states)},
        _("Every open state has an owner and a way out"),
        _("Who handles never verifies"),
        _("No way to close without verification, unless the workflow says why"),
        _("Every action has somebody who can do it"),
    ]
