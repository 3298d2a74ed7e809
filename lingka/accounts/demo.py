"""The demo's sign-in sheet: choose a role, one click. Exists only when settings.DEMO."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lingka.accounts.models import Post, User
from lingka.areas import selectors as areas

# User names of the demo city, what each does there, and an icon.
ROLES: dict[str, tuple[Any, str]] = {
    "pai": (_("Dispatcher at a street desk: takes reports in and hands them on"), "inbox"),
    "shequ": (_("Dispatcher of a community"), "house"),
    "rexian": (_("Dispatcher for the whole town: what no street desk can place"), "phone"),
    "shui": (_("Handler of the water team: goes there and mends"), "wrench"),
    "deng": (_("Handler of the lighting office"), "zap"),
    "hefang": (_("Verifier: calls back and checks results"), "phone-call"),
    "dudao": (_("Supervisor: sees what is late"), "eye"),
    "lingdao": (_("Leader who covers the street: rules, and leads by name"), "user-check"),
    "wangge": (_("Grid worker: is out in the streets"), "footprints"),
    "guanli": (_("Administrator: units, staff, calendars"), "key-round"),
}


def door() -> str:
    """The page of a door in the grid of the demo's grid worker; the first page without one."""
    post = Post.objects.filter(user__username="wangge").first()
    if post is None or post.area_id is None:
        return "/"
    grid = areas.area(post.area_id)
    if grid.lon is None or grid.lat is None:
        return "/"
    near = areas.places_near(grid.lon, grid.lat, 1)
    return f"/p/{near[0].code}" if near else "/"


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the roles, or sign in as the one that was clicked."""
    if not settings.DEMO:
        raise Http404
    following = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = settings.LOGIN_REDIRECT_URL
    if request.method == "GET":
        present = set(
            User.objects.filter(username__in=ROLES, is_active=True).values_list(
                "username", flat=True
            )
        )
        roles = [(name, *role) for name, role in ROLES.items() if name in present]
        shown = {"roles": roles, "next": following, "door": door()}
        return render(request, "accounts/demo.html", shown)
    user = User.objects.filter(
        username=request.POST.get("role"), username__in=ROLES, is_active=True
    ).first()
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect(following)
