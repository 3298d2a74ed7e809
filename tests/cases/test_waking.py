"""What the engine does by itself: it warns, tells of breaches up the tree, and recomputes."""

from datetime import date, timedelta

from lingka.cases import actions, clocks
from lingka.cases.models import Case
from lingka.core import clock, events, verify
from lingka.core.actors import SYSTEM
from lingka.units import actions as units
from tests.cases.city import HOURS, MONDAY, City, case_of, names


def told(opened: actions.Opened, kind: str, clock_: str) -> list[events.StoredEvent]:
    history = events.history(opened.case_uuid)
    return [one for one in history if one.type == f"cases.{kind}" and one.data.clock == clock_]  # type: ignore[attr-defined]


def wake(minutes: float) -> int:
    with clock.at(MONDAY + timedelta(minutes=minutes)):
        return actions.due_now()


def test_nothing_is_due_while_nothing_is_due(city: City) -> None:
    city.open("water.burst")
    assert wake(1) == 0


def test_a_case_that_is_woken_for_nothing_is_left_in_peace_afterwards(city: City) -> None:
    opened = city.open("water.burst")
    before = case_of(opened)
    Case.objects.update(wake_at=MONDAY)
    assert (wake(1), wake(1)) == (1, 0)
    assert (case_of(opened).wake_at, case_of(opened).version) == (before.wake_at, before.version)


def test_an_urgent_case_goes_straight_to_the_unit_by_rule_and_tells_the_desk(city: City) -> None:
    case = case_of(city.open("water.burst"))
    assert (case.state, case.lead_unit_id) == ("dispatched", city.units["water"].id)
    assert case.facts["route"]["basis"]["en"] == "water: 职责清单"
    assert case.desk_area_id == city.street.id
    assert set(case.clocks) >= {"arrive", "resolve", "respond", "sign_in"}


def test_a_burst_pipe_without_arrival_at_sixty_minutes_is_told_up_the_tree(city: City) -> None:
    opened = city.open("water.burst")
    wake(31)
    assert [one.data.percent for one in told(opened, "ClockWarned", "arrive")] == [50]  # type: ignore[attr-defined]
    wake(46)
    assert len(told(opened, "ClockWarned", "arrive")) == 2
    assert told(opened, "ClockBreached", "arrive") == []
    assert wake(60) == 1
    assert wake(60) == 1, "an arrival that failed is told to the desk above at once"
    wake(60 + 9 * 60)
    levels = [(one.data.level, one.data.area) for one in told(opened, "ClockBreached", "arrive")]  # type: ignore[attr-defined]
    assert levels == [(0, city.street.id), (1, city.root.id)]
    case = case_of(opened)
    assert case.facts["escalated"] == city.root.id
    assert case.desk_area_id == city.street.id
    assert verify.run() == []


def test_other_deadlines_climb_only_after_four_hours(city: City) -> None:
    opened = city.open("water.burst")
    wake(720)
    while wake(720):
        pass
    assert [one.data.level for one in told(opened, "ClockBreached", "resolve")] == [0]  # type: ignore[attr-defined]
    while wake(720 + 4 * 60):
        pass
    assert [one.data.level for one in told(opened, "ClockBreached", "resolve")] == [0, 1]  # type: ignore[attr-defined]


def test_arriving_in_time_stops_one_clock_and_not_the_other(city: City) -> None:
    opened = city.open("water.burst")
    city.do(opened, "sign_in", "plumber")
    city.do(opened, "arrive", "plumber")
    wake(61)
    assert told(opened, "ClockBreached", "arrive") == []
    assert case_of(opened).clocks["resolve"]["stopped"] is None


def told_later(city: City, action: str, after: int) -> Case:
    """An urgent case, where an action of half an hour in is told only so many minutes in."""
    with clock.at(clock.now()):
        began = clock.now()
        opened = city.open("water.burst")
        city.do(opened, "sign_in", "plumber")
    with clock.at(began + timedelta(minutes=after)):
        actions.perform(
            opened.case_uuid, action, actor=city.staff["plumber"], data={},
            occurred_at=began + timedelta(minutes=30),
        )  # fmt: skip
    assert verify.run() == []
    return case_of(opened)


def test_an_arrival_in_time_that_is_told_late_for_want_of_a_network_was_in_time(
    city: City,
) -> None:
    assert clocks.met(told_later(city, "arrive", after=180).clocks["arrive"])


def test_a_clock_whose_rule_does_not_say_so_counts_when_it_was_told(city: City) -> None:
    assert clocks.met(told_later(city, "first_contact", after=180).clocks["respond"]) is False


def test_a_late_arrival_of_the_worker_process_tells_of_everything_it_missed_once(
    city: City,
) -> None:
    opened = city.open("water.burst")
    while wake(3000):
        pass
    assert len(told(opened, "ClockBreached", "resolve")) <= 2
    assert verify.run() == []


def test_a_new_holiday_moves_open_deadlines_and_says_so(city: City) -> None:
    opened = city.at("handling")
    before = case_of(opened).clocks["resolve"]["due"]
    calendar = city.units["light"].calendar_id
    version = units.add_calendar_version(
        calendar, actor=SYSTEM, hours={int(day): spans for day, spans in HOURS.items()},
        days_off={date(2026, 11, 18): names("放假")}, valid_from=date(2026, 11, 1),
    )  # fmt: skip
    actions.plan_recomputing(version, date(2026, 11, 1))
    while actions.recompute_clocks():
        pass
    case = case_of(opened)
    assert case.clocks["resolve"]["due"] > before
    assert events.history(case.uuid)[-1].type == "cases.ClocksRecomputed"
    assert actions.recompute_clocks() == 0
    assert case_of(opened).version == case.version
    assert verify.run() == []
