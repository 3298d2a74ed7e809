"""Appeals: a unit asks that something be not counted, another decides, the resident may object."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import posts_of
from lingka.cases import selectors as cases
from lingka.core import clock, contents
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.insight import hearing, permissions, rules
from lingka.insight.events import AppealDecided, AppealFiled, AppealObjected
from lingka.insight.models import Appeal, Fact, Publication
from lingka.insight.selectors import definitions

STILL = timedelta(days=30)  # so long after publication an appeal may change the next version
OBJECT_WITHIN = timedelta(days=10)
LONGEST = 1000  # characters of a reason
OPEN = (Appeal.State.FILED, Appeal.State.OBJECTED)


def file_appeal(case: UUID, *, kind: str, ground: str, words: str, actor: Actor) -> Appeal:
    """Ask that a case, or part of it, be not counted. Raises Problem beside what is wrong."""
    fact = Fact.objects.filter(case=case).first()
    if fact is None:
        if not hearing.has_read(case):
            raise hearing.being_counted()
        raise Problem("unknown_case", _("There is no such case."), status=404)
    verdict = permissions.may_file(posts_of(actor.id or 0), fact.unit, over(fact))
    if not verdict:
        raise PermissionRefused(verdict)
    by = definitions.on(rules.day_of(fact.memory))
    chosen = by.appeal(kind)
    if chosen is None:
        raise Problem("kind", _("Choose what should not be counted."), field="kind", status=422)
    if ground not in chosen.grounds:
        raise Problem("ground", _("Choose a reason from the list."), field="ground", status=422)
    text = _written(words)
    appeal = Appeal(
        uuid=uuid7(), case=case, number=fact.number, area_path=fact.memory["path"],
        unit=fact.unit, kind=kind, ground=ground, state=Appeal.State.FILED,
        filed_by=actor.id or 0, filed_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            kept = contents.keep("appeal", text, written_in(text))
            appeal.words = kept.id
            event = AppealFiled(str(case), fact.unit, kind, ground, [_said("words", text, kept)])
            done = record(event, stream_id=appeal.uuid, actor=actor, after=NEW)
            appeal.version = done.sequence
            appeal.save(force_insert=True)
    except IntegrityError:
        raise Problem("already", _("This is being appealed already."), status=409) from None
    return appeal


def over(fact: Fact) -> bool:
    """Is it too late to appeal? Some time after its month was first published."""
    first = Publication.objects.filter(month=fact.month, state=Publication.State.PUBLISHED)
    moment = first.order_by("number").values_list("published_at", flat=True).first()
    return moment is not None and clock.now() > moment + STILL


def decide_appeal(uuid: UUID, *, upheld: bool, words: str, actor: Actor) -> Appeal:
    """Decide on an appeal, or on the resident's objection to the first decision."""
    text = _written(words)
    with transaction.atomic():
        appeal = _locked(uuid)
        if appeal.state not in OPEN:
            raise Problem("decided", _("This was decided already."), status=409)
        verdict = may_decide(appeal, actor)
        if verdict is hearing.NOT_READ:
            raise hearing.being_counted()
        if not verdict:
            raise PermissionRefused(verdict)
        final = appeal.state == Appeal.State.OBJECTED
        now = clock.now()
        until = now + OBJECT_WITHIN if upheld and not final else None
        kept = contents.keep("appeal", text, written_in(text))
        event = AppealDecided(
            str(appeal.case), appeal.unit, appeal.kind, appeal.ground, upheld, final,
            until.isoformat() if until else "", [_said("decision", text, kept)],
        )  # fmt: skip
        appeal.version = record(event, stream_id=appeal.uuid, actor=actor).sequence
        appeal.state = Appeal.State.UPHELD if upheld else Appeal.State.REFUSED
        appeal.decision, appeal.final, appeal.object_until = kept.id, final, until
        appeal.reviewed_by, appeal.decided_at = actor.id, now
        appeal.save()
    return appeal


def may_decide(appeal: Appeal, actor: Actor) -> Any:
    """Neither who handled it, nor who gains by it, nor who asked, nor who decided before; nobody
    while it is not known who was on it."""
    fact = Fact.objects.filter(case=appeal.case).first() if hearing.has_read(appeal.case) else None
    if fact is None:
        return hearing.NOT_READ
    memory = fact.memory
    before = [appeal.filed_by]
    if appeal.state == Appeal.State.OBJECTED and appeal.reviewed_by:
        before.append(appeal.reviewed_by)
    return permissions.may_review(
        posts_of(actor.id or 0), actor.id or 0, path=appeal.area_path,
        involved={*memory["units"], appeal.unit}, handlers=memory["by"], before=before,
    )  # fmt: skip


def object_to(uuid: UUID, *, words: str, actor: Actor) -> Appeal:
    """The holder of a receipt does not agree that the case is not counted."""
    text = _written(words)
    with transaction.atomic():
        appeal = _locked(uuid)
        if actor.kind != "resident" or not cases.holds(actor.id or 0, appeal.case):
            raise Problem("unknown_case", _("There is no such case."), status=404)
        if not can_object(appeal):
            raise Problem("over", _("The time to object is over."), status=409)
        kept = contents.keep("appeal", text, written_in(text))
        event = AppealObjected(
            str(appeal.case), appeal.unit, appeal.kind, [_said("objection", text, kept)]
        )
        appeal.version = record(event, stream_id=appeal.uuid, actor=actor).sequence
        appeal.state, appeal.objection = Appeal.State.OBJECTED, kept.id
        appeal.save()
    return appeal


def can_object(appeal: Appeal) -> bool:
    return (
        appeal.state == Appeal.State.UPHELD
        and not appeal.final
        and appeal.object_until is not None
        and clock.now() <= appeal.object_until
    )


def _locked(uuid: UUID) -> Appeal:
    found = Appeal.objects.select_for_update().filter(uuid=uuid).first()
    if found is None:
        raise Problem("no_appeal", _("There is no such appeal."), status=404)
    return found


def _written(words: str) -> str:
    """A reason in words, which everybody concerned will read."""
    text = words.strip()
    if not text:
        raise Problem("words", _("Write why, in a sentence or two."), field="words", status=422)
    if len(text) > LONGEST or "\x00" in text:
        raise Problem(
            "long", _("Write at most %(limit)s characters.") % {"limit": LONGEST},
            field="words", status=422,
        )  # fmt: skip
    return text


def _said(name: str, text: str, kept: contents.Kept) -> dict[str, str]:
    return {"name": name, "audience": "staff", "language": written_in(text), **kept.as_json()}
