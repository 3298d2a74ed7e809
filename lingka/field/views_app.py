"""The app itself: three files that the front end's build leaves, served as they lie.

They hold nothing of anybody's, so they are open: a phone keeps them and asks for them again before
anybody has signed in. Everything else of the app is a static file.
"""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

DIST = Path(__file__).parent / "static" / "field" / "dist"


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The frame of the app; registering a phone needs the cookie that comes with it."""
    return _file("index.html", "text/html; charset=utf-8")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What starts the app without a network; its address decides what it may serve."""
    return _file("sw.js", "text/javascript; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone needs to install the app."""
    return _file("manifest.webmanifest", "application/manifest+json")


def _file(name: str, media: str) -> HttpResponse:
    path = DIST / name
    if not path.is_file():
        raise Http404(_("The field app has not been built here."))
    # Asked for at every start with a network: a new version must not wait for a cache.
    return HttpResponse(
        path.read_bytes(), content_type=media, headers={"Cache-Control": "no-cache"}
    )
