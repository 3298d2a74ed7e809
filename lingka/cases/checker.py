"""Does a workflow hold together? Checked before a version is activated, never while it runs.

Each fault has a code that tests and tools know, and a sentence that says where to mend it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingka.areas.levels import scheme
from lingka.cases import declaring, definitions, grades, inputs, named, rules
from lingka.cases.clocks import BASES, COUNTS
from lingka.cases.definitions import Action, Need, State, Workflow
from lingka.cases.models import Stage
from lingka.cases.selectors.faces import CHANNELS
from lingka.core import faults
from lingka.core.faults import Fault, Faults, texts

STAFF = frozenset({
    "dispatcher", "ruler", "lead_handler", "co_handler", "verifier", "caller", "supervisor",
    "grid_worker", "onlooker", "on_the_case", "above", "called_unit", "named_lead",
    "reinspector", "claimant", "leader",
})  # fmt: skip
RELATIONS = STAFF | {"reporter", "follower", "link_lead", "link_co", "system"}
KINDS = frozenset(inputs.READERS) | declaring.SAID
# Conditions that stop being true by themselves, so that what has ended stays ended.
ENDING = frozenset({"within_reopening"})
BACK = "@before"  # the state that a suspension interrupted
DATATYPES = frozenset({
    "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
})  # fmt: skip
PUBLICATION = frozenset({"listed", "hidden"})


def workflow_faults(body: Mapping[str, Any]) -> list[Fault]:
    """Every fault of a workflow file; an empty list means that it may be activated."""
    try:
        workflow = definitions.workflow(body)
    except faults.UNFIT as error:
        return [faults.unreadable(error, str(body.get("key", "")))]
    found = [*_names(workflow), *_words(workflow, body)]
    if any(one.code in {"unknown_state", "unknown_stage", "no_initial"} for one in found):
        return found  # paths through states that do not exist mean nothing
    checks = (_reachable, _states, _actions, _grades, _chain)
    return [*found, *(fault for check in checks for fault in check(workflow))]


def _no_state(name: object) -> str:
    return _("there is no state “%(name)s”") % {"name": name}


def _nobody(name: object) -> str:
    return _("nobody can be “%(name)s”") % {"name": name}


def _not_positive(name: object) -> str:
    return _("“%(name)s” is no positive whole number") % {"name": name}


# -- names ------------------------------------------------------------------------------------


def _names(workflow: Workflow) -> Faults:
    """Everything named exists: states, stages, relations, conditions, effects, kinds."""
    for first in {workflow.initial, *workflow.begins.values()} - set(workflow.states):
        yield Fault("no_initial", "initial", _no_state(first))
    for relation in set(workflow.relations) - RELATIONS:
        yield Fault("unknown_relation", "relations", _nobody(relation))
    yield from _effects(workflow, None)
    for state in workflow.states.values():
        yield from _names_of_state(workflow, state)
    for action in workflow.actions.values():
        yield from _names_of(workflow, action)


def _names_of_state(workflow: Workflow, state: State) -> Faults:
    if state.stage not in Stage.values:
        yield Fault(
            "unknown_stage", state.key, _("there is no stage “%(name)s”") % {"name": state.stage}
        )
    if state.owner and state.owner not in workflow.relations:
        yield Fault("unknown_relation", state.key, _nobody(state.owner))


def _effects(workflow: Workflow, action: Action | None) -> Faults:
    """Of an action, or of the report itself: each is there, and has what it needs."""
    where, given = (action.key, action.effects) if action else ("on_open", workflow.on_open)
    for name, argument in given:
        if name in named.EFFECTS:
            yield from declaring.faults_of(where, name, argument, action, workflow)
        else:
            yield Fault(
                "unknown_effect", where, _("there is no effect “%(name)s”") % {"name": name}
            )


def _names_of(workflow: Workflow, action: Action) -> Faults:
    goals = {action.to} - {None, BACK}
    for state in (set(action.starts) | goals) - set(workflow.states):
        yield Fault("unknown_state", action.key, _no_state(state))
    for name in set(action.conditions) - set(rules.CONDITIONS):
        yield Fault(
            "unknown_condition", action.key, _("there is no condition “%(name)s”") % {"name": name}
        )
    yield from _effects(workflow, action)
    for name in set(action.one_of) - {need.name for need in action.needs}:
        yield Fault("unknown_need", action.key, _("asks for no “%(name)s”") % {"name": name})
    for need in action.needs:
        yield from _names_of_need(action, need)


def _names_of_need(action: Action, need: Need) -> Faults:
    if need.kind not in KINDS:
        said = _("“%(name)s” is of the unknown kind “%(kind)s”")
        yield Fault("unknown_kind", action.key, said % {"name": need.name, "kind": need.kind})
    if need.kind in {"choice", "checks"} and not need.options:
        said = _("“%(name)s” offers nothing to choose") % {"name": need.name}
        yield Fault("no_options", action.key, said)


def unused_conditions(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """Conditions in code that none of these workflows asks: to be deleted rather than kept."""
    asked = {
        name
        for body in bodies
        for action in definitions.workflow(body).actions.values()
        for name in action.conditions
    }
    return sorted(set(rules.CONDITIONS) - asked)


# -- texts ------------------------------------------------------------------------------------


def _words(workflow: Workflow, body: Mapping[str, Any]) -> Faults:
    """Every authored text is there in every language (decision 4)."""
    yield from texts("name", workflow.name)
    for stage, names in workflow.way.items():
        yield from texts(f"way.{stage}", names)
    for state in workflow.states.values():
        yield from texts(f"{state.key}.label", state.label)
        yield from texts(f"{state.key}.waits", state.waits)
    for action in workflow.actions.values():
        yield from texts(f"{action.key}.label", action.label)
        yield from texts(f"{action.key}.done", action.done)
        for need in action.needs:
            yield from texts(f"{action.key}.{need.name}", need.label)
            for key, names in need.options:
                yield from texts(f"{action.key}.{need.name}.{key}", names)


# -- paths ------------------------------------------------------------------------------------


def _moves(workflow: Workflow) -> dict[str, set[str]]:
    """Where one can get from each state, by any action."""
    moves: dict[str, set[str]] = {key: set() for key in workflow.states}
    paused = {key for key, state in workflow.states.items() if state.stage == Stage.SUSPENDED}
    for action in workflow.actions.values():
        goals = {action.to} if action.to and action.to != BACK else set()
        if action.to == BACK:  # back to wherever one can be suspended from
            goals = {
                start
                for other in workflow.actions.values()
                if other.to in paused
                for start in other.starts
            }
        for start in action.starts:
            moves[start] |= goals
    return moves


def _from(moves: Mapping[str, set[str]], start: str) -> set[str]:
    seen, ahead = {start}, [start]
    while ahead:
        for goal in moves[ahead.pop()] - seen:
            seen.add(goal)
            ahead.append(goal)
    return seen


def _from_first(moves: Mapping[str, set[str]], workflow: Workflow) -> set[str]:
    """Where one can get from the states in which cases begin."""
    begun = {workflow.initial, *workflow.begins.values()}
    return set().union(*(_from(moves, state) for state in begun))


def _reachable(workflow: Workflow) -> Faults:
    moves = _moves(workflow)
    for lost in sorted(set(workflow.states) - _from_first(moves, workflow)):
        yield Fault("unreachable", lost, _("no path leads here from the first state"))
    finals = {key for key, state in workflow.states.items() if state.final}
    for key, state in workflow.states.items():
        if not state.final and not _from(moves, key) & finals:
            yield Fault("no_end", key, _("from here no path leads to an end"))


# -- states -----------------------------------------------------------------------------------


def _states(workflow: Workflow) -> Faults:
    moves = _moves(workflow)
    for state in workflow.states.values():
        if state.final:
            if state.stage != Stage.CLOSED:
                yield Fault("final_open", state.key, _("ends, but its stage is not closed"))
            continue
        if state.stage == Stage.CLOSED:
            yield Fault("closed_goes_on", state.key, _("is closed, but not declared final"))
        if not state.owner:
            yield Fault("no_owner", state.key, _("nobody has to act here"))
        if not moves[state.key] - {state.key}:
            yield Fault("no_way_out", state.key, _("no action leads on from here"))
        if not state.clock and not state.no_clock:
            yield Fault("no_clock", state.key, _("has no clock and gives no reason why"))
        yield from _owner_can_act(workflow, state.key, state.owner)


def _owner_can_act(workflow: Workflow, state: str, owner: str) -> Faults:
    """Whoever has to act must have an action that leads on."""
    ways = [a for a in workflow.actions.values() if state in a.starts and a.to not in {None, state}]
    if owner and ways and not any(owner in action.by for action in ways):
        said = _("“%(name)s” has to act here and has no way on") % {"name": owner}
        yield Fault("owner_idle", state, said)


# -- actions ----------------------------------------------------------------------------------


def _actions(workflow: Workflow) -> Faults:
    for action in workflow.actions.values():
        if not action.starts:
            yield Fault("never", action.key, _("starts from no state"))
        if not action.by:
            yield Fault("no_actor", action.key, _("nobody may do this"))
        for relation in set(action.by) - set(workflow.relations):
            yield Fault(
                "no_actor", action.key, _("nobody here can be “%(name)s”") % {"name": relation}
            )
        yield from _ending(workflow, action)
        yield from _verified(workflow, action)


def _ending(workflow: Workflow, action: Action) -> Faults:
    """A final state is left only for another end, or while a condition lasts that ends itself."""
    if action.to is None or action.to == BACK or workflow.states[action.to].final:
        return
    from_end = [key for key in action.starts if workflow.states[key].final]
    if from_end and not set(action.conditions) & ENDING:
        said = _("“%(name)s” leads out of an end") % {"name": action.key}
        yield Fault("never_ends", from_end[0], said)


def _verified(workflow: Workflow, action: Action) -> Faults:
    """Closing needs a verification by somebody else on the way, or a reason why not."""
    if action.to is None or action.to == BACK or not workflow.states[action.to].final:
        return
    if action.without_verification or action.verifies:
        return
    unverified = _unverified(workflow)
    for start in action.starts:
        if start in unverified and not workflow.states[start].final:
            said = _("closes from “%(name)s” what nobody else has verified") % {"name": start}
            yield Fault("unverified", action.key, said)


def _unverified(workflow: Workflow) -> set[str]:
    """States that can be reached without any action that verifies."""
    moves: dict[str, set[str]] = {key: set() for key in workflow.states}
    for action in workflow.actions.values():
        if action.to and action.to != BACK and not action.verifies:
            for start in action.starts:
                moves[start].add(action.to)
    return _from_first(moves, workflow)


def _grades(workflow: Workflow) -> Faults:
    """Every grade but the highest says when it is left, by what the engine can count."""
    for number, grade in enumerate(workflow.grades, start=1):
        yield from texts(f"grades.{grade.key}", grade.label)
        for name, limit in grade.climbs:
            if name not in grades.MEASURES:
                yield Fault(
                    "unknown_measure", grade.key, _("nothing counts “%(name)s”") % {"name": name}
                )
            if not _positive(limit):
                yield Fault("amount", grade.key, _not_positive(name))
        if (number == len(workflow.grades)) == bool(grade.climbs):
            text = _("the highest grade climbs no further, and every other says when it does")
            yield Fault("climbs", grade.key, text)
        for name in set(grade.helpers) - set(grades.HELPERS):
            said = _("no units are found by “%(name)s”") % {"name": name}
            yield Fault("unknown_source", grade.key, said)
        for name in set(grade.opens) - PUBLICATION:
            said = _("opens nothing for “%(name)s”") % {"name": name}
            yield Fault("unknown_publication", grade.key, said)


def _chain(workflow: Workflow) -> Faults:
    """Levels exist, the lowest first; something hands the case up, and something waits for it."""
    levels = next((given for name, given in workflow.on_open if name == "chain"), None)
    if levels is None:
        return
    known = [level.key for level in reversed(scheme().levels)]
    if not levels or levels != sorted({*levels} & {*known}, key=known.index):
        text = _("these are no levels of areas from the lowest up: %(levels)s") % {
            "levels": ", ".join(map(str, levels))
        }
        yield Fault("chain", "on_open", text)
    actions = workflow.actions.values()
    if not any(("hand_up", None) in action.effects for action in actions):
        yield Fault("chain", "on_open", _("no action hands the case up the chain"))
    if not any("chain_is_through" in action.conditions for action in actions):
        yield Fault("chain", "on_open", _("no action waits until the chain is through"))


# -- the other definitions ----------------------------------------------------------------------


def deadlines_faults(body: Mapping[str, Any]) -> list[Fault]:
    """Faults of a deadlines file: unknown bases, amounts that mean nothing."""
    policies = {"always": body.get("always", {}), **body.get("policies", {})}
    found = []
    for policy, clocks in policies.items():
        for clock, rule in clocks.items():
            where, basis = f"{policy}.{clock}", rule.get("basis")
            if basis not in BASES:
                found.append(
                    Fault("unknown_basis", where, _("cannot count “%(name)s”") % {"name": basis})
                )
            elif basis.startswith("end_of") == ("amount" in rule):
                found.append(
                    Fault(
                        "amount", where, _("the amount does not fit “%(name)s”") % {"name": basis}
                    )
                )
            elif not basis.startswith("end_of") and not _positive(rule["amount"]):
                found.append(Fault("amount", where, _not_positive("amount")))
            if not _positive(rule.get("climb", 1)):
                found.append(Fault("amount", where, _not_positive("climb")))
            if rule.get("counts", COUNTS[0]) not in COUNTS:
                said = _("counts by one of: %(names)s") % {"names": ", ".join(COUNTS)}
                found.append(Fault("counts", where, said))
    return found


def _positive(amount: object) -> bool:
    return isinstance(amount, int) and not isinstance(amount, bool) and amount > 0


def case_types_faults(
    body: Mapping[str, Any], workflows: set[str], policies: set[str]
) -> list[Fault]:
    """Faults of a catalogue: unknown groups, workflows and policies, missing translations."""
    found: list[Fault] = []
    groups = body.get("groups", {})
    for key, group in groups.items():
        found += texts(key, group.get("name", {}))
        found += texts(key, group["note"]) if "note" in group else []
    for key, kind in body.get("types", {}).items():
        found += texts(f"{key}.name", kind.get("name", {}))
        found += texts(f"{key}.description", kind.get("description", {}))
        for name in ("door", "asks", "asks_help"):
            found += texts(f"{key}.{name}", kind[name]) if name in kind else []
        for name, known in (
            ("group", set(groups)),
            ("workflow", workflows),
            ("deadlines", policies),
            ("publication", PUBLICATION),
        ):
            if kind.get(name) not in known:
                said = _("nothing is called “%(name)s”") % {"name": kind.get(name)}
                found.append(Fault(f"unknown_{name}", f"{key}.{name}", said))
        found += _form_faults(key, kind.get("form", ())) + _channel_faults(key, kind)
    return found


def _channel_faults(key: str, kind: Mapping[str, Any]) -> list[Fault]:
    """Ways that there are; and what residents or workers are offered, they can send."""
    if "channels" not in kind:
        return []
    given, where = kind["channels"], f"{key}.channels"
    if not isinstance(given, list) or not given or not all(one in CHANNELS for one in given):
        said = _("has to name some of: %(names)s") % {"names": ", ".join(CHANNELS)}
        return [Fault("unknown_channel", where, said)]
    public = kind.get("public", True)
    offered = {"web", "door"} if public or "door" in kind else set()
    offered |= {"grid_worker"} if kind.get("workers", public) else set()
    if lost := sorted(offered - set(given)):
        said = _("is offered by %(names)s, so that has to stand here too")
        return [Fault("offered", where, said % {"names": ", ".join(lost)})]
    return []


def _form_faults(key: str, form: Any) -> list[Fault]:
    found: list[Fault] = []
    for field in form:
        where = f"{key}.{field.get('code')}"
        found += texts(where, field.get("label", {}))
        if field.get("datatype") not in DATATYPES:
            said = _("cannot ask for “%(name)s”") % {"name": field.get("datatype")}
            found.append(Fault("unknown_datatype", where, said))
        for option in field.get("options", ()):
            found += texts(f"{where}.{option.get('key')}", option.get("name", {}))
    return found
