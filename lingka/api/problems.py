"""Every refusal as RFC 9457 problem details: what is wrong, where, and what to do."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from lingka.core.permissions import REFUSALS, PermissionRefused
from lingka.core.problems import Problem

RESERVED = {"type", "title", "status", "detail", "errors"}
Members = dict[str, Any]


def install(api: NinjaAPI) -> None:
    """Let the API answer each kind of refusal with the members that `EXPLAINED` finds for it."""
    for kind, explain in EXPLAINED.items():
        api.add_exception_handler(kind, _handler(api, explain))


def _handler(
    api: NinjaAPI, explain: Callable[[Any], Members]
) -> Callable[[HttpRequest, Any], HttpResponse]:
    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        members = explain(error)
        response = _respond(api, request, members)
        if members["status"] == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = "Bearer"
        return response

    return handle


def telling(api: NinjaAPI, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse by a problem what never reaches an operation: a method, the root."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404 as error:
            return _respond(api, request, _missing(error))
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        title = _("Use %(methods)s.") % {"methods": response["Allow"]}
        refused = _respond(api, request, _members(405, "method", title))
        refused["Allow"] = response["Allow"]
        return refused

    return told


def missing(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The answer at an address that the API does not know."""

    def answer(request: HttpRequest) -> HttpResponse:
        return _respond(api, request, _missing(Http404()))

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # nothing happens here
    return answer


def _respond(api: NinjaAPI, request: HttpRequest, members: Members) -> HttpResponse:
    body = {"detail": members["title"], **members, "type": f"/problems/{members['type']}"}
    response = api.create_response(request, body, status=members["status"])
    response["Content-Type"] = "application/problem+json"
    return response


def _turned_away(status: int, code: str, title: Any) -> Members:
    REFUSALS.labels(code).inc()
    return _members(status, code, title)


def _members(status: int, code: str, title: Any, **more: Any) -> Members:
    return {"type": code, "title": str(title), "status": status, **more}


def _problem(error: Problem) -> Members:
    errors = [{"field": error.field, "message": str(error.message)}] if error.field else []
    extra = {key: value for key, value in error.extra.items() if key not in RESERVED}
    return _members(error.status, error.code, error.message, errors=errors, **extra)


def _refused(error: PermissionRefused) -> Members:
    return _members(403, error.denied.code, error.denied.message)


def _invalid(error: ValidationError) -> Members:
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "message": one["msg"]}
        for one in error.errors
    ]
    return _members(422, "invalid", _("Some fields need another look."), errors=errors)


def _unknown(_error: AuthenticationError) -> Members:
    return _turned_away(401, "key", _("Send a valid key: Authorization: Bearer <key>."))


def _out_of_scope(_error: AuthorizationError) -> Members:
    return _turned_away(403, "scope", _("This key has no leave for that."))


def _missing(_error: Http404) -> Members:
    return _members(404, "missing", _("Nothing here by that name."))


def _plain(error: HttpError) -> Members:
    return _members(error.status_code, "request", str(error))


def _unreadable(_error: Exception) -> Members:
    return _members(400, "unreadable", _("The request could not be read, or is too large."))


EXPLAINED: dict[type[Exception], Callable[[Any], Members]] = {
    Problem: _problem,
    PermissionRefused: _refused,
    ValidationError: _invalid,
    AuthenticationError: _unknown,
    AuthorizationError: _out_of_scope,
    Http404: _missing,
    HttpError: _plain,
    RequestDataTooBig: _unreadable,
    BadRequest: _unreadable,
}
