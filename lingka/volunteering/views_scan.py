"""The code on the spot: scanned, it leads to a page with one button. Whoever still has to sign in
does so first; the scan is remembered by this browser for some minutes meanwhile."""

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
SCANS = (600, 600)  # of one connection, in so many seconds: a whole square may share one


@require_safe
def scan(request: HttpRequest, shift: UUID, code: str) -> HttpResponse:
    """Judge the code at once, by this machine's time; nothing is entered yet."""
    secret = selectors.secret_of(shift)
    if secret is None:
        raise Http404
    if not limits.hit("scan", limits.source_of(request), *SCANS):
        return render(request, "429.html", status=429)
    if not rules.fits(secret, code, clock.now()):
        return private(render(request, "volunteering/stale.html", status=409))
    response = redirect("volunteering:here")
    response.set_cookie(
        COOKIE, signing.dumps(str(shift), salt=SALT), max_age=LIVES, path=PATH, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip
    return private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def here(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """I am here, or I am leaving: one button, pressed twice it is once."""
    found = selectors.activity_of(scanned, me.uuid) if (scanned := _scanned(request)) else None
    if found is None:
        return render(request, "volunteering/stale.html", status=409)
    activity, shift = found
    if request.method != "POST":
        return render(request, "volunteering/here.html", {"activity": activity, "shift": shift})
    try:
        if request.POST.get("do") == "out":
            actions.check_out(shift.uuid, actor=me.actor)
            messages.success(request, _("Thank you. The desk confirms your hours."))
        else:
            actions.check_in(shift.uuid, actor=me.actor)
            messages.success(request, _("You are here. Scan again when you leave."))
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))
    response = redirect("volunteering:activity", code=activity.code)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _scanned(request: HttpRequest) -> UUID | None:
    """What this browser scanned some minutes ago."""
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIVES)
        return UUID(str(said))
    except (signing.BadSignature, ValueError):
        return None
