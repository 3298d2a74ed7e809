"""What a town's own version must not break: what others name has to stay, and to be readable.

The checker judges a definition by itself, this one beside what is in force. Only what somebody
puts into force is judged so: what the package brings fits together already.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.cases.definitions import workflow
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


def faults(kind: str, body: Body, before: Body, clocks: AbstractSet[str]) -> Faults:
    """What speaks against this version after the one in force; `clocks` are those with a rule."""
    if not KEY.fullmatch(str(body.get("key", ""))):
        yield Fault("key", "key", _("small letters, digits and _; a letter first"))
    elif kind != Definition.Kind.WORKFLOW and body["key"] != kind:
        yield Fault("key", "key", _("has to be “%(name)s”") % {"name": kind})
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
                yield _lost(f"{part}.{key}", why)
            elif part == "policies":
                lost = sorted(set(one) - set(now[key]))
                yield from (_lost(f"{part}.{key}.{clock}", RUN_BY) for clock in lost)


def _lost(where: str, why: object) -> Fault:
    return Fault("gone", where, _("is gone, and has to stay: %(why)s") % {"why": why})


def _workflow(body: Body, clocks: AbstractSet[str]) -> Faults:
    for key, state in workflow(body).states.items():
        if len(key) > LONGEST:
            yield Fault("long", key, _("is longer than %(most)s signs") % {"most": LONGEST})
        if state.clock and state.clock not in clocks:
            said = _("no deadline is called “%(name)s”") % {"name": state.clock}
            yield Fault("unknown_clock", key, said)


def _types(body: Body) -> Faults:
    """What pages read of every group and kind."""
    for part, needed in (("groups", ("name", "icon")), ("types", TYPE)):
        for key, one in body[part].items():
            for name in needed:
                if name not in one:
                    yield missing(key, name)
