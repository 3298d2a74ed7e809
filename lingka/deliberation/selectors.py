"""Reads on councils. Who stands behind a topic is asked by nobody but the member themself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lingka.cases import selectors as cases
from lingka.core import clock, contents
from lingka.core.text import pick
from lingka.deliberation import rules
from lingka.deliberation.labels import MEETINGS, ORIGINS, STATES, STEPS
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

SHOWN = 100  # topics and meetings of one council, newest first
State = Topic.State


@dataclass(frozen=True)
class CouncilInfo:
    id: int
    uuid: UUID
    key: str
    kind: rules.Kind
    area_id: int
    area: str
    area_path: str
    unit: str
    phone: str
    names: dict[str, str]
    abouts: dict[str, str]
    seats: int | None

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


def council(key: str) -> CouncilInfo | None:
    row = Council.objects.filter(key=key, closed_at=None).select_related("area", "unit").first()
    return _council(row) if row else None


def _council(row: Council) -> CouncilInfo:
    return CouncilInfo(
        row.pk, row.uuid, row.key, rules.kinds()[row.kind], row.area_id, pick(row.area.name),
        row.area.path, pick(row.unit.name), row.unit.phone, row.name, row.about, row.seats,
    )  # fmt: skip


# -- what a council's page shows ------------------------------------------------------------------


@dataclass(frozen=True)
class ResolutionInfo:
    unit: str
    until: date
    budget: int | None
    number: str
    stage: str
    late: bool
    report: str
    ended: bool


@dataclass(frozen=True)
class DecisionInfo:
    at: datetime
    adopted: bool
    hands: rules.Hands | None  # None: too few to be told
    words: str
    dissent: str
    resolution: ResolutionInfo | None


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
    materials: list[tuple[UUID, str]] = field(default_factory=list)
    decisions: list[DecisionInfo] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def origin_label(self) -> str:
        return str(ORIGINS[self.origin])

    @property
    def resolution(self) -> ResolutionInfo | None:
        """The newest that was made of it."""
        made = [one.resolution for one in self.decisions if one.resolution]
        return made[-1] if made else None

    @property
    def collects(self) -> bool:
        """Can members stand behind it now?"""
        return self.state == State.OPEN and self.origin == Topic.Origin.PROPOSAL

    @property
    def needs(self) -> int:
        return self.council.kind.support

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


@dataclass(frozen=True)
class MeetingInfo:
    uuid: UUID
    starts_at: datetime
    where: str
    state: str
    present: int
    minutes: str
    recording: UUID | None
    items: list[ItemInfo]

    @property
    def label(self) -> str:
        return str(MEETINGS[self.state])

    @property
    def is_near(self) -> bool:
        """Is its code read now?"""
        now = clock.now()
        near = self.starts_at - rules.EARLY <= now <= self.starts_at + rules.LATE
        return self.state == Meeting.State.CONVENED and near

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
        return self.of(State.OPEN, State.AGENDA)

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
        return next(iter(self.sat(Meeting.State.CONVENED)[::-1]), None)


def board(council: CouncilInfo) -> Board:
    rows = list(Topic.objects.filter(council_id=council.id).order_by("-id")[:SHOWN])
    items = list(
        Item.objects.filter(meeting__council_id=council.id).select_related("meeting").order_by("id")
    )
    decided = _decisions(items)
    topics = {one.pk: made for one, made in zip(rows, _topics(council, rows), strict=True)}
    for item in items:
        if item.pk in decided and item.topic_id in topics:
            topics[item.topic_id].decisions.append(decided[item.pk])
    return Board(list(topics.values()), _meetings(council, items, topics, decided))


def _topics(council: CouncilInfo, rows: Sequence[Topic]) -> list[TopicInfo]:
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
            laid[row.pk],
        ) for row in rows
    ]  # fmt: skip


def _decisions(items: Sequence[Item]) -> dict[int, DecisionInfo]:
    found = {
        one.item_id: one
        for one in Decision.objects.filter(item__in=items).select_related("item__meeting")
    }
    made = _resolutions(Resolution.objects.filter(decision__in=found.values()))
    words = contents.read([one.words for one in found.values()])
    return {
        key: DecisionInfo(
            one.item.meeting.starts_at, one.adopted, _hands(one),
            words.get(one.words, {}).get("decision", "—"),
            words.get(one.words, {}).get("dissent", ""), made.get(one.pk),
        ) for key, one in found.items()
    }  # fmt: skip


def _hands(one: Decision) -> rules.Hands | None:
    hands = rules.Hands(one.yes, one.no, one.abstained)
    return hands if hands.all >= rules.SHOWN_FROM else None


def _resolutions(rows: QuerySet[Resolution]) -> dict[int, ResolutionInfo]:
    found = list(rows.select_related("unit"))
    stages = cases.standings([one.case for one in found])
    words = contents.read([one.report for one in found if one.report])
    return {
        one.decision_id: ResolutionInfo(
            pick(one.unit.name), one.until, one.budget, one.number,
            cases.stage_label(stages[one.case].stage) if one.case in stages else "", one.late,
            words.get(one.report, "") if one.report else "", one.ended_at is not None,
        ) for one in found
    }  # fmt: skip


def _meetings(
    council: CouncilInfo, items: Sequence[Item], topics: dict[int, TopicInfo],
    decided: dict[int, DecisionInfo],
) -> list[MeetingInfo]:  # fmt: skip
    rows = list(Meeting.objects.filter(council_id=council.id).order_by("-starts_at")[:SHOWN])
    words = contents.read([one.minutes for one in rows if one.minutes])
    asked: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in Invited.objects.filter(item__in=items).select_related("unit").order_by("id"):
        who = pick(one.unit.name) if one.unit else one.name
        asked[one.item_id].append((who, pick(rules.reasons()[one.reason])))
    on: dict[int, list[ItemInfo]] = defaultdict(list)
    for item in items:
        if item.topic_id in topics:
            on[item.meeting_id].append(
                ItemInfo(topics[item.topic_id], asked[item.pk], decided.get(item.pk))
            )
    return [
        MeetingInfo(
            row.uuid, row.starts_at, row.where, row.state, row.present,
            words.get(row.minutes, "") if row.minutes else "", row.recording, on[row.pk],
        ) for row in rows
    ]  # fmt: skip


# -- one of them ----------------------------------------------------------------------------------


def topic(uuid: UUID) -> TopicInfo | None:
    row = Topic.objects.filter(uuid=uuid).select_related("council").first()
    found = council(row.council.key) if row else None
    if found is None:
        return None
    return next((one for one in board(found).topics if one.uuid == uuid), None)


def meeting(uuid: UUID) -> tuple[CouncilInfo, MeetingInfo] | None:
    row = Meeting.objects.filter(uuid=uuid).select_related("council").first()
    found = council(row.council.key) if row else None
    if found is None:
        return None
    shown = next((one for one in board(found).meetings if one.uuid == uuid), None)
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


def backing(topic: UUID, member: UUID) -> bool | None:
    """Does this member stand behind it (True), are they told of it (False), or neither (None)?"""
    row = Backing.objects.filter(topic__uuid=topic, member=member).first()
    return row.supports if row else None


def told_of(topic: UUID) -> tuple[str, list[UUID]]:
    """A topic's title, and the members who stand behind it or asked to be told: for messages."""
    row = Topic.objects.get(uuid=topic)
    words = contents.read([row.words]).get(row.words, {})
    return words.get("title", "—"), list(row.backings.values_list("member", flat=True))


def own(member: UUID) -> list[Own]:
    """What a member stands behind or is told of, newest first: for their own page."""
    rows = Backing.objects.filter(member=member).select_related("topic__council")
    mine = {one.topic.uuid: one.supports for one in rows}
    keys = sorted({one.topic.council.key for one in rows})
    found: list[Any] = [board(one) for key in keys if (one := council(key))]
    shown = [one for each in found for one in each.topics if one.uuid in mine]
    return [Own(one, mine[one.uuid]) for one in sorted(shown, key=lambda t: t.raised_at)[::-1]]
