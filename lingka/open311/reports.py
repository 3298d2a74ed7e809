"""A report that came by POST: read, checked against the service's questions, opened."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.open311 import parameters
from lingka.open311.errors import GeoReportError, invalid, missing

PHOTOS = 5
DESCRIPTION = 4000  # characters, the specification's own limit


def receive(request: HttpRequest, known: Callable[[str], Any]) -> tuple[str, str]:
    """Open a case from a POST; returns its number and a notice with the reporter's receipt.

    A repeated `Idempotency-Key` header (a UUID) gives the first answer again.
    """
    data = request.POST
    actor = _caller(data)
    for given in (data, request.GET):  # clients disagree about where it belongs
        parameters.jurisdiction(given, settings.OPEN311["jurisdiction_id"])
    info = known(parameters.required(data, "service_code"))
    opened = cases.open_case(
        actor=actor,
        case_type=info.key,
        channel="open311",
        words=parameters.text(data, "description", DESCRIPTION),
        language=get_language() or settings.LANGUAGE_CODE,
        **_location(data),
        attributes=_answers(info.form, parameters.attributes(data)),
        contact=_contact(data),
        attachments=_photos(request, actor),
        idempotency_key=_idempotency_key(request),
    )
    address = request.build_absolute_uri(reverse("intake:receipt", args=[opened.token]))
    return opened.case_number, _("Follow it at %(address)s") % {"address": address}


def _caller(data: QueryDict) -> Actor:
    key = accounts.api_key(parameters.text(data, "api_key"))
    if key is None or "open311:write" not in key.scopes:
        raise GeoReportError(403, _("api_key is missing, unknown or without leave to report"))
    return Actor("client", key.id)


def _location(data: QueryDict) -> dict[str, Any]:
    lat = parameters.number(data, "lat", -90, 90)
    lon = parameters.number(data, "long", -180, 180)
    if (lat is None) != (lon is None):
        raise missing("long" if lon is None else "lat")
    address = parameters.text(data, "address_string", 500)
    code = parameters.text(data, "address_id", 12)
    place = areas.place_by_code(code) if code else None
    if code and place is None:
        raise invalid("address_id", _("is not the code of a place here"))
    if lat is None and not address and place is None:
        raise missing(_("lat and long, address_string or address_id"))
    return {"lat": lat, "lon": lon, "address": address, "place_id": place.id if place else None}


def _answers(
    form: Sequence[Mapping[str, Any]], given: Mapping[str, list[str]]
) -> dict[str, str | list[str]]:
    """One value or several, as the question takes them; the engine checks the rest."""
    several = {one["code"] for one in form if one["datatype"] == "multivaluelist"}
    return {
        code: values if code in several or len(values) > 1 else values[0]
        for code, values in given.items()
    }


def _contact(data: QueryDict) -> "cases.ContactData | None":
    email = parameters.text(data, "email", 254)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise invalid("email", _("is not an address")) from error
    names = [parameters.text(data, "first_name", 80), parameters.text(data, "last_name", 80)]
    phone = parameters.text(data, "phone", 32)
    name = " ".join(part for part in names if part)
    return cases.ContactData(name=name, phone=phone, email=email) if email or phone else None


def _photos(request: HttpRequest, actor: Actor) -> list[uuid.UUID]:
    """Photos sent with the form, in `media` or `media[]`; a bare media_url is not fetched."""
    files: list[UploadedFile[bytes]] = [
        *request.FILES.getlist("media"),
        *request.FILES.getlist("media[]"),
    ]
    if len(files) > PHOTOS:
        raise invalid("media", _("at most %(limit)s photos") % {"limit": PHOTOS})
    return [cases.add_attachment(file, actor=actor, kind="photo") for file in files]


def _idempotency_key(request: HttpRequest) -> uuid.UUID:
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return uuid7()
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise invalid("Idempotency-Key", _("a UUID")) from error
