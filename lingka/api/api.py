"""The REST API: the same actions as the desk's, for other software. OpenAPI 3.1 at /api/v1/docs."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import File, NinjaAPI, Path, Query, Status
from ninja.files import UploadedFile

from lingka.api import problems
from lingka.api.docs import Page
from lingka.api.keys import Key
from lingka.api.schemas import (
    ActionIn,
    AttachmentOut,
    CaseIn,
    CaseOut,
    CasesOut,
    CaseTypeOut,
    LocatedOut,
    OfferOut,
    OpenedOut,
    PerformedOut,
    ProblemOut,
)
from lingka.areas import selectors as areas
from lingka.cases import actions, selectors
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.core.text import pick

api = NinjaAPI(
    title="Lingka",
    version="1",
    description=(
        "Open cases, read the queue, act on a case. Every refusal is an RFC 9457 problem. "
        "Times are UTC, points WGS 84."
    ),
    urls_namespace="api",
    docs_decorator=require_safe,
    docs=Page(),
)
problems.install(api)

READ, WRITE, ACT = Key("cases:read"), Key("cases:act"), Key("cases:act")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 422, 429), ProblemOut)
CaseName = Annotated[
    str, Path(max_length=40, pattern=r"^[0-9A-Za-z-]+$", description="UUID or number")
]
Tab = Literal["mine", "soon", "late", "others", "paused"]


@api.get("/case-types", response={200: list[CaseTypeOut]} | REFUSALS, auth=None, tags=["cases"])
def case_types(
    request: HttpRequest, language: Literal["zh-hans", "bo", "en"] = "zh-hans"
) -> list[Any]:
    """Everything that residents may report, in one language."""
    return list(selectors.case_types(language, public=True))


@api.get("/locate", response={200: LocatedOut} | REFUSALS, auth=None, tags=["areas"])
def locate(
    request: HttpRequest,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
) -> dict[str, Any]:
    """The grid that a WGS 84 point lies in."""
    found = areas.locate(lon, lat)
    grid = areas.area(found.grid_id) if found.grid_id else None
    return {
        "grid": grid.uuid if grid else None,
        "code": grid.code if grid else None,
        "name": pick(grid.name) if grid else None,
        "how": found.how,
    }


@api.post(
    "/cases",
    response={201: OpenedOut} | REFUSALS,
    auth=WRITE,
    tags=["cases"],
    openapi_extra={
        "responses": {
            201: {
                "links": {
                    "read": {
                        "operationId": "read_case",
                        "parameters": {"case": "$response.body#/case"},
                    },
                    "offers": {
                        "operationId": "read_offers",
                        "parameters": {"case": "$response.body#/case"},
                    },
                    "act": {
                        "operationId": "act_on_case",
                        "parameters": {"case": "$response.body#/case"},
                    },
                    "hold": {
                        "operationId": "act_by_receipt",
                        "parameters": {"token": "$response.body#/receipt_token"},
                    },
                }
            }
        }
    },
    operation_id="open_case",
)
def open_case(request: HttpRequest, report: CaseIn) -> Status[Any]:
    """Open a case. The same idempotency key gives the first receipt again."""
    place = areas.place_by_code(report.place_code) if report.place_code else None
    if report.place_code and place is None:
        raise Problem("place", _("No place here has this code."), field="place_code", status=422)
    opened = actions.open_case(
        actor=request.auth,  # type: ignore[attr-defined]
        case_type=report.case_type,
        channel="api",
        words=report.words,
        language=report.language,
        lon=report.lon,
        lat=report.lat,
        place_id=place.id if place else None,
        address=report.address,
        attributes=report.attributes,
        contact=actions.ContactData(**report.contact.dict()) if report.contact else None,
        attachments=report.attachments,
        idempotency_key=report.idempotency_key,
    )
    return Status(
        201,
        {
            "case": opened.case_uuid,
            "number": opened.case_number,
            "receipt_token": opened.token,
            "short_code": opened.short_code,
            "existing": opened.existing,
        },
    )


@api.post("/attachments", response={201: AttachmentOut} | REFUSALS, auth=WRITE, tags=["cases"])
def add_attachment(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: Annotated[Literal["photo", "voice"], Query()] = "photo",
) -> Status[Any]:
    """Send a photo or voice note, to be named when a case is opened or acted on."""
    actor = request.auth  # type: ignore[attr-defined]
    return Status(201, {"attachment": actions.add_attachment(file, actor=actor, kind=kind)})


@api.get("/cases", response={200: CasesOut} | REFUSALS, auth=READ, tags=["cases"])
def list_cases(
    request: HttpRequest,
    tab: Tab = "mine",
    after: Annotated[str, Query(max_length=200)] = "",
) -> dict[str, Any]:
    """The queue of the key's user, most pressing first; one page at a time."""
    page = selectors.queue(request.auth, tab, {}, after)  # type: ignore[attr-defined]
    return {"cases": [_brief(row) for row in page.rows], "next": page.next}


