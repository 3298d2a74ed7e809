"""Language, size and theme switches, the component sheet, and the pages for errors."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from lingka.core.display import WISHES, YEAR

FRAMED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language and go back to where the reader was."""
    return set_language(request)


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember a wish for a year and go back; unknown values are left out."""
    following = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = "/"
    response = HttpResponseRedirect(following)
    for name, allowed in WISHES.items():
        value = request.POST.get(name)
        if value is not None and value in allowed:
            response.set_cookie(
                name,
                value,
                max_age=YEAR if value else 0,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component with real content, in the reader's language."""
    from lingka.core.sheet import sheet

    return render(request, "core/sheet.html", sheet())


def _error(request: HttpRequest, status: int) -> HttpResponse:
    """In the desk's frame for whoever has a post there; where something broke, in the plain one."""
    at_desk = request.path.startswith("/desk/")
    shown: dict[str, object] = {"status": status, "at_desk": at_desk}
    if at_desk and status in FRAMED and getattr(request, "posts", None):
        shown |= {"frame": "core/desk.html", "framed": True}
    return render(request, "core/error.html", shown, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _error(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long or came without cookies: say how to send it again."""
    del reason
    return render(request, "core/error.html", {"status": 403, "csrf": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)
