"""Errors as GeoReport v2 writes them: an array of code and description.

404 for an unknown jurisdiction, service, token or resource, 403 for a missing or bad key, 400 for
all else; 429 where too many reports come at once.
"""

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

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(*descriptions)
        self.status = status
        self.descriptions = descriptions


def missing(parameter: str) -> GeoReportError:
    return GeoReportError(400, _("%(name)s was not provided") % {"name": parameter})


def invalid(parameter: str, rule: str) -> GeoReportError:
    return GeoReportError(400, f"{parameter}: {rule}")


View = Callable[..., HttpResponse]


def georeport(view: View) -> View:
    """Answer every refusal in the caller's format, never with a page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, fmt: str, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, fmt=fmt, **kwargs)
        except GeoReportError as error:
            return _answer(error.status, error.descriptions, fmt)
        except Problem as problem:
            return _answer(problem.status, (_described(problem),), fmt)
        except PermissionRefused as refusal:
            return _answer(403, (str(refusal),), fmt)
        except (MultiPartParserError, BadRequest, RequestDataTooBig, TooManyFieldsSent):
            return _answer(400, (_("The request could not be read, or is too large."),), fmt)

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # a key is asked for, not a cookie
    return wrapped


def _described(problem: Problem) -> str:
    return f"{problem.field}: {problem.message}" if problem.field else str(problem.message)


def _answer(status: int, descriptions: tuple[str, ...], fmt: str) -> HttpResponse:
    items = [{"code": status, "description": text} for text in descriptions]
    return respond(Payload("errors", "error", items), fmt, status)
