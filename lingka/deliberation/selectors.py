"""Reads on councils. Who stands behind a topic is asked by nobody but the member themself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from lingka.core import clock, contents
from lingka.core.text import language_of, pick
from lingka.deliberation import polled, resolved, rules
from lingka.deliberation.labels import COLLECTS, MEETINGS, ORIGINS, STATES, STEPS
from lingka.deliberation.models import (
    Backing,
    Council,
    Decision,
    Invited,
    Item,
    Material,
    Meeting,
    Resolution,
    Topic,
)

SHOWN = 100  # meetings of one council, and topics of each of these parts; live ones are all shown
State = Topic.State
PARTS = (  # the longest waiting first, else the newest
    ((State.ASKED,), "id"),
    ((State.DONE, State.REJECTED), "-id"),
    ((State.DECLINED,), "-id"),
)


@dataclass(frozen=True)
class CouncilInfo:
    id: int
    uuid: UUID
    key: str
    kind: rules.Kind
    area_id: int
    area: str
    area_path: str
    unit_id: int
    unit: str
    phone: str
    names: dict[str, str]
    abouts: dict[str, str]
    seats: int | None
    is_open: bool
    why: str = ""  # it was closed
    successor: tuple[str, str] | None = None  # key, name

    @property
    def name(self) -> str:
        return pick(self.names)

    @property
    def about(self) -> str:
        return pick(self.abouts)

    @property
    def steps(self) -> list[str]:
        return [str(STEPS[one]) for one in self.kind.steps]


def councils(*, paths: Sequence[str] | None = None) -> list[CouncilInfo]:
    """Open councils, everywhere or under these areas."""
    rows = Council.objects.filter(closed_at=None).select_related("area", "unit")
    if paths is not None:
        below = Q(pk=None)
        for path in paths:
            below |= Q(area__path__startswith=path)
        rows = rows.filter(below)
    return [_council(row) for row in rows.order_by("area__path", "key")]


def council(key: str, *, closed: bool = False) -> CouncilInfo | None:
    """An open one; with `closed`, also one whose page is all that stays."""
    rows = Council.objects.filter(key=key).select_related("area", "unit", "successor")
    row = rows.filter(Q() if closed else Q(closed_at=None)).first()
    return _council(row) if row else None


def _council(row: Council) -> CouncilInfo:
    why = contents.read([row.why]).get(row.why, "") if row.why else ""
    return CouncilInfo(
        row.pk, row.uuid, row.key, rules.kinds()[row.kind], row.area_id, pick(row.area.name),
        row.area.path, row.unit_id, pick(row.unit.name), row.unit.phone, row.name, row.about,
        row.seats, row.closed_at is None, why,
        (row.successor.key, pick(row.successor.name)) if row.successor else None,
    )  # fmt: skip


# -- what a council's page shows ------------------------------------------------------------------


@dataclass(frozen=True)
class DecisionInfo:
    at: datetime
    adopted: bool
    hands: rules.Hands | None  # None: too few to be told
    words: str
    dissent: str
    resolution: resolved.ResolutionInfo | None
    poll: polled.PollInfo | None = None  # that decided it


@dataclass(frozen=True)
class TopicInfo:
    uuid: UUID
    council: CouncilInfo
    title: str
    text: str
    origin: str
    state: str
    behind: int
    said: str
    raised_at: datetime
    moved_at: datetime
    materials: list[tuple[UUID, str]] = field(default_factory=list)
    decisions: list[DecisionInfo] = field(default_factory=list)
    polls: list[polled.PollInfo] = field(default_factory=list)
    sat: str = ""  # how its newest meeting stands

    @property
    def language(self) -> str:
        return language_of(self.title)

    @property
    def label(self) -> str:
        asks = self.collects and self.behind < self.needs
        return str(COLLECTS if asks else STATES[self.state])

    @property
    def origin_label(self) -> str:
        return str(ORIGINS[self.origin])

    @property
    def resolution(self) -> resolved.ResolutionInfo | None:
        """The newest that was made of it."""
        made = [one.resolution for one in self.decisions if one.resolution]
        return made[-1] if made else None

    @property
    def collects(self) -> bool:
        """Can members stand behind it now?"""
        asked = self.state == State.OPEN and self.origin == Topic.Origin.PROPOSAL
        return asked and self.needs > 0

    @property
    def needs(self) -> int:
        return self.council.kind.support

    @property
    def poll(self) -> polled.PollInfo | None:
        """The newest vote on it, if that decided nothing: it goes on, or it came to nothing."""
        newest = self.polls[-1] if self.polls else None
        return None if newest and any(one.poll == newest for one in self.decisions) else newest

    @property
    def can_vote(self) -> bool:
        """Can it be put to a vote?"""
        kind = self.council.kind
        if kind.talk:
            return self.can_come and clock.now() >= self.moved_at + timedelta(days=kind.talk)
        asked = kind.vote is not None and self.state == State.AGENDA
        return asked and self.sat == Meeting.State.HELD

    @property
    def talks(self) -> bool:
        """Can members write on it now?"""
        return self.council.kind.talk > 0 and self.state in {State.OPEN, State.RETURNED}

    @property
    def can_come(self) -> bool:
        """Can it be put on an agenda?"""
        enough = not self.collects or self.behind >= self.needs
        return self.state == State.RETURNED or (self.state == State.OPEN and enough)


@dataclass(frozen=True)
class ItemInfo:
    topic: TopicInfo
    invited: list[tuple[str, str]]  # who, why
    decision: DecisionInfo | None
    waits: bool  # for a decision at this very meeting


@dataclass(frozen=True)
class MeetingInfo:
    uuid: UUID
    starts_at: datetime
    where: str
    state: str
    present: int
    minutes: str
    recording: UUID | None  # the desk's alone
    items: list[ItemInfo]

    @property
    def label(self) -> str:
        return str(MEETINGS[self.state])

    @property
    def is_near(self) -> bool:
        """Is its code read now?"""
        now = clock.now()
        near = self.starts_at - rules.EARLY <= now <= self.ends_at
        return self.state == Meeting.State.CONVENED and near

    @property
    def ends_at(self) -> datetime:
        """Nobody enters when it was over: after that long it was."""
        return self.starts_at + rules.LATE

    @property
    def has_begun(self) -> bool:
        return clock.now() >= self.starts_at - rules.EARLY

    @property
    def few(self) -> bool:
        return self.present < rules.SHOWN_FROM


@dataclass(frozen=True)
class Board:
    """All of a council: what is to come, in work, done."""

    topics: list[TopicInfo]
    meetings: list[MeetingInfo]

    def of(self, *states: str) -> list[TopicInfo]:
        return [one for one in self.topics if one.state in states]

    def sat(self, *states: str) -> list[MeetingInfo]:
        return [one for one in self.meetings if one.state in states]

    @property
    def asked(self) -> list[TopicInfo]:
        return self.of(State.ASKED)

    @property
    def open(self) -> list[TopicInfo]:
        return self.of(State.OPEN, State.AGENDA, State.VOTING)

    @property
    def returned(self) -> list[TopicInfo]:
        return self.of(State.RETURNED)

    @property
    def in_work(self) -> list[TopicInfo]:
        return self.of(State.ADOPTED, State.IN_WORK)

    @property
    def done(self) -> list[TopicInfo]:
        return self.of(State.DONE)

    @property
    def held(self) -> list[MeetingInfo]:
        return self.sat(Meeting.State.HELD)

    @property
    def next(self) -> MeetingInfo | None:
        """The one to which everybody is invited, the soonest of them."""
        now = clock.now()
        to_come = [one for one in self.sat(Meeting.State.CONVENED) if one.ends_at >= now]
        return min(to_come, key=lambda one: one.starts_at, default=None)


def board(council: CouncilInfo, *, also: UUID | None = None) -> Board:
    """`also` is a topic or a meeting that is shown however old it is."""
    rows = _shown(council, also)
    items = list(Item.objects.filter(topic__in=rows).select_related("meeting").order_by("id"))
    topics, decided = _with_decisions(council, rows, items)
    meetings = _meetings(council, also)
    own = [topics[row.pk] for row in rows if row.council_id == council.id]
    return Board(own, _sat(meetings, items, topics, decided))


def _shown(council: CouncilInfo, also: UUID | None) -> list[Topic]:
    """Whoever proposes needs no account: no number of proposals hides what is talked over."""
    rows = Topic.objects.filter(council_id=council.id)
    over = [state for states, _order in PARTS for state in states]
    found = list(rows.exclude(state__in=over))
    for states, order in PARTS:
        found += rows.filter(state__in=states).order_by(order)[:SHOWN]
    gone = Topic.objects.filter(items__meeting__council=council.id)  # on to a successor
    found += gone.exclude(council_id=council.id)
    if also:
        found += rows.filter(Q(uuid=also) | Q(items__meeting__uuid=also))
    by_id = {one.pk: one for one in found}
    return [by_id[pk] for pk in sorted(by_id, reverse=True)]


def _with_decisions(
    council: CouncilInfo, rows: Sequence[Topic], items: Sequence[Item]
) -> tuple[dict[int, TopicInfo], dict[int, DecisionInfo]]:
    """Topics with their votes and decisions; and what hands decided, by its place on an agenda."""
    polls, sat = polled.of(rows), {item.topic_id: item.meeting.state for item in items}
    made = _topics(council, rows, polls, sat)
    topics = {one.pk: info for one, info in zip(rows, made, strict=True)}
    by_item = {}
    for row, decision in _decisions(rows, polls):
        topics[row.topic_id].decisions.append(decision)
        if row.item_id is not None:
            by_item[row.item_id] = decision
    return topics, by_item


def _topics(
    council: CouncilInfo, rows: Sequence[Topic], polls: dict[int, list[polled.PollInfo]],
    sat: dict[int, str],
) -> list[TopicInfo]:  # fmt: skip
    words = contents.read([one for row in rows for one in (row.words, row.said) if one])
    behind = dict(
        Backing.objects.filter(topic__in=rows, supports=True)
        .values_list("topic_id")
        .annotate(Count("id"))
    )
    laid: dict[int, list[tuple[UUID, str]]] = defaultdict(list)
    for one in Material.objects.filter(topic__in=rows).order_by("id"):
        laid[one.topic_id].append((one.uuid, one.name))
    return [
        TopicInfo(
            row.uuid, council, words.get(row.words, {}).get("title", "—"),
            words.get(row.words, {}).get("text", ""), row.origin, row.state,
            behind.get(row.pk, 0), words.get(row.said, "") if row.said else "", row.raised_at,
            row.moved_at, laid[row.pk], polls=polls.get(row.pk, []), sat=sat.get(row.pk, ""),
        ) for row in rows
    ]  # fmt: skip


def _decisions(
    topics: Sequence[Topic], polls: dict[int, list[polled.PollInfo]]
) -> list[tuple[Decision, DecisionInfo]]:
    rows = Decision.objects.filter(topic__in=topics).select_related("item__meeting", "poll")
    found = list(rows.order_by("id"))
    made = resolved.of(Resolution.objects.filter(decision__in=found))
    words = contents.read([one.words for one in found])
    voted = {poll.vote: poll for those in polls.values() for poll in those}
    return [
        (one, DecisionInfo(
            _at(one), one.adopted, _hands(one), words.get(one.words, {}).get("decision", "—"),
            words.get(one.words, {}).get("dissent", ""), made.get(one.pk),
            voted[one.poll.vote] if one.poll else None,
        )) for one in found
    ]  # fmt: skip


def _at(one: Decision) -> datetime:
    if one.item is not None:
        return one.item.meeting.starts_at
    assert one.poll is not None
    assert one.poll.ended_at is not None  # a constraint says so
    return one.poll.ended_at


def _hands(one: Decision) -> rules.Hands | None:
    if one.yes is None or one.no is None or one.abstained is None:
        return None
    hands = rules.Hands(one.yes, one.no, one.abstained)
    return hands if hands.all >= rules.SHOWN_FROM else None


def _meetings(council: CouncilInfo, also: UUID | None) -> list[Meeting]:
    rows = Meeting.objects.filter(council_id=council.id).order_by("-starts_at")
    found = list(rows[:SHOWN])
    if also and all(one.uuid != also for one in found):
        found += rows.filter(uuid=also)
    return found


def _sat(
    rows: Sequence[Meeting], items: Sequence[Item], topics: dict[int, TopicInfo],
    decided: dict[int, DecisionInfo],
) -> list[MeetingInfo]:  # fmt: skip
    words = contents.read([one.minutes for one in rows if one.minutes])
    asked: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in Invited.objects.filter(item__in=items).select_related("unit").order_by("id"):
        who = pick(one.unit.name) if one.unit else one.name
        asked[one.item_id].append((who, pick(rules.reasons()[one.reason])))
    on: dict[int, list[ItemInfo]] = defaultdict(list)
    newest = {item.topic_id: item.pk for item in items}
    for item in items:
        about = topics[item.topic_id]
        waits = about.state == State.AGENDA and newest[item.topic_id] == item.pk
        on[item.meeting_id].append(ItemInfo(about, asked[item.pk], decided.get(item.pk), waits))
    return [
        MeetingInfo(
            row.uuid, row.starts_at, row.where, row.state, row.present,
            words.get(row.minutes, "") if row.minutes else "", row.recording,
            on[row.pk],
        ) for row in rows
    ]  # fmt: skip


# -- one of them ----------------------------------------------------------------------------------


def topic(uuid: UUID) -> TopicInfo | None:
    """Of a closed council too: who is told of it reads on."""
    rows = Topic.objects.filter(uuid=uuid)
    row = rows.select_related("council__area", "council__unit").first()
    return _each([row])[row.pk] if row else None


def _each(rows: Sequence[Topic]) -> dict[int, TopicInfo]:
    """Topics of several councils, with what was decided on each."""
    of: dict[Council, list[Topic]] = defaultdict(list)
    for row in rows:
        of[row.council].append(row)
    items = list(Item.objects.filter(topic__in=rows).select_related("meeting").order_by("id"))
    found: dict[int, TopicInfo] = {}
    for held, topics in of.items():
        ids = {one.pk for one in topics}
        ours = [one for one in items if one.topic_id in ids]
        found |= _with_decisions(_council(held), topics, ours)[0]
    return found


def meeting(uuid: UUID) -> tuple[CouncilInfo, MeetingInfo] | None:
    row = Meeting.objects.filter(uuid=uuid).select_related("council").first()
    found = council(row.council.key) if row else None
    if found is None:
        return None
    shown = next((one for one in board(found, also=uuid).meetings if one.uuid == uuid), None)
    return (found, shown) if shown else None


def secret_of(meeting: UUID) -> bytes | None:
    """What the codes of a convened meeting are made from."""
    row = Meeting.objects.filter(uuid=meeting, state=Meeting.State.CONVENED).first()
    return bytes(row.secret) if row else None


def material(uuid: UUID) -> tuple[UUID, str] | None:
    """The attachment of something that was laid out for everybody, and its council's key."""
    hidden = [State.ASKED, State.DECLINED]
    row = Material.objects.filter(uuid=uuid).exclude(topic__state__in=hidden)
    found = row.values_list("attachment", "topic__council__key").first()
    return found or None


