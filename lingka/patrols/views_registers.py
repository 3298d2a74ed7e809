"""Registers of places: for the desk the lists, one entry with its history, Excel; for everybody
those that are public, with what is open now."""

import re
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
from lingka.patrols.actions import Overtaken
from lingka.patrols.finding import Search, looked_up
from lingka.patrols.permissions import READERS
from lingka.patrols.register_forms import EntryForm, Searches
from lingka.patrols.registers import Register
from lingka.patrols.selectors import entries
from lingka.patrols.selectors.entries import EntryInfo
from lingka.patrols.sheets import EXCEL, book
from lingka.patrols.views import reader
from lingka.patrols.views_rounds import chosen_area, paths_of

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
    form = _form(request, of, _searches(request, of, area.id, entering=True)) if may else None
    if form and form.is_bound and form.is_valid() and (made := _made(request, of, form)):
        messages.success(request, _("Saved."))
        return redirect("patrols:entry", uuid=made)
    only = request.GET.get("show") == "to-see"
    found, following = entries.page(of, [area.path], _after(request), to_see=only)
    context = {
        "of": of, "area": area, "rows": _rows(found), "form": form, "following": following,
        "later": "after" in request.GET, "only": only, "section": SECTION,
        "to_see": entries.to_see(of, [area.path]),
    }  # fmt: skip
    status = 422 if form and form.is_bound else 200
    return render(request, "patrols/register.html", context, status=status)


def _after(request: HttpRequest) -> UUID | None:
    """The last entry of the page before."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _form(
    request: HttpRequest, of: Register, searches: Searches, first: dict[str, Any] | None = None
) -> EntryForm:
    """What was sent; where only a place was searched for, it is not judged yet."""
    if request.method == "POST" and not looked_up(request.POST):
        return EntryForm(request.POST, of=of, searches=searches)
    return EntryForm(initial=request.POST.dict() or first, of=of, searches=searches)


def _rows(found: list[EntryInfo]) -> list[dict[str, Any]]:
    return [{"one": one, "area": areas.area(one.place.grid_id)} for one in found]


def _searches(request: HttpRequest, of: Register, near: int, *, entering: bool = False) -> Searches:
    """For each field that names a place, which can be named; and where one is entered, which do
    and are not in it yet."""
    mine = tuple(post.area_id for post in request.posts if post.role in READERS)  # type: ignore[attr-defined]
    found = {
        one.key: Search(near, mine, one.fits) for one in of.fields if one.kind == "place"
    }  # fmt: skip
    if entering:
        has = entries.entered(of.key, paths_of(request))
        found["place"] = Search(near, mine, of.fits, by="id", without=has)
    return found


def _made(request: HttpRequest, of: Register, form: EntryForm) -> UUID | None:
    given = form.cleaned_data
    try:
        return actions.make_entry(
            of.key, int(given["place"]), state=given["state"], values=form.values(),
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
    may = permissions.planned_by(request.posts, path)  # type: ignore[attr-defined]
    if request.method == "POST" and not may:
        raise Http404
    near = areas.area(one.place.grid_id).parent_id or one.place.grid_id
    searches = _searches(request, one.register, near)
    form = _form(request, one.register, searches, {"state": one.state.key, **one.values})
    if request.method == "POST" and not looked_up(request.POST):
        refused = _changed(request, one, form)
        if refused is None:
            messages.success(request, _("Saved."))
            return redirect("patrols:entry", uuid=uuid)
        return _refused(request, one, form, refused)
    return _entry(request, one, form if may and not one.ended_on else None)


def _changed(request: HttpRequest, one: EntryInfo, form: EntryForm) -> Exception | None:
    """Why not, if it was not: beside a field already, or still to be said."""
    sent, actor = request.POST, request.actor  # type: ignore[attr-defined]
    given = sent.get("version", "")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0  # noqa: PLR2004
    try:
        if sent.get("do") == "end":
            actions.end_entry(one.uuid, actor=actor, version=version)
        elif form.is_valid():
            state, values = form.cleaned_data["state"], form.values()
            actions.change_entry(one.uuid, state=state, values=values, actor=actor, version=version)
        else:
            return ValueError()
    except (Problem, PermissionRefused) as refused:
        return refused
    return None


def _refused(
    request: HttpRequest, one: EntryInfo, form: EntryForm, refused: Exception
) -> HttpResponse:
    """The form as it was typed, with what holds meanwhile where two wrote the same."""
    if isinstance(refused, Overtaken):
        sent = request.POST.copy()
        for name in refused.taken_over:
            sent[name] = str(refused.now.get(name, ""))
        near = areas.area(one.place.grid_id).parent_id or one.place.grid_id
        form = EntryForm(sent, of=one.register, searches=_searches(request, one.register, near))
        form.overtaken(refused)
    elif isinstance(refused, Problem | PermissionRefused):
        form.refuse(refused)
    status = refused.status if isinstance(refused, Problem) else 422
    return _entry(request, entries.entry(one.uuid) or one, form, status=status)


def _entry(
    request: HttpRequest, one: EntryInfo, form: EntryForm | None, *, status: int = 200
) -> HttpResponse:
    turns = entries.history(one)
    standing = cases.standings({case for turn in turns for case in turn.cases})
    # What was typed and not saved stays beside the version that it was typed on.
    typed_on = one.version if status == 409 else request.POST.get("version", one.version)  # noqa: PLR2004
    context = {
        "one": one, "area": areas.area(one.place.grid_id), "form": form, "version": typed_on,
        "turns": [
            (turn, [standing[case] for case in turn.cases if case in standing]) for turn in turns
        ],
        "section": SECTION,
    }  # fmt: skip
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
    given = request.GET.get("page", "")
    number = int(given) if re.fullmatch("[1-9][0-9]{0,3}", given) else 1
    found, more = entries.public(of, clock.now(), number)
    rows = [
        {"one": one, "area": areas.area(one.place.grid_id), "hours": hours} for one, hours in found
    ]
    others = [one for one in registers.registers().values() if one.public and one != of]
    context = {
        "of": of, "rows": rows, "others": others, "before": number - 1,
        "following": number + 1 if more else None,
    }  # fmt: skip
    return render(request, "patrols/public.html", context)
