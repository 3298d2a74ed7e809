"""Who read the contact data of a case, when and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lingka.cases import permissions
from lingka.cases.desk import Desk, staff
from lingka.cases.rows import state_of
from lingka.cases.selectors.readings import readings_of
from lingka.cases.views_case import found
from lingka.core.codes import pretty


@require_GET
@staff
def readings(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """For the desk and supervisors: with names, for they answer for their colleagues."""
    case = found(number, desk)
    related = permissions.of_posts(state_of(case), desk.actor.id or 0, desk.posts)
    if not permissions.may_audit(related):
        raise Http404
    context = {
        "case": case,
        "code": pretty(case.number),
        "readings": readings_of(case),
        "several": case.receipts.count() > 1,
    }
    return render(request, "cases/desk/readings.html", context)
