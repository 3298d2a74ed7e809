"""Confirmed hours are booked and earn by the rules, and so do adopted proposals of those who wished
it; who leaves altogether leaves the ledgers."""

from dataclasses import dataclass
from uuid import UUID

from lingka.areas.selectors import day_of
from lingka.core.actors import SYSTEM
from lingka.core.events import EventData, StoredEvent, as_json
from lingka.core.receivers import receiver
from lingka.deliberation import selectors as deliberation
from lingka.deliberation.events import TopicMoved
from lingka.members import selectors as members
from lingka.members.events import MemberLeft
from lingka.points import actions, book, rules
from lingka.volunteering.events import HoursConfirmed, HoursCorrected


@receiver("points.left", MemberLeft)
def leave_with_them(event: StoredEvent) -> None:
    """Told twice, the second time there is nothing to leave."""
    for ledger in book.LEDGERS:
        actions.leave(ledger, event.stream_id, actor=SYSTEM)


@receiver("points.hours", HoursConfirmed, HoursCorrected, MemberLeft)
def book_hours(event: StoredEvent) -> None:
    """For everybody who serves. It hears of leaving too: whatever order it is told in, nobody's
    account stays that leads to somebody who left."""
    data = event.data
    if isinstance(data, MemberLeft):
        actions.leave("hours", event.stream_id, actor=SYSTEM)
        return
    assert isinstance(data, HoursConfirmed | HoursCorrected)
    number = data.number if isinstance(data, HoursCorrected) else 0
    if members.member(UUID(data.member)) is None:
        return
    actions.book_hours(
        event.stream_id, number, data.minutes, training=data.training, member=UUID(data.member)
    )


@receiver("points.earned", *rules.HEARD.values())
def earn_by_the_rules(event: StoredEvent) -> None:
    """For whoever takes part; told twice, one service or proposal earns once."""
    data = event.data
    found = _adopted(event) if isinstance(data, TopicMoved) else _served(data)
    member = members.member(found.member) if found else None
    if found is None or member is None:  # left meanwhile
        return
    occasion = actions.Occasion(
        f"{event.type}:{event.stream_id}", day_of(event.occurred_at),
        found.area or member.area_id, member.workplace_id, found.by,
        event.stream_id,
    )  # fmt: skip
    actions.award_event(event.type, as_json(data), occasion, member=member.uuid)


@dataclass(frozen=True)
class _Earner:
    member: UUID
    by: int | None  # the user who confirmed it
    area: int | None = None  # where it took place; else where they live


def _served(data: EventData) -> _Earner:
    assert isinstance(data, HoursConfirmed)
    return _Earner(UUID(data.member), data.confirmed_by)


def _adopted(event: StoredEvent) -> _Earner | None:
    """Whoever proposed it and wished to be thanked with points: asked of their wish, which they can
    take back, since the event names nobody."""
    assert isinstance(event.data, TopicMoved)
    found = deliberation.proposer(event.stream_id) if event.data.state == "adopted" else None
    by = event.actor["id"] if event.actor["kind"] == "user" else None
    return _Earner(found[0], by, found[1]) if found else None
