"""Who changed what and when: rules, workflows, areas, units, staff, replies; not cases."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lingka.accounts import selectors as accounts
from lingka.accounts.administering import actor_of, administrator
from lingka.cases.selectors import versions
from lingka.core import events
from lingka.core.events import StoredEvent
from lingka.ops.permissions import may_operate

PAGE = 50
NAMED = 6
KINDS = {
    "workflow": gettext_lazy("Workflow"),
    "case_types": gettext_lazy("Case types"),
    "deadlines": gettext_lazy("Deadlines"),
}
TOLD = ("key", "name", "code", "number", "role", "receiver", "listing", "rows", "month")


@require_safe
@administrator
def changes(request: HttpRequest) -> HttpResponse:
    """Definitions with what each version changed; then every other change, the newest first."""
    if not may_operate(actor_of(request)):
        raise Http404
    before = request.GET.get("before", "")
    page = events.beside_cases(
        PAGE + 1,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004
    )
    found = versions() if not before else []
    users = {one.actor.get("id") for one in page if one.actor.get("kind") == "user"}
    names = accounts.users({one for one in (*users, *(v.by for v in found)) if one})
    context = {
        "versions": [_version(one, names) for one in found],
        "changes": [_change(one, names) for one in page[:PAGE]],
        "next": page[PAGE - 1].position if len(page) > PAGE else None,
    }
    return render(request, "ops/changes.html", context)


def _version(one: Any, names: dict[int, Any]) -> dict[str, Any]:
    more = len(one.changed) - NAMED
    return {
        "kind": KINDS.get(one.kind, one.kind),
        "name": one.name,
        "number": one.number,
        "at": one.at,
        "who": names[one.by].name if one.by in names else _("the package"),
        "changed": ", ".join(one.changed[:NAMED]) + (f" … +{more}" if more > 0 else ""),
    }


def _change(event: StoredEvent, names: dict[int, Any]) -> dict[str, Any]:
    told = [getattr(event.data, name, None) for name in TOLD]
    return {
        "at": event.recorded_at,
        "what": event.data.label,
        "which": " · ".join(str(one) for one in told if isinstance(one, str | int) and one != ""),
        "who": _who(event, names),
    }


def _who(event: StoredEvent, names: dict[int, Any]) -> str:
    who = names.get(event.actor.get("id") or 0) if event.actor.get("kind") == "user" else None
    return who.name if who else _("Lingka, by itself or by the operator's command")
