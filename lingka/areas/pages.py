"""The administrator's pages: the tree, what is in it, imports, sheets for doors."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lingka.areas import actions, selectors
from lingka.areas.documents import MOST, door_sheet
from lingka.areas.forms import ImportForm
from lingka.areas.levels import scheme
from lingka.areas.permissions import HasRole, administered, may_administer
from lingka.areas.selectors import AreaInfo, PlaceInfo
from lingka.core.problems import Problem
from lingka.core.text import pick

Page = Callable[..., HttpResponseBase]


def below(
    posts: Sequence[HasRole], area: AreaInfo | None
) -> tuple[list[AreaInfo], list[PlaceInfo]]:
    """The areas right below one, or the places of a grid; where one's own part begins, for none."""
    if area is None:
        return _top(posts), []
    if area.level == scheme().grid:
        return [], selectors.places_in(area.id)
    return selectors.children(area.id), []


def _posts(request: HttpRequest) -> Sequence[HasRole]:
    posts: Sequence[HasRole] = request.posts  # type: ignore[attr-defined]
    return posts


def administrator(view: Page) -> Page:
    """For administrators: others are asked to sign in, or told why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        _must(request)
        return view(request, *args, **kwargs)

    return guarded


def _must(request: HttpRequest, *paths: str) -> None:
    answer = may_administer(_posts(request), *paths)
    if not answer:
        raise PermissionDenied(str(answer.message))


def _top(posts: Sequence[HasRole]) -> list[AreaInfo]:
    """Where one's own part of the tree begins."""
    mine = administered(posts)
    paths = tuple(mine.values())
    whole = [area for area in selectors.roots() if area.path.startswith(paths)]
    return whole or [selectors.area(one) for one in mine]


def _context(request: HttpRequest, area: AreaInfo | None) -> dict[str, Any]:
    grid = area is not None and area.level == scheme().grid
    level = scheme().level(area.level) if area else None
    paths = tuple(administered(_posts(request)).values())
    above = selectors.ancestors(area.path)[:-1] if area else []
    children, places = below(_posts(request), area)
    return {
        "area": area,
        "level": level.name if level else {},
        "chain": [one for one in above if one.path.startswith(paths)],
        "children": children,
        "places": places,
        "retired": selectors.retired_places_in(area.id) if area and grid else [],
        "form": ImportForm(),
        "may_import": bool(may_administer(_posts(request), *_whole())),
    }


def _whole() -> list[str]:
    """A file may hold any area: only who administers the whole tree takes one in."""
    return [root.path for root in selectors.roots()]


@never_cache
@require_GET
@administrator
def tree(request: HttpRequest, area_id: int | None = None) -> HttpResponse:
    """One area with those right below it, or the places of a grid."""
    try:
        area = selectors.area(area_id) if area_id is not None else None
    except Problem as problem:
        shown = _context(request, None) | {"problem": problem}
        return render(request, "areas/desk/tree.html", shown, status=problem.status)
    if area is not None:
        _must(request, area.path)
    return render(request, "areas/desk/tree.html", _context(request, area))


@method_decorator([never_cache, administrator], name="dispatch")
class Import(View):
    """Try a file, see each fault with its line; take it in when there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Whoever loads a report's address anew begins again."""
        return redirect("areas:tree")

    def post(self, request: HttpRequest) -> HttpResponse:
        _must(request, *_whole())
        form = ImportForm(request.POST, request.FILES)
        shown: dict[str, Any] = _context(request, None) | {"form": form}
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
        return render(request, "areas/desk/tree.html", shown | {"children": _top(_posts(request))})


@never_cache
@require_POST
@administrator
def retire(request: HttpRequest, place_id: int) -> HttpResponse:
    """Take a place out of use; its code then says so to whoever scans it."""
    try:
        place = selectors.place(place_id)
    except Problem:
        raise Http404 from None
    _must(request, selectors.area(place.grid_id).path)
    actions.retire_place(place_id, actor=request.actor)  # type: ignore[attr-defined]
    said = _("%(place)s is no longer in use; its code says so from now on.")
    messages.success(request, said % {"place": pick(place.name)})
    return redirect("areas:area", place.grid_id)


@never_cache
@require_GET
@administrator
def sheets(request: HttpRequest, area_id: int) -> HttpResponse:
    """A PDF with the doors of a grid: stickers, or with `?layout=plate` one to a sheet.

    `?place=` prints that one again: for a sticker that came off.
    """
    try:
        area = selectors.area(area_id)
    except Problem:
        raise Http404 from None
    _must(request, area.path)
    layout = "plate" if request.GET.get("layout") == "plate" else "stickers"
    only = request.GET.get("place")
    doors = [one.id for one in selectors.places_in(area_id) if only in (None, str(one.id))][:MOST]
    try:
        made = door_sheet(doors, layout=layout)  # type: ignore[arg-type]
    except Problem as problem:
        shown = _context(request, area) | {"problem": problem}
        return render(request, "areas/desk/tree.html", shown, status=problem.status)
    return HttpResponse(
        made, content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{area.code}-{layout}.pdf"'},
    )  # fmt: skip
