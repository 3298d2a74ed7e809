"""The administrator's pages: the tree, what is in it, imports, sheets for doors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lingka.areas import actions, selectors
from lingka.areas.documents import MOST, door_sheet
from lingka.areas.forms import ImportForm
from lingka.areas.levels import scheme
from lingka.areas.permissions import may_administer
from lingka.areas.selectors import AreaInfo
from lingka.core.problems import Problem


def _must(request: HttpRequest) -> None:
    answer = may_administer(getattr(request, "posts", ()))
    if not answer:
        raise PermissionDenied(str(answer.message))


def _context(area: AreaInfo | None) -> dict[str, Any]:
    grid = area is not None and area.level == scheme().grid
    level = scheme().level(area.level) if area else None
    return {
        "area": area,
        "level": level.name if level else {},
        "chain": selectors.ancestors(area.path)[:-1] if area else [],
        "children": [] if grid else selectors.children(area.id if area else None),
        "places": selectors.places_in(area.id) if area and grid else [],
        "form": ImportForm(),
    }


@never_cache
@require_GET
def tree(request: HttpRequest, area_id: int | None = None) -> HttpResponse:
    """One area with those right below it, or the places of a grid."""
    _must(request)
    try:
        area = selectors.area(area_id) if area_id is not None else None
    except Problem as problem:
        return render(request, "areas/desk/tree.html", _context(None) | {"problem": problem},
                      status=problem.status)  # fmt: skip
    return render(request, "areas/desk/tree.html", _context(area))


@method_decorator(never_cache, name="dispatch")
class Import(View):
    """Try a file, see each fault with its line; take it in when there is none."""

    def post(self, request: HttpRequest) -> HttpResponse:
        _must(request)
        form = ImportForm(request.POST, request.FILES)
        shown: dict[str, Any] = _context(None) | {"form": form}
        if not form.is_valid():
            return render(request, "areas/desk/tree.html", shown, status=422)
        take = {"areas": actions.import_areas, "places": actions.import_places}
        try:
            shown["report"] = take[form.cleaned_data["kind"]](
                form.cleaned_data["file"],
                actor=request.actor,  # type: ignore[attr-defined]
                dry_run="try" in request.POST,
                datum=form.cleaned_data["datum"],
            )
        except Problem as problem:
            form.add_error("file", str(problem))
            return render(request, "areas/desk/tree.html", shown, status=422)
        return render(request, "areas/desk/tree.html", shown | _fresh(shown["report"]))


def _fresh(report: actions.ImportReport) -> dict[str, Any]:
    """The tree as it is after the import."""
    return {"children": selectors.children(None)} if not report.dry_run else {}


@never_cache
@require_GET
def sheets(request: HttpRequest, area_id: int) -> HttpResponse:
    """A PDF with the doors of a grid: stickers, or with `?layout=plate` one to a sheet."""
    _must(request)
    layout = "plate" if request.GET.get("layout") == "plate" else "stickers"
    doors = [place.id for place in selectors.places_in(area_id)][:MOST]
    try:
        made = door_sheet(doors, layout=layout)  # type: ignore[arg-type]
    except Problem as problem:
        shown = _context(selectors.area(area_id)) | {"problem": problem}
        return render(request, "areas/desk/tree.html", shown, status=problem.status)
    code = selectors.area(area_id).code
    return HttpResponse(
        made, content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{code}-{layout}.pdf"'},
    )  # fmt: skip
