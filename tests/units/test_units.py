from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, transaction

from lingka.core import events
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.units import actions, selectors
from lingka.units.models import Calendar, CalendarVersion, Revision, Unit
from tests.units.conftest import HOURS, make_area, names

DAY = date(2026, 3, 2)


def serve(unit, area, case_type, **more):
    values = {"basis": names("章程"), "valid_from": date(2026, 1, 1), **more}
    return actions.add_service(unit, actor=SYSTEM, area_id=area.id, case_type=case_type, **values)


def served(case_type, path, on=DAY):
    at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
    return [one.id for one in selectors.services_for(case_type, path, at)]


def test_a_unit_is_found_without_asking_the_database_twice(water, city, django_assert_num_queries):
    found = selectors.unit(water)
    assert (found.key, found.area_path) == ("water", city.path)
    with django_assert_num_queries(0):
        assert selectors.unit(water) is found
        assert selectors.unit_by_key("water") is found


def test_a_change_is_seen_at_once(water):
    selectors.unit(water)
    actions.update_unit(water, actor=SYSTEM, phone="0891-0000000")
    assert selectors.unit(water).phone == "0891-0000000"


def test_another_processs_change_is_seen_through_the_revision(water, monkeypatch):
    selectors.unit(water)
    Unit.objects.filter(id=water).update(phone="1")
    Revision.objects.update(token=events.GENESIS[:16].hex())
    monkeypatch.setattr(selectors._ALL, "every", 0.0)
    assert selectors.unit(water).phone == "1"


def test_a_unit_that_never_was_is_a_problem(water):
    with pytest.raises(Problem) as caught:
        selectors.unit(water + 1000)
    assert caught.value.code == "no_unit"


def test_the_deepest_area_and_then_the_most_exact_type_come_first(water, city, street, grid):
    anything = serve(water, city, "*")
    category = serve(water, street, "water")
    exact = serve(water, street, "water.burst")
    serve(water, grid, "light")
    assert served("water.burst", grid.path) == [exact, category, anything]
    assert served("water", grid.path) == [category, anything]
    assert served("water.burst", city.path) == [anything]


def test_a_service_counts_from_its_first_day_until_the_day_it_ends(water, city):
    service = serve(water, city, "water", valid_from=date(2026, 3, 1))
    actions.end_service(service, actor=SYSTEM, on=date(2026, 4, 1))
    assert served("water", city.path, date(2026, 2, 28)) == []
    assert served("water", city.path, date(2026, 3, 31)) == [service]
    assert served("water", city.path, date(2026, 4, 1)) == []


def test_a_unit_that_has_closed_serves_no_more(water, city):
    serve(water, city, "water")
    actions.update_unit(water, actor=SYSTEM, active=False)
    assert served("water", city.path) == []
    assert selectors.units() == []
    assert [unit.id for unit in selectors.units(active=False)] == [water]


def test_units_are_listed_by_kind_and_subtree(water, city, street, calendar):
    make_area("540103000000", city)
    actions.create_unit(
        actor=SYSTEM, key="street", kind="street_office", name=names("街道"),
        area_id=street.id, calendar_id=calendar,
    )  # fmt: skip
    assert [u.key for u in selectors.units(under=street.path)] == ["street"]
    assert [u.key for u in selectors.units(kind="utility")] == ["water"]


def test_every_change_leaves_an_event(water, city):
    service = serve(water, city, "water")
    actions.update_unit(water, actor=SYSTEM, phone="1", kind="utility")
    actions.update_unit(water, actor=SYSTEM, phone="1")
    actions.end_service(service, actor=SYSTEM, on=date(2027, 1, 1))
    told = events.history(selectors.unit(water).uuid)
    assert [event.type.split(".")[1] for event in told] == [
        "UnitAdded", "ServiceAdded", "UnitChanged", "ServiceEnded",
    ]  # fmt: skip
    assert told[2].data.fields == ["phone"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "water"}, "key"),
        ({"kind": "club"}, "kind"),
        ({"name": {"zh-hans": "水", "en": "Water"}}, "name"),
    ],
)
def test_what_a_unit_lacks_is_said_beside_its_field(water, city, calendar, change, field):
    values = {"key": "new", "kind": "utility", "name": names("水"), "area_id": city.id}
    with pytest.raises(Problem) as caught:
        actions.create_unit(actor=SYSTEM, calendar_id=calendar, **values | change)
    assert caught.value.field == field


