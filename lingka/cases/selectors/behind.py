"""What stands behind a workflow: the deadlines of its types, the articles that speak of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lingka.cases.definitions import Workflow
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.deadlines import basis_of
from lingka.cases.selectors.faces import clock_name
from lingka.core.text import pick
from lingka.units import selectors as units

# Which clocks an effect starts without naming them in the workflow's file.
BY_EFFECT = {
    "add_co_handler": ("help",),
    "call_units": ("arrive", "help"),
    "open_dispute": ("ruling",),
    "release_lead": ("ruling",),
    "ask_extension": ("extension",),
}


@dataclass(frozen=True)
class Deadline:
    clock: str
    words: str


@dataclass(frozen=True)
class Policy:
    """Types that share their deadlines."""

    types: list[str]
    deadlines: list[Deadline]


@dataclass(frozen=True)
class Duty:
    """What one article says of types of this workflow."""

    key: str
    name: str
    number: int
    part: str  # "must", "helps", "never"
    text: str
    types: list[str]


@dataclass(frozen=True)
class Behind:
    policies: list[Policy]
    common: list[Deadline]  # the same for all types
    duties: list[Duty]
    first_type: str  # to begin a trial with


def behind(workflow: Workflow) -> Behind:
    """The rules behind a workflow as they are now in force."""
    kinds = [one for one in catalogue.case_types() if one.workflow == workflow.key]
    by_policy: dict[str, list[str]] = {}
    for one in kinds:
        by_policy.setdefault(one.deadlines, []).append(one.name)
    names = list(_clocks(workflow))
    own = {
        policy: {name: rule for name in names if (rule := catalogue.deadline(policy, name))}
        for policy in by_policy
    }
    shared = [
        name for name in names
        if len({repr(rules.get(name)) for rules in own.values()}) == 1
        and (len(own) > 1 or name in catalogue.always())
    ]  # fmt: skip
    first = next(iter(own.values()), {})
    return Behind(
        [
            Policy(types, [_said(name, rule) for name, rule in own[policy].items()
                           if name not in shared])
            for policy, types in by_policy.items()
        ],
        [_said(name, first[name]) for name in shared if name in first],
        list(_duties([one.key for one in kinds])),
        kinds[0].key if kinds else "",
    )  # fmt: skip


def _clocks(workflow: Workflow) -> Iterator[str]:
    """Names of the clocks that can run in this workflow, each once, in its order."""
    named = [argument for effect, argument in workflow.on_open if effect == "start_clock"]
    named += [state.clock for state in workflow.states.values() if state.clock]
    for action in workflow.actions.values():
        for effect, argument in action.effects:
            named += BY_EFFECT.get(effect, ())
            if effect in {"start_clock", "due_on"}:
                named.append(argument)
            elif effect == "start_where":
                named += argument["clocks"]
    yield from dict.fromkeys(named)


def _said(name: str, rule: dict[str, object]) -> Deadline:
    return Deadline(clock_name(name), basis_of(rule))


def _duties(types: list[str]) -> Iterator[Duty]:
    """Articles in force that cover some of these types."""
    for one in units.duty_lists():
        found: dict[int, list[str]] = {}
        for key in types:
            if article := one.on(units.types_covering(key)):
                found.setdefault(article.number, []).append(catalogue.case_type(key).name)
        for article in one.articles:
            if article.number in found:
                yield Duty(
                    one.key, pick(one.name), article.number, article.part, pick(article.text),
                    found[article.number],
                )  # fmt: skip
