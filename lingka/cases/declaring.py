"""What effects need: answers that their action asks for, an argument, conditions that guard them.

Each effect declares it beside itself (`declares`); one that declares nothing needs nothing. The
checker judges workflows by it, so that what would break when it runs is never put into force.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lingka.cases.definitions import Action, Need, Workflow
from lingka.cases.workflow import Effect
from lingka.core.faults import Fault, Faults

Needs = Mapping[str, Need]
Judge = Callable[[Any, Needs, Workflow], bool]  # does this argument do?
UNIT = frozenset({"unit", "other_unit"})
MOMENT = frozenset({"moment", "time"})
SAID = frozenset({"text", "photos"})  # kept apart: no effect reads them


def nothing(argument: Any, _needs: Needs, _workflow: Workflow) -> bool:
    return argument is None


def a_name(argument: Any, _needs: Needs, _workflow: Workflow) -> bool:
    """Of a clock, or of what is remembered."""
    return isinstance(argument, str) and argument.isidentifier()


def a_kind(argument: Any, _needs: Needs, _workflow: Workflow) -> bool:
    """Of cases; whether there is such a one, `standing` says."""
    return isinstance(argument, str)


def an_answer(argument: Any, needs: Needs, _workflow: Workflow) -> bool:
    """The name of something that the action asks for and that is no free text."""
    return isinstance(argument, str) and argument in needs and needs[argument].kind not in SAID


def some_levels(argument: Any, _needs: Needs, _workflow: Workflow) -> bool:
    """Which of them there are, and in which order, `checker` says in words of its own."""
    return isinstance(argument, list)


def option_of(name: str) -> Judge:
    """One of what can be chosen as this answer."""

    def judged(argument: Any, needs: Needs, _workflow: Workflow) -> bool:
        return isinstance(argument, str) and argument in _options(needs, name)

    return judged


def by_option_of(name: str) -> Judge:
    """A text for each of what can be chosen as this answer."""

    def judged(argument: Any, needs: Needs, _workflow: Workflow) -> bool:
        held = isinstance(argument, Mapping) and all(isinstance(v, str) for v in argument.values())
        return held and set(argument) == _options(needs, name)

    return judged


def a_kept_choice(argument: Any, _needs: Needs, workflow: Workflow) -> bool:
    """Clocks for one option of a choice that some action of the workflow keeps."""
    if not isinstance(argument, Mapping) or set(argument) != {"fact", "is", "clocks"}:
        return False
    names, kept = argument["clocks"], ("keep", argument["fact"])
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        return False
    keeping = (one for one in workflow.actions.values() if kept in one.effects)
    asked = [{need.name: need for need in one.needs} for one in keeping]
    given = argument["is"]
    return isinstance(given, str) and any(given in _options(one, argument["fact"]) for one in asked)


def _options(needs: Needs, name: str) -> set[str]:
    return {key for key, _names in needs[name].options} if name in needs else set()


@dataclass(frozen=True)
class Declared:
    """What one effect needs."""

    asks: Mapping[str, frozenset[str]] = field(default_factory=dict)  # answers, and their kinds
    may_ask: Mapping[str, frozenset[str]] = field(default_factory=dict)  # read where given
    takes: Judge = nothing
    guarded: str = ""  # the condition without which it finds nothing to work on


DECLARED: dict[str, Declared] = {}


def declares(
    takes: Judge = nothing,
    *,
    guarded: str = "",
    may_ask: Mapping[str, frozenset[str]] | None = None,
    **asks: str | frozenset[str],
) -> Callable[[Effect], Effect]:
    """Beside an effect: answers that it reads, by name with their kind, and what else it needs."""
    kinds = {name: frozenset({one}) if isinstance(one, str) else one for name, one in asks.items()}

    def noted(effect: Effect) -> Effect:
        DECLARED[effect.__name__] = Declared(kinds, may_ask or {}, takes, guarded)
        return effect

    return noted


def faults_of(
    where: str, name: str, argument: Any, action: Action | None, workflow: Workflow
) -> Faults:
    """What speaks against this effect here; `action` is None for the report itself."""
    needs = {need.name: need for need in action.needs} if action else {}
    declared = DECLARED.get(name, Declared())
    yield from (Fault("unasked", where, said) for said in _unasked(name, declared, needs))
    if not declared.takes(argument, needs, workflow):
        said = _("“%(effect)s” can do nothing with “%(argument)s”")
        shown = "" if argument is None else argument
        yield Fault("argument", where, said % {"effect": name, "argument": shown})
    if declared.guarded and declared.guarded not in (action.conditions if action else ()):
        said = _("“%(effect)s” is done only if “%(condition)s”: add that condition")
        yield Fault("unguarded", where, said % {"effect": name, "condition": declared.guarded})


def _unasked(effect: str, declared: Declared, needs: Needs) -> Iterator[str]:
    """Answers that it reads and would not find, or not as it can use them."""
    for name, kinds in {**declared.may_ask, **declared.asks}.items():
        named = {"effect": effect, "name": name}
        need = needs.get(name)
        if need is None:
            if name in declared.asks:
                yield _("“%(effect)s” reads “%(name)s”, which is not asked for here") % named
        elif need.kind not in kinds:
            said = _("“%(effect)s” cannot read “%(name)s” of the kind “%(kind)s”")
            yield said % {**named, "kind": need.kind}
        elif name in declared.asks and not need.required:
            yield _("“%(effect)s” reads “%(name)s”, which may be left out here") % named
