"""A council that sits no more: its page stays; what is not over goes on somewhere or says why."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import clock, contents
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import permissions, rules
from lingka.deliberation.actions.councils import kept_by, must_be_short
from lingka.deliberation.actions.topics import move
from lingka.deliberation.actions.waiting import not_adopted
from lingka.deliberation.events import CouncilSet, TopicMoved
from lingka.deliberation.models import Council, Meeting, Topic

State = Topic.State
AT_WORK = (State.AGENDA, State.VOTING)
NOT_BEGUN = (State.ASKED, State.OPEN)
GO_ON = (*NOT_BEGUN, State.RETURNED, State.IN_WORK)
TO_COME = (Meeting.State.PLANNED, Meeting.State.CONVENED)


@transaction.atomic
def close_council(council: UUID, why: str, *, actor: Actor, successor: str = "") -> None:
    """Close it: to a successor goes what is not over; without one, what has not begun is declined
    for this reason, and what is overdue stays on its page with it."""
    row = kept_by(actor, council)
    if not successor or why.strip():
        must_be_short("why", why, rules.TEXT)
    _must_be_idle(row)
    to = _successor(row, successor, actor) if successor else None
    said = contents.keep("council_closed", why.strip(), written_in(why)).id if why.strip() else None
    for topic in row.topics.select_for_update().order_by("id"):
        if to is not None and topic.state in GO_ON:
            topic.council = to
            topic.save(update_fields=["council"])
            told = TopicMoved(str(to.uuid), topic.state)
            record(told, stream_id=topic.uuid, actor=actor)
        elif topic.state in NOT_BEGUN:
            topic.said = contents.keep("topic_declined", why.strip(), written_in(why)).id
            move(topic, State.DECLINED, actor)
            not_adopted(topic, why.strip())
    row.closed_at, row.why, row.successor = clock.now(), said, to
    row.save(update_fields=["closed_at", "why", "successor"])
    ended = CouncilSet(row.kind, row.area_id, row.unit_id, row.seats, is_open=False)
    record(ended, stream_id=row.uuid, actor=actor)


def _must_be_idle(row: Council) -> None:
    held = row.meetings.filter(state__in=TO_COME).exists()
    if held or row.topics.filter(state__in=AT_WORK).exists():
        said = _("First hold or call off its meetings, decide what is on the table, end its votes.")
        raise Problem("at_work", said, status=409)
    if row.topics.filter(state=State.ADOPTED).exists():
        said = _("Give what was adopted to its owner first.")
        raise Problem("unowned", said, status=409)


def _successor(row: Council, key: str, actor: Actor) -> Council:
    others = Council.objects.select_for_update().filter(closed_at=None).exclude(pk=row.pk)
    found = others.filter(key=key).first()
    if found is None:
        raise Problem("successor", _("Please choose one of these."), field="successor", status=422)
    permissions.must_keep(actor, areas.area(found.area_id).path)
    return found
