"""Handing out stored files: whole or in part, private, never as anything but themselves."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from lingka.cases import media

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


@dataclass(frozen=True)
class Stored:
    """One stored file, after somebody has been allowed to see it."""

    sha256: str
    media_type: str


def respond(request: HttpRequest, stored: Stored) -> HttpResponse:
    """Answer with the file."""
    return answer(request, stored, media.path_of(stored.sha256).read_bytes())


def answer(request: HttpRequest, stored: Stored, data: bytes) -> HttpResponse:
    """Answer with these bytes. Telephones ask for sound in parts and play nothing without them."""
    size = len(data)
    asked = request.headers.get("Range", "")
    part = _part(asked, size)
    if part is None and _RANGE.match(asked):
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _safe(response, stored)
    start, end = part or (0, size - 1)
    response = HttpResponse(data[start : end + 1], content_type=stored.media_type)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return _safe(response, stored)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of the part asked for; None for the whole or a wrong one."""
    found = _RANGE.match(asked)
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    start, end = int(first), min(int(last or size - 1), size - 1)
    return (start, end) if start <= end else None


def _safe(response: HttpResponse, stored: Stored) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Referrer-Policy"] = "no-referrer"
    response["ETag"] = f'"{stored.sha256[:32]}"'
    return response
