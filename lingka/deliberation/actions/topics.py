"""What comes before a council: raised, looked at, supported, and told of."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases import selectors as case_selectors
from lingka.core import clock, contents, locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in
from lingka.deliberation import permissions, rules
from lingka.deliberation.actions.councils import (
    kept_by,
    must_be_short,
    must_be_the_same,
    unknown,
)
from lingka.deliberation.actions.waiting import not_adopted
from lingka.deliberation.events import MeetingPrepared, TopicMoved, TopicRaised
from lingka.deliberation.models import Backing, Contribution, Council, Material, Topic
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo

State, Origin = Topic.State, Topic.Origin
OVER = (State.DONE, State.REJECTED, State.DECLINED)
TOLD_FOR = timedelta(days=90)  # after a topic is over, those who were told of it are forgotten
NEIGHBOUR = Actor("resident")


@transaction.atomic
def propose(
    council: UUID, title: str, text: str, *, actor: Actor, idempotency_key: UUID,
    thanked: bool = False,
) -> UUID:  # fmt: skip
    """A neighbour proposes something; no account is needed. The desk looks at it first, so that
    no name or number of anybody is put up. A member is told what becomes of it, and `thanked` with
    points if they wish; the log, which forgets nothing, does not say which."""
    me = members.of_actor(actor)
    locks.hold(idempotency_key)
    before = Topic.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        same = _again(before, council, title, text)
        if me is not None:
            Backing.objects.filter(topic=before, member=me.uuid).update(thanked=thanked)
        return same
    held = Council.objects.filter(uuid=council, closed_at=None).first()
    if held is None:
        raise unknown()
    made = _made(held, Origin.PROPOSAL, State.ASKED, title, text, NEIGHBOUR, key=idempotency_key)
    if me is not None:
        _back(made, me, supports=lives_here(made, me), thanked=thanked)
    return made.uuid


@transaction.atomic
def raise_topic(
    council: UUID, title: str, text: str, *, actor: Actor, case: str = "",
    idempotency_key: UUID | None = None,
) -> UUID:  # fmt: skip
    """The desk brings something to the table, or what a case grew into, by the case's number. The
    words are the desk's own: a reporter's are not put up."""
    key = idempotency_key or uuid7()
    locks.hold(key)
    held = kept_by(actor, council)
    before = Topic.objects.filter(idempotency_key=key).first()
    if before is not None:
        return _again(before, council, title, text, case)
    origin, found = Origin.OFFICE, None
    if case.strip():
        origin, found = Origin.CASE, _case(case)
    return _made(held, origin, State.OPEN, title, text, actor, case=found, key=key).uuid


def _again(before: Topic, council: UUID, title: str, text: str, case: str = "") -> UUID:
    """Sent twice it is the one that was made, if it says the same."""
    named = case_selectors.by_number(case) if case.strip() else None
    words = contents.read([before.words]).get(before.words, {})
    asked = (council, bool(case.strip()), named, title.strip(), text.strip())
    had = (before.council.uuid, bool(before.case), before.case)
    must_be_the_same(same=asked == (*had, words.get("title"), words.get("text")))
    return before.uuid


def _case(number: str) -> UUID:
    found = case_selectors.by_number(number)
    standing = case_selectors.standings([found]).get(found) if found else None
    if standing is None or standing.over:
        said = _("There is no open case with this number.")
        raise Problem("case", said, field="case", status=422)
    if not standing.listed:
        said = _("Cases of this kind are not public, so they come before no council.")
        raise Problem("case", said, field="case", status=422)
    locks.hold(standing.uuid)  # two desks may bring it before two councils at once
    if Topic.objects.filter(case=standing.uuid).exists():
        said = _("This case is before a council already.")
        raise Problem("case_taken", said, field="case", status=409)
    return standing.uuid


def _made(  # noqa: PLR0917
    council: Council, origin: str, state: str, title: str, text: str, actor: Actor,
    *, case: UUID | None = None, key: UUID | None = None,
) -> Topic:  # fmt: skip
    must_be_short("title", title, rules.TITLE)
    must_be_short("text", text, rules.TEXT)
    said = {"title": title.strip(), "text": text.strip()}
    kept, now = contents.keep("topic", said, written_in(title)), clock.now()
    made = Topic.objects.create(
        council=council, origin=origin, state=state, words=kept.id, case=case, raised_at=now,
        moved_at=now, idempotency_key=key or uuid7(),
    )  # fmt: skip
    told = TopicRaised(str(council.uuid), origin, str(case or ""), kept.as_json())
    record(told, stream_id=made.uuid, actor=actor, after=NEW)
    return made


@transaction.atomic
def accept(topic: UUID, *, actor: Actor) -> None:
    """A neighbour's proposal is fit to be read by everybody."""
    move(kept_topic(actor, topic), State.OPEN, actor)


@transaction.atomic
def decline(topic: UUID, why: str, *, actor: Actor) -> None:
    """It is not for this council, and why."""
    must_be_short("why", why, rules.TEXT)
    held = kept_topic(actor, topic)
    must_become(held, State.DECLINED)
    held.said = contents.keep("topic_declined", why.strip(), written_in(why)).id
    move(held, State.DECLINED, actor)
    not_adopted(held, why.strip())


