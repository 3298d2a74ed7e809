"""The page for what went wrong on our side: a database that is away is said as such."""

import sys

import structlog
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lingka.core.views import bad_request
from lingka.core.views import server_error as broken

log = structlog.get_logger("lingka.web")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database is away or full, 400 for what it cannot hold, else the usual page."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        log.error("database_away", reason=type(error.__cause__ or error).__name__, said=str(error))
        # Without the request: nothing that would ask the database again.
        away = render_to_string("core/away.html")
        return HttpResponse(away, status=503, headers={"Retry-After": "60"})
    if isinstance(error, DataError):
        # No check caught it and PostgreSQL cannot hold it: the sender's to mend, ours to see.
        log.error("value_refused", exc_info=error)
        return bad_request(request, error)
    log.error("request_failed", exc_info=error)
    return broken(request)
