"""Confirmed hours are booked and earn by the rules; who leaves altogether leaves the ledgers."""

from uuid import UUID

from lingka.areas.selectors import day_of
from lingka.core.actors import SYSTEM
from lingka.core.events import StoredEvent, as_json
from lingka.core.receivers import receiver
from lingka.members import selectors as members
from lingka.members.events import MemberLeft
from lingka.points import actions, book
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


@receiver("points.earned", HoursConfirmed)
def earn_by_the_rules(event: StoredEvent) -> None:
    """For whoever takes part; told twice, one service earns once."""
    data = event.data
    assert isinstance(data, HoursConfirmed)
    member = members.member(UUID(data.member))
    if member is None:  # left meanwhile
        return
    occasion = actions.Occasion(
        f"{event.type}:{event.stream_id}", day_of(event.occurred_at),
        member.area_id, member.workplace_id, data.confirmed_by,
    )  # fmt: skip
    actions.award_event(event.type, as_json(data), occasion, member=member.uuid)