@transaction.atomic
def add_material(topic: UUID, name: str, file: bytes, *, actor: Actor) -> UUID:
    """Lay out a picture or a plan for everybody to see beforehand."""
    must_be_short("name", name, rules.TITLE)
    held = kept_topic(actor, topic)
    attachment = cases.add_attachment(file, actor=actor, kind="photo")
    cases.hold_attachments([attachment])
    made = Material.objects.create(topic=held, name=name.strip(), attachment=attachment)
    record(MeetingPrepared("material", "", None), stream_id=held.uuid, actor=actor)
    return made.uuid


def kept_topic(actor: Actor, topic: UUID) -> Topic:
    """A topic, locked, if the actor keeps its council's table."""
    rows = Topic.objects.select_for_update(of=("self",)).select_related("council")
    found = rows.filter(uuid=topic).first()
    if found is None:
        raise unknown()
    permissions.must_keep(actor, areas.area(found.council.area_id).path)
    return found


def must_become(topic: Topic, to: str) -> None:
    if to not in rules.NEXT[topic.state]:
        raise Problem("moved_on", _("Somebody was quicker: it has moved on."), status=409)


def move(topic: Topic, to: str, actor: Actor, *, at: datetime | None = None) -> None:
    """One event for a locked topic's new state."""
    must_become(topic, to)
    topic.state, topic.moved_at = to, at or clock.now()
    topic.save(update_fields=["state", "moved_at", "said"])
    told = TopicMoved(str(topic.council.uuid), to)
    record(told, stream_id=topic.uuid, actor=actor)


def must_be_supported(topic: Topic, kind: rules.Kind) -> None:
    """A neighbour's proposal is decided once enough stand behind it, where the kind says so."""
    behind = topic.backings.filter(supports=True).count()
    asked = "support" in kind.steps and topic.origin == Origin.PROPOSAL
    if asked and topic.state == State.OPEN and behind < kind.support:
        said = _("%(n)s members have to stand behind it before it comes to the table.")
        raise Problem("support", said % {"n": kind.support}, status=409)


def back_to(topic: Topic) -> str:
    """Where a topic stands that leaves an agenda undecided: it came to the table before, or not."""
    return State.RETURNED if topic.decisions.exists() else State.OPEN


# -- members behind it: no event, since it would keep who thought what, and when ------------------


@transaction.atomic
def support(topic: UUID, *, actor: Actor) -> None:
    """Stand behind a proposal, once, where one lives. Twice is once."""
    me, held = acting(actor), public_topic(topic)
    collects = rules.kinds()[held.council.kind].support > 0 and held.origin == Origin.PROPOSAL
    if held.state != State.OPEN or not collects:
        raise Problem("not_open", _("No support is collected for this now."), status=409)
    if not lives_here(held, me):
        raise Problem("elsewhere", _("Those who live in this area can support it."), status=409)
    _back(held, me, supports=True)


@transaction.atomic
def tell_me(topic: UUID, *, actor: Actor) -> None:
    """Hear of what becomes of it, without standing behind it."""
    me, held = acting(actor), public_topic(topic)
    Backing.objects.get_or_create(topic=held, member=me.uuid, defaults={"supports": False})


@transaction.atomic
def stop(topic: UUID, *, actor: Actor) -> None:
    """Neither behind it nor told of it any more; nothing of it is kept. Whatever became of it, also
    of one's own proposal that nobody else reads."""
    me = acting(actor)
    Backing.objects.filter(topic__uuid=topic, member=me.uuid).delete()


@transaction.atomic
def let_go(member: UUID) -> None:
    """Whoever left stands behind nothing, and nothing they wrote stays."""
    Backing.objects.filter(member=member).delete()
    wrote = Contribution.objects.filter(member=member).order_by("id")
    erase_contributions(list(wrote.select_for_update()))


def erase_contributions(rows: list[Contribution]) -> None:
    """Their words, and that there were any."""
    contents.erase([one for row in rows for one in (row.words, row.objection) if one])
    Contribution.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def forget_backings() -> int:
    """Some months after a topic is over nobody needs to be told; returns how many rows went. What
    was written on it stays, and of nobody."""
    over = Topic.objects.filter(state__in=OVER, moved_at__lt=clock.now() - TOLD_FOR)
    Contribution.objects.filter(topic__in=over, member__isnull=False).update(member=None)
    _forget_declined()
    return Backing.objects.filter(topic__in=over).delete()[0]


def _forget_declined() -> None:
    """Of what was declined long ago, why it was stays: nobody reads any more what it said."""
    before = clock.now() - TOLD_FOR
    rows = Topic.objects.filter(state=State.DECLINED, moved_at__lt=before)
    left = rows.filter(words__in=contents.left())
    contents.erase(list(left.values_list("words", flat=True)))
    laid = Material.objects.filter(topic__in=rows)
    cases.erase_attachments(list(laid.values_list("attachment", flat=True)), unused=True)
    laid.delete()


def public_topic(topic: UUID) -> Topic:
    rows = Topic.objects.select_for_update(of=("self",)).select_related("council")
    found = rows.filter(uuid=topic).exclude(state__in=[State.ASKED, State.DECLINED]).first()
    if found is None:
        raise unknown()
    return found


def _back(topic: Topic, me: MemberInfo, **wishes: bool) -> None:
    Backing.objects.update_or_create(topic=topic, member=me.uuid, defaults=wishes)


def lives_here(topic: Topic, me: MemberInfo) -> bool:
    return me.area_path.startswith(areas.area(topic.council.area_id).path)


def acting(actor: Actor) -> MemberInfo:
    me = members.of_actor(actor)
    if me is None:
        raise PermissionRefused(Denied("not_member", _("Only members support proposals.")))
    return me
