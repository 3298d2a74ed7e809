"""Which messages staff want, the end of a resident's messages, and the demo's outbox."""

import base64
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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lingka.core.problems import Problem
from lingka.notifications import actions, unsubscribing
from lingka.notifications.audience import CHANNELS, DEFAULT, TOPICS
from lingka.notifications.models import DemoMessage, Preference, Subscription

NAMES: dict[str, Any] = {
    "to_do": gettext_lazy("Something new is for me"),
    "urgent": gettext_lazy("Something urgent is for me"),
    "warned": gettext_lazy("A deadline of mine comes near"),
    "breached": gettext_lazy("A deadline has passed"),
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
        "push_key": public_key(),
    })  # fmt: skip


def public_key() -> str:
    """The installation's key for browsers, "" where Web Push is not set up."""
    if not settings.VAPID_KEY:
        return ""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid import Vapid02

    public = Vapid02.from_string(settings.VAPID_KEY).public_key
    raw = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@login_required
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take a browser's subscription, as its own JSON."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        given = json.loads(request.body)
        endpoint, keys = str(given["endpoint"]), dict(given["keys"])
        actions.subscribe(_me(request), actor=actor, endpoint=endpoint, keys=keys)
    except Problem as problem:
        return JsonResponse({"detail": str(problem)}, status=problem.status)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"detail": _("This browser's answer is not understood.")}, status=400)
    return HttpResponse(status=204)


@login_required
@require_POST
def forget_devices(request: HttpRequest) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    actions.unsubscribe(_me(request), actor=actor)
    messages.success(request, _("No more messages on your devices."))
    return redirect("notifications:preferences")


@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first: mail programs open links by themselves. Then erase the contact."""
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
    """The service worker that shows messages on a device of staff."""
    response = render(request, "notifications/worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/desk/notices/"
    return response


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """What the demo sent, newest first."""
    if not settings.DEMO:
        raise Http404
    shown = DemoMessage.objects.order_by("-id")[:100]
    return render(request, "notifications/outbox.html", {"sent": shown})
