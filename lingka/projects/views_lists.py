"""Needs, resources and projects on one page: for everybody, and for the desk with what fits."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.areas.selectors import day_of
from lingka.projects import selectors
from lingka.projects.permissions import paths as kept
from lingka.projects.views_desk import concerned
from lingka.volunteering import needs

EVERYWHERE = ("/",)


def _three(paths: tuple[str, ...]) -> dict[str, Any]:
    """Of this year, and what waits from before, under these areas."""
    year = day_of(None).year
    since = datetime(year, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))
    lists = [one for one in selectors.public_lists() if one.year == year]
    lists = [one for one in lists if one.area_path.startswith(paths)]
    return {
        "year": year, "needs": needs.listed(since, paths), "counts": needs.counts(since, paths),
        "resources": needs.resources(paths),
        "lists": [(one, selectors.projects_of(one.uuid)) for one in lists],
    }  # fmt: skip


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What is needed, what is lent, what is being done: and how each need ended."""
    return render(request, "projects/three.html", _three(EVERYWHERE))


@require_safe
@concerned
def desk(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """The same of one's own areas; beside each open need what fits it, and why."""
    del own
    mine = kept(request.posts)  # type: ignore[attr-defined]
    if not mine:
        raise Http404
    shown = _three(paths)
    fits = {one.uuid: needs.offers_for(one) for one in shown["needs"] if one.state == "open"}
    rows = [(one, fits.get(one.uuid, [])[:3]) for one in shown["needs"]]
    return render(request, "projects/desk/three.html", {**shown, "rows": rows})
