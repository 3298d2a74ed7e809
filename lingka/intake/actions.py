"""Holding reports that came in a flood, and what a dispatcher does with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, posts_of
from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.selectors import led, who_may_lead
from lingka.core import clock, crypto, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.guides import selectors as guides
from lingka.intake import calling, permissions, reporting, rules, selectors
from lingka.intake.events import CallDaySet, HeldReportReviewed, ReportHeld
from lingka.intake.models import CallDay, LiveCall, Quarantined

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
    desk = _desk(actor)
    language = given["language"] or translation.get_language() or settings.LANGUAGE_CODE
    with transaction.atomic(), translation.override(language):
        if joins is not None:
            return _joined(joins, given, language, actor)
        guide = guides.guide(answered) if answered else None
        if answered and guide is None:
            raise Problem("unknown_guide", _("There is no such guide."), status=404)
        opened = _opened(given, language, actor, desk)
        if guide is not None and not opened.existing:
            words = calling.answer_from(guide)
            cases.perform(opened.case_uuid, "reply_now", actor=actor, data={"words": words})
        if given["channel"] == rules.LIVE and not opened.existing:
            _taken_live(opened, None if guide else _follows_up(given, actor), actor)
        return opened


def _joined(case: UUID, given: Mapping[str, Any], language: str, actor: Actor) -> cases.Opened:
    """A receipt of an open case. What a leader heard is followed up by name there too."""
    live = given["channel"] == rules.LIVE
    opened = cases.follow_case(
        case, actor=actor, language=language, contact=_left(given),
        idempotency_key=given["idempotency_key"], told_live=live,
    )  # fmt: skip
    if live and not opened.existing:
        lead = led([case]).get(case)
        owed = lead is not None and not lead.answered
        _taken_live(opened, None if owed else given["leader"], actor)
    return opened


def _follows_up(given: Mapping[str, Any], actor: Actor) -> int | None:
    """Who was named; where nobody was, since danger waits for no choice, whose calls these are,
    else whoever leads nearest."""
    if given["leader"] is not None:
        return int(given["leader"])
    if day := selectors.live_day(_posts(actor)):
        return day.leader
    nearest = who_may_lead(areas.area(_desk(actor)).path)
    return nearest[0][0] if nearest else None


def _taken_live(opened: cases.Opened, leader: int | None, actor: Actor) -> None:
    """The day keeps the call, and whoever was named owes the caller the answer not yet given."""
    day = selectors.live_day(_posts(actor))
    if day is not None:
        LiveCall.objects.get_or_create(case_uuid=opened.case_uuid, defaults={"day_id": day.id})
    if leader is not None:
        cases.perform(opened.case_uuid, "name_lead", actor=actor, data={"leader": leader})


@transaction.atomic
def set_call_day(leader: int, starts_at: datetime, ends_at: datetime, *, actor: Actor) -> UUID:
    """Say when a leader takes calls in person at the actor's desk."""
    area = _desk(actor)
    if leader not in dict(who_may_lead(areas.area(area).path)):
        message = _("Please choose somebody from the list.")
        raise Problem("person", message, field="leader", status=422)
    long = ends_at - starts_at
    if ends_at <= clock.now() or not timedelta() < long <= rules.LONGEST_DAY:
        message = _("This has to end after it begins, ahead of now, and on the same day.")
        raise Problem("hours", message, field="ends_at", status=422)
    day = CallDay.objects.create(
        uuid=uuid7(), area_id=area, leader=leader, starts_at=starts_at, ends_at=ends_at
    )
    events.record(_day_set(day, off=False), stream_id=day.uuid, actor=actor, after=events.NEW)
    return day.uuid


@transaction.atomic
def call_off(day: UUID, *, actor: Actor) -> None:
    """The leader will not take calls after all. A day on which somebody called stays."""
    row = _my_day(day, actor)
    if row.calls.exists():
        raise Problem("called", _("Somebody called that day: it stays."), status=409)
    events.record(_day_set(row, off=True), stream_id=row.uuid, actor=actor)
    row.delete()


@transaction.atomic
def hand_over_day(day: UUID, leader: int, *, actor: Actor) -> None:
    """Somebody else takes the calls of a day that is not over. What was told there already is owed
    by whoever was named for it."""
    row = _my_day(day, actor)
    if row.ends_at <= clock.now():
        raise Problem("over", _("This day is over."), status=409)
    if leader not in dict(who_may_lead(areas.area(row.area_id).path)):
        message = _("Please choose somebody from the list.")
        raise Problem("person", message, field="leader", status=422)
    if row.leader != leader:
        row.leader = leader
        row.save(update_fields=["leader"])
        events.record(_day_set(row, off=False), stream_id=row.uuid, actor=actor)


def _my_day(day: UUID, actor: Actor) -> CallDay:
    row = CallDay.objects.select_for_update().filter(uuid=day, area_id=_desk(actor)).first()
    if row is None:
        raise Problem("unknown_day", _("There is no such day of live calls."), status=404)
    return row


def _day_set(day: CallDay, *, off: bool) -> CallDaySet:
    return CallDaySet(
        area=day.area_id, leader=day.leader, starts_at=day.starts_at.isoformat(),
        ends_at=day.ends_at.isoformat(), off=off,
    )  # fmt: skip


def _desk(actor: Actor) -> int:
    """The area of the desk at which somebody takes calls; or a refusal."""
    posts = _posts(actor)
    refused = permissions.may_take_calls(posts)
    if not refused:
        raise PermissionRefused(refused)
    return next(one.area_id for one in posts if one.role == "dispatcher")


def _opened(given: Mapping[str, Any], language: str, actor: Actor, desk: int) -> cases.Opened:
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
        desk_area=desk,
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
