"""The demo's votes on topics of its online council: one counted, one running."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.core import clock, datafiles
from lingka.deliberation import actions
from lingka.deliberation.models import Council
from lingka.demo import deciding, tables
from lingka.demo.city import DATA
from lingka.demo.helping import HOMES
from lingka.members.selectors import MemberInfo
from lingka.voting import actions as voting

if TYPE_CHECKING:
    from lingka.demo.history import History


def vote(history: "History", members: Sequence[MemberInfo]) -> None:
    """Talked over by those who had joined by then, then put before all who live there."""
    body = datafiles.read(DATA / "online.yaml")
    home = areas.area_by_code(HOMES[body["home"]])
    assert home is not None  # part of every size
    council = Council.objects.get(key=body["council"]).uuid
    near = [who for who in members if who.area_id == home.id]
    for one in body["topics"]:
        begun = history.now - timedelta(days=one["ago"])
        here = [who for who in near if who.joined_at < begun]
        with clock.at(begun):
            topic = tables.raised(history, council, one, here)
            tables.talk(history, topic, one["talk"], here)
        _vote(history, topic, one["vote"], near)


def _vote(
    history: "History", topic: UUID, one: dict[str, Any], near: Sequence[MemberInfo]
) -> None:  # fmt: skip
    """Open for as long as the kind says; once that is over, counted, and what was decided goes to
    a unit."""
    desk, begins = tables.desk(history), history.now - timedelta(days=one["ago"])
    with clock.at(begins):
        poll = actions.put_to_vote(
            topic, one["question"], one["words"], actor=desk, rule=one["rule"]
        )
    cast = round(len(near) * one["cast"])  # all of them are in its roll
    with clock.at(begins + timedelta(days=1)):
        for number, who in enumerate(near[:cast]):
            deciding.cast(poll, 0 if number < cast * one["in_favour"] else 1, who.actor)
    ends = begins + timedelta(days=7, minutes=5)
    if ends < history.now:
        with clock.at(ends):
            voting.close_vote(poll, actor=desk)
            voting.count(poll, actor=desk)
            actions.vote_ended(poll)
            tables.resolve(history, topic, one["resolve"], ends.date())
