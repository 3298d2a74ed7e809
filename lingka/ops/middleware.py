"""What every answer gets: security headers, a limit on what is sent, one line in the log."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import Resolver404, resolve

from lingka.core.policy import CONTENT_POLICY
from lingka.ops import metrics

GetResponse = Callable[[HttpRequest], HttpResponseBase]
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(self),"
    " browsing-topics=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TOO_LARGE = (
    "太大了，请少发几张照片。\nཆེ་དྲགས་པས་པར་ཉུང་ཙམ་སྐུར་རོགས།\nToo large: please send fewer photos.\n"
)
CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';]*)""", re.IGNORECASE)
UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}
ONLY_UTF_8 = "请用 UTF-8 编码发送。\nUTF-8 བཀོལ་ནས་སྐུར་རོགས།\nPlease send this as UTF-8.\n"
LONGEST_LENGTH = 18  # digits; Python refuses to read a number of thousands of them
# What a sender makes up is counted as one: each new label would be kept in memory for ever.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger("lingka.web")


def harden(get_response: GetResponse) -> GetResponse:
    """Add the security headers that a view did not set for itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def lead_to_page(get_response: GetResponse) -> GetResponse:
    """A browser that asks for an address that only takes forms is led to the page above it.

    Who switches the language on a page that answers a form, or signs in again after sending one,
    comes by such an address.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        reads = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if reads and isinstance(response, HttpResponseNotAllowed):
            return HttpResponseRedirect(quote(page_above(request.path_info)))
        return response

    return middleware


def page_above(path: str) -> str:
    """The nearest address above this one that leads anywhere."""
    parts = path.strip("/").split("/")
    for end in range(len(parts) - 1, 0, -1):
        above = "/" + "/".join(parts[:end])
        found = next((one for one in (above, f"{above}/") if _is_page(one)), None)
        if found:
            return found
    return "/"


def _is_page(path: str) -> bool:
    """Pages have names; what only takes a slash away has none."""
    try:
        return bool(resolve(path).url_name)
    except Resolver404:
        return False


def limit_body(get_response: GetResponse) -> GetResponse:
    """Refuse a body by its announced length, before a byte of it is read.

    A body without a length is never read at all: WSGI has no way to tell where it ends.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            return HttpResponse(status=400)
        if len(length) > LONGEST_LENGTH or int(length) > settings.LINGKA_MAX_BODY:
            return HttpResponse(TOO_LARGE, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def only_utf8(application: Any) -> Any:
    """Refuse whatever names another encoding than UTF-8, before Django reads it.

    Django decodes forms and queries by the charset that a sender names, even while it makes the
    request, where nothing of ours could answer. Some charsets are no text encodings at all, others
    yield signs that cannot be stored.
    """

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        named = CHARSET.search(environ.get("CONTENT_TYPE") or "")
        if named is None or named[1].lower().replace("_", "-") in UTF_8:
            return application(environ, start_response)
        start_response(
            "415 Unsupported Media Type", [("Content-Type", "text/plain; charset=utf-8")]
        )
        return [ONLY_UTF_8.encode()]

    return guarded


def seen_from(get_response: GetResponse) -> GetResponse:
    """Behind a proxy, take the address that it saw: else a whole town would share its limits."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.BEHIND_PROXY:
            nearest = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            request.META["REMOTE_ADDR"] = nearest or request.META.get("REMOTE_ADDR", "")
        return get_response(request)

    return middleware


def storable_cookies(get_response: GetResponse) -> GetResponse:
    """Leave out cookies that no query can hold: a quoted one can have a NUL."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def storable_address(get_response: GetResponse) -> GetResponse:
    """Nothing lies at an address with a NUL in it: no query could even look for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware


def observe(get_response: GetResponse) -> GetResponse:
    """Count the request and log it by the name of its route: addresses can hold tokens."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        route = match.route if match else "(none)"
        status = str(response.status_code)
        method = request.method if request.method in METHODS else "other"
        metrics.REQUESTS.labels(method, route, status).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        if route not in metrics.QUIET and (match or response.status_code >= HTTPStatus.BAD_REQUEST):
            log.info(
                "request",
                method=method,
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response

    return middleware
