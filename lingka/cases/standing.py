"""What a town's own version must not break: what others name has to stay, and to be readable.

The checker judges a definition by itself, this one beside what is in force. Only what somebody
puts into force is judged so: what the package brings fits together already.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from lingka.cases.checker import WorkflowFault
from lingka.cases.definitions import workflow
from lingka.cases.models import Definition

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
LONGEST = 32  # signs of a state's name
TYPE = ("group", "name", "description", "keywords", "workflow", "deadlines", "publication")
STAYS = (  # parts whose entries others name: cases in work, services, duty lists
    (Definition.Kind.CASE_TYPES, "groups", "kinds of cases belong to it"),
    (Definition.Kind.CASE_TYPES, "types", "`public: false` takes a kind of case from residents"),
    (Definition.Kind.DEADLINES, "always", "clocks run by it"),
    (Definition.Kind.DEADLINES, "policies", "kinds of cases go by it"),
)

Body = Mapping[str, Any]
Faults = Iterator[WorkflowFault]


def faults(kind: str, body: Body, before: Body, clocks: AbstractSet[str]) -> Faults:
    """What speaks against this version after the one in force; `clocks` are those with a rule."""
    if not KEY.fullmatch(str(body.get("key", ""))):
        yield WorkflowFault("key", "key", "small letters, digits and _; a letter first")
    elif kind != Definition.Kind.WORKFLOW and body["key"] != kind:
        yield WorkflowFault("key", "key", f"has to be {str(kind)!r}")
    yield from _gone(kind, body, before)
    if kind == Definition.Kind.WORKFLOW:
        yield from _workflow(body, clocks)
    if kind == Definition.Kind.CASE_TYPES:
        yield from _types(body)


def _gone(kind: str, body: Body, before: Body) -> Faults:
    """Entries that were there and are no more."""
    for where, part, why in STAYS:
        if where != kind:
            continue
        now = body.get(part, {})
        for key, one in before.get(part, {}).items():
            if key not in now:
                yield WorkflowFault("gone", f"{part}.{key}", f"is gone, and has to stay: {why}")
            elif part == "policies":
                lost = sorted(set(one) - set(now[key]))
                for clock in lost:
                    text = "is gone, and has to stay: clocks run by it"
                    yield WorkflowFault("gone", f"{part}.{key}.{clock}", text)


def _workflow(body: Body, clocks: AbstractSet[str]) -> Faults:
    for key, state in workflow(body).states.items():
        if len(key) > LONGEST:
            yield WorkflowFault("long", key, f"is longer than {LONGEST} signs")
        if state.clock and state.clock not in clocks:
            yield WorkflowFault("unknown_clock", key, f"no deadline is called {state.clock!r}")


def _types(body: Body) -> Faults:
    """What pages read of every group and kind."""
    for part, needed in (("groups", ("name", "icon")), ("types", TYPE)):
        for key, one in body[part].items():
            for name in needed:
                if name not in one:
                    yield WorkflowFault("lacking", key, f"{name!r} is missing")
