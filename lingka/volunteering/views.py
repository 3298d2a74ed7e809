"""Activities for everybody: a list, one with its times, on paper, in calendars; a member's places
in them, their record and their certificate."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.areas import selectors as areas
from lingka.core import codes, limits
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members import entering
from lingka.members import rules as kinds
from lingka.members.entering import member_only
from lingka.members.selectors import MemberInfo
from lingka.volunteering import (
    actions,
    calendars,
    campaigns,
    documents,
    listed,
    needs,
    records,
    selectors,
)
from lingka.volunteering.selectors import ActivityInfo

SHEETS = (60, 3600)  # for one address, in so many seconds
PAPERS = (60, 600)  # codes of certificates that one address checks


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is to come, everywhere or of one kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds.kinds() else ""
    me = entering.me(request)
    context = {
        "activities": selectors.public(kind=kind, member=me.uuid if me else None),
        "kinds": kinds.kinds().values(), "kind": kind,
        "campaigns": [one for one in campaigns.running() if kind in {"", one.kind}],
        "needs": [one for one in needs.open_needs() if kind in {"", one.kind}],
    }  # fmt: skip
    return entering.private(render(request, "volunteering/index.html", context))


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One activity: what there is to do, when, how many places are left, and one's own."""
    me = entering.me(request)
    found = _found(code, me)
    context = {
        "activity": found, "me": me, "over": not found.coming,
        "campaign": campaigns.campaign_of(found.code),
    }  # fmt: skip
    return entering.private(render(request, "volunteering/activity.html", context))


def _found(code: str, me: MemberInfo | None = None) -> ActivityInfo:
    known = codes.normalise(code)
    found = selectors.activity(known, me.uuid if me else None) if known else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["POST"])
@member_only
def place(request: HttpRequest, me: MemberInfo, code: str, shift: UUID) -> HttpResponse:
    """Sign up for a shift or off it."""
    found = _found(code, me)
    if not any(one.uuid == shift for one in found.shifts):
        raise Http404
    try:
        if request.POST.get("do") == "off":
            actions.give_back(shift, actor=me.actor)
            messages.success(request, _("You are signed off. Thank you for telling."))
        else:
            state = actions.sign_up(shift, actor=me.actor)
            waits = state == selectors.State.WAITING
            said = _("You are on the waiting list.") if waits else _("You have a place.")
            messages.success(request, said)
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))
    return redirect("volunteering:activity", code=found.code)


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet to hang up."""
    if not limits.hit("poster", limits.source_of(request), *SHEETS):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    found = _found(code)
    if found.state != "published" or not found.coming:
        return render(
            request, "volunteering/activity.html", {"activity": found, "over": True},
            status=HTTPStatus.GONE,
        )  # fmt: skip
    return _pdf(documents.poster(found), found.code)


def _pdf(body: bytes, name: str) -> HttpResponse:
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=named)


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    return _calendar([_found(code)])


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """A calendar to subscribe to, of one kind with `?kind=`."""
    kind = request.GET.get("kind", "")
    return _calendar(selectors.public(kind=kind if kind in kinds.kinds() else "", off=True))


def _calendar(found: list[ActivityInfo]) -> HttpResponse:
    return HttpResponse(calendars.calendar(found), content_type="text/calendar; charset=utf-8")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The same as data for other software, by kind and area; refusals in the words of Open311."""
    kind, code = request.GET.get("service_code", ""), request.GET.get("area_code", "")
    area = areas.area_by_code(code) if code else None
    if kind and kind not in kinds.kinds():
        return _refused("service_code")
    if code and area is None:
        return _refused("area_code")
    found = selectors.public(kind=kind, area=area.id if area else None)
    return _open_data([listed.listed(one) for one in found], HTTPStatus.OK)


def _refused(parameter: str) -> HttpResponse:
    said = _("%(name)s was not found") % {"name": parameter}
    return _open_data([{"code": 404, "description": said}], HTTPStatus.NOT_FOUND)


def _open_data(body: list[dict[str, Any]], status: int) -> HttpResponse:
    """For pages of other addresses too: nothing in it depends on who asks."""
    free = {"Access-Control-Allow-Origin": "*", "Vary": "Accept-Language"}
    return JsonResponse(body, safe=False, status=status, headers=free)


@require_safe
@member_only
def record(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """The five parts of a volunteer's record, as the national rules name them."""
    return render(request, "volunteering/record.html", {"record": records.record(me)})


@require_safe
@member_only
def record_sheet(_request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """The same on paper, in the language of the page."""
    return _pdf(documents.record(me), "record")


@require_POST
@member_only
def certificate(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """A paper about what was served so far, whose code anybody can check."""
    try:
        code = actions.certify(actor=me.actor)
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("volunteering:record")
    paper = selectors.certificate(code, me.uuid)
    assert paper is not None  # just made
    return _pdf(documents.certificate(paper, me), paper.code)


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is genuine. It tells what the paper says, and no name."""
    if not limits.hit("certificate", limits.source_of(request), *PAPERS):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    known = codes.normalise(code)
    found = selectors.certificate(known) if known else None
    shown = {"paper": found, "code": known or ""}
    return render(request, "volunteering/paper.html", shown, status=200 if found else 404)
