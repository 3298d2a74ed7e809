"""Who changed what and when: rules, workflows, areas, units, staff, replies; not cases."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingka.accounts.administering import actor_of, administrator
from lingka.core import events
from lingka.core.events import StoredEvent
from lingka.core.rulebooks import RulesActivated
from lingka.ops import naming, putting, versions
from lingka.ops.permissions import may_operate

PAGE = 50
# Changes whose versions stand on a page of their own, by the event that tells of them.
KEPT = {
    "desks.ReplyPublished": "reply",
    "desks.ReplyRetired": "reply",
    "notices.TemplatePublished": "notice-template",
    "notices.TemplateRetired": "notice-template",
    "units.DutyListActivated": "duty-list",
}


@require_safe
@administrator
def changes(request: HttpRequest) -> HttpResponse:
    """What is kept in versions, as it was last changed; then every other change, newest first."""
    if not may_operate(actor_of(request)):
        raise Http404
    before = request.GET.get("before", "")
    page = events.beside_cases(
        PAGE + 1,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004
    )
    lines = versions.lines() if not before else []
    context = {
        "lines": [one for one in lines if not one.shipped],
        "shipped": [one for one in lines if one.shipped],
        "changes": told(page[:PAGE]),
        "next": page[PAGE - 1].position if len(page) > PAGE else None,
    }
    return render(request, "ops/changes.html", context)


@require_safe
@administrator
def change(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One thing, version by version: what it said before, what it says now, who changed it."""
    if not may_operate(actor_of(request)):
        raise Http404
    found = versions.thing(kind, key)
    if found is None:
        raise Http404
    context = {"thing": found, "own": putting.text_of(kind, key) is not None}
    return render(request, "ops/change.html", context | {"kind": kind, "key": key})


def told(found: Sequence[StoredEvent]) -> list[dict[str, Any]]:
    """Each change in words: when, what, which, by whom."""
    names = naming.users_of(found)
    return [_change(one, names) for one in found]


def _change(event: StoredEvent, names: dict[int, Any]) -> dict[str, Any]:
    kind, key = KEPT.get(event.type), getattr(event.data, "key", "")
    if isinstance(event.data, RulesActivated):
        kind = event.data.kind
    return {
        "at": event.recorded_at,
        "what": event.data.label,
        "which": naming.which(event, names),
        "who": _who(event, names),
        "url": reverse("ops:change", args=[kind, key]) if kind else "",
    }


def _who(event: StoredEvent, names: dict[int, Any]) -> str:
    who = names.get(event.actor.get("id") or 0) if event.actor.get("kind") == "user" else None
    return who.name if who else _("Lingka, by itself or by the operator's command")
