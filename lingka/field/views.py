"""The addresses that the field app speaks to (docs/sync.md)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from lingka.core import epochs
from lingka.core.problems import Problem
from lingka.field import actions, pulling, selectors, versions
from lingka.field.answers import answering, body, read, told
from lingka.field.senders import refuse_another, refuse_revoked, sender
from lingka.field.shapes import DeviceIn, PushIn

COOKIE = "lingka_device"  # survives where a browser throws the app's storage away
YEAR = 365 * 24 * 3600
KEEP_DAYS = 35  # what is complete stays on the phone, past the backups


@answering("POST")
def devices(request: HttpRequest) -> HttpResponse:
    """Make this phone known, and show its token this once."""
    if not request.user.is_authenticated:
        raise Problem("session", _("Sign in first."), status=401)
    given = read(DeviceIn, body(request))
    former = _uuid(request.COOKIES.get(COOKIE, ""))
    refuse_revoked(request, former)
    refuse_another(request.user.pk, given.worker)
    made = actions.register(
        actor=request.actor,  # type: ignore[attr-defined]
        name=given.name, app=given.app, schema=given.schema_,
        former=former,
    )  # fmt: skip
    response = told(
        {
            "device": made.device.uuid, "token": made.token, "epoch": epochs.current(),
            "marker": made.device.marker, "protocol": versions.PROTOCOLS[-1],
            "schemas": versions.schemas(), "keep_days": KEEP_DAYS, "evicted": made.evicted,
            "worker": made.device.user.uuid,
        },
        201,
    )  # fmt: skip
    response.set_cookie(
        COOKIE, str(made.device.uuid), max_age=YEAR, path="/field/", httponly=True,
        secure=request.is_secure(), samesite="Strict",
    )  # fmt: skip
    return response


@csrf_exempt
@answering("POST")
@gzip_page
def push(request: HttpRequest) -> HttpResponse:
    """Take in operations. The token is the authority; no cookie plays a part."""
    who = sender(request)
    return told(actions.push(who, _envelope(body(request))))


def _envelope(given: Any) -> PushIn:
    """Read apart from the operations: what is odd in one of them refuses that one alone."""
    listed = given.get("operations") if isinstance(given, dict) else None
    if not isinstance(listed, list):
        return read(PushIn, given)
    envelope = read(PushIn, {**given, "operations": []})
    return envelope.model_copy(update={"operations": listed})


@answering("GET", "HEAD")
@gzip_page  # a thousand rows say much in the same words: a tenth of the bytes on a slow line
def pull(request: HttpRequest) -> HttpResponse:
    """What this phone carries. It reads, so its token is not enough: its worker is signed in."""
    who = sender(request)
    if not request.user.is_authenticated:
        raise Problem("session", _("Sign in first."), status=401)
    if request.user.pk != who.user:
        message = _("Somebody else is signed in on this phone. Sign in as yourself.")
        raise Problem("other_user", message, status=403)
    posts = list(request.posts)  # type: ignore[attr-defined]
    mine = pulling.scope(who.user, posts, settings.TIME_ZONE)
    return told(pulling.pull(mine, request.GET.get("cursor", "")))


@answering("GET", "HEAD")
@gzip_page
def standing(request: HttpRequest) -> HttpResponse:
    """What of this phone's is complete."""
    who = sender(request)
    actions.settle(who)
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 17):  # noqa: PLR2004
        raise Problem("invalid", _("Please write a number."), field="after", status=422)
    return told(selectors.standing(who.device, int(after)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