def test_a_service_cannot_end_before_it_begins(water, city):
    with pytest.raises(Problem):
        serve(water, city, "water", valid_to=date(2026, 1, 1))
    service = serve(water, city, "water")
    with pytest.raises(Problem):
        actions.end_service(service, actor=SYSTEM, on=date(2025, 1, 1))


def test_the_calendar_version_of_the_day_is_used(water, calendar):
    first = selectors.calendar_for(water, datetime(2025, 5, 5, tzinfo=UTC))
    later = actions.add_calendar_version(
        calendar, actor=SYSTEM, hours=HOURS, country="CN", valid_from=date(2026, 1, 1)
    )
    before = selectors.calendar_for(water, datetime(2025, 12, 31, 15, tzinfo=UTC))
    after = selectors.calendar_for(water, datetime(2025, 12, 31, 17, tzinfo=UTC))
    assert (before.version_id, after.version_id) == (first.version_id, later)
    assert selectors.calendar_version(later) is after
    earlier = selectors.calendar_for(water, datetime(2000, 1, 1, tzinfo=UTC))
    assert earlier.version_id == first.version_id


def test_a_calendar_version_never_changes(calendar):
    with pytest.raises(ProgrammingError), transaction.atomic():
        CalendarVersion.objects.update(country="DE")


def test_a_calendar_without_hours_says_so(water, calendar):
    empty = actions.create_calendar(actor=SYSTEM, key="empty", name=names("空"))
    actions.update_unit(water, actor=SYSTEM, calendar_id=empty)
    with pytest.raises(Problem) as caught:
        selectors.calendar_for(water)
    assert caught.value.code == "no_calendar"


def test_losar_is_entered_and_taken_back_as_data(calendar):
    losar = date(2027, 2, 8)
    actions.set_day(calendar, actor=SYSTEM, day=losar, names=names("洛萨"), working=False, days=3)
    assert selectors.calendar(calendar).day_off(date(2027, 2, 10)) == names("洛萨")
    actions.set_day(calendar, actor=SYSTEM, day=losar, names=names("补班"), working=True)
    assert selectors.calendar(calendar).is_working_day(losar)
    actions.unset_day(calendar, actor=SYSTEM, day=date(2027, 2, 10))
    assert selectors.calendar(calendar).days_off.keys() == {date(2027, 2, 9)}


def test_an_entered_year_is_no_longer_missing(calendar):
    start = datetime(2028, 5, 5, tzinfo=UTC)
    assert selectors.calendar(calendar).missing_years(start) == [2028]
    actions.enter_year(calendar, actor=SYSTEM, year=2028)
    assert selectors.calendar(calendar).missing_years(start) == []
    uuid = Calendar.objects.get(id=calendar).uuid
    assert [event.data.number for event in events.history(uuid)] == [1, 2]


@pytest.mark.parametrize(
    "hours",
    [{}, {0: []}, {0: [("9:30", "12:00")]}, {0: [("12:00", "09:00")]},
     {0: [("09:00", "12:00"), ("11:00", "13:00")]}],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(calendar, hours):
    with pytest.raises(Problem) as caught:
        actions.add_calendar_version(
            calendar, actor=SYSTEM, hours=hours, valid_from=date(2026, 1, 1)
        )
    assert caught.value.field == "hours"


def test_two_calendars_cannot_share_a_key(calendar):
    with pytest.raises(Problem):
        actions.create_calendar(actor=SYSTEM, key="office", name=names("机关"))


def test_an_unknown_field_is_a_programming_error(water):
    with pytest.raises(TypeError):
        actions.update_unit(water, actor=SYSTEM, key="other")
