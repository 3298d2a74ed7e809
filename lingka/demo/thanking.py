"""The demo's year before: days of service by those who joined first, and the town's thanks, frozen
since; some wish to be named."""

import random
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from lingka.areas import selectors as areas
from lingka.core import clock, datafiles
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.demo import helping
from lingka.demo.city import DATA
from lingka.members.selectors import MemberInfo
from lingka.points import actions, receivers, recognised
from lingka.volunteering.events import HoursConfirmed, HoursCorrected

if TYPE_CHECKING:
    from lingka.demo.history import History

FROZEN = (1, 9)  # month and day of the year after
BOOKED = (HoursConfirmed.type, HoursCorrected.type)


def serve(history: "History", members: Sequence[MemberInfo], rng: random.Random) -> None:
    """The days of the year before, by whoever had joined by then."""
    one = datafiles.read(DATA / "thanks.yaml")["activity"]
    home = areas.area_by_code(helping.HOMES[one["home"]])
    assert home is not None  # part of every size
    year, today = history.now.year - 1, history.now.date()
    days = [(date.fromisoformat(f"{year}-{day}") - today).days for day in one["days"]]
    early = [who for who in members if who.joined_at.year == year]
    helping.live(history, one, home.id, days, early, rng)


def thank(history: "History", members: Sequence[MemberInfo]) -> None:
    """Hours are booked as the receiver would, which the demo puts behind its history; then the year
    is frozen, and some say that they may be named."""
    for row in Event.objects.filter(type__in=BOOKED).order_by("position"):
        with clock.at(row.occurred_at):
            receivers.book_hours(stored(row))
    year = history.now.year - 1
    frozen = datetime(year + 1, *FROZEN, 10, tzinfo=history.now.tzinfo)
    with clock.at(min(frozen, history.now)):
        actions.freeze_year(year, actor=history.staff.keeper)
    named = datafiles.read(DATA / "thanks.yaml")["named"]
    mine = [one for who in members for one in recognised.mine(who.uuid)]
    for one in mine[:named]:
        actions.name_me(one.year, one.account, one.level, named=True)
