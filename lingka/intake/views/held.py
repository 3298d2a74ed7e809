"""The dispatchers' page of reports that came in floods."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.intake import actions, permissions, selectors


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """Look at what was held, flood by flood; let in, let in as one, or throw away."""
    posts = getattr(request, "posts", ())
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return redirect(f"/accounts/login/?next={request.path}")
    allowed = permissions.may_review(posts)
    if not allowed:
        return render(request, "core/error.html", {"status": 403}, status=403)
    if request.method == "POST":
        _review(request)
        return redirect("intake:held")
    return render(request, "intake/held.html", {"floods": selectors.held(posts)})


def _review(request: HttpRequest) -> None:
    actor: Any = request.actor  # type: ignore[attr-defined]
    try:
        ids = [UUID(name) for name in request.POST.getlist("report")]
        do = request.POST.get("do")
        if do == "release":
            count = len(actions.release(ids, actor=actor))
            messages.success(request, _("Let in: %(count)d") % {"count": count})
        elif do == "merge":
            actions.release_as_one(ids, actor=actor)
            messages.success(request, _("Let in as one case; the others follow it."))
        elif do == "discard":
            count = actions.discard(ids, actor=actor)
            messages.success(request, _("Thrown away: %(count)d") % {"count": count})
    except ValueError:
        messages.error(request, _("This list was too old. Please look once more."))
    except (Problem, PermissionRefused) as refusal:
        messages.error(request, str(refusal))
