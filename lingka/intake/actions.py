"""Holding reports that came in a flood, and what a dispatcher does with them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, posts_of
from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.core import clock, crypto, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.guides import selectors as guides
from lingka.intake import calling, permissions, reporting
from lingka.intake.events import HeldReportReviewed, ReportHeld
from lingka.intake.models import Quarantined

QUESTION = "help.question"  # the type of what is answered on the spot


@transaction.atomic
def hold(values: dict[str, Any], *, actor: Actor, reason: str, flood: str, desk_path: str) -> UUID:
    """Keep a report until a person has looked at it; sent again, it is the same one."""
    report, created = Quarantined.objects.get_or_create(
        idempotency_key=UUID(values["idempotency_key"]),
        defaults={
            "uuid": uuid7(),
            "flood": flood,
            "case_type": values["case_type"],
            "desk_path": desk_path,
            "reason": reason,
            "sealed": crypto.seal(values),
            "received_at": clock.now(),
        },
    )
    if created:
        cases.hold_attachments([UUID(name) for name in values["attachments"]])
        held = ReportHeld(case_type=report.case_type, reason=reason)
        events.record(held, stream_id=report.uuid, actor=actor, after=events.NEW)
    return report.uuid


@transaction.atomic
def release(ids: Sequence[UUID], *, actor: Actor) -> list[UUID]:
    """Let each become a case of its own."""
    return [_let_in(report, actor) for report in _locked(ids, actor)]


@transaction.atomic
def release_as_one(ids: Sequence[UUID], *, actor: Actor) -> UUID:
    """Let the first become a case and the others follow it: one flood, one case, all answered."""
    first, *others = _locked(ids, actor)
    case = _let_in(first, actor)
    for report in others:
        values = crypto.unseal(bytes(report.sealed or b""))
        left = values["contact"]
        opened = cases.follow_case(
            case,
            actor=reporting.RESIDENT,
            language=values["language"],
            contact=cases.ContactData(**left) if left else None,
            idempotency_key=report.idempotency_key,
        )
        cases.erase_attachments([UUID(name) for name in values["attachments"]])
        _close(report, actor, Quarantined.Outcome.MERGED, case, opened.token)
    return case


@transaction.atomic
def discard(ids: Sequence[UUID], *, actor: Actor) -> int:
    """Throw them away: their words and contacts are gone at once, that they came is kept."""
    reports = _locked(ids, actor)
    for report in reports:
        values = crypto.unseal(bytes(report.sealed or b""))
        cases.erase_attachments([UUID(name) for name in values["attachments"]])
        _close(report, actor, Quarantined.Outcome.DISCARDED, None, "")
    return len(reports)


def take_call(
    given: Mapping[str, Any], *, answered: str = "", joins: UUID | None = None, actor: Actor
) -> cases.Opened:
    """Open a case for what a caller said; with the key of a guide, answer it from that at once;
    where it `joins` an open case, give the caller a receipt of that.

    `given` is `CallForm`'s cleaned data. The answer names its source, date and version, so that
    the resident can hold the town to it, and can say that it is not clear.
    """
    refused = permissions.may_take_calls(_posts(actor))
    if not refused:
        raise PermissionRefused(refused)
    language = given["language"] or translation.get_language() or settings.LANGUAGE_CODE
    with transaction.atomic(), translation.override(language):
        if joins is not None:
            return cases.follow_case(
                joins, actor=actor, language=language, contact=_left(given),
                idempotency_key=given["idempotency_key"],
            )  # fmt: skip
        guide = guides.guide(answered) if answered else None
        if answered and guide is None:
            raise Problem("unknown_guide", _("There is no such guide."), status=404)
        opened = _opened(given, language, actor)
        if guide is not None and not opened.existing:
            words = calling.answer_from(guide)
            cases.perform(opened.case_uuid, "reply_now", actor=actor, data={"words": words})
        return opened


def _opened(given: Mapping[str, Any], language: str, actor: Actor) -> cases.Opened:
    place = areas.place_by_code(given["door"]) if given["door"] else None
    if given["door"] and place is None:
        raise Problem("unknown_door", _("There is no such code on a door."), field="door")
    return cases.open_case(
        actor=actor,
        case_type=given["case_type"],
        channel=given["channel"] or "hotline",
        language=language,
        words=given["words"],
        address=given["address"] or _named_in(given["words"]),
        place_id=place.id if place else None,
        contact=_left(given),
        idempotency_key=given["idempotency_key"],
        desk_area=next(one.area_id for one in _posts(actor) if one.role == "dispatcher"),
    )


def _left(given: Mapping[str, Any]) -> "cases.ContactData | None":
    return cases.ContactData(phone=given["phone"]) if given["phone"] else None


def _named_in(words: str) -> str:
    """The area that the caller's words name, as the page showed it and the receipt will."""
    found = areas.named(words)
    if found is None or found.parent_id is None:
        return ""
    name = pick(found.name)
    back = areas.named(name)
    return name if back and back.id == found.id else found.code


def _locked(ids: Sequence[UUID], actor: Actor) -> list[Quarantined]:
    posts = _posts(actor)
    allowed = permissions.may_review(posts)
    if not allowed:
        raise PermissionRefused(allowed)
    waiting = Quarantined.objects.select_for_update().filter(uuid__in=ids, outcome="")
    reports = list(waiting.order_by("id"))
    if waiting.exclude(permissions.within_reach(posts)).exists():
        raise PermissionRefused(Denied("elsewhere", _("These reports belong to another desk.")))
    if not reports:
        raise Problem("stale", _("Somebody has looked at these already."), status=409)
    return reports


def _posts(actor: Actor) -> Sequence[PostInfo]:
    return posts_of(actor.id) if actor.kind == "user" and actor.id else []


def _let_in(report: Quarantined, actor: Actor) -> UUID:
    opened = reporting.send(crypto.unseal(bytes(report.sealed or b"")))
    _close(report, actor, Quarantined.Outcome.RELEASED, opened.case_uuid, opened.token)
    return opened.case_uuid


def _close(report: Quarantined, actor: Actor, outcome: str, case: UUID | None, token: str) -> None:
    report.outcome = outcome
    report.sealed = None
    report.sealed_token = crypto.seal(token) if token else None
    report.reviewed_at = clock.now()
    report.reviewed_by = actor.id if isinstance(actor.id, int) else None
    report.save()
    reviewed = HeldReportReviewed(outcome=outcome, case=str(case) if case else None)
    events.record(reviewed, stream_id=report.uuid, actor=actor, after=None)
