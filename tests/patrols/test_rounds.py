"""Rounds are laid out once, walked in any order that phones send, and missed ones are told."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.core import clock, contents
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.patrols import actions, selectors
from lingka.patrols.models import Plan, PlanVersion, Round, Submission
from lingka.units.models import CalendarVersion
from tests.cases.city import MONDAY, City, grid_elsewhere, names, problem, refusal
from tests.patrols import town as towns
from tests.patrols.test_submitting import answers, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def told(kind: str) -> int:
    return Event.objects.filter(type=f"patrols.{kind}").count()


# -- plans and laying out ---------------------------------------------------------------------


def test_a_plan_lays_out_the_two_weeks_ahead_in_walking_order(town: Town) -> None:
    town.plan(stops=[town.stop(2), town.stop(0), town.stop(3), town.stop(1)])
    assert Round.objects.count() == 15
    row = Round.objects.order_by("day")[0]
    assert [one.place_id for one in row.stops.order_by("number")] == [one.id for one in town.places]
    assert (row.from_at.hour, row.until_at.hour) == (1, 10)  # in UTC


def test_the_nightly_job_adds_a_day_and_makes_nothing_twice(town: Town) -> None:
    town.plan()
    assert actions.lay_out_rounds() == 0
    with clock.at(MONDAY + DAY):
        assert actions.lay_out_rounds() == 1
        assert actions.lay_out_rounds() == 0
    assert Round.objects.count() == 16


def test_what_a_rarer_round_looks_at_the_daily_one_leaves_out(town: Town) -> None:
    daily = town.plan(stops=[town.stop(0), town.stop(1)])
    weekly = town.plan(kind="weekly", rule="FREQ=WEEKLY;BYDAY=TU", stops=[town.stop(0)])
    tuesday = Round.objects.filter(day=(MONDAY + DAY).date())
    places = {row.plan.uuid: [one.place_id for one in row.stops.all()] for row in tuesday}
    assert places == {daily: [town.places[1].id], weekly: [town.places[0].id]}
    assert Round.objects.get(plan__uuid=daily, day=MONDAY.date()).stops.count() == 2


plans_made = st.tuples(
    st.sampled_from(("daily", "weekly", "monthly")),
    st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY;INTERVAL=2")),
    st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(plans_made, min_size=2, max_size=4))
def test_nothing_is_looked_at_twice_a_day_whatever_plans_there_are(
    town: Town, made: list[tuple[str, str, list[int]]]
) -> None:
    Round.objects.all().delete()
    Plan.objects.update(ended_at=clock.now())
    for kind, rule, at in made:
        town.plan(kind=kind, rule=rule, stops=[town.stop(one) for one in at])
    rows = Round.objects.filter(state="planned").prefetch_related("stops")
    looks = [(row.day, stop.place_id) for row in rows for stop in row.stops.all()]
    assert len(looks) == len(set(looks))
    wanted = {at for _kind, rule, several in made if "BYDAY=MO" in rule for at in several}
    mondays = {place for day, place in looks if day == MONDAY.date()}
    assert {town.places[at].id for at in wanted} <= mondays


def test_holidays_of_the_town_are_left_out(town: Town) -> None:
    tuesday = str((MONDAY + DAY).date())
    last = CalendarVersion.objects.get()
    CalendarVersion.objects.create(
        calendar=last.calendar, number=2, hours=last.hours, days_off={tuesday: names("洛萨")},
        valid_from=last.valid_from,
    )  # fmt: skip
    towns.units.forget()
    town.plan(holidays="skip")
    assert not Round.objects.filter(day=tuesday).exists()
    assert Round.objects.count() == 14


def test_a_changed_plan_changes_what_nobody_has_started(town: Town) -> None:
    plan = town.plan()
    first = Round.objects.order_by("day")[0]
    actions.start_round(first.uuid, actor=town.walker)
    changed = town.body(rule="FREQ=DAILY;INTERVAL=2", stops=[town.stop(0)])
    desk = town.city.staff["dispatcher"]
    assert actions.change_plan(plan, changed, actor=desk, reason="人手不够") == 2
    assert actions.change_plan(plan, changed, actor=desk, reason="again") == 2
    rows = Round.objects.order_by("day")
    assert [row.state for row in rows[:3]] == ["started", "cancelled", "planned"]
    assert [row.stops.count() for row in (rows[0], rows[2])] == [4, 1]
    assert [one.reason for one in PlanVersion.objects.order_by("number")] == [
        "每天看一遍", "人手不够",
    ]  # fmt: skip


def test_a_stop_that_stays_in_a_changed_plan_is_the_same_to_a_phone(town: Town) -> None:
    plan = town.plan(stops=[town.stop(0), town.stop(2), town.stop(3)])
    row = Round.objects.order_by("day")[0]
    before = {one.place_id: one.uuid for one in row.stops.all()}
    changed = town.body(stops=[town.stop(3), town.stop(2), town.stop(1)])
    actions.change_plan(plan, changed, actor=town.city.staff["dispatcher"], reason="加一处")
    after = {one.place_id: one.uuid for one in row.stops.order_by("number")}
    assert list(after) == [town.places[at].id for at in (1, 2, 3)]
    assert {place: after[place] for place in before.keys() & after.keys()} == {
        town.places[at].id: before[town.places[at].id] for at in (2, 3)
    }
    kept = before[town.places[3].id]
    assert actions.record_stop(row.uuid, kept, outcome="done", actor=town.walker).done == 1


def test_what_was_seen_on_a_cancelled_round_does_not_hold_up_a_changed_plan(town: Town) -> None:
    plan = town.plan(stops=[town.stop(0, "restaurant"), town.stop(1)])
    row, desk = Round.objects.order_by("day")[0], town.city.staff["dispatcher"]
    Round.objects.filter(pk=row.pk).update(state="cancelled")
    submit(town, answers(), round=row.uuid, stop=row.stops.get(checklist="restaurant").uuid)
    changed = town.body(stops=[town.stop(1)])
    actions.change_plan(plan, changed, actor=desk, reason="店关了")
    assert [one.place_id for one in row.stops.all()] == [town.places[1].id]
    assert Submission.objects.get().place_id == town.places[0].id


def test_a_plan_that_ends_takes_its_rounds_with_it(town: Town) -> None:
    plan = town.plan()
    actions.end_plan(plan, actor=town.city.staff["dispatcher"])
    assert set(Round.objects.values_list("state", flat=True)) == {"cancelled"}
    assert actions.lay_out_rounds() == 0
    row = Round.objects.all()[0]
    with problem("cancelled"):
        actions.start_round(row.uuid, actor=town.walker)


def test_the_same_plan_sent_twice_is_made_once(town: Town) -> None:
    key, desk = uuid7(), town.city.staff["dispatcher"]
    for _time in range(2):
        assert actions.make_plan(town.body(), actor=desk, reason="x", key=key) == key
    assert Plan.objects.count() == 1


def test_only_desks_of_the_area_plan(town: Town) -> None:
    for who in ("walker", "handler", "verifier"):
        with refusal("not_planner"):
            actions.make_plan(town.body(), actor=town.city.staff[who], reason="x")
    street = town.body(area=town.city.root.id)
    with refusal("not_planner"):
        actions.make_plan(street, actor=town.city.staff["dispatcher"], reason="x")


def test_a_plan_that_cannot_be_walked_is_refused(town: Town) -> None:
    desk = town.city.staff["dispatcher"]
    with problem("plan"):
        actions.make_plan(town.body(), actor=desk, reason=" ")
    for stop in ({"place": 0, "checklist": ""}, town.stop(0, "nothing")):
        with problem("plan"):
            actions.make_plan(town.body(stops=[stop]), actor=desk, reason="x")
    towns.Unit.objects.filter(id=town.team.id).update(area=grid_elsewhere())
    towns.units.forget()
    with problem("plan"):
        actions.make_plan(town.body(), actor=desk, reason="x")


# -- walking ----------------------------------------------------------------------------------


def test_a_worker_sees_the_day_s_rounds_of_the_grid(town: Town) -> None:
    town.plan()
    mine = selectors.rounds_for(town.walker.id or 0, MONDAY.date())
    assert [len(one.stops) for one in mine] == [4]
    assert mine[0].stops[0].walk == 0
    assert all(one.walk for one in mine[0].stops[1:])
    assert selectors.rounds_for(town.city.staff["handler"].id or 0, MONDAY.date()) == []
    assert town.walker.id in selectors.walkers_of(mine[0].id)


def test_a_round_is_started_walked_and_ended_and_each_can_be_sent_again(town: Town) -> None:
    row = town.first()
    stops = list(row.stops.order_by("number"))
    for _time in range(2):
        actions.start_round(row.uuid, actor=town.walker)
        actions.record_stop(row.uuid, stops[0].uuid, outcome="done", actor=town.walker)
        actions.record_stop(
            row.uuid, stops[1].uuid, outcome="skipped", reason="closed", actor=town.walker
        )
        got = actions.end_round(row.uuid, actor=town.walker)
        assert (got.state, got.done, got.skipped, got.open) == ("ended", 1, 1, 2)
    assert [told(one) for one in ("RoundStarted", "StopRecorded", "RoundEnded")] == [1, 2, 1]


def test_a_stop_that_comes_before_the_start_starts_the_round(town: Town) -> None:
    row = town.first()
    stop = row.stops.all()[0]
    got = actions.record_stop(row.uuid, stop.uuid, outcome="done", actor=town.walker)
    assert got.state == "started"


def test_who_was_there_counts_more_than_who_was_not(town: Town) -> None:
    row, mate = town.first(), towns.worker(town, "mate2")
    stop = row.stops.all()[0]
    for outcome, expected in (("skipped", 0), ("done", 1), ("skipped", 1)):
        got = actions.record_stop(
            row.uuid, stop.uuid, outcome=outcome, reason="weather", actor=mate
        )
        assert got.done == expected


def test_words_about_a_stop_left_out_can_be_erased(town: Town) -> None:
    row = town.first()
    stop = row.stops.all()[0]
    actions.record_stop(
        row.uuid, stop.uuid, outcome="skipped", reason="门口有狗", actor=town.walker
    )
    stop.refresh_from_db()
    assert stop.reason == "other"
    info = selectors.round_of(row.uuid)
    assert info
    assert info.stops[0].words == "门口有狗"
    assert "门口有狗" not in str(list(Event.objects.values_list("data", flat=True)))
    contents.erase([stop.words])
    again = selectors.round_of(row.uuid)
    assert again
    assert again.stops[0].words == ""


def test_a_stop_is_not_left_out_without_a_reason(town: Town) -> None:
    row = town.first()
    stop = row.stops.all()[0]
    with problem("reason"):
        actions.record_stop(row.uuid, stop.uuid, outcome="skipped", actor=town.walker)
    with problem("outcome"):
        actions.record_stop(row.uuid, stop.uuid, outcome="seen", actor=town.walker)
    with problem("no_stop"):
        actions.record_stop(row.uuid, uuid7(), outcome="done", actor=town.walker)
    with problem("no_round"):
        actions.start_round(uuid7(), actor=town.walker)


def test_another_team_does_not_walk_it(town: Town) -> None:
    row = town.first()
    for who in ("handler", "dispatcher", "verifier"):
        with refusal("not_walker"):
            actions.start_round(row.uuid, actor=town.city.staff[who])


# -- missed -----------------------------------------------------------------------------------


def test_each_miss_in_a_row_is_told_one_level_higher(town: Town) -> None:
    town.plan()
    for day in (1, 2, 3):
        with clock.at(MONDAY + day * DAY):
            actions.lay_out_rounds()
            assert actions.close_missed() == 1
            assert actions.close_missed() == 0
    rows = Round.objects.filter(state="missed").order_by("day")
    above = [row.brought_to.level if row.brought_to else "" for row in rows]
    assert above == ["community", "street", "district"]
    assert [row.in_a_row for row in rows] == [1, 2, 3]


def test_what_was_walked_without_a_network_is_missed_no_longer(town: Town) -> None:
    row = town.first()
    with clock.at(MONDAY + DAY):
        actions.close_missed()
        got = actions.start_round(row.uuid, actor=town.walker)
    assert got.state == "started"
    row.refresh_from_db()
    assert (row.in_a_row, row.brought_to_id) == (0, None)
    assert Event.objects.get(type="patrols.RoundStarted").data == {"was_missed": True}


def test_phones_have_two_hours_before_a_round_counts_as_missed(town: Town) -> None:
    row = town.first()
    with clock.at(row.until_at + timedelta(minutes=119)):
        assert actions.close_missed() == 0
    with clock.at(row.until_at + timedelta(minutes=121)):
        assert actions.close_missed() == 1


def test_why_it_was_missed_is_one_of_few(town: Town) -> None:
    row, desk = town.first(), town.city.staff["dispatcher"]
    with problem("no_round"):
        actions.explain_miss(row.uuid, "weather", actor=desk)
    with clock.at(MONDAY + DAY):
        actions.close_missed()
        with problem("excuse"):
            actions.explain_miss(row.uuid, "lazy", actor=desk)
        with refusal("not_planner"):
            actions.explain_miss(row.uuid, "weather", actor=town.walker)
        for _time in range(2):
            actions.explain_miss(row.uuid, "weather", actor=desk)
    assert told("MissExplained") == 1
