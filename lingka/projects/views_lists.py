"""Needs, resources and projects on one page: for everybody, and for the desk with what fits."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.projects.permissions import paths as kept
from lingka.projects.three import three
from lingka.projects.views_desk import concerned
from lingka.volunteering import needs

EVERYWHERE = ("/",)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What is needed, what is lent, what is being done: and how each need ended."""
    return render(request, "projects/three.html", three(EVERYWHERE))


@require_safe
@concerned
def desk(request: HttpRequest, paths: tuple[str, ...], own: set[int]) -> HttpResponse:
    """The same of one's own areas; beside each open need what fits it, and why."""
    del own
    mine = kept(request.posts)  # type: ignore[attr-defined]
    if not mine:
        raise Http404
    shown = three(paths)
    fits = {one.uuid: needs.offers_for(one) for one in shown["needs"] if one.state == "open"}
    rows = [(one, fits.get(one.uuid, [])[:3]) for one in shown["needs"]]
    return render(request, "projects/desk/three.html", {**shown, "rows": rows})
