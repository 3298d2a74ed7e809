"""Where a scan or a visit begins."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from lingka.areas.selectors import place_by_code, retired_place
from lingka.cases.selectors import arrivals_at
from lingka.core.ids import uuid7
from lingka.intake import selectors
from lingka.members import entering
from lingka.notices import selectors as notices
from lingka.volunteering import campaigns

ARRIVES = frozenset({"handler", "grid_worker"})


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The first page for those who come without a code."""
    return render(
        request,
        "intake/landing.html",
        _kinds(""),
    )


@require_safe
def without_slash(request: HttpRequest, address: str) -> HttpResponse:
    """Addresses that were typed or shortened by others come with a slash too many."""
    try:
        resolve(f"/{address}")
    except Resolver404:
        raise Http404 from None
    return redirect(f"/{quote(address)}{'?' if request.GET else ''}{request.GET.urlencode()}")


@require_safe
def door(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR code on a door: place and grid are known already."""
    place = place_by_code(code)
    if place is None:
        retired = retired_place(code)
        shown = {
            **_kinds(""),
            "unknown_code": retired is None,
            "retired": retired,
        }
        return render(request, "intake/landing.html", shown, status=410 if retired else 404)
    me = entering.me(request)
    context: dict[str, Any] = {
        "door": selectors.door(place),
        "notices": notices.at_place(place),
        "campaigns": campaigns.at_door(place.id, me.uuid) if me else (),
        **_kinds(place.code),
    }
    response = render(request, "intake/landing.html", context | _awaited(request, place.id))
    if request.user.is_authenticated or me:
        response["Cache-Control"] = "no-store"
    return response


def _kinds(place_code: str) -> dict[str, Any]:
    """What can be named here: the pictures, what is on none, and what only some have to bring."""
    return {
        "tiles": selectors.tiles(place_code),
        "other": selectors.other_url(place_code),
        "particular": selectors.doors(place_code),
    }


def _awaited(request: HttpRequest, place: int) -> dict[str, Any]:
    """For a handler who is signed in: the cases here that wait for their arrival."""
    if not any(post.role in ARRIVES for post in getattr(request, "posts", ())):
        return {}
    found = arrivals_at(place, request.actor)  # type: ignore[attr-defined]
    return {"arrivals": found, "op": str(uuid7())}
