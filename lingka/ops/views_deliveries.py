"""The administrator's page of deliveries: how far each receiver is, what failed and why."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from lingka.accounts import selectors as accounts
from lingka.accounts.administering import actor_of, administrator
from lingka.cases import selectors as cases
from lingka.core import delivery
from lingka.core.events import StoredEvent, history
from lingka.core.problems import Problem
from lingka.ops import actions
from lingka.ops.events import DELIVERIES, DeliverySkipped
from lingka.ops.permissions import may_operate

LATEST = 10
RECEIVERS = {  # one that is not named here is shown by its own name
    "cases.calendars": gettext_lazy("Deadlines, when a calendar changes"),
    "notifications.tell": gettext_lazy("Messages to residents and staff"),
    "insight.facts": gettext_lazy("What rates are counted from"),
    "partners.overrides": gettext_lazy("Burden report: what went against duty lists"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def deliveries(request: HttpRequest) -> HttpResponse:
    """Look, try again, give up. After each act the page is asked for anew."""
    if not may_operate(actor_of(request)):
        raise Http404
    if request.method == "POST":
        _act(request)
        return redirect("ops:deliveries")
    context = {
        "waiting": [(_named(one.receiver), one) for one in delivery.waiting()],
        "held": [(_named(one.receiver), one) for one in delivery.held()],
        "unattended": cases.unattended(),
        "acts": _acts(),
    }
    return render(request, "ops/deliveries.html", context)


def _named(receiver: str) -> str:
    return str(RECEIVERS.get(receiver, receiver))


def _act(request: HttpRequest) -> None:
    number = request.POST.get("held", "")
    held = int(number) if number.isdecimal() and len(number) < 19 else None  # noqa: PLR2004
    try:
        if request.POST.get("do") == "skip" and held:
            actions.skip_delivery(held, actor=actor_of(request))
            messages.success(request, _("Given up. What waited behind it goes on by itself."))
        elif request.POST.get("do") == "retry":
            _say(request, actions.retry_deliveries(actor=actor_of(request), held=held))
    except Problem as problem:
        messages.error(request, str(problem))


def _say(request: HttpRequest, delivered: int) -> None:
    if delivered:
        text = ngettext("%(count)d delivery went through.", "%(count)d deliveries went through.",
                        delivered)  # fmt: skip
        messages.success(request, text % {"count": delivered})
    else:
        messages.error(request, _("It failed again. The reason below is the newest."))


def _acts() -> list[dict[str, Any]]:
    """The latest acts by hand, newest first."""
    found = history(DELIVERIES)[-LATEST:][::-1]
    names = accounts.users({one.actor["id"] for one in found if one.actor.get("id")})
    return [{"when": one.recorded_at, "what": _what(one), "who": _who(one, names)} for one in found]


def _who(event: StoredEvent, names: dict[int, Any]) -> str:
    who = names.get(event.actor.get("id") or 0)
    return who.name if who else _("the operator's command")


def _what(event: StoredEvent) -> str:
    label = str(event.data.label)
    data = event.data
    if isinstance(data, DeliverySkipped):
        return f"{label}: {data.receiver}, {data.position}"
    return f"{label}: {getattr(data, 'delivered', '')}"
