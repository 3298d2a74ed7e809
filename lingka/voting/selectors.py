"""Reads on votes. Before a vote is counted nobody reads a number of its ballots here, nor how many
have voted: not its desk, not those who vote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lingka.core import canonical
from lingka.core.text import pick
from lingka.members import selectors as members
from lingka.voting import rules
from lingka.voting.models import Follower, Named, Vote, Voter

SHOWN = 200  # of the newest, in a list


@dataclass(frozen=True)
class VoteInfo:
    """What everybody may know of a vote that is not a draft any more; its desk, before."""

    uuid: UUID
    area_id: int
    area: str
    area_path: str
    questions: dict[str, str]
    abouts: dict[str, str]
    option_texts: list[dict[str, str]]
    proposal: bool
    rule: rules.Rule
    state: str
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    roll: int  # 0 until it is frozen
    invited: dict[str, Any]  # of a draft
    whys: dict[str, str]
    result: dict[str, Any] | None
    hash: str

    @property
    def question(self) -> str:
        return pick(self.questions)

    @property
    def about(self) -> str:
        return pick(self.abouts)

    @property
    def why(self) -> str:
        return pick(self.whys)

    @property
    def options(self) -> list[str]:
        return [pick(one) for one in self.option_texts]

    @property
    def state_name(self) -> str:
        return str(rules.STATES[self.state])

    @property
    def carried(self) -> bool:
        return bool(self.result and self.result["carried"])

    @property
    def won(self) -> str:
        """The option that was carried."""
        at = self.result["option"] if self.result else None
        return "" if at is None else self.options[at]


def vote(uuid: UUID) -> VoteInfo | None:
    return next(iter(_shown(Vote.objects.filter(uuid=uuid))), None)


def these(uuids: Iterable[UUID]) -> dict[UUID, VoteInfo]:
    return {one.uuid: one for one in _shown(Vote.objects.filter(uuid__in=list(uuids)))}


def votes(
    states: Iterable[str], *, paths: Sequence[str] | None = None, member: UUID | None = None,
    opened: bool = False,
) -> list[VoteInfo]:  # fmt: skip
    """In these states, the last to end first: under these areas; in whose roll this member is, all
    of them; that were opened (a draft may be cancelled before)."""
    rows = Vote.objects.filter(state__in=list(states)).order_by("-closes_at", "-id")
    if opened:
        rows = rows.filter(opened_at__isnull=False)
    if paths is not None:
        below = Q(pk=None)
        for path in paths:
            below |= Q(area__path__startswith=path)
        rows = rows.filter(below)
    if member is not None:
        return _shown(rows.filter(voters__member=member))
    return _shown(rows[:SHOWN])


def _shown(rows: QuerySet[Vote]) -> list[VoteInfo]:
    found = list(rows.select_related("area"))
    sizes = dict(
        Voter.objects.filter(vote__in=[one.pk for one in found])
        .values_list("vote")
        .annotate(Count("id"))
    )
    return [
        VoteInfo(
            one.uuid, one.area_id, pick(one.area.name), one.area.path, one.question, one.about,
            one.options, one.proposal, rules.Rule(one.rule_key, one.rule), one.state, one.closes_at,
            one.opened_at, one.closed_at, sizes.get(one.pk, 0), one.invited, one.why, one.result,
            bytes(one.hash or b"").hex(),
        ) for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class VoterInfo:
    """Somebody's own row in a roll."""

    number: int
    voted: str
    choice: int | None = None  # in an open vote; of a secret one nobody knows it


def voter(uuid: UUID, member: UUID) -> VoterInfo | None:
    """For this member's own page: are they in the roll, have they voted."""
    rows = Voter.objects.filter(vote__uuid=uuid, member=member)
    row = rows.values_list("number", "voted", "named__choice").first()
    return VoterInfo(*row) if row else None


def follows(member: UUID) -> bool:
    return Follower.objects.filter(member=member).exists()


def followers(uuid: UUID) -> list[UUID]:
    """In the roll of a vote, who asked to be told of votes; whether they voted plays no part."""
    asked = Follower.objects.values("member")
    rows = Voter.objects.filter(vote__uuid=uuid, member__in=asked)
    return [one for one in rows.values_list("member", flat=True) if one]


def published(uuid: UUID) -> bytes | None:
    """The result as it was hashed, byte by byte."""
    row = Vote.objects.filter(uuid=uuid, state="counted").first()
    return canonical.dumps(row.result) if row else None


@dataclass(frozen=True)
class NamedInfo:
    """A ballot of an open vote: the name that a member chose, or a number of the roll."""

    number: int
    name: str
    choice: int
    size: str


def named(uuid: UUID, member: UUID) -> list[NamedInfo]:
    """Who voted how in an open vote that is counted, for those who are in its roll."""
    return _named(uuid) if voter(uuid, member) else []


def flats(uuid: UUID) -> list[NamedInfo]:
    """The same of a vote by area, whose roll is flats and no members: for its desk, which shows the
    list to owners who ask."""
    by_size = Voter.objects.filter(vote__uuid=uuid, size__isnull=False)
    return _named(uuid) if by_size.exists() else []


def _named(uuid: UUID) -> list[NamedInfo]:
    rows = Named.objects.filter(
        voter__vote__uuid=uuid, voter__vote__state="counted", voter__vote__secret=False
    ).select_related("voter")
    found = list(rows.order_by("voter__number"))
    said = members.names([one.voter.member for one in found if one.voter.member])
    return [
        NamedInfo(
            one.voter.number, said.get(one.voter.member, "") if one.voter.member else "",
            one.choice, str(one.voter.size or ""),
        ) for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class PaperInfo:
    """What the desk knows of paper ballots."""

    handed: int
    to_enter: list[int]  # numbers, of an open vote
    to_confirm: list[tuple[int, int, int | None]]  # number, choice, who entered it
    counted_by: list[int]  # users: of a secret vote; of an open one, who found ballots missing


def paper(uuid: UUID) -> PaperInfo:
    handed = Voter.objects.filter(vote__uuid=uuid, voted="paper")
    waiting = Named.objects.filter(
        voter__vote__uuid=uuid, entered_by__isnull=False, confirmed_by=None
    ).order_by("voter__number")
    open_vote = handed.filter(vote__secret=False, named=None).order_by("number")
    counted = Vote.objects.filter(uuid=uuid, paper_counts__isnull=False)
    return PaperInfo(
        handed.count(), list(open_vote.values_list("number", flat=True)),
        list(waiting.values_list("voter__number", "choice", "entered_by")),
        list(counted.values_list("paper_counts__by", flat=True)),
    )  # fmt: skip
