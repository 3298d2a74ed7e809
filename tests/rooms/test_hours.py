"""When a station is open, what is on, how far one walks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.text import pick
from lingka.rooms import actions, catalogue, rules, selectors
from lingka.rooms.selectors import StationInfo
from lingka.units import actions as unit_actions
from tests.cases.city import HERE, MONDAY, City, names, problem, refusal
from tests.rooms.station import station

LHASA = ZoneInfo("Asia/Shanghai")
TODAY = MONDAY.date()
NATIONAL_DAY = date(2026, 10, 1)


def hours(one: StationInfo, day: date = TODAY) -> list[str]:
    spans = selectors.openings(one, day, 1)[day]
    return [f"{opens.astimezone(LHASA):%H:%M}-{closes.astimezone(LHASA):%H:%M}"
            for opens, closes in spans]  # fmt: skip


@pytest.fixture
def closed_on_holidays(city: City) -> None:
    unit_actions.add_calendar_version(
        city.units["office"].calendar_id, actor=SYSTEM, hours=_office(), country="CN",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip


def _office() -> dict[int, list[tuple[str, str]]]:
    return {day: [("09:30", "13:00"), ("15:30", "18:30")] for day in range(5)}


def test_without_hours_of_its_own_a_station_has_its_unit_s(city: City) -> None:
    assert hours(station(city, hours=None)) == ["09:30-13:00", "15:30-18:30"]


@pytest.mark.usefixtures("closed_on_holidays")
def test_holidays_close_a_station_unless_it_is_open_on_them(city: City) -> None:
    usual = station(city, "usual")
    always = station(city, "always", on_holidays=True)
    assert hours(usual, NATIONAL_DAY) == []
    assert hours(always, NATIONAL_DAY) == ["09:00-21:00"]


def test_a_special_day_goes_before_all_else_and_can_be_taken_back(city: City) -> None:
    one, desk = station(city), city.staff["dispatcher"]
    actions.set_special_day(
        "pavilion", TODAY, actor=desk, hours=[["10:00", "12:00"]], why=names("雪顿节")
    )
    assert hours(one) == ["10:00-12:00"]
    assert selectors.week(one)[0].why == "雪顿节"
    actions.set_special_day("pavilion", TODAY, actor=desk, hours=None)
    assert hours(one) == ["09:00-21:00"]


def test_it_says_until_when_it_is_open_and_when_again(city: City) -> None:
    one = station(city)
    assert selectors.now_of([one])[one.id].until == datetime(2026, 11, 16, 21, tzinfo=LHASA)
    with clock.at(MONDAY + timedelta(hours=12)):
        later = selectors.now_of([one])[one.id]
        assert not later.is_open
        assert later.again == datetime(2026, 11, 17, 9, tzinfo=LHASA)


@pytest.mark.parametrize("wrong", [[["09:00"]], [["9", "10"]], [["10:00", "09:00"]], "x", 7,
                                   [["09:00", "12:00"], ["11:00", "13:00"]]])  # fmt: skip
def test_hours_that_are_none_are_refused(city: City, wrong: object) -> None:
    with problem("hours"):
        station(city, hours={"0": wrong})


def test_a_programme_is_weekly_or_once_and_pauses_on_closed_days(city: City) -> None:
    one, desk = station(city), city.staff["dispatcher"]
    actions.put_on("pavilion", actor=desk, title=names("藏戏"), weekday=0, starts="14:00",
                   ends="16:00")  # fmt: skip
    actions.put_on("pavilion", actor=desk, title=names("义诊"), day=TODAY, starts="10:00",
                   ends="11:00")  # fmt: skip
    assert _titles(one, TODAY) == ["义诊", "藏戏"]
    assert _titles(one, TODAY + timedelta(days=7)) == ["藏戏"]
    actions.set_special_day("pavilion", TODAY, actor=desk, hours=[], why=names("停电"))
    assert _titles(one, TODAY) == []
    with problem("weekly_or_once"):
        actions.put_on("pavilion", actor=desk, title=names("?"), starts="10:00", ends="11:00")


def _titles(one: StationInfo, day: date) -> list[str]:
    return [entry.title for entry in selectors.programme([one], day)[one.id]]


def test_what_is_taken_off_the_programme_is_gone(city: City) -> None:
    one, desk = station(city), city.staff["dispatcher"]
    entry = actions.put_on("pavilion", actor=desk, title=names("藏戏"), weekday=0,
                           starts="14:00", ends="16:00")  # fmt: skip
    actions.take_off("pavilion", entry, actor=desk)
    assert _titles(one, TODAY) == []


def test_only_who_runs_a_station_changes_its_days(city: City) -> None:
    station(city)
    with refusal("other_station"):
        actions.set_special_day(
            "pavilion", TODAY, actor=city.staff["handler"], hours=[], why=names("?")
        )
    with refusal("other_area"):
        station_by = city.staff["dispatcher"]
        actions.set_station(
            None, actor=station_by, key="mine", kind="canteen", unit=city.units["office"].pk,
            place=1, name=names("x"), about=names("x"), audiences=["everybody"],
        )  # fmt: skip


def test_what_no_file_lists_is_refused(city: City) -> None:
    for field, value in (("kind", "casino"), ("audiences", ["believers"]), ("equipment", ["tv"])):
        with problem("unknown_choice"):
            station(city, f"a-{field}", **{field: value})


def test_the_circle_shows_the_open_ones_for_these_people_nearest_first(city: City) -> None:
    rest = station(city, "rest", audiences=["couriers", "street_cleaners"])
    station(city, "elders", audiences=["elders"])
    night = station(city, "night", hours={"0": [["20:00", "23:00"]]})
    found = selectors.nearby((HERE[0] + 0.004, HERE[1]), "couriers")
    assert [one.station.key for one in found] == [rest.key, night.key]
    assert found[0].in_circle
    assert found[0].minutes == 8  # 387 m by air


def test_a_station_far_away_is_not_in_the_circle(city: City) -> None:
    station(city)
    (found,) = selectors.nearby((HERE[0] + 0.02, HERE[1]))
    assert not found.in_circle


def test_a_series_keeps_its_hour_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 20, 18, tzinfo=berlin)
    assert [at.hour for at in rules.dates(first, 3, 7, berlin)] == [18, 18, 18]
    assert rules.dates(first, 2, 7, berlin)[1].utcoffset() != first.utcoffset()


@pytest.mark.parametrize("listed", [catalogue.kinds, catalogue.audiences, catalogue.equipment])
def test_every_word_is_there_in_three_languages(listed: object) -> None:
    for name in listed().values():  # type: ignore[operator]
        assert {pick(name, code) for code in ("zh-hans", "bo", "en")} >= set(name.values())
        assert set(name) == {"zh-hans", "bo", "en"}
