from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lingka.cases.actions import due_now, follow_case, perform
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.models import Cursor
from lingka.insight.actions import differences, rebuild
from lingka.insight.measures import COLUMNS, PARTS, Tally, count
from lingka.insight.models import Count, Fact, WeekCount
from tests.cases.city import MONDAY as MORNING
from tests.cases.city import City, Opened, case_of, picture

Heard = Callable[[], None]


def tally(**where: Any) -> Tally:
    """What the counts hold of the whole town."""
    rows = Count.objects.filter(**where).values_list(*COLUMNS)
    return sum((Tally(*row) for row in rows), Tally())


def of_town(city: City) -> Tally:
    return tally(area=city.root.pk)


def fact(opened: Opened) -> Fact:
    return Fact.objects.get(case=opened.case_uuid)


def test_a_new_case_is_counted_in_each_of_its_areas_but_the_grid(city: City, heard: Heard) -> None:
    opened = city.open()
    heard()
    community = city.grid.parent
    for area in (city.root, city.street.parent, city.street, community):
        assert area is not None
        assert tally(area=area.pk) == Tally(cases=1, contact_open=1, handled_open=1, unasked=1)
    assert not Count.objects.filter(area=city.grid.pk).exists()
    assert fact(opened).unit == 0


def test_a_case_solved_in_time_counts_in_every_rate(city: City, heard: Heard) -> None:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="yes")
    heard()
    found = of_town(city)
    assert count("contacted_in_time", found) == count("assessed", found) == 1
    assert count("handled_in_time", found) == count("handled", found) == 1
    assert (found.answered, found.solved, found.voiced, found.satisfied) == (1, 1, 1, 1)
    assert fact(opened).unit == city.units["light"].pk


def test_a_hazard_of_which_nobody_is_asked_counts_as_handled_and_not_as_unreached(
    city: City, heard: Heard
) -> None:
    opened = city.open("safety.hazard", attachments=[picture()])
    city.do(opened, "register", "dispatcher", level="ordinary")
    six = {"item": "护栏", "measure": "焊牢", "funds": "none", "person": "班长",
           "until": MORNING + timedelta(days=9)}  # fmt: skip
    again = city.units["checkers"].id
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id, reinspector=again, **six)
    city.do(opened, "sign_in", "plumber")
    city.do(opened, "report_back", "plumber", words="焊好了", attachments=[picture()])
    city.do(opened, "verify", "verifier", how="visit")
    heard()
    found = of_town(city)
    assert case_of(opened).state == "closed"
    assert (count("handled", found), found.unreached, found.unasked) == (1, 0, 0)
    assert fact(opened).answer == ""
    assert differences() == []


def test_what_happens_between_two_looks_is_counted_once(city: City, heard: Heard) -> None:
    opened = city.open()
    heard()
    city.walk(opened, "reported")
    heard()
    heard()
    assert of_town(city) == Tally(cases=1, contact_met=1, handled_met=1, unasked=1)
    assert Count.objects.filter(unit=0, cases__gt=0).count() == 0, "it moved to the unit"


def test_a_first_contact_after_its_deadline_is_late_as_soon_as_it_has_passed(
    city: City, heard: Heard
) -> None:
    city.at("handling")
    with clock.at(MORNING + timedelta(days=2)):
        while due_now():
            pass
        heard()
        assert of_town(city).contact_missed == 1
        assert of_town(city).handled_open == 1


def test_handled_late_is_not_on_time(city: City, heard: Heard) -> None:
    opened = city.at("handling")
    with clock.at(MORNING + timedelta(days=14)):
        while due_now():
            pass
        heard()
        assert of_town(city).handled_overdue == 1
        city.do(opened, "report_back", "handler", words="修好了")
        heard()
    assert of_town(city).handled_missed == 1
    assert of_town(city).handled_overdue == 0


def test_a_case_redone_in_time_is_on_time_only_if_every_round_was(city: City, heard: Heard) -> None:
    opened = city.at("handling")
    with clock.at(MORNING + timedelta(days=14)):
        city.do(opened, "report_back", "handler", words="修好了")
        city.do(opened, "verify_failed", "verifier", words="还不亮")
        city.do(opened, "report_back", "handler", words="这回真修好了")
        heard()
    found = of_town(city)
    assert (found.handled_missed, found.handled_met, found.redone) == (1, 0, 1)


def test_a_resident_who_says_nothing_is_unreached(city: City, heard: Heard) -> None:
    opened = city.at("calling_back")
    city.do(opened, "call_back_tried", "verifier", outcome="none")
    city.do(opened, "call_back_unreached", "verifier")
    with clock.at(MORNING + timedelta(days=9)):
        while due_now():
            pass
        heard()
    assert case_of(opened).stage == "closed"
    assert (of_town(city).unreached, of_town(city).answered) == (1, 0)


def test_what_was_told_on_the_telephone_is_an_answer_without_satisfaction(
    city: City, heard: Heard
) -> None:
    city.at("resolved")
    heard()
    found = of_town(city)
    assert (found.answered, found.solved, found.voiced) == (1, 1, 0)


