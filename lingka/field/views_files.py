"""Files by tus 1.0: begun, asked for, and sent piece by piece (docs/sync.md)."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lingka.core.problems import Problem
from lingka.field import actions
from lingka.field.actions import Announced
from lingka.field.answers import answering
from lingka.field.models import Upload
from lingka.field.senders import sender
from lingka.field.uploading import received

TUS = "1.0.0"
LARGEST = 20 * 1024 * 1024
PIECE = 1024 * 1024
KINDS = {"image": "photo", "audio": "voice"}
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
View = Callable[..., HttpResponse]


def speaking_tus(view: View) -> View:
    """Every answer says which tus it is; another version is refused before anything is done."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _offered() if request.method == "OPTIONS" else view(request, *args, **kwargs)
        response["Tus-Resumable"] = TUS
        return response

    return spoken


def _offered() -> HttpResponse:
    offers = {"Tus-Version": TUS, "Tus-Extension": "creation", "Tus-Max-Size": str(LARGEST)}
    return HttpResponse(status=204, headers=offers)


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != TUS:
        message = _("Another version of tus is spoken here.")
        raise Problem("tus", message, status=412, headers={"Tus-Version": TUS})


@csrf_exempt
@speaking_tus
@answering("POST")
def begin(request: HttpRequest) -> HttpResponse:
    """Make a file known; its address is its own id."""
    who = sender(request)
    _check_version(request)
    upload = actions.begin_file(who, _announced(request))
    response = _stands(upload, 201)
    response["Location"] = reverse("field:file", args=[upload.attachment])
    return response


@csrf_exempt
@speaking_tus
@answering("HEAD", "PATCH")
def piece(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """How far a file is, or the next piece of it."""
    who = sender(request)
    _check_version(request)
    upload = actions.file_of(who, attachment)
    if request.method == "HEAD":
        actions.finish_file(who, upload)
        response = _stands(upload, 200)
        response["Upload-Length"] = str(upload.length)
        return response
    if request.content_type != "application/offset+octet-stream":
        message = _("Send this as application/offset+octet-stream.")
        raise Problem("media", message, status=415)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > PIECE:
        raise Problem("large", _("This is too much at once. Send less."), status=413)
    actions.take_piece(who, upload, _number(request, "Upload-Offset"), request, length)
    return _stands(upload, 204)


def _stands(upload: Upload, status: int) -> HttpResponse:
    """The offset, and once it is verified the receipt."""
    response = HttpResponse(status=status, headers={"Upload-Offset": str(received(upload))})
    if upload.status == Upload.Status.VERIFIED:
        response["Upload-Sha256"] = upload.sha256
    return response


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise Problem("invalid", _("Please write a number."), field=name, status=422)
    return int(text)


def _announced(request: HttpRequest) -> Announced:
    length = _number(request, "Upload-Length")
    if length > LARGEST:
        message = _("This file is too large. At most 20 MB, please.")
        raise Problem("large", message, status=413)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    kind = KINDS.get(said.get("media", "").partition("/")[0])
    if length < 1 or kind is None or not _SHA256.fullmatch(said.get("sha256", "")):
        field = "Upload-Length" if length < 1 else "media" if kind is None else "sha256"
        raise _wrong(field)
    return Announced(_uuid(said, "attachment"), _uuid(said, "record"), kind, length, said["sha256"])


def _metadata(header: str) -> dict[str, str]:
    """`name base64, name base64`, as tus has it."""
    found = {}
    for pair in header[:4000].split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise _wrong(name[:64]) from None
    return found


def _uuid(said: dict[str, str], name: str) -> UUID:
    try:
        return UUID(said.get(name, ""))
    except ValueError:
        raise _wrong(name) from None


def _wrong(field: str) -> Problem:
    message = _("Some fields need another look.")
    return Problem("invalid", message, field=field, status=422)
