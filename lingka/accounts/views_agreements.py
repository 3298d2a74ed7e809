"""Agreements: registered and ended on a unit's page, watched on a page of the desk's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lingka.accounts import desk_forms as forms
from lingka.accounts.administering import Doing
from lingka.accounts.permissions import may_administer, must
from lingka.accounts.selectors import PostInfo, today
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.units import actions, selectors, work
from lingka.units.selectors import AgreementInfo, UnitInfo

READERS = frozenset({"dispatcher", "supervisor", "administrator"})


@dataclass(frozen=True)
class Shown:
    """An agreement as a row of a table."""

    one: AgreementInfo
    unit: UnitInfo
    areas: list[str]
    work: list[str]
    state: str  # "over", "soon", "waiting" or "" while it simply counts


def shown(one: AgreementInfo) -> Shown:
    called = work.names()
    waiting = "waiting" if one.valid_from > today() else ""
    state = "over" if one.is_over() else "soon" if one.is_soon_over() else waiting
    return Shown(
        one, selectors.unit(one.unit_id), [pick(areas.area(area).name) for area in one.area_ids],
        [called.get(kind, kind) for kind in one.case_types], state,
    )  # fmt: skip


def agreement_doings(unit: UnitInfo) -> Mapping[str, Doing]:
    """What the administrator's page of a unit does with agreements."""
    held = [
        (str(one.uuid), f"{pick(one.promise)} · {one.last_day}")
        for one in selectors.agreements_of(unit.id)
    ]
    first = {"valid_from": today(), "areas": [unit.area_id]}
    return {
        "agreement": (
            partial(forms.AgreementForm, held=held, initial=first), partial(_register, unit),
        ),
        "end_agreement": (forms.EndAgreementForm, partial(_end, unit)),
    }  # fmt: skip


def _register(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer(actor, unit.area_path, *(areas.area(one).path for one in data["areas"])))
    paper = data["document"]
    actions.register_agreement(
        unit.id, actor=actor, area_ids=data["areas"], case_types=data["case_types"],
        promise=data["promise"], valid_from=data["valid_from"],
        valid_to=data["valid_to"] + timedelta(days=1),
        document=(paper.name, paper.read()) if paper else None,
        agreement=UUID(data["agreement"]) if data["agreement"] else None,
    )  # fmt: skip


def _end(unit: UnitInfo, actor: Actor, data: dict[str, Any]) -> None:
    must(may_administer(actor, unit.area_path))
    actions.end_agreement(data["agreement"], unit.id, actor=actor, on=data["on"])


def _paths(request: HttpRequest) -> list[str]:
    """The areas whose agreements concern the reader; nothing is here for others."""
    paths = paths_of(request.posts)  # type: ignore[attr-defined]
    if not paths:
        raise Http404
    return paths


def paths_of(posts: Iterable[PostInfo]) -> list[str]:
    return [post.area_path for post in posts if post.role in READERS]


@require_safe
@login_required
def show_agreements(request: HttpRequest) -> HttpResponse:
    """Who promised what for this desk's area, until when; what runs out comes first."""
    rows = [shown(one) for one in selectors.agreements(*_paths(request))]
    running = {one.uuid for one in selectors.running_out()}
    context = {
        "running": [row for row in rows if row.one.uuid in running],
        "rows": [row for row in rows if row.state in {"", "waiting", "soon"}],
        "over": [row for row in rows if row.state == "over"],
    }
    return render(request, "accounts/desk/agreements.html", context)


def _versions(request: HttpRequest, agreement: UUID) -> list[AgreementInfo]:
    paths = _paths(request)
    versions = selectors.agreement_versions(agreement)
    if not any(one.uuid == agreement for one in selectors.agreements(*paths)):
        raise Http404
    return versions


@require_safe
@login_required
def show_agreement(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """One agreement with all its versions, the newest first."""
    versions = [shown(one) for one in _versions(request, agreement)]
    context = {"newest": versions[0], "versions": versions}
    return render(request, "accounts/desk/agreement.html", context)


@require_safe
@login_required
def agreement_document(request: HttpRequest, agreement: UUID, number: int) -> HttpResponse:
    """The signed paper of one version, to be kept, never shown inside a page of ours."""
    found = next((one for one in _versions(request, agreement) if one.number == number), None)
    paper = selectors.document(found.document) if found and found.document else None
    if paper is None:
        raise Http404
    name, body = paper
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
