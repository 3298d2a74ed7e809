"""Lists taken out as files: ask for one, watch it grow, fetch it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import open_to
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.desks import actions, selectors
from lingka.desks.tasks import wake

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 1000  # of a list's link


# For staff with a post, whichever it is.
with_a_post = open_to(bool)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@with_a_post
def lists(request: HttpRequest) -> HttpResponse:
    """One's own lists; a POST asks for another."""
    if request.method == "POST":
        return _take(request)
    shown = selectors.lists(_actor(request))
    context = {"lists": shown, "running": any(one.running for one in shown)}
    only = getattr(request, "htmx", None)
    return render(request, "desks/lists_body.html" if only else "desks/lists.html", context)


def _take(request: HttpRequest) -> HttpResponse:
    query = QueryDict(request.POST.get("query", "")[:LONGEST]).dict()
    asked = {key: str(value) for key, value in query.items() if "\0" not in f"{key}{value}"}
    try:
        uuid = actions.take_list(
            request.POST.get("listing", "")[:48], asked, actor=_actor(request),
            language=get_language() or "",
        )  # fmt: skip
    except PermissionRefused:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        wake(uuid)
        messages.success(request, _("The list is being made. You can go on working meanwhile."))
    return redirect("desks:lists")


@require_safe
@with_a_post
def list_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The Excel file, for whoever asked for it."""
    found = selectors.list_file(uuid, _actor(request))
    if found is None:
        raise Http404
    name, data = found
    response = HttpResponse(data, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
