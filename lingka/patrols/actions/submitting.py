"""A checklist that was gone through at a place; what failed becomes a hazard in the same step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import rfc8785
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.core import clock, contents, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import mac
from lingka.core.events import NEW, record
from lingka.core.ids import unordered, uuid7
from lingka.core.permissions import Allowed, Denied
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import permissions
from lingka.patrols.actions.publishing import must
from lingka.patrols.actions.registering import seen_by_checklist
from lingka.patrols.actions.walking import visited
from lingka.patrols.checklists import Result, evaluate
from lingka.patrols.events import ChecklistSubmitted
from lingka.patrols.models import Round, Stop, Submission
from lingka.patrols.selectors import catalogue

HAZARD = "safety.hazard"
CODES: dict[str, Any] = {
    "missing": _("This item is not answered yet."),
    "photo": _("A photo is needed here."),
    "after": _("A photo from afterwards is needed here."),
    "option": _("Please choose one of these."),
    "number": _("Please type a number."),
    "whole": _("Please type a whole number."),
    "low": _("This is too little."),
    "high": _("This is too much."),
    "long": _("This is too long."),
    "date": _("Please give a day, as in 2026-03-01."),
    "unknown": _("The checklist has no such item."),
}
WRONG = _("This cannot be read.")


@dataclass(frozen=True)
class Submitted:
    """What came of it: the hazards opened, the items not in order, how much is in order."""

    cases: list[str]
    failed: list[str] = field(default_factory=list)
    in_order: int = 0
    looked_at: int = 0
    existing: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Visit:
    """Where and by what: checked."""

    checklist: catalogue.ChecklistInfo
    area: areas.AreaInfo
    place: int | None
    round: Round | None
    stop: Stop | None
    lon: float | None
    lat: float | None
    occurred_at: datetime


@transaction.atomic
def submit_checklist(
    *,
    actor: Actor,
    key: UUID,
    checklist: str,
    version: int,
    answers: Mapping[str, Any],
    place: int | None = None,
    round: UUID | None = None,  # noqa: A002
    stop: UUID | None = None,
    attachments: Sequence[UUID] = (),
    lon: float | None = None,
    lat: float | None = None,
    occurred_at: datetime | None = None,
) -> Submitted:
    """Keep what was answered, open a hazard for each failed item that says so, do the stop.

    The same `key` again gives the first result; with other content it is a Problem 409. Photos
    named in `answers` (`photos`, `after`) are ids from `attachments`. The point is passed on to
    the hazards and kept nowhere else. Raises Problem "answers" (422) with `items`, each with what
    is wrong with it.
    """
    locks.hold(key)
    digest = _digest(checklist, version, answers)
    if made := Submission.objects.filter(key=key).first():
        return _again(made, digest)
    at = occurred_at or clock.now()
    visit = _visit(checklist, version, place, round, stop, lon, lat, at)
    must(_may(actor, visit))
    result = evaluate(visit.checklist.body, answers, str(areas.day_of(at)))
    _refuse(result)
    opened = _open_hazards(key, visit, result, answers, attachments, actor)
    row = _keep(key, digest, visit, result, answers, attachments, opened)
    seen_by_checklist(visit.place, checklist, answers, result.failed, opened, row.day)
    if visit.stop is not None:
        visited(visit.stop)
    return Submitted(row.cases, row.failed, row.in_order, row.looked_at)


def _digest(checklist: str, version: int, answers: Mapping[str, Any]) -> str:
    """Keyed, for the answers may be erased and this stays."""
    said: dict[str, Any] = {"checklist": checklist, "version": version, "answers": dict(answers)}
    return mac("checklist", rfc8785.dumps(said).decode()).hex()


def _again(made: Submission, digest: str) -> Submitted:
    if made.content_hash != digest:
        raise Problem(
            "key_reused", _("This was sent before with other content. Please start anew."),
            status=409,
        )  # fmt: skip
    return Submitted(made.cases, made.failed, made.in_order, made.looked_at, existing=True)


def _visit(  # noqa: PLR0917
    checklist: str, version: int, place: int | None, round_uuid: UUID | None, stop: UUID | None,
    lon: float | None, lat: float | None, at: datetime,
) -> _Visit:  # fmt: skip
    info = catalogue.info(checklist, version)
    if info is None:
        raise Problem(
            "no_checklist", _("There is no such checklist."), field="checklist", status=422
        )
    walked = Round.objects.filter(uuid=round_uuid).first() if round_uuid else None
    halt = Stop.objects.filter(uuid=stop).select_related("round").first() if stop else None
    if halt is not None:
        walked, place = halt.round, halt.place_id
    elif stop is not None:  # the round was laid out anew meanwhile: what was seen still counts
        halt = Stop.objects.filter(
            round=walked, place_id=place or 0, checklist=checklist
        ).first()  # fmt: skip
    if walked is not None and place and not walked.stops.filter(place_id=place).exists():
        walked = None  # no more of this round than of any other
    area = _area(walked, place, lon, lat)
    return _Visit(info, area, place, walked, halt, lon, lat, at)


def _area(
    walked: Round | None, place: int | None, lon: float | None, lat: float | None
) -> areas.AreaInfo:
    if place is not None:
        return areas.area(areas.place(place).grid_id)
    if walked is not None:
        return areas.area(walked.area_id)
    if lon is not None and lat is not None:
        found = areas.locate(lon, lat)
        if found.grid_id is not None:
            return areas.area(found.grid_id)
    raise Problem("place", _("Please say which place this is about."), field="place", status=422)


def _may(actor: Actor, visit: _Visit) -> Allowed | Denied:
    """On a round whoever walks it, elsewhere those of the area."""
    if visit.round is None:
        return permissions.may_look(actor, visit.area.path)
    return permissions.may_walk(
        actor, visit.round.unit_id, areas.area(visit.round.area_id).path
    )  # fmt: skip


def _refuse(result: Result) -> None:
    if result.complete:
        return
    items = [
        {"field": one["item"], "code": one["code"], "message": str(CODES.get(one["code"], WRONG))}
        for one in result.problems
    ]
    first = items[0]
    raise Problem(
        "answers", first["message"], field=first["field"], status=422, errors=items, items=items
    )


# -- hazards ---------------------------------------------------------------------------------


def _open_hazards(  # noqa: PLR0917
    key: UUID, visit: _Visit, result: Result, answers: Mapping[str, Any],
    attachments: Sequence[UUID], actor: Actor,
) -> list[str]:  # fmt: skip
    items = {one["key"]: one for one in visit.checklist.body["items"]}
    opened, loose = [], {str(one) for one in attachments}
    for found in result.hazards:
        item, answer = items[found["item"]], answers[found["item"]]
        photos = [one for one in map(str, answer.get("photos") or []) if one in loose]
        loose -= set(photos)
        case = cases.open_case(
            actor=actor, case_type=HAZARD, channel="grid_worker", language=get_language() or "",
            idempotency_key=uuid5(key, item["key"]), words=_words(visit, item, answer),
            lon=visit.lon, lat=visit.lat, place_id=visit.place, occurred_at=visit.occurred_at,
            attachments=[UUID(one) for one in photos], desk_area=visit.area.parent_id,
        )  # fmt: skip
        opened.append(str(case.case_uuid))
    if loose:
        cases.lay_apart([UUID(one) for one in loose], areas.day_of(visit.occurred_at))
    return opened


def _words(visit: _Visit, item: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """The hazard as the desk reads it: what, how grave, what the worker says, by which rule."""
    level = _("major") if item["hazard"]["level"] == "major" else _("ordinary")
    lines = [f"{pick(item['hazard']['name'])} ({level})", (answer.get("words") or "").strip()]
    lines.append(pick(item.get("article") or {}))
    lines.append(pick(visit.checklist.body["title"]))
    return "\n".join(line for line in lines if line)


def _keep(  # noqa: PLR0917
    key: UUID, digest: str, visit: _Visit, result: Result, answers: Mapping[str, Any],
    attachments: Sequence[UUID], opened: list[str],
) -> Submission:  # fmt: skip
    day = areas.day_of(visit.occurred_at)
    kept = contents.keep("answers", dict(answers), get_language() or "", day=day)
    before = visit.stop.submissions.count() if visit.stop else 0
    row = Submission.objects.create(
        id=unordered(), key=key, checklist=visit.checklist.key, version=visit.checklist.number,
        place_id=visit.place, area_id=visit.area.id, round=visit.round, stop=visit.stop,
        content_hash=digest, answers=kept.id, failed=result.failed, in_order=result.met,
        looked_at=result.of, attachments=[str(one) for one in attachments], cases=opened,
        day=day, turn=before + 1,
    )  # fmt: skip
    record(ChecklistSubmitted(), stream_id=uuid7(), actor=SYSTEM, after=NEW)  # nobody's way
    return row
