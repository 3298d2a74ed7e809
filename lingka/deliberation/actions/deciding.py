"""What the table decides, counted by hand, and to whom it is given."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors as case_selectors
from lingka.core import contents
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import rules
from lingka.deliberation.actions.councils import must_be_short, unknown
from lingka.deliberation.actions.meetings import is_newest, kept_meeting
from lingka.deliberation.actions.topics import back_to, kept_topic, move, must_become
from lingka.deliberation.actions.waiting import KIND, not_adopted, waiting
from lingka.deliberation.events import DecisionTaken, ResolutionMade
from lingka.deliberation.models import Decision, Item, Meeting, Resolution, Topic
from lingka.deliberation.rules import Hands
from lingka.units import selectors as units

LATEST = time(23, 59)


@transaction.atomic
def decide(
    meeting: UUID, topic: UUID, hands: Hands, words: str, *, actor: Actor, dissent: str = ""
) -> bool:
    """Enter the hands that were counted on a topic; returns whether it was adopted.

    `dissent` are the arguments on the other side: what was said against, never who said it.
    """
    held, about = kept_meeting(actor, meeting), kept_topic(actor, topic)
    item = _item(held, about)
    must_be_short("words", words, rules.TEXT)
    if len(dissent) > rules.TEXT:
        must_be_short("dissent", dissent, rules.TEXT)
    adopted = _counted(held, hands)
    must_become(about, Topic.State.ADOPTED)
    kept = contents.keep(
        "decision", {"decision": words.strip(), "dissent": dissent.strip()}, written_in(words)
    )
    Decision.objects.create(
        topic=about, item=item, yes=hands.yes, no=hands.no, abstained=hands.abstained,
        adopted=adopted, words=kept.id,
    )  # fmt: skip
    told = DecisionTaken(
        str(held.uuid), adopted, hands.yes, hands.no, hands.abstained, kept.as_json()
    )
    record(told, stream_id=about.uuid, actor=actor)
    move(about, Topic.State.ADOPTED if adopted else Topic.State.REJECTED, actor)
    if not adopted:
        not_adopted(about, words.strip())
    return adopted


@transaction.atomic
def adjourn(meeting: UUID, topic: UUID, *, actor: Actor) -> None:
    """The table did not decide on it this time: it waits for another meeting."""
    held, about = kept_meeting(actor, meeting), kept_topic(actor, topic)
    _item(held, about)
    must_become(about, Topic.State.ADOPTED)  # it is on an agenda
    move(about, back_to(about), actor)


def _item(meeting: Meeting, topic: Topic) -> Item:
    """The topic at this meeting, if it took place and the topic came to no later one."""
    item = meeting.items.filter(topic=topic).first()
    if item is None or meeting.state != Meeting.State.HELD:
        said = _("First enter that the meeting took place, and how many were there.")
        raise Problem("not_held", said, status=409)
    if not is_newest(item):
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)
    return item


def _counted(meeting: Meeting, hands: Hands) -> bool:
    if min(hands.yes, hands.no, hands.abstained) < 0 or hands.all > meeting.present:
        said = _("More hands than people at the table. Please count again.")
        raise Problem("hands", said, field="yes", status=422)
    quorum, seats = rules.kinds()[meeting.council.kind].quorum, meeting.council.seats
    if quorum is None:
        raise Problem("by_vote", _("This council decides by a vote, not by hands."), status=409)
    if not quorum.met(meeting.present, seats):
        few = _("Too few were there to decide: %(rule)s.") % {"rule": quorum.name}
        raise Problem("quorum", few, status=409)
    return quorum.carried(hands, meeting.present, seats)


@transaction.atomic
def resolve(
    topic: UUID, *, actor: Actor, unit: int, until: date, budget: int | None = None
) -> UUID:
    """Give what was adopted to the unit that carries it out: its case is the one that was brought
    before the council, where that waits for it, else a new one."""
    about = kept_topic(actor, topic)
    decision = about.decisions.filter(adopted=True).order_by("-id").first()
    if decision is None:
        raise unknown()
    must_become(about, Topic.State.IN_WORK)
    if until < areas.day_of(None):
        raise Problem("until", _("This day is over."), field="until", status=422)
    if budget is not None and budget < 0:
        raise Problem("budget", _("No less than nothing, please."), field="budget", status=422)
    units.unit(unit)
    case = _case(about, decision, actor)
    day = timezone.make_aware(datetime.combine(until, LATEST))
    cases.perform(case, "dispatch", actor=actor, data={"unit": unit, "until": day.isoformat()})
    number = case_selectors.standings([case])[case].number
    made = Resolution.objects.create(
        decision=decision, unit_id=unit, until=until, budget=budget, case=case, number=number
    )
    told = ResolutionMade(unit, until.isoformat(), budget, str(case))
    record(told, stream_id=about.uuid, actor=actor)
    move(about, Topic.State.IN_WORK, actor)
    return made.uuid


def _case(topic: Topic, decision: Decision, actor: Actor) -> UUID:
    words = contents.read([decision.words])[decision.words]["decision"]
    if waits := waiting(topic):
        cases.perform(waits, "settle", actor=actor, data={"words": words})
        return waits
    opened = cases.open_case(
        actor=actor, case_type=KIND, channel="counter", language=written_in(words),
        idempotency_key=uuid7(), words=words, desk_area=topic.council.area_id,
    )  # fmt: skip
    return opened.case_uuid
