"""Every refusal as RFC 9457 problem details: what is wrong, where, and what to do."""

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem


def install(api: NinjaAPI) -> None:
    """Register one handler per kind of refusal."""

    def answer(
        request: HttpRequest, status: int, code: str, title: str, detail: str = "", **more: Any
    ) -> HttpResponse:
        body = {
            "type": f"/problems/{code}",
            "title": title,
            "status": status,
            "detail": detail or title,
            **more,
        }
        response = api.create_response(request, body, status=status)
        response["Content-Type"] = "application/problem+json"
        return response

    @api.exception_handler(Problem)
    def problem(request: HttpRequest, error: Problem) -> HttpResponse:
        errors = [{"field": error.field, "message": str(error.message)}] if error.field else []
        return answer(
            request, error.status, error.code, str(error.message), errors=errors,
            **{key: value for key, value in error.extra.items() if key not in RESERVED},
        )  # fmt: skip

    @api.exception_handler(PermissionRefused)
    def refused(request: HttpRequest, error: PermissionRefused) -> HttpResponse:
        return answer(request, 403, error.denied.code, str(error.denied.message))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in one["loc"][1:]), "message": one["msg"]}
            for one in error.errors
        ]
        title = _("Some fields need another look.")
        return answer(request, 422, "invalid", title, errors=errors)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        response = answer(request, 401, "key", _("Send a valid key: Authorization: Bearer <key>."))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(AuthorizationError)
    def out_of_scope(request: HttpRequest, _error: AuthorizationError) -> HttpResponse:
        return answer(request, 403, "scope", _("This key has no leave for that."))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(request, 404, "missing", _("Nothing here by that name."))

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "request", str(error))

    @api.exception_handler(RequestDataTooBig)
    @api.exception_handler(BadRequest)
    def unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
        return answer(
            request, 400, "unreadable", _("The request could not be read, or is too large.")
        )


RESERVED = {"type", "title", "status", "detail", "errors"}
