"""The code on the spot: scanned, it leads to a page with one button. Whoever still has to sign in
does so first; the scan is remembered by this browser for some minutes meanwhile. A phone without a
network keeps the address, and opens it later."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.core import clock, limits
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members.entering import member_only, private
from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, rules, selectors

COOKIE = "scan"
LIVES = 15 * 60  # seconds in which somebody signs in
PATH = "/v/here/"
SALT = "volunteering.scan"
SCANS = (6000, 600)  # of one connection, in so many seconds: a whole street may share one


@require_safe
def scan(request: HttpRequest, shift: UUID, code: str) -> HttpResponse:
    """Judge the code at once, by this machine's time; nothing is entered yet."""
    secret = selectors.secret_of(shift)
    if secret is None:
        raise Http404
    if not limits.hit("scan", limits.source_of(request), *SCANS):
        return render(request, "429.html", status=429)
    kept = [str(shift)]
    if not rules.fits(secret, code, clock.now()):
        begins, ends = selectors.span_of(shift)
        shown = rules.shown_at(secret, code, begins, ends, clock.now())
        if shown is None:
            return private(render(request, "volunteering/stale.html", status=409))
        kept.append(shown.isoformat())
    response = redirect("volunteering:here")
    response.set_cookie(
        COOKIE, signing.dumps(kept, salt=SALT), max_age=LIVES, path=PATH, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip
    return private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def here(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """I am here, or I am leaving: one button, pressed twice it is once. With a code of before, kept
    by a phone without a network: I was here, to be looked at."""
    scanned, then = _scanned(request)
    found = selectors.activity_of(scanned, me.uuid) if scanned else None
    if found is None:
        return render(request, "volunteering/stale.html", status=409)
    activity, shift = found
    if request.method != "POST":
        shown = {"activity": activity, "shift": shift, "then": then}
        return render(request, "volunteering/here.html", shown)
    try:
        messages.success(request, _done(shift.uuid, me, then, request.POST.get("do", "")))
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))
    response = redirect("volunteering:activity", code=activity.code)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _done(shift: UUID, me: MemberInfo, then: datetime | None, do: str) -> str:
    """Enter it; returns what is said."""
    if then is not None:
        actions.say_later(shift, then, actor=me.actor)
        return _("Thank you. Whoever keeps the list looks at it.")
    if do == "out":
        actions.check_out(shift, actor=me.actor)
        return _("Thank you. The desk confirms your hours.")
    actions.check_in(shift, actor=me.actor)
    return _("You are here. Scan again when you leave.")


def _scanned(request: HttpRequest) -> tuple[UUID | None, datetime | None]:
    """What this browser scanned some minutes ago, and when it was shown if that was before."""
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIVES)
        then = datetime.fromisoformat(said[1]) if len(said) > 1 else None
        return UUID(str(said[0])), then
    except (signing.BadSignature, ValueError):
        return None, None
