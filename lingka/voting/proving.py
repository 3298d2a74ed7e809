"""`lingka verify`: a result is what was told when it was counted, and every vote is told of."""

from collections.abc import Iterable, Iterator

from django.db import connection

from lingka.core import canonical, verify
from lingka.core.crypto import sha256
from lingka.core.verify import Fault, Histories
from lingka.voting.events import (
    VoteCancelled,
    VoteClosed,
    VoteCounted,
    VoteOpened,
    VotePrepared,
)
from lingka.voting.models import Vote

STATES = {
    VotePrepared: "draft", VoteOpened: "open", VoteClosed: "closed", VoteCounted: "counted",
    VoteCancelled: "cancelled",
}  # fmt: skip


def register() -> None:
    verify.register("vote", faults, untold)


def faults(histories: Histories) -> Iterator[Fault]:
    """Votes beside what their events tell."""
    rows = {one.uuid: one for one in Vote.objects.filter(uuid__in=list(histories))}
    for uuid, told in histories.items():
        row, ends = rows.get(uuid), [one.data for one in told if type(one.data) in STATES]
        if row is None or not ends or STATES[type(ends[-1])] != row.state:
            yield Fault(f"vote {uuid}", "the vote is not where its events tell")
        elif row.state == "counted" and not _same(row, ends[-1]):
            yield Fault(f"vote {uuid}", "the result is not what was told when it was counted")


def _same(row: Vote, told: object) -> bool:
    assert isinstance(told, VoteCounted)
    return sha256(canonical.dumps(row.result)).hex() == bytes(row.hash or b"").hex() == told.hash


_UNTOLD = """
SELECT uuid FROM voting_vote vote WHERE NOT EXISTS (SELECT FROM core_event told
    WHERE told.stream_id = vote.uuid AND told.type = 'voting.VotePrepared') LIMIT 1000
"""


def untold() -> Iterable[Fault]:
    """Votes that no event tells of."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD)
        for (uuid,) in cursor.fetchall():
            yield Fault(f"vote {uuid}", "no event tells of this vote")
