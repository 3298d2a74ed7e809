"""Answers in JSON, refusals as RFC 9457 problems, and reading what was sent without stumbling."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem

M = TypeVar("M", bound=BaseModel)
View = Callable[..., HttpResponse]
MOST = 2_000_000  # bytes of a request in JSON
SHOWN = 20  # faults of one body
LARGEST = 2**53
WORDED = {
    "missing": gettext_lazy("This is missing."),
    "string_too_long": gettext_lazy("This is too long."),
    "too_long": gettext_lazy("These are too many."),
    "string_too_short": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("The server does not know this yet."),
    "greater_than": gettext_lazy("This is too small."),
    "less_than": gettext_lazy("This is too large."),
}
OWN = {"type", "title", "status", "detail", "errors"}


def answering(*methods: str) -> Callable[[View], View]:
    """For these methods, with refusals as problems; nothing of it is kept on the way."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise _method(methods)
                response = view(request, *args, **kwargs)
            except (Problem, PermissionRefused) as error:
                response = refusal(error)
            except (RequestDataTooBig, UnreadablePostError, BadRequest) as error:
                response = refusal(_unreadable(error))
            response["Cache-Control"] = "no-store"
            return response

        return answered

    return decorate


def _method(methods: tuple[str, ...]) -> Problem:
    allow = ", ".join(methods)
    message = _("Use %(methods)s.") % {"methods": allow}
    return Problem("method", message, status=405, headers={"Allow": allow})


def _unreadable(error: Exception) -> Problem:
    if isinstance(error, RequestDataTooBig):
        return Problem("large", _("This is too much at once. Send less."), status=413)
    return Problem("unreadable", _("This could not be read. Send it again."), status=400)


def told(data: Any, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return HttpResponse(text, status=status, content_type="application/json")


def refusal(error: Problem | PermissionRefused) -> HttpResponse:
    """The refusal of a whole request."""
    found = members(error)
    headers = found.pop("headers", {})
    response = told(found, found["status"])
    response["Content-Type"] = "application/problem+json"
    if found["status"] == 401:  # noqa: PLR2004
        response["WWW-Authenticate"] = "Device"
    for name, value in headers.items():
        response[name] = value
    return response


def members(error: Problem | PermissionRefused) -> dict[str, Any]:
    """A refusal as problem details, of a request or of one operation."""
    if isinstance(error, PermissionRefused):
        return _members(403, error.denied.code, str(error), [])
    errors = [{"field": error.field, "message": str(error)}] if error.field else []
    extra = {key: value for key, value in error.extra.items() if key not in OWN}
    found = _members(error.status, error.code, str(error), error.extra.get("errors", errors))
    return found | extra


def _members(status: int, code: str, title: str, errors: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}", "title": title, "status": status, "detail": title,
        "errors": errors,
    }  # fmt: skip


# -- what was sent --------------------------------------------------------------------------


def body(request: HttpRequest) -> Any:
    """The JSON of a request."""
    if request.content_type != "application/json":
        raise Problem("media", _("Send this as application/json."), status=415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        raise Problem("large", _("This is too much at once. Send less."), status=413)
    try:
        return json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _unreadable(BadRequest()) from None


def _no_number(text: str) -> Any:
    raise ValueError(text)  # NaN and Infinity are no JSON


def read(shape: type[M], given: Any, prefix: str = "") -> M:
    """What was given in its shape; Problem 422 that says where it is not."""
    try:
        sound = all(map(_storable, _leaves(given)))
    except RecursionError:
        sound = False
    if not sound:
        raise _invalid([{"field": prefix.rstrip("."), "message": _unstorable()}])
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise _invalid(
            [
                {"field": prefix + ".".join(map(str, one["loc"])), "message": _worded(one["type"])}
                for one in error.errors(include_url=False, include_context=False)[:SHOWN]
            ]
        ) from None


def _worded(kind: str) -> str:
    """What is wrong, in the words of whoever wrote it: the fault's own kind is for programs."""
    for begin, message in WORDED.items():
        if kind.startswith(begin):
            return str(message)
    return _("This cannot be read.")


def _invalid(errors: list[dict[str, str]]) -> Problem:
    return Problem("invalid", _("Some fields need another look."), status=422, errors=errors)


def _unstorable() -> str:
    return _("This has a sign that cannot be stored.")


def _leaves(value: Any) -> Iterator[Any]:
    """Every text and number in it, names of fields too."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _storable(value: Any) -> bool:
    """PostgreSQL stores no NUL and no lone surrogate; JSON promises no number beyond a double's."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -LARGEST <= value <= LARGEST
    return True
