"""Open311 GeoReport v2. Each view answers in XML or JSON, chosen by the address's ending."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from lingka.cases import selectors as cases
from lingka.core.text import pick
from lingka.open311 import parameters
from lingka.open311.errors import GeoReportError, allowing, georeport
from lingka.open311.render import Payload, moment, respond
from lingka.open311.reports import receive

VERSION = "http://wiki.open311.org/GeoReport_v2"  # the specification's own identifier


@georeport
@allowing("GET", "HEAD")
@cache_control(public=True, max_age=300)
def discovery(request: HttpRequest, fmt: str) -> HttpResponse:
    """Where the endpoint is and which formats it speaks."""
    endpoint = {
        "specification": VERSION,
        "url": request.build_absolute_uri(reverse("open311:root")).rstrip("/"),
        "changeset": settings.OPEN311["changeset"],
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    about = {
        "changeset": settings.OPEN311["changeset"],
        "contact": settings.OPEN311["contact"],
        "key_service": settings.OPEN311["key_service"],
        "endpoints": [endpoint],
    }
    return respond(Payload("discovery", "", [about], single=True), fmt)


@georeport
@allowing("GET", "HEAD")
def services(request: HttpRequest, fmt: str) -> HttpResponse:
    """Every case type that residents may report."""
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    items = [_service(info) for info in cases.case_types(get_language(), public=True)]
    return respond(Payload("services", "service", items), fmt)


def _service(info: Any) -> dict[str, Any]:
    return {
        "service_code": info.key,
        "service_name": info.name,
        "description": info.description,
        "metadata": bool(info.form),
        "type": "realtime",
        "keywords": ",".join(info.keywords),
        "group": info.group,
    }


@georeport
@allowing("GET", "HEAD")
def service(request: HttpRequest, code: str, fmt: str) -> HttpResponse:
    """The questions that one case type asks."""
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    info = _known(code)
    definition = {
        "service_code": code,
        "attributes": [_attribute(field, order) for order, field in enumerate(info.form, 1)],
    }
    return respond(Payload("service_definition", "", [definition], single=True), fmt)


def _known(code: str) -> Any:
    for info in cases.case_types(get_language(), public=True):
        if info.key == code:
            return info
    raise GeoReportError(404, _("service_code was not found"))


def _attribute(field: Mapping[str, Any], order: int) -> dict[str, Any]:
    options = field.get("options", [])
    shown = {
        "variable": True,
        "code": field["code"],
        "datatype": field["datatype"],
        "required": field.get("required", False),
        "datatype_description": pick(field["hint"]) if field.get("hint") else None,
        "order": order,
        "description": pick(field["label"]),
    }
    if options:
        shown["values"] = [{"key": one["key"], "name": pick(one["name"])} for one in options]
    return shown


@georeport
@allowing("GET", "HEAD", "POST")
def requests(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET lists public cases; POST opens one."""
    if request.method == "POST":
        number, notice = receive(request, _known)
        made = {"service_request_id": number, "service_notice": notice, "account_id": None}
        return respond(Payload("service_requests", "request", [made]), fmt, 201)
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    wanted = parameters.search(request.GET)
    for code in wanted.case_types:
        _known(code)
    found = cases.public_cases(
        _filter(wanted), limit=wanted.page_size, offset=(wanted.page - 1) * wanted.page_size
    )
    return respond(_listed(found), fmt)


def _filter(wanted: parameters.Search) -> cases.PublicFilter:
    if wanted.numbers:  # overrides every other filter
        return cases.PublicFilter(numbers=wanted.numbers)
    return cases.PublicFilter(
        case_types=wanted.case_types,
        is_open=None if len(wanted.statuses) != 1 else wanted.statuses == ["open"],
        opened_from=wanted.start,
        opened_to=wanted.end,
        changed_from=wanted.updated_after,
        changed_to=wanted.updated_before,
    )


@georeport
@allowing("GET", "HEAD")
def one_request(request: HttpRequest, number: str, fmt: str) -> HttpResponse:
    """One public case by its number."""
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    found = cases.public_case(number)
    if not found:
        raise GeoReportError(404, _("service_request_id was not found"))
    return respond(_listed([found]), fmt)


@georeport
@allowing("GET", "HEAD")
def updates(request: HttpRequest, fmt: str) -> HttpResponse:
    """The stages that public cases entered, oldest first: FixMyStreet's extension."""
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    start, end = parameters.window(request.GET)
    page, page_size = parameters.paging(request.GET)
    found = cases.public_changes(start, end, limit=page_size, offset=(page - 1) * page_size)
    items = [_update(change) for change in found]
    return respond(Payload("service_request_updates", "request_update", items), fmt)


def _update(change: cases.PublicChange) -> dict[str, Any]:
    return {
        "update_id": change.id,
        "service_request_id": change.number,
        "status": "closed" if change.stage == "closed" else "open",
        "external_status_code": change.stage,
        "updated_datetime": moment(change.at),
        "description": cases.stage_label(change.stage),
        "media_url": None,
    }


@georeport
@allowing("GET", "HEAD")
def token(request: HttpRequest, token: str, fmt: str) -> HttpResponse:
    """The number behind a token. Reports are numbered at once, so a number is its own token."""
    parameters.jurisdiction(request.GET, settings.OPEN311["jurisdiction_id"])
    found = cases.public_case(token)
    if not found:
        raise GeoReportError(404, _("token was not found"))
    item = {"service_request_id": found.number, "token": token}
    return respond(Payload("service_requests", "request", [item]), fmt)


@georeport
def unknown(request: HttpRequest, fmt: str) -> HttpResponse:
    """Anything else below this address, in the format that it ends in."""
    raise GeoReportError(404, _("No such resource."))


def _listed(found: list[cases.PublicCase]) -> Payload:
    names = {info.key: info.name for info in cases.case_types(get_language(), public=True)}
    items = [_request(case, names.get(case.case_type, case.case_type)) for case in found]
    return Payload("service_requests", "request", items)


def _request(case: cases.PublicCase, name: str) -> dict[str, Any]:
    return {
        "service_request_id": case.number,
        "status": "closed" if case.stage == "closed" else "open",
        "status_notes": cases.stage_label(case.stage),
        "service_name": name,
        "service_code": case.case_type,
        "description": f"{name} · {case.where}" if case.where else name,
        "agency_responsible": case.unit or None,
        "service_notice": None,
        "requested_datetime": moment(case.opened_at),
        "updated_datetime": moment(case.changed_at),
        "expected_datetime": moment(case.due_at),
        "address": case.where or None,
        "address_id": case.place_code or None,
        "zipcode": None,
        "lat": case.lat,
        "long": case.lon,
        "media_url": None,
    }
