"""The app itself: three files that the front end's build leaves, served as they lie.

They hold nothing of anybody's, so they are open: a phone keeps them and asks for them again before
anybody has signed in. Everything else of the app is a static file.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from lingka.core.policy import with_inline

DIST = Path(__file__).parent / "static" / "field" / "dist"


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The frame of the app; registering a phone needs the cookie that comes with it."""
    answer = _file(request, "index.html", "text/html; charset=utf-8")
    answer["Content-Security-Policy"] = _kept(*_found("index.html"))[2]
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What starts the app without a network; its address decides what it may serve."""
    return _file(request, "sw.js", "text/javascript; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone needs to install the app."""
    return _file(request, "manifest.webmanifest", "application/manifest+json")


def _file(request: HttpRequest, name: str, media: str) -> HttpResponse:
    whole, small, _policy = _kept(*_found(name))
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    # Asked for at every start with a network: a new version must not wait for a cache.
    answer = HttpResponse(
        small if squeezed else whole, content_type=media, headers={"Cache-Control": "no-cache"}
    )
    if squeezed:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _found(name: str) -> tuple[Path, int]:
    path = DIST / name
    if not path.is_file():
        raise Http404(_("The field app has not been built here."))
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=8)
def _kept(path: Path, _changed: int) -> tuple[bytes, bytes, str]:
    """A file, the same compressed, and what it may load. Nothing secret is in it to be guessed."""
    whole = path.read_bytes()
    return whole, gzip.compress(whole, mtime=0), with_inline(whole.decode())
