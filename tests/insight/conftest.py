from collections.abc import Callable, Iterator

import pytest

from lingka.core import clock, receivers
from lingka.core.events import stored
from lingka.core.models import Cursor, Event
from lingka.insight.actions import activate_shipped
from lingka.insight.models import Count, Fact, WeekCount
from lingka.insight.selectors import forget
from tests.cases import city as cities
from tests.cases.city import City


@pytest.fixture
def monday() -> Iterator[None]:
    """A Monday morning on which the offices are open."""
    with clock.at(cities.MONDAY):
        yield


@pytest.fixture
def city(db: None, monday: None) -> City:
    forget()
    activate_shipped()
    return cities.build()


@pytest.fixture
def heard(city: City) -> Callable[[], None]:
    """Lets the figures hear what happened since, as delivery does after each commit."""
    return listen


def listen() -> None:
    receivers.discover()
    mine = receivers.RECEIVERS["insight.facts"]
    at, _new = Cursor.objects.get_or_create(receiver=mine.name)
    rows = Event.objects.filter(position__gt=at.position).order_by("position")
    if rows:
        mine.handle([stored(row) for row in rows if row.type in mine.types])
        at.position, at.order_key = rows[len(rows) - 1].position, rows[len(rows) - 1].order_key
        at.save()


def forgotten() -> None:
    """As after an upgrade that has all figures counted anew: nothing was heard yet."""
    Cursor.objects.filter(receiver="insight.facts").delete()
    for table in (Fact, Count, WeekCount):
        table.objects.all().delete()
