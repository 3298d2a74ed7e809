"""What members write on a topic of an online council. A moderator hides by a published rule;
whoever wrote it may object once, to somebody else. Nothing counts anybody's words, or who likes
them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, contents, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import rules
from lingka.deliberation.actions.councils import must_be_short, must_be_the_same, unknown
from lingka.deliberation.actions.topics import (
    NEIGHBOUR,
    acting,
    erase_contributions,
    kept_topic,
    lives_here,
    public_topic,
)
from lingka.deliberation.events import ContributionMoved
from lingka.deliberation.models import Contribution, Topic

TALKED_OVER = (Topic.State.OPEN, Topic.State.RETURNED)


@transaction.atomic
def contribute(
    topic: UUID, text: str, *, actor: Actor, idempotency_key: UUID, answers: UUID | None = None
) -> UUID:
    """Write something on a topic that is talked over, where one lives; or a reply to what stands
    there. A reply has no replies."""
    locks.hold(idempotency_key)
    me, held = acting(actor), public_topic(topic)
    before = Contribution.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        _must_be_the_same(before, (held.pk, me.uuid, answers, text.strip()))
        return before.uuid
    if not rules.kinds()[held.council.kind].talk or held.state not in TALKED_OVER:
        raise Problem("not_open", _("Nothing is written on this now."), status=409)
    if held.council.closed_at is not None:
        raise unknown()
    if not lives_here(held, me):
        raise Problem("elsewhere", _("Those who live in this area write here."), status=409)
    must_be_short("text", text, rules.TEXT)
    if held.contributions.filter(member=me.uuid).count() >= rules.MOST_SAID:
        said = _("You wrote %(n)s times on this. Take one back to write another.")
        raise Problem("enough", said % {"n": rules.MOST_SAID}, status=409)
    _must_stand(held, answers)
    language = written_in(text)
    kept = contents.keep("contribution", text.strip(), language)
    made = held.contributions.create(
        member=me.uuid, words=kept.id, language=language, said_at=clock.now(), answers=answers,
        idempotency_key=idempotency_key,
    )  # fmt: skip
    _tell(made, "written", NEIGHBOUR, kept)
    return made.uuid


def _must_be_the_same(before: Contribution, sent: tuple[int, UUID, UUID | None, str]) -> None:
    words = contents.read([before.words]).get(before.words)
    must_be_the_same(same=(before.topic_id, before.member, before.answers, words) == sent)


def _must_stand(topic: Topic, answers: UUID | None) -> None:
    """What is replied to is on this topic, is not hidden, and is no reply."""
    if answers is None:
        return
    if not topic.contributions.filter(uuid=answers, rule="", answers=None).exists():
        said = _("What you replied to does not stand there any more.")
        raise Problem("answers", said, field="answers", status=409)


@transaction.atomic
def hide(contribution: UUID, rule: str, *, actor: Actor) -> None:
    """Hide it by a published rule, which stands in its place."""
    row = _kept(actor, contribution)
    if rule not in rules.talk():
        raise Problem("rule", _("Please choose one of these."), field="rule", status=422)
    if row.rule or row.judged_at is not None:
        raise _moved_on()
    row.rule, row.hidden_by = rule, actor.id
    row.save(update_fields=["rule", "hidden_by"])
    _tell(row, "hidden", actor)


@transaction.atomic
def object_to_hiding(contribution: UUID, why: str, *, actor: Actor) -> None:
    """Whoever wrote it asks somebody else to look, once."""
    me = acting(actor)
    row = _locked(contribution)
    if row.member != me.uuid:
        raise unknown()
    if not row.rule or row.objection is not None:
        raise _moved_on()
    must_be_short("why", why, rules.TEXT)
    kept = contents.keep("contribution_objection", why.strip(), written_in(why))
    row.objection = kept.id
    row.save(update_fields=["objection"])
    _tell(row, "objected", NEIGHBOUR, kept)


@transaction.atomic
def judge(contribution: UUID, *, shown: bool, actor: Actor) -> None:
    """The last word on an objection: by somebody else than hid it."""
    row = _kept(actor, contribution)
    if row.objection is None or row.judged_at is not None or not row.rule:
        raise _moved_on()
    if row.hidden_by == actor.id:
        said = _("Somebody else than hid it looks at an objection.")
        raise PermissionRefused(Denied("own", said))
    row.judged_at = clock.now()
    if shown:
        row.rule, row.hidden_by = "", None
    row.save(update_fields=["judged_at", "rule", "hidden_by"])
    _tell(row, "shown" if shown else "kept_hidden", actor)


@transaction.atomic
def take_back(contribution: UUID, *, actor: Actor) -> None:
    """Whoever wrote it wants it gone: nothing of it stays."""
    me = acting(actor)
    row = _locked(contribution)
    if row.member != me.uuid:
        raise unknown()
    _tell(row, "taken_back", NEIGHBOUR)
    erase_contributions([row])


def _locked(contribution: UUID) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self",)).select_related("topic__council")
    found = rows.filter(uuid=contribution).first()
    if found is None:
        raise unknown()
    return found


def _kept(actor: Actor, contribution: UUID) -> Contribution:
    """With its topic, if the actor keeps its council's table."""
    row = Contribution.objects.filter(uuid=contribution).select_related("topic").first()
    if row is None:
        raise unknown()
    kept_topic(actor, row.topic.uuid)
    return _locked(contribution)


def _tell(row: Contribution, what: str, actor: Actor, kept: contents.Kept | None = None) -> None:
    told = ContributionMoved(str(row.uuid), what, row.rule, kept.as_json() if kept else {})
    record(told, stream_id=row.topic.uuid, actor=actor)


def _moved_on() -> Problem:
    return Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
