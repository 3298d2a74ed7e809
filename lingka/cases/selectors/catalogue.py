"""Case types and definitions in use. Activated versions never change, so they are kept by id."""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.cases import definitions
from lingka.cases.definitions import Action, CaseTypeInfo, Workflow
from lingka.cases.models import Definition, Stage
from lingka.core.keeping import Kept
from lingka.core.problems import Problem
from lingka.core.text import pick

LOOK_EVERY = 5.0  # seconds between looks for newly activated versions


def _newest() -> dict[tuple[str, str], int]:
    rows = Definition.objects.order_by("number").values_list("kind", "key", "id")
    return {(kind, key): id_ for kind, key, id_ in rows}


_CURRENT = Kept(_newest, every=LOOK_EVERY)


def forget() -> None:
    """Look anew at the next read (after an activation, and between tests)."""
    _CURRENT.forget()
    body.cache_clear()
    workflow.cache_clear()
    actions_told.cache_clear()
    _types.cache_clear()


def current(kind: str, key: str) -> int:
    """The id of the version in force; Problem where none was activated yet."""
    found = _CURRENT.now()
    if not found:
        _CURRENT.forget()  # the first ones are seen at once
    try:
        return found[kind, key]
    except KeyError:
        raise Problem(
            "not_set_up", _("Nothing is set up yet: run “lingka upgrade” first."), status=503
        ) from None


@lru_cache(maxsize=256)
def body(definition: int) -> dict[str, Any]:
    """The data of an activated version."""
    found: dict[str, Any] = Definition.objects.values_list("body", flat=True).get(id=definition)
    return found


@lru_cache(maxsize=64)
def workflow(definition: int) -> Workflow:
    """An activated workflow version, as typed values."""
    return definitions.workflow(body(definition))


@lru_cache(maxsize=64)
def actions_told(definition: int) -> dict[str, dict[str, Any]]:
    """A version's actions as a phone is told of them, but for what differs from case to case."""
    return {key: _action(one) for key, one in workflow(definition).actions.items()}


def _action(action: Action) -> dict[str, Any]:
    return {
        "key": action.key, "label": dict(action.label), "icon": action.icon,
        "primary": action.primary, "one_of": list(action.one_of),
        "needs": [
            {
                "name": need.name, "kind": need.kind, "label": dict(need.label),
                "required": need.required,
                "options": [[value, dict(names)] for value, names in need.options],
            }
            for need in action.needs
        ],
    }  # fmt: skip


def options(key: str, action: str, need: str) -> tuple[tuple[str, str], ...]:
    """What may be answered to one question of a workflow in force, in the reader's language."""
    found = workflow(current("workflow", key)).actions.get(action)
    needs = [one for one in found.needs if one.name == need] if found else []
    return tuple((code, pick(names)) for one in needs for code, names in one.options)


def asks_residents(definition: int) -> bool:
    """Whether whoever reported is asked what they say of the result. Of hazards and resolutions
    nobody is: somebody else looks again, or reads out what came of it."""
    actions = workflow(definition).actions.values()
    return any("count_answer" in dict(one.effects) for one in actions)


@lru_cache(maxsize=64)
def _types(catalogue: int, language: str) -> tuple[CaseTypeInfo, ...]:
    data = body(catalogue)
    types = definitions.in_order(data, "types")
    return tuple(_type(key, raw, data, language) for key, raw in types)


def _type(key: str, raw: dict[str, Any], data: dict[str, Any], language: str) -> CaseTypeInfo:
    group = data["groups"][raw["group"]]
    return CaseTypeInfo(
        key=key,
        group=pick(group["name"], language),
        group_note=pick(group.get("note", {}), language),
        group_key=raw["group"],
        name=pick(raw["name"], language),
        description=pick(raw["description"], language),
        icon=group["icon"],
        keywords=tuple(raw["keywords"]),
        form=tuple(raw.get("form", ())),
        workflow=raw["workflow"],
        deadlines=raw["deadlines"],
        urgent=raw.get("urgent", False),
        publication=raw["publication"],
        public=raw.get("public", True),
        workers=raw.get("workers", raw.get("public", True)),
        door=pick(raw["door"], language) if "door" in raw else "",
        asks=pick(raw.get("asks", {}), language),
        asks_help=pick(raw.get("asks_help", {}), language),
        channels=tuple(raw.get("channels", ())),
    )


def case_types(language: str | None = None, *, public: bool = False) -> tuple[CaseTypeInfo, ...]:
    """Every case type in force, in one language; with `public`, those residents may choose."""
    from django.utils.translation import get_language

    found = _types(current("case_types", "case_types"), language or get_language() or "zh-hans")
    return tuple(one for one in found if one.public) if public else found


def can_be_a_part(case_type: str) -> bool:
    """Whether there is such a kind, whose workflow ends without a reporter of its own."""
    kind = next((one for one in case_types("en") if one.key == case_type), None)
    if kind is None:
        return False
    ways = workflow(current("workflow", kind.workflow)).actions
    return "drop" in ways and any("is_a_part" in one.conditions for one in ways.values())


def case_type(
    key: str, language: str | None = None, *, catalogue: int | None = None
) -> CaseTypeInfo:
    """One case type, of the version in force or of the given one; Problem for an unknown key."""
    from django.utils.translation import get_language

    version = catalogue or current("case_types", "case_types")
    for one in _types(version, language or get_language() or "zh-hans"):
        if one.key == key:
            return one
    raise Problem("case_type", _("No such kind of case."), field="case_type", status=422)


def deadline(policy: str, clock: str) -> dict[str, Any] | None:
    """The rule of a clock under a deadline policy now in force, None where it has none."""
    data = body(current("deadlines", "deadlines"))
    rule = data["policies"][policy].get(clock) or data["always"].get(clock)
    return rule if rule is None else dict(rule)


def workflow_key(number: int) -> str:
    """Which workflow a case follows, by the version in its row or its first event."""
    return workflow(number).key


def workflow_keys() -> frozenset[str]:
    """Every workflow that was ever in force."""
    rows = Definition.objects.filter(kind=Definition.Kind.WORKFLOW)
    return frozenset(rows.values_list("key", flat=True))


def workflow_name(key: str) -> str:
    """What the version in force is called, in the reader's language."""
    return pick(workflow(current("workflow", key)).name)


def always() -> frozenset[str]:
    """The clocks whose rule is the same for every kind of case."""
    return frozenset(body(current("deadlines", "deadlines"))["always"])


def case_groups(language: str | None = None) -> list[tuple[str, str, str, list[CaseTypeInfo]]]:
    """Groups as on the landing page: (key, name, icon, types)."""
    groups: dict[str, tuple[str, str, str, list[CaseTypeInfo]]] = {}
    for one in case_types(language, public=True):
        made = groups.setdefault(one.group_key, (one.group_key, one.group, one.icon, []))
        made[3].append(one)
    return list(groups.values())


def kinds_by_group() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Keys and names of all groups with their kinds, those that residents cannot choose too."""
    groups: dict[str, tuple[str, str, list[tuple[str, str]]]] = {}
    for one in case_types():
        groups.setdefault(one.group_key, (one.group_key, one.group, []))[2].append(
            (one.key, one.name)
        )
    return list(groups.values())


STAGES = {
    Stage.INTAKE: _("Received"),
    Stage.DISPATCH: _("Being routed"),
    Stage.HANDLING: _("Being handled"),
    Stage.VERIFICATION: _("Being checked"),
    Stage.SUSPENDED: _("Suspended"),
    Stage.CLOSED: _("Closed"),
}


def stage_label(stage: str) -> str:
    return str(STAGES[Stage(stage)])
