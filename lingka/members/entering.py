"""Who is signed in as a member in this browser, beside any colleague who may be too."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lingka.members import actions, rules, selectors
from lingka.members.selectors import MemberInfo

COOKIE = "member"
ASKING = "member-code"  # of whoever waits for digits or fills in the form of joining
View = Callable[..., HttpResponse]
_HELD = "_member"


def me(request: HttpRequest) -> MemberInfo | None:
    """The member of this browser, looked up once a request."""
    if not hasattr(request, _HELD):
        found = selectors.by_key(key) if (key := key_of(request)) else None
        if found is not None and not found.came_by:
            actions.visited(found.id)
        setattr(request, _HELD, found)
    found = getattr(request, _HELD)
    assert found is None or isinstance(found, MemberInfo)
    return found


def key_of(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:64]


def member_only(view: View) -> View:
    """For members; others are asked to sign in and led back. Nothing of it is stored on the way."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = me(request)
        if found is None:
            return redirect(sign_in_url(request))
        return private(view(request, found, *args, **kwargs))

    return guarded


def private(response: HttpResponse) -> HttpResponse:
    response.setdefault("Cache-Control", "no-store")
    return response


def sign_in_url(request: HttpRequest) -> str:
    """Where somebody signs in to come back here."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return f"{reverse('members:in')}?{urlencode({'next': here})}"


def next_of(request: HttpRequest) -> str:
    """Where to after signing in: a page of our own."""
    asked = (request.POST.get("next") or request.GET.get("next", ""))[:200]
    good = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if good else ""


def signed_in(request: HttpRequest, response: HttpResponse, key: str) -> HttpResponse:
    """Give the browser its new key, and a new token against forged forms."""
    rotate_token(request)
    age = int(rules.session_lives().total_seconds())
    _set(response, COOKIE, key, age, "/")
    response.delete_cookie(ASKING, path="/me/", samesite="Lax")
    return response


def asked(response: HttpResponse, token: str) -> HttpResponse:
    """Bind the digits that are on their way to this browser."""
    age = int((rules.code_lives() + rules.to_join()).total_seconds())
    _set(response, ASKING, token, age, "/me/")
    return response


def token_of(request: HttpRequest) -> str:
    return request.COOKIES.get(ASKING, "")[:64]


def signed_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    return response


def _set(response: HttpResponse, name: str, value: str, age: int, path: str) -> None:
    response.set_cookie(
        name, value, max_age=age, path=path, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip
