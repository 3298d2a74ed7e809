"""For those who watch over the installation: is it alive, and how busy."""

import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lingka.ops import metrics

WORKER_SILENT_AFTER = 60  # seconds; the worker's heart beats every ten


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 only when the database answers and a worker was seen just now."""
    del request
    found = {"database": "away", "worker": "unknown"}
    try:
        connection.ensure_connection()
        alive = metrics.worker_age() < WORKER_SILENT_AFTER
    except DatabaseError:
        return JsonResponse(found, status=503)
    found = {"database": "ok", "worker": "ok" if alive else "away"}
    return JsonResponse(found, status=200 if alive else 503)


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Metrics, for the allow-listed addresses; for all others there is no such page.

    Behind a proxy the proxy's own address is not enough: it stands in front of everybody.
    """
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "")
    sources = [*passed.split(","), request.META.get("REMOTE_ADDR", "")]
    if not all(_may_read(source.strip()) for source in sources[not passed :]):
        raise Http404
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(source: str) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_FROM)
