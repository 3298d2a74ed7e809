"""A unit's link on a telephone, and the desk's page on which links are made and revoked."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.cases.forms import ActionForm, sent
from lingka.cases.selectors import ActionOffer, LinkView
from lingka.core import limits
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.partners.forms import LinkForm
from lingka.units import selectors as units

ASKED, SAID = (120, 3600), (20, 3600)  # pages and answers from one address, in so many seconds
POSTS = ["GET", "HEAD", "POST"]
NO_PLACE = "no_place"  # the one refusal that its holder can do something about
Chosen = tuple[ActionOffer, ActionForm]


@require_http_methods(POSTS)
def assignment(request: HttpRequest, token: str) -> HttpResponse:
    """One assignment, for whoever the desk gave this link: accept it, come, report, no more."""
    limit = SAID if request.method == "POST" else ASKED
    if not limits.hit(f"link-{request.method}", limits.source_of(request), *limit):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    view = selectors.by_link(token)
    if view is None:
        raise Http404
    given, status = None, HTTPStatus.OK
    if request.method == "POST":
        given = _form_of(view, request.POST.get("do", ""), request)
        if given is not None and _done(request, view, *given):
            return _private(redirect("partners:assignment", token))
        status = HTTPStatus.BAD_REQUEST
    context = _shown(view, given) | {"gone": given is None and status != HTTPStatus.OK}
    return _private(render(request, "partners/assignment.html", context, status=status))


def _form_of(view: LinkView, key: str, request: HttpRequest | None = None) -> Chosen | None:
    """One thing that this link may do now, with the form of what it asks for."""
    offer = next((one for one in view.offers if one.key == key and one.state), None)
    if offer is None:
        return None
    if request is None:
        return offer, ActionForm(offer.needs, auto_id=f"{key}-%s")
    return offer, sent(request, offer.needs, view.actor, auto_id=f"{key}-%s")


def _done(request: HttpRequest, view: LinkView, offer: ActionOffer, form: ActionForm) -> bool:
    """Do what was asked for; else say why not, beside its field."""
    if not form.is_valid():
        return False
    try:
        done = cases.perform(view.case_uuid, offer.key, actor=view.actor, data=form.given())
    except PermissionRefused as refused:
        form.add_error(None, str(refused))
        return False
    except Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    messages.success(request, _told(offer.key, done.state))
    return True


def _told(key: str, state: str) -> str:
    if key == "sign_in":
        return _("Accepted. It is yours.")
    if state == "reported":
        return _("Thank you. Somebody else checks it now.")
    return _("Thank you. The desk reads it.")


def _shown(view: LinkView, given: Chosen | None) -> dict[str, Any]:
    where = pick(areas.place(view.place_id).name) if view.place_id else ""
    grid = pick(areas.area(view.grid_id).name) if view.grid_id else ""
    chosen = given[0].key if given else ""
    return {
        "view": view, "unit": units.unit(view.unit_id),
        "what": selectors.case_type(view.case_type).name,
        "where": " · ".join(part for part in (where, grid) if part),
        "forms": [given if key == chosen else _form_of(view, key) for key in view.may],
        "why": [
            one.state.message for one in view.offers
            if isinstance(one.state, Denied) and one.state.code == NO_PLACE
        ],
    }  # fmt: skip


def _private(response: HttpResponse) -> HttpResponse:
    """Out of caches, search engines, and the address that other sites are told."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(POSTS)
@login_required
def links(request: HttpRequest, number: str) -> HttpResponse:
    """The links of a case: made for units without accounts, shown again, revoked."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = selectors.by_number(number)
    case = selectors.case_brief(found, actor) if found else None
    if case is None or not selectors.may_link(case, actor):
        raise Http404
    running = {one["unit"]: one for one in case.assignments if not one["ended"]}
    choices = [(str(unit), pick(units.unit(unit).name)) for unit in running]
    form = LinkForm(request.POST if "note" in request.POST else None, units_now=choices)
    status = HTTPStatus.OK
    if request.method == "POST":
        if _changed(request, case.uuid, form, actor):
            return redirect("partners:links", case.number)
        status = HTTPStatus.BAD_REQUEST
    rows = [
        (one, units.unit(one.unit_id),
         request.build_absolute_uri(reverse("partners:assignment", args=[one.token])))
        for one in selectors.links_of(case)
    ]  # fmt: skip
    context = {"case": case, "form": form if choices else None, "rows": rows}
    response = render(request, "partners/links.html", context, status=status)
    return _private(response)


def _changed(request: HttpRequest, case: UUID, form: LinkForm, actor: Any) -> bool:
    revoked = request.POST.get("revoke", "")
    try:
        if revoked:
            cases.revoke_link(case, UUID(revoked), actor=actor)
            messages.success(request, _("The link opens nothing any more."))
            return True
        if form.is_valid():
            given = form.cleaned_data
            cases.make_link(
                case, actor=actor, unit_id=given["unit"], note=given["note"], days=given["days"]
            )
            messages.success(request, _("The link is ready: send it to them."))
            return True
    except ValueError:
        raise Http404 from None
    except Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    return False
