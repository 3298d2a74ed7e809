"""The monthly review: what is decided becomes a case, or a plan that is changed from then on."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import clock, contents, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.problems import Problem
from lingka.patrols import permissions, plans
from lingka.patrols.actions.planning import change_plan
from lingka.patrols.actions.publishing import must
from lingka.patrols.events import DecisionMade
from lingka.patrols.models import Decision, Plan

LONGEST = 500


@dataclass(frozen=True)
class NewCase:
    """What somebody is to see to: a kind of case, at a place or of the whole area."""

    case_type: str
    place: int | None = None


@dataclass(frozen=True)
class NewRule:
    """How often a plan is walked from now on."""

    plan: UUID
    rule: str


@transaction.atomic
def decide(
    area: int, month: date, *, words: str, becomes: NewCase | NewRule, actor: Actor, key: UUID
) -> Decision:
    """Write down a decision of a month's review, with what it becomes, in one step.

    The same `key` again gives the first one. Raises Problem beside the field that does not do.
    """
    locks.hold(key)
    if made := Decision.objects.filter(uuid=key).first():
        return made
    path = areas.area(area).path
    must(permissions.may_plan(actor, path))
    if not words.strip():
        raise Problem("decision", _("Please say what was decided."), field="words", status=422)
    _month(month)
    said = words.strip()[:LONGEST]
    if isinstance(becomes, NewCase):
        done: dict[str, Any] = {"case": _case(key, area, becomes, said, actor)}
    else:
        done = _plan(path, becomes, said, actor)
    kept = contents.keep("words", said, get_language() or "")
    row = Decision.objects.create(
        uuid=key, area_id=area, month=month.replace(day=1), words=kept.id, made_at=clock.now(),
        made_by=actor.id if actor.kind == "user" else None, **done,
    )  # fmt: skip
    told = DecisionMade(
        area, str(row.month), kept.as_json(), str(row.case) if row.case else None,
        row.plan_id, row.plan_number,
    )  # fmt: skip
    record(told, stream_id=key, actor=actor, after=NEW)
    return row


def _month(month: date) -> None:
    if month > accounts.today():
        raise Problem("decision", _("This month is still to come."), status=422)


def _case(key: UUID, area: int, becomes: NewCase, words: str, actor: Actor) -> UUID:
    """What anybody could report. Hazards come from a checklist, with what is to be fixed of them,
    and a call comes from a case that cannot be solved."""
    if not any(one.public and one.key == becomes.case_type for one in selectors.case_types()):
        said = _("Please choose one of these.")
        raise Problem("decision", said, field="case_type", status=422)
    if becomes.place is not None:
        path = areas.area(areas.place(becomes.place).grid_id).path
        if not path.startswith(areas.area(area).path):
            said = _("Please choose one of these.")
            raise Problem("decision", said, field="place", status=422)
    opened = cases.open_case(
        actor=actor, case_type=becomes.case_type, channel="review", words=words,
        language=get_language() or "", idempotency_key=uuid5(key, "case"),
        place_id=becomes.place, address="" if becomes.place else areas.area(area).name["zh-hans"],
        desk_area=area,
    )  # fmt: skip
    return opened.case_uuid


def _plan(path: str, becomes: NewRule, words: str, actor: Actor) -> dict[str, Any]:
    plan = Plan.objects.filter(uuid=becomes.plan, ended_at=None).first()
    if plan is None or not areas.area(plan.area_id).path.startswith(path):
        said = _("Please choose one of these.")
        raise Problem("decision", said, field="plan", status=422)
    body = plan.versions.get(number=plan.number).body
    if becomes.rule not in plans.OFTEN or body["rule"] == becomes.rule:
        said = _("Please choose something else than what it is now.")
        raise Problem("decision", said, field="rule", status=422)
    number = change_plan(plan.uuid, {**body, "rule": becomes.rule}, actor=actor, reason=words)
    return {"plan": plan, "plan_number": number}
