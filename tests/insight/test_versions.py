"""Two definitions in force at different days: each month keeps the one it was made with."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from lingka.cases.receipts import Opened
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.insight import recomputing
from lingka.insight.actions import activate, differences, publish, rebuild, show_to_units
from lingka.insight.definitions import shipped
from lingka.insight.measures import COLUMNS, Tally
from lingka.insight.models import FrozenCount
from lingka.insight.selectors import definitions
from tests.cases.city import City
from tests.insight.conftest import listen
from tests.insight.test_counting import tally
from tests.insight.test_publishing import LATER, NEXT

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
IN_DECEMBER = datetime(2026, 12, 14, 2, tzinfo=UTC)
# Of two cases, one of which was only told to a caller, and one rated: solved, fairly satisfied.
OLD = {"answered": 2, "solved": 2, "voiced": 1, "satisfied": 0}  # a caller counts; fair is not yes
NEW = {"answered": 1, "solved": 1, "voiced": 1, "satisfied": 1}  # a caller does not; fair is enough


def redefined(valid_from: date) -> None:
    """Put another version into force: only residents themselves answer, and "fair" satisfies."""
    body: dict[str, Any] = copy.deepcopy(shipped())
    del body["said"]["call_back_done"]
    body |= {"satisfied": ["yes", "fair"], "valid_from": valid_from.isoformat()}
    activate(body, actor=SYSTEM)


def two_cases(city: City, **more: Any) -> None:
    city.at("resolved", **more)
    rate(city, city.at("resolved", **more))
    listen()


def rate(city: City, opened: Opened) -> None:
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="fair")


def answers(city: City, month: date) -> dict[str, int]:
    return of(tally(area=city.root.pk, month=month))


def of(found: Tally) -> dict[str, int]:
    return {name: getattr(found, name) for name in OLD}


def frozen(city: City, number: int) -> dict[str, int]:
    rows = FrozenCount.objects.filter(publication__number=number, area=city.root.pk)
    return of(sum((Tally(*row) for row in rows.values_list(*COLUMNS)), Tally()))


def published(city: City, *, shown: datetime, then: datetime) -> None:
    """The units see November, and so many days later everybody does."""
    boss = city.staff["supervisor"]
    with clock.at(shown):
        one = show_to_units(NOVEMBER, actor=boss)
    with clock.at(then):
        publish(one.uuid, actor=boss)


def test_each_month_is_made_anew_by_the_definition_of_its_own_days(city: City) -> None:
    two_cases(city)
    redefined(DECEMBER)
    with clock.at(IN_DECEMBER):
        two_cases(city)
        told = answers(city, NOVEMBER), answers(city, DECEMBER)
        assert told == (OLD, NEW)
        assert differences() == []
        rebuild()
        assert (answers(city, NOVEMBER), answers(city, DECEMBER)) == told


def test_by_the_newest_definition_alone_november_would_be_another(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above would find, were the past made anew by what is in force today."""
    two_cases(city)
    redefined(DECEMBER)
    newest = definitions.versions()[-1]
    monkeypatch.setattr(definitions, "on", lambda _day: newest)
    rebuild()
    assert answers(city, NOVEMBER) == NEW


def test_what_was_published_by_the_old_definition_stays(city: City) -> None:
    two_cases(city)
    published(city, shown=NEXT, then=LATER)
    with clock.at(LATER):
        redefined(LATER.date() + timedelta(days=1))
    with clock.at(IN_DECEMBER):
        two_cases(city)
        rebuild()
    assert frozen(city, 1) == OLD
    assert definitions.on(NOVEMBER).number == 1


def test_what_is_told_late_of_a_published_month_counts_by_its_own_definition_and_shows_apart(
    city: City,
) -> None:
    two_cases(city)
    published(city, shown=NEXT, then=LATER)
    with clock.at(LATER):
        redefined(LATER.date() + timedelta(days=1))
        known = clock.now()
    november = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with clock.at(IN_DECEMBER):
        rate(city, city.at("resolved", actor=SYSTEM, occurred_at=november))
        listen()
        assert answers(city, NOVEMBER) == OLD | {"answered": 3, "solved": 3, "voiced": 2}
        assert frozen(city, 1) == OLD, "as published"
        with recomputing.as_known(known):
            assert as_known(city) == OLD, "as it was known then"
    published(city, shown=IN_DECEMBER, then=IN_DECEMBER + timedelta(days=9))
    assert frozen(city, 2) == OLD | {"answered": 3, "solved": 3, "voiced": 2}
    assert frozen(city, 1) == OLD, "the old version stays"


def as_known(city: City) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM fresh_count WHERE area = %s AND month = %s",
            [city.root.pk, NOVEMBER],
        )
        return of(sum((Tally(*row) for row in cursor.fetchall()), Tally()))