def resolved_cases(uuids: Iterable[UUID]) -> set[UUID]:
    """Those of these cases that carry a resolution out."""
    found = Resolution.objects.filter(case__in=set(uuids))
    return set(found.values_list("case", flat=True))


# -- a member's own -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    topic: TopicInfo
    supports: bool
    thanked: bool


def backing(topic: UUID, member: UUID) -> bool | None:
    """Does this member stand behind it (True), are they told of it (False), or neither (None)?"""
    row = Backing.objects.filter(topic__uuid=topic, member=member).first()
    return row.supports if row else None


def proposer(topic: UUID) -> tuple[UUID, int] | None:
    """Whose it is and the area of its council, if they wish to be thanked with points; else nobody
    knows."""
    rows = Backing.objects.filter(topic__uuid=topic, thanked=True)
    return rows.values_list("member", "topic__council__area").first()


def told_of(topic: UUID) -> tuple[str, list[UUID]]:
    """A topic's title, and the members who stand behind it or asked to be told: for messages."""
    row = Topic.objects.get(uuid=topic)
    words = contents.read([row.words]).get(row.words, {})
    return words.get("title", "—"), list(row.backings.values_list("member", flat=True))


def voted_back(topic: UUID) -> bool:
    """Did a vote that decided nothing bring it back to where it stands?"""
    return Topic.objects.filter(uuid=topic, polls__ended_at=F("moved_at")).exists()


def own(member: UUID) -> list[Own]:
    """All that a member stands behind or is told of, newest first: for their own page."""
    rows = Backing.objects.filter(member=member).order_by("-topic")
    mine = list(rows.select_related("topic__council__area", "topic__council__unit"))
    told = _each([one.topic for one in mine])
    return [Own(told[one.topic_id], one.supports, one.thanked) for one in mine]
