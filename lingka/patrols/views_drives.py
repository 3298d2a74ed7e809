"""Joint drives of an area: all of them, one with its summary, and what desks write down for it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.areas.selectors import AreaInfo
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, documents, drive_forms, forms
from lingka.patrols.drive_forms import DriveForm, PartForm, VisitForm
from lingka.patrols.finding import looked_up
from lingka.patrols.selectors import boards, drives
from lingka.patrols.selectors.drives import Account, DriveInfo
from lingka.patrols.sheets import EXCEL
from lingka.patrols.views import reader
from lingka.patrols.views_plans import asked_key
from lingka.patrols.views_rounds import chosen_area, may_plan_at, paths_of

SECTION = "patrols:rounds"


@require_safe
@reader
def show_drives(request: HttpRequest) -> HttpResponse:
    """The drives of an area and all below it."""
    area = chosen_area(request)
    context = {
        "rows": rows_below(area), "area": area, "may": may_plan_at(request, area),
        "section": SECTION,
    }  # fmt: skip
    return render(request, "patrols/drives.html", context)


def rows_below(area: AreaInfo) -> list[dict[str, Any]]:
    return [
        {"one": one, "area": areas.area(one.area_id), "account": drives.account(one.uuid)}
        for one in drives.drives([area.path])
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def new_drive(request: HttpRequest) -> HttpResponse:
    """Begin a drive in the area that the address names; units join it afterwards."""
    area = chosen_area(request)
    if not may_plan_at(request, area):
        raise Http404
    form = DriveForm(request.POST or None, initial={"begins_on": accounts.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_drive(
                form.names(), area.id, given["begins_on"], given["ends_on"],
                actor=request.actor,  # type: ignore[attr-defined]
                key=asked_key(request),
            )  # fmt: skip
        except (Problem, PermissionRefused) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Made. Now say which units take part."))
            return redirect("patrols:drive", uuid=made)
    names = [form[forms.field_name("name", code)] for code in ("zh-hans", "bo", "en")]
    context = {"area": area, "form": form, "names": names, "key": uuid7(), "section": SECTION}
    status = 422 if request.method == "POST" else 200
    return render(request, "patrols/drive_new.html", context, status=status)


def _own(request: HttpRequest, uuid: UUID, *, write: bool) -> DriveInfo:
    """One of the reader's area; to write, of an area that the reader plans for."""
    found = drives.drive(uuid)
    area = areas.area(found.area_id) if found else None
    if found is None or area is None or not area.path.startswith(tuple(paths_of(request))):
        raise Http404
    if write and not may_plan_at(request, area):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_drive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How a drive stands; a unit joins it, or a visit is written down."""
    one = _own(request, uuid, write=request.method == "POST")
    account = drives.account(uuid)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    join = _part_form(request, one, sent=asked)
    visit = _visit_form(request, account, sent=asked == "visit")
    if asked == "join" and join.is_valid() and _joined(request, one, join):
        return redirect("patrols:drive", uuid=uuid)
    if asked == "visit" and visit.is_valid() and _noted(request, one, visit):
        return redirect("patrols:drive", uuid=uuid)
    area = areas.area(one.area_id)
    context = {
        "one": one, "area": area, "account": account, "join": join, "visit": visit,
        "may": may_plan_at(request, area), "section": SECTION,
    }  # fmt: skip
    status = 422 if asked in {"join", "visit"} else 200
    return render(request, "patrols/drive.html", context, status=status)


def _part_form(request: HttpRequest, one: DriveInfo, *, sent: str) -> PartForm:
    known, area = scheme().place_kinds, areas.area(one.area_id)
    kinds = [
        (key, f"{pick(known.get(key, {})) or key} · {number}")
        for key, number in sorted(drives.kinds_in(area.id).items())
    ]
    typed = request.POST.dict() if looked_up(request.POST) else {}
    return PartForm(
        request.POST if sent == "join" else None, initial=drive_forms.NEW | typed,
        near=partial(boards.units_near, area.id), kinds=kinds,
        checklists=list(forms.titles().items()),
        within=[(each.id, pick(each.name)) for each in (area, *areas.children(area.id))],
    )  # fmt: skip


def _visit_form(request: HttpRequest, account: Account, *, sent: bool) -> VisitForm:
    found = sorted(areas.places(account.places).values(), key=lambda each: pick(each.name))
    return VisitForm(
        request.POST if sent else None, initial={"day": accounts.today()},
        places=[(each.id, pick(each.name)) for each in found],
        units=[(each.unit_id, each.unit) for each in account.parts],
    )  # fmt: skip


def _joined(request: HttpRequest, one: DriveInfo, form: PartForm) -> bool:
    try:
        actions.join_drive(one.uuid, form.part(), actor=request.actor)  # type: ignore[attr-defined]
    except (Problem, PermissionRefused) as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("It takes part. Its rounds of the two weeks ahead are laid out."))
    return True


def _noted(request: HttpRequest, one: DriveInfo, form: VisitForm) -> bool:
    given = form.cleaned_data
    try:
        actions.note_visit(
            one.uuid, given["place"], given["day"], given["units"],
            actor=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except (Problem, PermissionRefused) as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Noted."))
    return True


@require_POST
@reader
def end_drive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End it before its last day; what was done stays."""
    _own(request, uuid, write=True)
    try:
        actions.end_drive(uuid, actor=request.actor)  # type: ignore[attr-defined]
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Ended. What was done stays."))
    return redirect("patrols:drive", uuid=uuid)


@require_safe
@reader
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The ledger of a drive as a PDF in the reader's language."""
    one = _own(request, uuid, write=False)
    response = HttpResponse(
        documents.paper(one, drives.account(uuid)), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'inline; filename="drive.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@reader
def book(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as an Excel file, with what each unit looked at."""
    one = _own(request, uuid, write=False)
    response = HttpResponse(documents.book(one, drives.account(uuid)), content_type=EXCEL)
    response["Content-Disposition"] = 'attachment; filename="drive.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