@api.get(
    "/cases/{case}", response={200: CaseOut} | REFUSALS, auth=READ, tags=["cases"],
    operation_id="read_case",
)  # fmt: skip
def read_case(request: HttpRequest, case: CaseName) -> dict[str, Any]:
    """One case, if it concerns the key's user."""
    found = selectors.case_brief(_uuid(case), request.auth)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return _brief(found)


@api.get(
    "/cases/{case}/actions", response={200: list[OfferOut]} | REFUSALS, auth=READ, tags=["cases"],
    operation_id="read_offers",
)  # fmt: skip
def offers(request: HttpRequest, case: CaseName) -> list[dict[str, Any]]:
    """What the key's user may do now, and why not what not."""
    actor = request.auth  # type: ignore[attr-defined]
    if selectors.case_brief(_uuid(case), actor) is None:
        raise Http404
    return [
        {
            "key": offer.key,
            "label": str(offer.label),
            "allowed": bool(offer.state),
            "reason": "" if offer.state else str(offer.state.message),
            "needs": [
                {"name": need.name, "kind": need.kind, "required": need.required}
                for need in offer.needs
            ],
        }
        for offer in selectors.allowed_actions(_uuid(case), actor)
    ]


@api.post(
    "/cases/{case}/actions/{action}",
    response={200: PerformedOut} | REFUSALS,
    auth=ACT,
    tags=["cases"],
    operation_id="act_on_case",
)
def act(
    request: HttpRequest,
    case: CaseName,
    action: Annotated[str, Path(max_length=32, pattern=r"^[a-z_]+$")],
    given: ActionIn,
) -> Any:
    """Act on a case as the desk does. The same `op_id` gives the first answer again."""
    actor = request.auth  # type: ignore[attr-defined]
    return actions.perform(
        _uuid(case),
        action,
        actor=actor,
        data=given.data,
        op_id=given.op_id,
        expected_version=given.expected_version,
    )


@api.post(
    "/receipts/{token}/actions/{action}",
    response={200: PerformedOut} | REFUSALS,
    auth=None,
    tags=["receipts"],
    operation_id="act_by_receipt",
)
def act_by_receipt(
    request: HttpRequest,
    token: Annotated[str, Path(max_length=64, pattern=r"^[a-z2-7]+$")],
    action: Annotated[str, Path(max_length=32, pattern=r"^[a-z_]+$")],
    given: ActionIn,
) -> Any:
    """Act as the holder of a receipt: add, answer, rate, reopen, withdraw. The token is the key."""
    found = selectors.holder(token)
    if found is None:
        raise Http404
    return actions.perform(
        found.case_uuid,
        action,
        actor=Actor("resident", found.id),
        data=given.data,
        op_id=given.op_id,
        expected_version=given.expected_version,
    )


def _uuid(name: str) -> UUID:
    """The case that a UUID or a number, as printed, names."""
    try:
        return UUID(name)
    except ValueError:
        found = selectors.by_number(name)
    if found is None:
        raise Http404
    return found


FIELDS = tuple(CaseOut.model_fields)


def _brief(row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in FIELDS if name != "case"}
    return shown | {"case": row.uuid}
