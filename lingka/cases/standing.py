"""What a town's own version must not break: what others name has to stay, and to be readable.

The checker judges a definition by itself, this one beside what is in force. Only what somebody
puts into force is judged so: what the package brings fits together already.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.cases import kinship
from lingka.cases.definitions import Workflow, workflow
from lingka.cases.models import Definition
from lingka.core.faults import Fault, Faults, missing

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
LONGEST = 32  # signs of a state's name
TYPE = ("group", "name", "description", "keywords", "workflow", "deadlines", "publication")
RUN_BY = gettext_lazy("clocks run by it")
STAYS = (  # parts whose entries others name: cases in work, services, duty lists
    (Definition.Kind.CASE_TYPES, "groups", gettext_lazy("kinds of cases belong to it")),
    (
        Definition.Kind.CASE_TYPES,
        "types",
        gettext_lazy("`public: false` takes a kind of case from residents"),
    ),
    (Definition.Kind.DEADLINES, "always", RUN_BY),
    (Definition.Kind.DEADLINES, "policies", gettext_lazy("kinds of cases go by it")),
)

Body = Mapping[str, Any]
Kinds = Mapping[str, bool]  # of cases: whether one can end without a reporter of its own


@dataclass(frozen=True)
class InForce:
    """What a version may name: clocks with a rule, and the kinds of cases."""

    clocks: AbstractSet[str]
    kinds: Kinds


def faults(kind: str, body: Body, before: Body, known: InForce) -> Faults:
    """What speaks against this version after the one in force."""
    if not KEY.fullmatch(str(body.get("key", ""))):
        yield Fault("key", "key", _("small letters, digits and _; a letter first"))
    elif kind != Definition.Kind.WORKFLOW and body["key"] != kind:
        yield Fault("key", "key", _("has to be “%(name)s”") % {"name": kind})
    yield from _gone(kind, body, before)
    if kind == Definition.Kind.WORKFLOW:
        read = workflow(body)
        yield from _workflow(read, known.clocks)
        yield from _kinds(read, known.kinds)
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
                yield _lost(f"{part}.{key}", why)
            elif part == "policies":
                lost = sorted(set(one) - set(now[key]))
                yield from (_lost(f"{part}.{key}.{clock}", RUN_BY) for clock in lost)


def _lost(where: str, why: object) -> Fault:
    return Fault("gone", where, _("is gone, and has to stay: %(why)s") % {"why": why})


def _workflow(flow: Workflow, clocks: AbstractSet[str]) -> Faults:
    for key, state in flow.states.items():
        if len(key) > LONGEST:
            yield Fault("long", key, _("is longer than %(most)s signs") % {"most": LONGEST})
        if state.clock and state.clock not in clocks:
            said = _("no deadline is called “%(name)s”") % {"name": state.clock}
            yield Fault("unknown_clock", key, said)


def _kinds(flow: Workflow, kinds: Kinds) -> Faults:
    """Kinds of cases that it brings forth: there is such a one, and it can be a part of another."""
    opened = [(grade.key, kind) for grade in flow.grades for kind in grade.opens.values()]
    called = list(kinship.kinds_called(flow))
    for where, kind in [*opened, *called]:
        if kind not in kinds:
            said = _("no kind of case is called “%(name)s”") % {"name": kind}
            yield Fault("unknown_type", where, said)
    for where, kind in called:
        if not kinds.get(kind, True):
            said = _("a case of the kind “%(name)s” cannot end as a part of another")
            yield Fault("no_part", where, said % {"name": kind})


def _types(body: Body) -> Faults:
    """What pages read of every group and kind."""
    for part, needed in (("groups", ("name", "icon")), ("types", TYPE)):
        for key, one in body[part].items():
            for name in needed:
                if name not in one:
                    yield missing(key, name)
