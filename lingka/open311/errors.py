"""Errors as GeoReport v2 writes them: an array of code and description.

404 for an unknown jurisdiction, service, token or resource, 403 for a missing or bad key, 400 for
all else; 429 where too many reports come at once.
"""

import re
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.open311.render import Payload, respond


class GeoReportError(Exception):
    """A call that cannot be answered as asked."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def missing(parameter: str) -> GeoReportError:
    return GeoReportError(400, _("%(name)s was not provided") % {"name": parameter})


def invalid(parameter: str, rule: str) -> GeoReportError:
    return GeoReportError(400, f"{parameter}: {rule}")


UNREADABLE = {413, 415, 422}  # finer than the specification, which has 400 for all of them
UNREAD = (MultiPartParserError, BadRequest, RequestDataTooBig, TooManyFieldsSent)
View = Callable[..., HttpResponse]


def georeport(view: View) -> View:
    """Answer every refusal in the caller's format, never with a page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, fmt: str, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, fmt=fmt, **kwargs)
        except GeoReportError as error:
            return _answer(error.status, error.description, fmt)
        except Problem as problem:
            status = 400 if problem.status in UNREADABLE else problem.status
            return _answer(status, _described(problem), fmt)
        except PermissionRefused as refusal:
            return _answer(403, str(refusal), fmt)
        except UNREAD:
            return _answer(400, _("The request could not be read, or is too large."), fmt)

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # a key is asked for, not a cookie
    return wrapped


def allowing(*methods: str) -> Callable[[View], View]:
    """Refuse other methods in the caller's format, and name those that are allowed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(
            request: HttpRequest, *args: object, fmt: str, **kwargs: object
        ) -> HttpResponse:
            if request.method in methods:
                return view(request, *args, fmt=fmt, **kwargs)
            response = _answer(405, _("Use %(methods)s.") % {"methods": ", ".join(methods)}, fmt)
            response["Allow"] = ", ".join(methods)
            return response

        return wrapped

    return decorate


def _described(problem: Problem) -> str:
    """The refusal with the parameter it is about, by its name in GeoReport."""
    name = re.sub(r"^attributes\.(.*)", r"attribute[\1]", problem.field or "")
    return f"{name}: {problem.message}" if name else str(problem.message)


def _answer(status: int, description: str, fmt: str) -> HttpResponse:
    items = [{"code": status, "description": description}]
    return respond(Payload("errors", "error", items), fmt, status)