def test_the_last_word_counts_until_there_is_another(city: City, heard: Heard) -> None:
    opened = city.at("resolved")
    city.do(opened, "reopen", city.reporter(opened))
    heard()
    assert (of_town(city).answered, of_town(city).solved) == (1, 0)
    city.do(opened, "report_back", "handler", words="又修了")
    city.do(opened, "verify", "verifier", how="visit")
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="no")
    heard()
    found = of_town(city)
    assert (found.answered, found.solved, found.voiced, found.satisfied) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("action", "who", "data"),
    [
        ("decline", "dispatcher", {"reason": "outside", "words": "不在本市"}),
        ("withdraw", "reporter", {}),
    ],
)
def test_what_was_not_taken_on_or_withdrawn_is_left_out_and_told_apart(
    city: City, heard: Heard, action: str, who: str, data: dict[str, Any]
) -> None:
    opened = city.open()
    actor = city.reporter(opened) if who == "reporter" else city.staff[who]
    perform(opened.case_uuid, action, actor=actor, data=data)
    heard()
    rows = Count.objects.filter(area=city.root.pk, cases__gt=0)
    assert [(row.cases, row.reason) for row in rows] == [(1, case_of(opened).state)]
    assert of_town(city) == Tally(cases=1)


def test_the_counts_are_what_all_events_give_when_folded_anew(city: City, heard: Heard) -> None:
    for state in ("received", "handling", "reported", "resolved"):
        city.at(state)
        heard()
    assert differences() == []
    before = of_town(city)
    assert rebuild() == 4
    assert of_town(city) == before
    assert differences() == []


def test_a_count_altered_by_hand_is_found(city: City, heard: Heard) -> None:
    opened = city.at("reported")
    heard()
    Count.objects.filter(area=city.root.pk).update(contact_met=7)
    Fact.objects.filter(case=opened.case_uuid).update(handled="missed")
    found = differences()
    assert any(case_of(opened).number in one and "handled" in one for one in found)
    assert any(str(city.root.pk) in one for one in found)


def test_after_a_rebuild_nothing_is_heard_twice(city: City, heard: Heard) -> None:
    city.at("handling")
    rebuild()
    assert Cursor.objects.get(receiver="insight.facts").position > 0
    heard()
    assert of_town(city).cases == 1


@pytest.mark.parametrize(
    ("told", "solved", "satisfied"),
    [
        ((True, True), 1, 1),
        ((True, False), 0, 0),
        ((False, True), 0, 0),
    ],
)
def test_several_who_answered_must_all_say_solved_and_most_be_satisfied(
    city: City, heard: Heard, told: tuple[bool, bool], solved: int, satisfied: int
) -> None:
    opened = city.open()
    follower = follow_case(
        opened.case_uuid, actor=Actor("resident"), language="zh-hans", idempotency_key=uuid7()
    )
    city.walk(opened, "calling_back")
    for who, said in zip((opened, follower), told, strict=True):
        actor = Actor("resident", who.receipt_id)
        action = "rate" if who is opened else "rate_along"
        city.do(opened, action, actor, solved=said, satisfied="yes" if said else "no")
    heard()
    found = of_town(city)
    assert (found.answered, found.solved, found.satisfied) == (1, solved, satisfied)


def test_every_case_is_in_exactly_one_part_of_each_kind(city: City, heard: Heard) -> None:
    for state in ("received", "accepted", "handling", "reported", "calling_back", "resolved"):
        city.at(state)
    heard()
    found = of_town(city)
    for parts in PARTS.values():
        assert sum(getattr(found, name) for name in parts) == found.cases == 6


def test_who_was_not_drawn_for_a_call_is_told_apart_from_who_was_not_reached(
    city: City, heard: Heard
) -> None:
    opened = city.at("calling_back")
    perform(opened.case_uuid, "call_back_spared", actor=SYSTEM, data={"lot": True})
    with clock.at(MORNING + timedelta(days=9)):
        while due_now():
            pass
        heard()
    assert (of_town(city).undrawn, of_town(city).unreached) == (1, 0)


def test_satisfaction_told_on_the_telephone_counts(city: City, heard: Heard) -> None:
    city.do(city.at("calling_back"), "call_back_done", "verifier", satisfied="yes")
    heard()
    assert (of_town(city).voiced, of_town(city).satisfied) == (1, 1)


def test_a_case_counts_in_its_week_on_the_towns_calendar(city: City, heard: Heard) -> None:
    late_on_sunday = MORNING + timedelta(days=6, hours=13, minutes=59)
    for moment in (late_on_sunday, late_on_sunday + timedelta(minutes=2)):
        with clock.at(moment):
            city.open()
    heard()
    weeks = WeekCount.objects.filter(area=city.root.pk).values_list("month", "cases")
    monday = MORNING.date()
    assert sorted(weeks) == [(monday, 1), (monday + timedelta(days=7), 1)]
