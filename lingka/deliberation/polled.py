"""Votes on topics, for reading: the sums are those that lingka/voting published, none before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lingka.core import contents
from lingka.deliberation.models import Poll, Topic
from lingka.voting import selectors as voting
from lingka.voting import showing


@dataclass(frozen=True)
class PollInfo:
    vote: UUID
    words: str
    question: str
    rule: str
    closes_at: datetime
    outcome: str  # of `Poll.Outcome`; "" while it goes on
    ended_at: datetime | None
    cast: str  # empty where so few took part that only the decision is told
    roll: str
    percent: int
    by_area: showing.Table | None  # where owners voted: what their flats make together
    hash: str


def of(topics: Sequence[Topic]) -> dict[int, list[PollInfo]]:
    """Of each topic, the oldest first."""
    rows = list(Poll.objects.filter(topic__in=topics).order_by("id"))
    votes = voting.these([one.vote for one in rows]) if rows else {}
    words = contents.read([one.words for one in rows])
    found: dict[int, list[PollInfo]] = defaultdict(list)
    for one in rows:
        said = words.get(one.words, {}).get("decision", "—")
        found[one.topic_id].append(_poll(one, votes[one.vote], said))
    return found


def _poll(row: Poll, vote: voting.VoteInfo, words: str) -> PollInfo:
    tables = showing.tables(vote) if row.outcome else []
    table, by_area = [*tables, None, None][:2]
    cast, roll, percent = (table.cast, table.roll, table.percent) if table else ("", "", 0)
    return PollInfo(
        row.vote, words, vote.question, vote.rule.name, vote.closes_at, row.outcome, row.ended_at,
        cast, roll, percent, by_area, vote.hash,
    )  # fmt: skip
