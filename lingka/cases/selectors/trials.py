"""What would happen to a made-up case: who gets it and why, which clocks run, which steps follow.

It begins just as a real one would (`cases.beginning`), and nothing of it is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases import beginning, clocks, rows
from lingka.cases.beginning import Where
from lingka.cases.definitions import Action, CaseTypeInfo, State, Workflow
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.deadlines import basis_of, explain_clock
from lingka.cases.selectors.drawing import RELATIONS
from lingka.cases.selectors.faces import clock_name
from lingka.cases.workflow import CaseState, Deed, decide, evolve
from lingka.cases.world import World
from lingka.core import saying
from lingka.core.text import pick
from lingka.units import selectors as units

CHECKING = ("verifier", "supervisor")
NAMED = 3  # units named as those who may check


@dataclass(frozen=True)
class Ground:
    """One reason why the unit is this one, or why another is not."""

    kind: str  # "service", "agreement", "duty", "kept"
    text: str


@dataclass(frozen=True)
class Step:
    """Where the case would stand, who acts there and by when at the latest."""

    state: str
    who: str
    does: str
    rule: str
    latest: str


@dataclass(frozen=True)
class Trial:
    """The whole answer."""

    kind: CaseTypeInfo
    workflow: str
    workflow_key: str
    where: str
    desk: str
    unit: str
    at_once: str  # what the engine does by itself with an urgent case
    grounds: list[Ground]
    clocks: list[tuple[str, str, str]]  # name, due, why then
    steps: list[Step]
    checkers: str
    listed: bool


def trial(kind: CaseTypeInfo, where: Where, at: datetime) -> Trial:
    """What would happen to a case of this kind, there and then. Reads only."""
    world = World(at)
    state = beginning.begun(kind, where, world, channel="web", kept={})
    sent = beginning.sent_at_once(state, world)
    workflow = catalogue.workflow(state.workflow)
    now = evolve(state, decide(workflow, state, sent)) if sent else state
    unit = now.lead_unit or (state.facts.get("suggested") or {}).get("unit")
    names = [pick(one.name) for one in areas.ancestors(where.path)]
    return Trial(
        kind=kind,
        workflow=pick(workflow.name),
        workflow_key=workflow.key,
        where=" · ".join(names[1:] or names),
        desk=pick(areas.area(now.desk_area).name),
        unit=pick(units.unit(unit).name) if unit else "",
        at_once=_at_once(sent),
        grounds=[*_grounds(state, unit, at), *_kept_from(state, at)],
        clocks=list(_running(now)),
        steps=list(_steps(workflow, kind, now, unit, world)),
        checkers=_checkers(workflow, state, unit, at),
        listed=kind.publication == "listed",
    )


def _at_once(sent: Deed | None) -> str:
    if sent is None:
        return ""
    if sent.data["route"]["by"] == "on_call":
        return _("Urgent: it goes there at once; somebody is on call, and the desk is told.")
    return _("Urgent: it goes there at once; nobody is on call there, and the desk is told.")


def _grounds(state: CaseState, unit: int | None, at: datetime) -> Iterator[Ground]:
    """Why this unit: what it promised or serves, and what its duty list says."""
    route = state.facts.get("suggested")
    if not route or unit is None:
        return
    yield Ground("agreement" if "agreement" in route else "service", pick(route["basis"]))
    kind, covering = units.unit(unit).kind, units.types_covering(state.case_type)
    for one in units.duty_lists(at):
        if kind in one.kinds and (article := one.on(covering)):
            text = _("%(list)s, article %(number)d: “%(article)s”") % {
                "list": pick(one.name), "number": article.number, "article": pick(article.text),
            }  # fmt: skip
            yield Ground("duty", text)


def _kept_from(state: CaseState, at: datetime) -> Iterator[Ground]:
    """Units that serve it there, but whose duty list keeps it from them."""
    seen = set()
    for service in units.services_for(state.case_type, state.area_path, at):
        against = units.duty_against(service.unit_id, state.case_type, lead=True, at=at)
        if against and service.unit_id not in seen:
            seen.add(service.unit_id)
            yield Ground("kept", units.cited(units.unit(service.unit_id), *against))


def _running(state: CaseState) -> Iterator[tuple[str, str, str]]:
    """Every clock that runs from the first moment on, with why it is due then."""
    case = Case()
    for name, value in rows.columns_of(state).items():
        setattr(case, name, value)
    for key, clock in state.clocks.items():
        if not clock["stopped"]:
            due = saying.moment(clocks.moment(clock["due"]))
            yield clock_name(key), due, explain_clock(case, key)


def _steps(
    workflow: Workflow, kind: CaseTypeInfo, state: CaseState, unit: int | None, world: World
) -> Iterator[Step]:
    """The straight way from here, each step as late as its clock allows."""
    latest = world.now
    for here, action in _way(workflow, state.state):
        rule = catalogue.deadline(kind.deadlines, here.clock) if here.clock else None
        if here.clock in state.clocks:
            latest = max(latest, clocks.moment(state.clocks[here.clock]["due"]))
        elif rule:
            calendar = world.calendar(None if here.stage in {"intake", "dispatch"} else unit)
            amount = rule.get("amount", 0)
            latest = max(latest, clocks.due_at(rule["basis"], amount, latest, calendar))
        yield Step(
            state=pick(here.label),
            who=_who(here, state, unit) if not here.final else "",
            does=pick(action.label) if action else "",
            rule=basis_of(rule) if rule else "",
            latest=saying.moment(latest) if rule else "",
        )


def _way(workflow: Workflow, start: str) -> Iterator[tuple[State, Action | None]]:
    """States with the action that leads straight on from each, until it ends."""
    seen: list[str] = []
    key: str | None = start
    while key is not None:
        seen.append(key)
        action = _straight(workflow, key, seen)
        yield workflow.states[key], action
        key = action.to if action else None


def _straight(workflow: Workflow, key: str, seen: list[str]) -> Action | None:
    """The first action meant to be done there that leads on."""
    leading = (
        one for one in workflow.actions.values()
        if one.primary and key in one.starts and one.to in workflow.states and one.to not in seen
    )  # fmt: skip
    return next(leading, None)


def _who(here: State, state: CaseState, unit: int | None) -> str:
    relation = str(RELATIONS.get(here.owner, here.owner))
    named = ""
    if here.owner == "dispatcher":
        named = pick(areas.area(state.desk_area).name)
    elif here.owner == "lead_handler" and unit:
        named = pick(units.unit(unit).name)
    return _("%(who)s: %(name)s") % {"who": relation, "name": named} if named else relation


def _checkers(workflow: Workflow, state: CaseState, unit: int | None, at: datetime) -> str:
    """Units of those who may look whether it is done; never the one that did it."""
    if not any(one.verifies for one in workflow.actions.values()):
        return ""
    posts = [one for role in CHECKING for one in accounts.posts_over(state.area_path, role, at)]
    found = dict.fromkeys(one.unit_id for one in posts if one.unit_id != unit)
    return saying.listed(pick(units.unit(one).name) for one in list(found)[:NAMED])
