"""A topic that is put to a vote, and what its counted result makes of it. Whoever votes, and how,
lingka/voting alone knows: here are a vote's number and what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import rules
from lingka.deliberation.actions.councils import Names, must_be_short
from lingka.deliberation.actions.topics import (
    back_to,
    kept_topic,
    move,
    must_be_supported,
    must_become,
)
from lingka.deliberation.actions.waiting import not_adopted
from lingka.deliberation.events import TopicPutToVote, TopicVoted
from lingka.deliberation.models import Council, Decision, Meeting, Poll, Topic
from lingka.voting import actions as votes
from lingka.voting import selectors as counted

Outcome = Poll.Outcome
BECOMES = {Outcome.CARRIED: Topic.State.ADOPTED, Outcome.REJECTED: Topic.State.REJECTED}


@transaction.atomic
def put_to_vote(
    topic: UUID, question: Names, words: str, *, actor: Actor, rule: str,
    sizes: Sequence[Decimal] = (),
) -> UUID:  # fmt: skip
    """Put what was talked over before the roll of the council's kind; `words` is what is decided if
    it is carried; `sizes` are the square metres of each flat where owners vote. Returns the
    vote."""
    held = kept_topic(actor, topic)
    by = rules.kinds()[held.council.kind].vote
    if by is None:
        raise Problem("by_hands", _("This council decides by hands at its table."), status=409)
    if rule not in by.rules:
        raise Problem("rule", _("Please choose one of these."), field="rule", status=422)
    for code, _name in settings.LANGUAGES:
        said = question.get(code, "")
        must_be_short("question", said, rules.QUESTION, field=f"question_{code}")
    must_be_short("words", words, rules.TEXT)
    must_become(held, Topic.State.VOTING)
    _must_be_talked_over(held)
    draft = replace(_draft(held.council, by, question, rule), sizes=sizes)
    vote = votes.prepare(draft, actor=actor)
    votes.open_vote(vote, actor=actor)
    kept = contents.keep("decision", {"decision": words.strip(), "dissent": ""}, written_in(words))
    Poll.objects.create(topic=held, vote=vote, words=kept.id)
    told = TopicPutToVote(str(vote), rule, kept.as_json())
    record(told, stream_id=held.uuid, actor=actor)
    move(held, Topic.State.VOTING, actor)
    return vote


def _must_be_talked_over(topic: Topic) -> None:
    kind = rules.kinds()[topic.council.kind]
    if kind.talk:
        _must_be_written_over(topic, kind)
        return
    if topic.state != Topic.State.AGENDA:
        raise Problem("not_held", _("It comes to the table of a meeting first."), status=409)
    newest = topic.items.select_related("meeting").order_by("-id").first()
    if newest is None or newest.meeting.state != Meeting.State.HELD:
        said = _("First enter that the meeting took place, and how many were there.")
        raise Problem("not_held", said, status=409)


def _must_be_written_over(topic: Topic, kind: rules.Kind) -> None:
    must_be_supported(topic, kind)
    if clock.now() < topic.moved_at + timedelta(days=kind.talk):
        said = _("It is talked over for %(n)s days before it is voted on.") % {"n": kind.talk}
        raise Problem("talk", said, status=409)


def _draft(council: Council, by: rules.ByVote, question: Names, rule: str) -> votes.Draft:
    return votes.Draft(
        council.area_id, {code: text.strip() for code, text in question.items()}, rule,
        clock.now() + timedelta(days=by.days), members=by.roll == "members",
        papers=(council.seats or 0) if by.roll == "seats" else 0,
    )  # fmt: skip


@transaction.atomic
def vote_ended(vote: UUID) -> None:
    """Its vote was counted or cancelled: what was decided moves the topic; where nothing was, it
    stands again where it stood. Heard twice it is once."""
    rows = Topic.objects.select_for_update(of=("self",)).select_related("council")
    topic = rows.filter(polls__vote=vote, polls__outcome="").first()
    found = counted.vote(vote) if topic else None
    if topic is None or found is None:
        return
    poll = topic.polls.get(vote=vote)
    now = clock.now()
    poll.outcome, poll.ended_at = _outcome(found), now
    poll.save(update_fields=["outcome", "ended_at"])
    told = TopicVoted(str(vote), poll.outcome, found.hash)
    record(told, stream_id=topic.uuid, actor=SYSTEM)
    to = BECOMES.get(Outcome(poll.outcome)) or back_to(topic)
    if poll.outcome in BECOMES:
        adopted = poll.outcome == Outcome.CARRIED
        Decision.objects.create(topic=topic, poll=poll, adopted=adopted, words=poll.words)
    move(topic, to, SYSTEM, at=now)
    if poll.outcome == Outcome.REJECTED:
        not_adopted(topic, contents.read([poll.words])[poll.words]["decision"])


def _outcome(vote: counted.VoteInfo) -> Outcome:
    """Of a secret vote of few not even the quorum is told: then it was carried or it was not."""
    if vote.result is None:
        return Outcome.CANCELLED
    if not vote.result.get("quorum", True):
        return Outcome.NO_QUORUM
    return Outcome.CARRIED if vote.carried else Outcome.REJECTED
