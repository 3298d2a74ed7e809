"""Registers of places: for the desk the lists, one entry with its history, Excel; for everybody
those that are public, with what is open now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.core import clock
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, permissions, registers
from lingka.patrols.register_forms import EntryForm
from lingka.patrols.registers import Register
from lingka.patrols.selectors import entries
from lingka.patrols.selectors.entries import EntryInfo
from lingka.patrols.sheets import book
from lingka.patrols.views import reader
from lingka.patrols.views_rounds import chosen_area, paths_of

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PLACES = 300
SECTION = "patrols:registers"


def _known(key: str) -> Register:
    found = registers.registers().get(key)
    if found is None:
        raise Http404
    return found


@require_safe
@reader
def show_registers(request: HttpRequest) -> HttpResponse:
    """All registers: what each is for, and how many places stand in which state."""
    rows = entries.counts(paths_of(request))
    return render(request, "patrols/registers.html", {"rows": rows, "section": SECTION})


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_register(request: HttpRequest, register: str) -> HttpResponse:
    """The places of one register; whoever plans rounds there enters another one."""
    of, area = _known(register), chosen_area(request)
    may = permissions.planned_by(request.posts, area.path)  # type: ignore[attr-defined]
    if request.method == "POST" and not may:
        raise Http404
    choices = _places(of, area.id) if may else []
    form = EntryForm(request.POST or None, of=of, places=choices, near=_near(of, area.id))
    if request.method == "POST" and form.is_valid() and (made := _made(request, of, form)):
        messages.success(request, _("Saved."))
        return redirect("patrols:entry", uuid=made)
    context = {
        "of": of, "area": area, "rows": _rows(entries.entries(of.key, [area.path])), "form": form,
        "may": may and choices, "section": SECTION,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "patrols/register.html", context, status=status)


def _rows(found: list[EntryInfo]) -> list[dict[str, Any]]:
    return [{"one": one, "area": areas.area(one.place.grid_id)} for one in found]


def _places(of: Register, area: int) -> list[tuple[int, str]]:
    """Places of the kinds that fit and are not in it yet."""
    has = {one.place.id for one in entries.entries(of.key, [areas.area(area).path])}
    found = [one for grid in areas.subtree_grids(area) for one in areas.places_in(grid)]
    fitting = [one for one in found if one.kind in of.fits and one.id not in has]
    return [(one.id, pick(one.name)) for one in fitting[:MOST_PLACES]]


def _near(of: Register, area: int) -> dict[str, list[tuple[str, str]]]:
    """For fields that name a place: which can be named."""
    wanted = {one.key: one.fits for one in of.fields if one.kind == "place"}
    if not wanted:
        return {}
    found = [one for grid in areas.subtree_grids(area) for one in areas.places_in(grid)]
    return {
        key: [(str(one.uuid), pick(one.name)) for one in found if one.kind in fits][:MOST_PLACES]
        for key, fits in wanted.items()
    }


def _made(request: HttpRequest, of: Register, form: EntryForm) -> UUID | None:
    given = form.cleaned_data
    try:
        return actions.make_entry(
            of.key, given["place"], state=given["state"], values=form.values(),
            actor=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except (Problem, PermissionRefused) as refused:
        form.refuse(refused)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One place of a register: how it stands, and all that it was."""
    one = entries.entry(uuid)
    path = areas.area(one.place.grid_id).path if one else ""
    if one is None or not path.startswith(tuple(paths_of(request))):
        raise Http404
    may = permissions.planned_by(request.posts, path) and not one.ended_on  # type: ignore[attr-defined]
    if request.method == "POST" and not may:
        raise Http404
    near = _near(one.register, areas.area(one.place.grid_id).parent_id or one.place.grid_id)
    first = {"state": one.state.key, **one.values}
    form = EntryForm(request.POST or None, initial=first, of=one.register, near=near)
    if request.method == "POST" and _changed(request, one, form):
        messages.success(request, _("Saved."))
        return redirect("patrols:entry", uuid=uuid)
    return _entry(request, one, form, may=may)


def _changed(request: HttpRequest, one: EntryInfo, form: EntryForm) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "end":
            actions.end_entry(one.uuid, actor=actor)
        elif form.is_valid():
            state = form.cleaned_data["state"]
            actions.change_entry(one.uuid, state=state, values=form.values(), actor=actor)
        else:
            return False
    except (Problem, PermissionRefused) as refused:
        form.refuse(refused)
        return False
    return True


def _entry(request: HttpRequest, one: EntryInfo, form: EntryForm, *, may: bool) -> HttpResponse:
    turns = entries.history(one)
    standing = cases.standings({case for turn in turns for case in turn.cases})
    context = {
        "one": one, "area": areas.area(one.place.grid_id), "may": may, "form": form,
        "turns": [
            (turn, [standing[case] for case in turn.cases if case in standing]) for turn in turns
        ],
        "section": SECTION,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "patrols/entry.html", context, status=status)


@require_safe
@reader
def download(request: HttpRequest, register: str) -> HttpResponse:
    """The register of one's area as an Excel file."""
    of, area = _known(register), chosen_area(request)
    found = entries.entries(of.key, [area.path])
    names = {one.uuid: pick(areas.area(one.place.grid_id).name) for one in found}
    response = HttpResponse(book(of, found, names), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{of.key}.xlsx"'
    return response


# -- for everybody ---------------------------------------------------------------------------


@require_safe
def show_public(request: HttpRequest, register: str) -> HttpResponse:
    """A public register: where, how it stands, and what is open now or later today."""
    of = _known(register)
    if not of.public:
        raise Http404
    now = clock.now()
    rows = [
        {**row, "hours": entries.open_hours(row["one"], now)}
        for row in _rows(entries.entries(of.key))
    ]
    order = {"open": 0, "later": 1}
    rows.sort(key=lambda row: order.get(row["hours"][0], 2) if row["hours"] else 2)
    others = [one for one in registers.registers().values() if one.public and one != of]
    context = {"of": of, "rows": rows, "others": others}
    return render(request, "patrols/public.html", context)
