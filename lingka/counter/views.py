"""Appointments, for everybody: without an account, a name or a number."""

from collections.abc import Mapping
from datetime import MAXYEAR, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.core import limits, qr
from lingka.core.actors import Actor
from lingka.core.display import for_another, known_language
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.counter import actions, permissions, selectors
from lingka.counter.selectors import WindowInfo
from lingka.guides import selectors as guides

RESIDENT = Actor("resident")
FROM_ONE_ADDRESS = (12, 3600)  # appointments in an hour; a counter books for many


@csrf_exempt  # it acts on nobody's behalf; a browser that refuses cookies must be able to book
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Choose a window and a time; what for is known from the guide one comes from."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = _Chosen.of(given)
    if request.method != "POST":
        return _page(request, chosen)
    if chosen.window is None:
        gone = _("This counter gives out no times any more. Please choose another.")
        return _page(request, chosen, fault=gone, status=422)
    if not chosen.starts_at:
        return _page(request, chosen, fault=_("Choose a time first."), status=422)
    if not _serves(request) and not limits.hit(
        "appointment", limits.source_of(request), *FROM_ONE_ADDRESS
    ):
        many = _("Too much at once from here. Please try again in an hour.")
        return _page(request, chosen, fault=many, status=HTTPStatus.TOO_MANY_REQUESTS)
    language = _language(request)
    try:
        booked = actions.book(
            chosen.window.uuid, chosen.starts_at, guide=chosen.guide,
            language=language, idempotency_key=chosen.key, actor=_actor(request),
        )  # fmt: skip
    except Problem as problem:
        chosen.starts_at = problem.extra.get("next")
        return _page(request, chosen, fault=str(problem), status=problem.status)
    address = reverse("counter:appointment", args=[booked.token])
    return redirect(address if language == get_language() else f"{address}?in={language}")


def _language(request: HttpRequest) -> str:
    """What the appointment speaks; a desk books for people who read another than it does."""
    return known_language(request.POST.get("language", "") if _serves(request) else "")


class _Chosen:
    """What is chosen so far; anything that does not exist is as not chosen."""

    def __init__(
        self, guide: str, window: WindowInfo | None, starts_at: datetime | None, key: UUID
    ) -> None:
        self.guide, self.window, self.starts_at, self.key = guide, window, starts_at, key

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "_Chosen":
        guide = str(given.get("guide", ""))[:64]
        open_ones = {str(one.uuid): one for one in selectors.windows()}
        window = open_ones.get(str(given.get("window", "")))
        if window is None and not given.get("window") and len(open_ones) == 1:
            window = next(iter(open_ones.values()))
        return cls(
            guide if guides.guide(guide) else "", window, _moment(given.get("starts_at")),
            _uuid(given.get("idempotency_key")) or uuid7(),
        )  # fmt: skip


def _moment(text: Any) -> datetime | None:
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:
        return None
    return found if found and found.tzinfo and 1 < found.year < MAXYEAR else None


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _page(
    request: HttpRequest, chosen: _Chosen, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "chosen": chosen,
        "guide": guides.guide(chosen.guide),
        "windows": selectors.windows(),
        "days": selectors.free_days(chosen.window) if chosen.window else [],
        "fault": fault,
        "serves": _serves(request),
        "languages": settings.LANGUAGES,
        "language": known_language(request.POST.get("language", "")),
    }
    response = render(request, "counter/book.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def appointment(request: HttpRequest, token: str) -> HttpResponse:
    """When and where, what to bring, the code to say at the window; `in`: in that language."""
    with for_another(request):
        return _appointment(request, token)


def _appointment(
    request: HttpRequest, token: str, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    found = selectors.visit_by_token(token)
    if found is None:
        raise Http404
    address = request.build_absolute_uri(reverse("counter:appointment", args=[token]))
    context = {
        "visit": found, "token": token, "qr": qr.svg(address, _("QR code of the appointment")),
        "serves": _serves(request), "fault": fault,
    }  # fmt: skip
    return _private(render(request, "counter/appointment.html", context, status=status))


@csrf_exempt  # the token in the address is the authority, and no cookie plays a part
@require_POST
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Give the time free again and erase it."""
    if selectors.visit_by_token(token) is None:
        raise Http404
    try:
        actions.take_back(token, actor=_actor(request))
    except Problem as problem:
        return _appointment(request, token, fault=str(problem), status=problem.status)
    return _private(render(request, "counter/erased.html"))


def _serves(request: HttpRequest) -> bool:
    return bool(permissions.may_serve(getattr(request, "posts", ())))


def _actor(request: HttpRequest) -> Actor:
    """A desk books in its own name, everybody else in nobody's."""
    actor: Actor = request.actor if _serves(request) else RESIDENT  # type: ignore[attr-defined]
    return actor


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
