"""Which messages staff want, residents' devices, the end of messages, the demo's outbox."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lingka.cases import selectors as cases
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.notifications import actions, devices, unsubscribing
from lingka.notifications.audience import CHANNELS, DEFAULT, TOPICS
from lingka.notifications.models import DemoMessage, Preference, Subscription

NAMES: dict[str, Any] = {
    "to_do": gettext_lazy("Something new is for me"),
    "urgent": gettext_lazy("Something urgent is for me"),
    "warned": gettext_lazy("A deadline of mine comes near"),
    "breached": gettext_lazy("A deadline has passed"),
    "agreements": gettext_lazy("An agreement of ours runs out"),
    "rounds": gettext_lazy("A round was missed, and I am to see to it"),
    "mentioned": gettext_lazy("A colleague names me in a note"),
}


def _me(request: HttpRequest) -> int:
    assert request.user.pk is not None  # the views are for those who signed in
    return request.user.pk


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and set which messages come by which way."""
    user = _me(request)
    actor: Any = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        pairs = [tuple(value.split(":", 1)) for value in request.POST.getlist("wanted")]
        actions.choose(user, actor=actor, wanted=[(p[0], p[-1]) for p in pairs])
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    said = {(p.topic, p.channel): p.wanted for p in Preference.objects.filter(user_id=user)}
    rows = [
        (
            NAMES[topic],
            [(c, f"{topic}:{c}", said.get((topic, c), (topic, c) in DEFAULT)) for c in CHANNELS],
        )
        for topic in TOPICS
    ]
    return render(request, "notifications/preferences.html", {
        "rows": rows,
        "email": getattr(request.user, "email", ""),
        "devices": Subscription.objects.filter(user_id=user).count(),
        "push_key": devices.public_key(),
    })  # fmt: skip


def _json(request: HttpRequest) -> Any:
    """What was sent, or None where it is no JSON."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


@login_required
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take a browser's subscription, as its own JSON."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        actions.subscribe(_me(request), actor=actor, subscription=_json(request))
    except Problem as problem:
        return JsonResponse({"detail": str(problem)}, status=problem.status)
    return HttpResponse(status=204)


@login_required
@require_POST
def forget_devices(request: HttpRequest) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    actions.unsubscribe(_me(request), actor=actor)
    messages.success(request, _("No more messages on your devices."))
    return redirect("notifications:preferences")


@csrf_exempt  # the token in the address is the authority, and no cookie plays a part
@never_cache
@require_POST
def device(request: HttpRequest, token: str) -> HttpResponse:
    """Does this device take the messages of a receipt? `do` asks, puts it on, or off."""
    found = cases.holder(token)
    if found is None:
        raise Http404
    given = _json(request)
    given = given if isinstance(given, dict) else {}
    receipt, actor = found.uuid, Actor("resident", found.id)
    try:
        if given.get("do") == "on":
            actions.listen(receipt, actor=actor, subscription=given.get("subscription"))
        elif given.get("do") == "off":
            actions.listen_no_more(receipt, actor=actor)
    except Problem as problem:
        return JsonResponse({"detail": str(problem)}, status=problem.status)
    told = cases.pushes_to(found.id, _endpoint(given.get("subscription")))
    return JsonResponse({"on": told, "key": devices.public_key()})


def _endpoint(subscription: Any) -> str:
    return str(subscription.get("endpoint", "")) if isinstance(subscription, dict) else ""


@csrf_exempt  # the signed link is the authority: mail programs send it without cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first: mail programs open links by themselves. Then, or by one click, erase it."""
    receipt = unsubscribing.receipt_of(token)
    if receipt is None:
        raise Http404
    done = request.method == "POST"
    if done:
        actions.stop(receipt)
    return render(request, "notifications/stop.html", {"done": done})


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows messages; it controls no page, so its folder is its scope."""
    return render(request, "notifications/worker.js", content_type="text/javascript")


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """What the demo sent, newest first."""
    if not settings.DEMO:
        raise Http404
    shown = DemoMessage.objects.order_by("-id")[:100]
    return render(request, "notifications/outbox.html", {"sent": shown})
