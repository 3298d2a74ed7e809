"""A calendar changed: deadlines move in batches, each in the calendar that it began in."""

from datetime import date, timedelta

import pytest

from lingka.cases import actions, receivers
from lingka.cases.actions import recomputing
from lingka.cases.models import Recomputing
from lingka.core import clock, events, verify
from lingka.core.actors import SYSTEM
from lingka.core.events import StoredEvent
from lingka.units import actions as units
from lingka.units.events import CalendarVersionAdded
from lingka.units.models import Calendar, CalendarVersion, Unit
from lingka.units.selectors import forget
from tests.cases.city import HOURS, MONDAY, START, City, case_of, names

NOVEMBER = date(2026, 11, 1)
LATER = date(2026, 11, 19)


def holiday(calendar: int, valid_from: date = NOVEMBER) -> int:
    """A Friday off, in a new version that waits to be taken account of."""
    version = units.add_calendar_version(
        calendar, actor=SYSTEM, hours={int(day): spans for day, spans in HOURS.items()},
        days_off={date(2026, 11, 20): names("放假")}, valid_from=valid_from,
    )  # fmt: skip
    actions.plan_recomputing(version, valid_from)
    return version


def everything() -> int:
    looked = 0
    while number := actions.recompute_clocks():
        looked += number
    return looked


def due(opened: actions.Opened) -> str:
    return str(case_of(opened).clocks["resolve"]["due"])


def own_calendar(unit: Unit) -> int:
    """Give a unit a calendar that is not the town's, and works mornings only."""
    made = Calendar.objects.create(key="own", name=names("own"))
    hours = {day: [["09:30", "13:00"]] for day in HOURS}
    CalendarVersion.objects.create(calendar=made, number=1, hours=hours, valid_from=START)
    Unit.objects.filter(id=unit.id).update(calendar=made)
    forget()
    return int(made.pk)


def test_a_delivery_only_plans_what_thousands_of_cases_need(city: City) -> None:
    opened = city.at("handling")
    before = case_of(opened).version
    data = CalendarVersionAdded(1, 7, 2, "2026-11-01")
    (event,) = [StoredEvent(1, "", opened.case_uuid, 1, "", {}, data, MONDAY, MONDAY)]
    for _time in range(2):
        receivers.calendar_changed(event)
    assert list(Recomputing.objects.values_list("version", "starts")) == [(7, NOVEMBER)]
    assert case_of(opened).version == before


def test_a_batch_is_bounded_and_the_next_goes_on_behind_it(city: City) -> None:
    opened = [city.at("handling") for _number in range(3)]
    before = [due(one) for one in opened]
    holiday(city.units["light"].calendar_id)
    assert actions.recompute_clocks(limit=2) == 2
    assert [due(one) > old for one, old in zip(opened, before, strict=True)] == [True, True, False]
    assert actions.recompute_clocks(limit=2) == 1
    assert due(opened[2]) > before[2]
    assert actions.recompute_clocks(limit=2) == 0
    assert not Recomputing.objects.exists()
    assert verify.run() == []


def test_stopped_in_the_middle_it_goes_on_and_changes_nothing_twice(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = city.at("handling"), city.at("handling")
    holiday(city.units["light"].calendar_id)
    recompute = recomputing._recompute

    def killed(id_: int) -> None:
        if id_ == case_of(second).id:
            raise KeyboardInterrupt
        recompute(id_)

    monkeypatch.setattr(recomputing, "_recompute", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.recompute_clocks()
    monkeypatch.undo()
    version = case_of(first).version
    assert everything() == 2
    assert case_of(first).version == version
    assert events.history(second.case_uuid)[-1].type == "cases.ClocksRecomputed"


def test_one_case_that_cannot_be_computed_keeps_no_other_waiting(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = city.at("handling"), city.at("handling")
    before = due(sound)
    holiday(city.units["light"].calendar_id)
    recompute, odd = recomputing._recompute, case_of(broken).id

    def clumsy(id_: int) -> None:
        if id_ == odd:
            raise ValueError
        recompute(id_)

    monkeypatch.setattr(recomputing, "_recompute", clumsy)
    assert everything() == 2
    assert due(sound) > before


def test_a_clock_goes_on_counting_in_the_calendar_it_began_in(city: City) -> None:
    town = city.units["light"].calendar_id
    own = own_calendar(city.units["light"])
    opened = city.at("handling")  # the town's promise: no unit was in charge yet
    before = due(opened)
    holiday(own)
    everything()
    assert due(opened) == before, "the unit's calendar is not the one it counts in"
    holiday(town)
    everything()
    assert due(opened) > before


def test_what_stood_still_runs_on_in_the_calendar_it_began_in(city: City) -> None:
    own_calendar(city.units["light"])
    opened = city.at("handling")
    before = due(opened)
    city.do(opened, "ask", "handler", words="哪一盏？")
    city.do(opened, "answer", city.reporter(opened), words="第三盏")
    assert due(opened) == before


def test_a_version_of_a_later_day_moves_deadlines_on_that_day(city: City) -> None:
    opened = city.at("handling")
    before = due(opened)
    holiday(city.units["light"].calendar_id, valid_from=LATER)
    assert everything() == 0
    assert due(opened) == before
    with clock.at(MONDAY + timedelta(days=3)):
        assert everything() == 1
    assert due(opened) > before
