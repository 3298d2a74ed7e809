"""Workflows, case types, deadlines and standard replies, version by version."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.cases import parts
from lingka.cases.actions import activate, judged, ready
from lingka.cases.callbacks import CALL_BACKS
from lingka.cases.models import Definition
from lingka.cases.selectors import replies
from lingka.core.actors import Actor
from lingka.core.histories import History, Rules, Version, register
from lingka.core.text import pick
from lingka.desks import selectors as desks


def _definitions(kind: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for row in Definition.objects.filter(kind=kind).order_by("id"):
        made = Version(row.number, row.activated_at, row.activated_by, row.body)
        found.setdefault(row.key, []).append(made)
    return found


def _replies() -> dict[str, list[Version]]:
    """What is shipped counts as version 0; the town's own follow it."""
    shipped = {key: [Version(0, None, None, body)] for key, body in replies.shipped().items()}
    own = desks.reply_history()
    return {key: shipped.get(key, []) + own.get(key, []) for key in (*shipped, *own)}


def _called(label: Any) -> Callable[[Mapping[str, Any]], str]:
    """The body's own name, or the kind's where there is only one of it."""
    return lambda body: pick(body.get("name") or {}) or str(label)


def _of_parts() -> str:
    """Where the parts live that a workflow's file may name."""
    return gettext(
        "Steps that several workflows share come with the package as parts, and a file takes them"
        " in by `uses`: %(parts)s. A part has no versions of its own: what comes into force is each"
        " workflow whole, so changing one leaves the others as they are."
    ) % {"parts": ", ".join(sorted(parts.shipped()))}


def _rules(kind: str, part: str) -> Rules:
    """How a town puts its own definition of a kind into force; files are known by a part."""

    def put(body: dict[str, Any], actor: Actor) -> int:
        return activate(kind, body, actor=actor).number

    note = _of_parts if kind == Definition.Kind.WORKFLOW else str
    return Rules(part, ready, lambda body: judged(kind, dict(body)), put, note)


TYPES, DEADLINES = _("Case types"), _("Deadlines")
register(
    History("workflow", _("Workflow"), partial(_definitions, "workflow"),
            _called(""), "cases:workflow", _rules("workflow", "initial")),
    History("case-types", TYPES, partial(_definitions, "case_types"), _called(TYPES),
            rules=_rules("case_types", "types")),
    History("deadlines", DEADLINES, partial(_definitions, "deadlines"), _called(DEADLINES),
            rules=_rules("deadlines", "policies")),
    CALL_BACKS.history(_("Calling back")),
    History("reply", _("Standard reply"), _replies, lambda body: pick(body["title"]),
            "cases:reply"),
)  # fmt: skip
