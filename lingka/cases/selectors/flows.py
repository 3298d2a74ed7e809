"""Workflows as the desk reads them: the version a case was opened with, and the diagram of each."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.cases.definitions import Action, State, Workflow, workflow
from lingka.cases.models import Case, Definition, Stage
from lingka.cases.selectors import catalogue
from lingka.core import saying
from lingka.core.text import pick

STAGES: tuple[tuple[str, str | Promise], ...] = (
    (Stage.INTAKE, gettext_lazy("Intake")),
    (Stage.DISPATCH, gettext_lazy("Dispatch")),
    (Stage.HANDLING, gettext_lazy("Handling")),
    (Stage.VERIFICATION, gettext_lazy("Verification")),
    (Stage.CLOSED, gettext_lazy("Closing")),
)
RELATIONS: dict[str, str | Promise] = {
    "dispatcher": gettext_lazy("Dispatcher of the area"),
    "lead_handler": gettext_lazy("Lead unit"),
    "co_handler": gettext_lazy("Helping unit"),
    "verifier": gettext_lazy("Verifier from another unit"),
    "caller": gettext_lazy("Caller from another unit"),
    "supervisor": gettext_lazy("Supervisor"),
    "grid_worker": gettext_lazy("Grid worker"),
    "reporter": gettext_lazy("Resident with the receipt"),
    "follower": gettext_lazy("Resident who follows it"),
    "ruler": gettext_lazy("Desk of the level above"),
    "link_lead": gettext_lazy("Lead unit, by its link"),
    "link_co": gettext_lazy("Helping unit, by its link"),
    "above": gettext_lazy("Desk or supervisor of a higher level"),
    "called_unit": gettext_lazy("Every unit that was called"),
    "claimant": gettext_lazy("Any unit of the area"),
    "named_lead": gettext_lazy("Named lead"),
    "leader": gettext_lazy("Leader who covers the area"),
    "reinspector": gettext_lazy("Unit named to look again"),
    "on_the_case": gettext_lazy("Everybody on the case"),
    "system": gettext_lazy("Lingka itself"),
}


def of(case: Case) -> Workflow:
    """The workflow version of a case. Versions are immutable, so they are read once."""
    return catalogue.workflow(case.workflow_id)


@dataclass(frozen=True)
class Box:
    key: str
    name: str
    note: str
    css: str
    x: int
    y: int
    width: int


@dataclass(frozen=True)
class Edge:
    d: str
    label: str
    label_x: int
    label_y: int
    back: bool


@dataclass(frozen=True)
class Lane:
    name: str
    x: int


@dataclass(frozen=True)
class Line:
    """One action in the table under the diagram."""

    key: str
    name: str
    route: str
    who: str
    needs: str
    told: str


@dataclass(frozen=True)
class Flow:
    key: str
    name: str
    number: int
    activated: Any
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    width: int = 0
    height: int = 0
    lines: list[Line] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def latest() -> list[Definition]:
    """The newest activated version of each workflow."""
    rows = Definition.objects.filter(kind=Definition.Kind.WORKFLOW)
    return list(rows.order_by("key", "-number").distinct("key"))


def flow(definition: Definition) -> Flow:
    """Diagram, table and check results of one workflow version."""
    read = workflow(definition.body)
    boxes, lanes, width, height = _boxes(read)
    return Flow(
        key=definition.key,
        name=pick(read.name),
        number=definition.number,
        activated=definition.activated_at,
        boxes=boxes,
        edges=_edges(read, {box.key: box for box in boxes}),
        lanes=lanes,
        width=width,
        height=height,
        lines=[_line(read, action) for action in read.actions.values()],
        checks=_checks(read),
    )


DRAWN = 3  # an action that starts in more states than this is told by the table alone
WIDE, HIGH, GAP, TOP, STEP = 150, 54, 56, 136, 92
LEVELS, LEVEL = 5, 18  # heights on which lines run back over the boxes


def _boxes(read: Workflow) -> tuple[list[Box], list[Lane], int, int]:
    """States left to right by stage; what is suspended hangs under the work it interrupts."""
    columns: dict[str, list[State]] = {stage: [] for stage, _name in STAGES}
    for state in read.states.values():
        columns["handling" if state.stage == Stage.SUSPENDED else state.stage].append(state)
    boxes, lanes, x, rows = [], [], 12, 1
    for stage, name in STAGES:
        lanes.append(Lane(str(name), x - 8))
        states = columns[stage]
        rows = max(rows, len(states))
        for row, state in enumerate(states):
            boxes.append(_box(read, state, x, TOP + row * STEP))
        x += WIDE + GAP
    return boxes, lanes, x - GAP + 12, TOP + rows * STEP + 8


def _box(read: Workflow, state: State, x: int, y: int) -> Box:
    css = "flow-initial" if state.key == read.initial else f"flow-{state.stage}"
    owner = str(RELATIONS.get(state.owner, state.owner)) if state.owner else _("Nobody: it ends")
    return Box(state.key, pick(state.label), owner, css, x, y, WIDE)


def _edges(read: Workflow, boxes: dict[str, Box]) -> list[Edge]:
    """One line for each pair of states, named by its first action."""
    seen: dict[tuple[str, str], list[Action]] = {}
    for action in read.actions.values():
        if action.to is None or action.to not in boxes or len(action.starts) > DRAWN:
            continue
        for start in action.starts:
            if start != action.to:
                seen.setdefault((start, action.to), []).append(action)
    edges = []
    backs = 0
    for (start, goal), actions in seen.items():
        one, two = boxes[start], boxes[goal]
        back = two.x < one.x
        backs += back
        label = pick(actions[0].label)
        edges.append(_edge(one, two, label, backs if back else 0))
    return edges


def _edge(one: Box, two: Box, label: str, back: int) -> Edge:
    middle_one, middle_two = one.y + HIGH // 2, two.y + HIGH // 2
    if back:  # over the top, each on a height of its own
        y = TOP - 20 - LEVEL * ((back - 1) % LEVELS)
        start, end = one.x + one.width // 2 + 6 * back, two.x + two.width // 2 - 6 * back
        d = f"M{start} {one.y}V{y}H{end}V{two.y - 7}"
        return Edge(d, label, (start + end) // 2, y - 3, back=True)
    if one.x == two.x:
        x = one.x + one.width // 2
        down = two.y > one.y
        d = f"M{x} {one.y + HIGH if down else one.y}V{two.y - 7 if down else two.y + HIGH + 7}"
        return Edge(d, label, x + 6, (middle_one + middle_two) // 2 + 4, back=not down)
    turn = two.x - GAP // 2
    d = f"M{one.x + one.width} {middle_one}H{turn}V{middle_two}H{two.x - 7}"
    return Edge(d, label, one.x + one.width + 4, middle_one - 6, back=False)


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
