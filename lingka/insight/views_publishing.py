"""Publishing at the desk: first to the units, then to everybody; versions stay."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.accounts.selectors import today
from lingka.core import clock
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import actions, periods, permissions
from lingka.insight.asking import Asked, reader
from lingka.insight.models import Publication
from lingka.insight.selectors import publications

BACK = 6  # months that can be published


@require_http_methods(["GET", "POST"])
@reader
def show_publications(request: HttpRequest, asked: Asked) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            said = _done(request, asked)
        except (Problem, PermissionRefused) as error:
            fault = str(error)
        else:
            messages.success(request, said)
            return redirect("insight:published")
    verdict = permissions.may_publish(asked.desk.posts)
    context = {
        "months": _months(), "may": bool(verdict), "refused": str(verdict.message),
        "fault": fault, "section": "insight:board",
    }  # fmt: skip
    return render(request, "insight/published.html", context, status=409 if fault else 200)


def _done(request: HttpRequest, asked: Asked) -> str:
    """Do what the button says; what it is told afterwards."""
    asked_for, actor = request.POST.get("publication", ""), asked.desk.actor
    if asked_for:
        try:
            actions.publish(UUID(asked_for), actor=actor)
        except ValueError:
            raise Problem("no_publication", _("There is no such publication.")) from None
        return _("Published. This version stays as it is.")
    period = periods.read(request.POST.get("month", ""))
    if period is None or period.months != 1:
        raise Problem("month", _("Choose a month."))
    actions.show_to_units(period.first, actor=actor)
    return _("The units see this month now, and may appeal.")


def _months() -> list[dict[str, Any]]:
    """The last months that are over, each with its versions and what comes next."""
    found: dict[date, list[Publication]] = {}
    for one in publications.every():
        found.setdefault(one.month, []).append(one)
    this = today().replace(day=1)
    for step in range(1, BACK + 1):
        found.setdefault(periods.shifted(this, -step), [])
    return [_month(month, found[month]) for month in sorted(found, reverse=True)]


def _month(month: date, versions: list[Publication]) -> dict[str, Any]:
    waiting = next((one for one in versions if one.state == Publication.State.PREVIEW), None)
    return {
        "key": f"{month:%Y-%m}",
        "name": formats.date_format(month, "YEAR_MONTH_FORMAT"),
        "versions": [one for one in versions if one is not waiting],
        "waiting": waiting,
        "ready": waiting is not None and clock.now() >= waiting.appeals_until,
    }
