"""What happens beside the straight way: returns, extensions, suspensions, questions, redoing."""

from datetime import datetime, timedelta

import pytest

from lingka.cases import actions, clocks
from lingka.cases.models import Case, Rating
from lingka.cases.selectors import over_at
from lingka.core import clock, events, verify
from tests.cases.city import MONDAY, City, case_of, problem, refusal

LATER = "2026-11-30"


def due(case: Case, name: str) -> datetime:
    return clocks.moment(case.clocks[name]["due"])


# -- returns and moves ----------------------------------------------------------------------


def test_a_returned_case_comes_back_to_the_desk_without_a_lead(city: City) -> None:
    opened = city.at("dispatched")
    city.do(opened, "return", "handler", reason="not_ours", note="是供电的")
    case = case_of(opened)
    assert (case.state, case.owner, case.lead_unit_id) == ("accepted", "dispatcher", None)
    assert case.facts["returns"] == 1
    assert case.assignments[0]["returned"]


def test_the_second_return_goes_to_the_level_above_for_a_ruling(city: City) -> None:
    opened = city.at("dispatched")
    city.do(opened, "return", "handler", reason="not_ours", note="1")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "return", "plumber", reason="not_ours", note="2")
    case = case_of(opened)
    assert case.facts["ruling"]
    assert case.desk_area_id == city.root.id
    with refusal("relation"):
        city.do(opened, "dispatch", "dispatcher", unit=city.units["light"].id)
    city.do(opened, "dispatch", "chief", unit=city.units["light"].id)
    case = case_of(opened)
    assert case.state == "dispatched"
    assert "ruling" not in case.facts


def test_reassigning_ends_the_first_assignment(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "reassign", "dispatcher", unit=city.units["water"].id, note="管错了")
    case = case_of(opened)
    assert (case.state, case.lead_unit_id) == ("dispatched", city.units["water"].id)
    assert [bool(one["ended"]) for one in case.assignments] == [True, False]


def test_what_moved_through_three_units_is_a_problem_case(city: City) -> None:
    opened = city.at("dispatched")
    for unit in ("water", "light", "water"):
        city.do(opened, "reassign", "supervisor", unit=city.units[unit].id, note="再派")
    case = case_of(opened)
    assert case.facts["problem"]
    assert case.desk_area_id == city.root.id, "the level above leads it"


def test_the_next_unit_has_its_own_time_to_sign_in(city: City) -> None:
    opened = city.at("dispatched")
    first = due(case_of(opened), "sign_in")
    with clock.at(MONDAY + timedelta(days=1)):
        city.do(opened, "reassign", "dispatcher", unit=city.units["water"].id, note="管错了")
    assert due(case_of(opened), "sign_in") == first + timedelta(days=1)


# -- joint handling -------------------------------------------------------------------------


def test_a_co_handler_reports_its_own_part(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "co_report", "plumber", words="我们这边好了")
    case = case_of(opened)
    assert case.state == "handling"
    assert [bool(one["ended"]) for one in case.assignments] == [False, True]
    with refusal("relation"):
        city.do(opened, "report_back", "plumber", words="好了")


def test_a_unit_joins_only_once(city: City) -> None:
    opened = city.at("handling")
    with problem("already"):
        city.do(opened, "add_co_handler", "dispatcher", unit=city.units["light"].id)


# -- extension ------------------------------------------------------------------------------


def test_more_time_is_asked_for_and_granted_by_another(city: City) -> None:
    opened = city.at("handling")
    before = due(case_of(opened), "resolve")
    city.do(opened, "extend_ask", "handler", until=LATER, note="等材料")
    assert due(case_of(opened), "resolve") == before
    city.do(opened, "extend_grant", "dispatcher")
    case = case_of(opened)
    assert due(case, "resolve") > before
    assert "extension" not in case.facts
    assert case.facts["extensions"] == 1


def test_more_time_granted_while_the_resident_is_asked_is_not_lost(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "ask", "handler", words="哪一盏？")
    city.do(opened, "extend_ask", "handler", until=LATER, note="等配件")
    city.do(opened, "extend_grant", "dispatcher")
    granted = due(case_of(opened), "resolve")
    city.do(opened, "answer", city.reporter(opened), words="门口那盏")
    assert due(case_of(opened), "resolve") == granted


def test_more_time_never_brings_a_deadline_forward(city: City) -> None:
    opened = city.at("handling")
    soon = due(case_of(opened), "resolve") + timedelta(hours=1)
    city.do(opened, "extend_ask", "handler", until=soon.isoformat(), note="等配件")
    city.do(opened, "suspend", "dispatcher", until=LATER, words="等配件")
    with clock.at(MONDAY + timedelta(days=7)):
        city.do(opened, "resume", "dispatcher")
        resumed = due(case_of(opened), "resolve")
        city.do(opened, "extend_grant", "dispatcher")
    assert due(case_of(opened), "resolve") == resumed > soon


def test_refused_more_time_changes_nothing_but_the_question(city: City) -> None:
    opened = city.at("handling")
    before = due(case_of(opened), "resolve")
    city.do(opened, "extend_ask", "handler", until=LATER, note="等材料")
    city.do(opened, "extend_refuse", "supervisor", note="不行")
    assert due(case_of(opened), "resolve") == before
    assert "extension" not in case_of(opened).facts


def test_nobody_asks_twice_or_for_less_time(city: City) -> None:
    opened = city.at("handling")
    with problem("past"):
        city.do(opened, "extend_ask", "handler", until="2026-11-01", note="x")
    with problem("earlier"):
        city.do(opened, "extend_ask", "handler", until="2026-11-17", note="x")
    city.do(opened, "extend_ask", "handler", until=LATER, note="x")
    with refusal("pending"):
        city.do(opened, "extend_ask", "handler", until=LATER, note="x")


def test_more_time_is_not_asked_for_after_the_deadline(city: City) -> None:
    opened = city.at("handling")
    with clock.at(MONDAY + timedelta(days=20)), refusal("too_late"):
        city.do(opened, "extend_ask", "handler", until="2027-01-20", note="x")


# -- suspension and questions ---------------------------------------------------------------


def test_a_suspended_case_stands_still_and_wakes_by_itself(city: City) -> None:
    opened = city.at("handling")
    left = due(case_of(opened), "resolve") - MONDAY
    city.do(opened, "suspend", "dispatcher", until=LATER, words="等化冻")
    case = case_of(opened)
    assert (case.state, case.stage, case.due_at) == ("suspended", "suspended", None)
    with clock.at(datetime.fromisoformat("2026-11-30T18:00:00+08:00")):
        assert actions.due_now() == 1
    case = case_of(opened)
    assert case.state == "handling"
    assert due(case, "resolve") > clocks.moment("2026-11-30T10:00:00+00:00")
    assert left > timedelta(0)
    assert "resume_on" not in case.facts


def test_a_suspension_needs_a_day_to_come(city: City) -> None:
    opened = city.at("handling")
    with problem("past"):
        city.do(opened, "suspend", "dispatcher", until="2026-11-01", words="x")


def test_asking_the_resident_pauses_the_clocks_until_they_answer(city: City) -> None:
    opened = city.at("handling")
    before = due(case_of(opened), "resolve")
    city.do(opened, "ask", "handler", words="几单元？")
    assert case_of(opened).due_at is None
    with clock.at(MONDAY + timedelta(days=1)):
        city.do(opened, "answer", city.reporter(opened), words="二单元")
    case = case_of(opened)
    assert "asked" not in case.facts
    assert due(case, "resolve") > before


def test_what_is_handled_while_the_resident_is_asked_is_not_late(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "ask", "handler", words="哪一盏？")
    with clock.at(MONDAY + timedelta(days=30)):
        city.do(opened, "report_back", "handler", words="都修好了")
    case = case_of(opened)
    assert clocks.met(case.clocks["resolve"])
    assert "asked" not in case.facts, "nobody can answer any more"
    assert clocks.is_running(case.clocks["verify"])


def test_a_clock_that_would_start_while_the_resident_is_asked_waits_too(city: City) -> None:
    opened = city.open()
    city.do(opened, "ask", "dispatcher", words="在哪里？")
    city.do(opened, "accept", "dispatcher")
    started = due(case_of(opened), "dispatch")
    assert not clocks.is_running(case_of(opened).clocks["dispatch"])
    with clock.at(MONDAY + timedelta(days=1)):
        city.do(opened, "answer", city.reporter(opened), words="门口")
    assert due(case_of(opened), "dispatch") == started + timedelta(days=1)


def test_an_answer_needs_words_or_a_photo(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "ask", "handler", words="几单元？")
    with problem("missing"):
        city.do(opened, "answer", city.reporter(opened))


def test_a_question_still_open_keeps_a_resumed_case_paused(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "ask", "handler", words="几单元？")
    city.do(opened, "suspend", "dispatcher", until=LATER, words="等化冻")
    city.do(opened, "resume", "handler")
    assert case_of(opened).due_at is None


# -- verification, rating, reopening --------------------------------------------------------


@pytest.mark.parametrize("who", ["handler", "mate"])
def test_who_handled_does_not_verify(city: City, who: str) -> None:
    opened = city.at("reported")
    with refusal("relation"):
        city.do(opened, "verify", who, how="visit")


def test_not_even_with_a_verifiers_post_of_their_own(city: City) -> None:
    from lingka.accounts.models import Post
    from tests.cases.city import START

    Post.objects.create(
        user_id=city.staff["handler"].id, role="verifier", unit=city.units["checkers"],
        area=city.street, valid_from=START,
    )  # fmt: skip
    opened = city.at("reported")
    with refusal("separated"):
        city.do(opened, "verify", "handler", how="visit")


def test_who_helped_to_handle_does_not_verify(city: City) -> None:
    opened = city.at("handling")
    checkers = city.units["checkers"].id
    city.do(opened, "add_co_handler", "dispatcher", unit=checkers)
    city.do(opened, "excuse", "dispatcher", helper=checkers, note="已到过场")
    city.do(opened, "report_back", "handler", words="好了")
    with refusal("separated"):
        city.do(opened, "verify", "verifier", how="visit")


def test_a_failed_verification_starts_a_new_round(city: City) -> None:
    opened = city.at("reported")
    city.do(opened, "verify_failed", "verifier", words="还是不亮")
    case = case_of(opened)
    assert (case.state, case.facts["rounds"]) == ("handling", 1)
    assert case.clocks["resolve"]["stopped"] is None


def test_an_unsolved_call_back_starts_a_new_round(city: City) -> None:
    opened = city.at("calling_back")
    city.do(opened, "call_back_unsolved", "verifier", words="楼上还是没水")
    assert (case_of(opened).state, case_of(opened).facts["rounds"]) == ("handling", 1)


def test_what_was_redone_three_times_is_a_problem_case_at_the_level_above(city: City) -> None:
    opened = city.at("reported")
    for number in range(3):
        city.do(opened, "verify_failed", "verifier" if number < 3 else "supervisor", words="没好")
        city.do(opened, "report_back", "handler", words="好了")
    case = case_of(opened)
    assert case.facts["problem"]
    assert case.desk_area_id == city.root.id


def test_the_resident_reopens_within_the_days_and_not_later(city: City) -> None:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=False, satisfied="no")
    with clock.at(MONDAY + timedelta(days=10)):
        city.do(opened, "reopen", city.reporter(opened), words="又坏了")
        case = case_of(opened)
        assert (case.state, case.closed_at, case.facts["rounds"]) == ("handling", None, 1)
        assert case.clocks["resolve"]["stopped"] is None
    other = city.at("resolved")
    city.do(other, "rate", city.reporter(other), solved=True)
    with clock.at(MONDAY + timedelta(days=30)), refusal("too_late"):
        city.do(other, "reopen", city.reporter(other), words="又坏了")


def test_whether_a_case_was_over_is_said_as_of_a_moment(city: City) -> None:
    opened = city.at("reported")
    start, case = clock.now(), opened.case_uuid
    for days, action, who, data in (
        (1, "verify", "verifier", {"how": "visit"}),
        (3, "reopen", city.reporter(opened), {"words": "又坏了"}),
    ):
        with clock.at(start + timedelta(days=days)):
            city.do(opened, action, who, **data)
    over = [bool(over_at([case], start + timedelta(days=day))) for day in (0, 2, 4)]
    assert over == [False, True, False]


def test_what_the_resident_may_still_reopen_is_not_archived(city: City) -> None:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=True)
    with refusal("reopenable"):
        city.do(opened, "archive", "dispatcher")
    with clock.at(MONDAY + timedelta(days=16)):
        city.do(opened, "archive", "dispatcher")
    assert case_of(opened).state == "archived"


def test_each_round_can_be_rated_once(city: City) -> None:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="fair", words="还行")
    with refusal("state"):
        city.do(opened, "rate", city.reporter(opened), solved=True)
    assert [(one.round, one.satisfied) for one in Rating.objects.all()] == [(0, "fair")]


def test_silence_closes_what_was_verified(city: City) -> None:
    opened = city.at("resolved")
    with clock.at(MONDAY + timedelta(days=8)):
        actions.due_now()
    assert case_of(opened).state == "closed"
    assert events.history(opened.case_uuid)[-1].actor == {"kind": "system"}


# -- the desk and the resident --------------------------------------------------------------


def test_a_declined_case_is_closed_with_its_reason(city: City) -> None:
    opened = city.open()
    city.do(opened, "decline", "dispatcher", reason="courts", words="请走法院")
    case = case_of(opened)
    assert (case.state, case.stage) == ("declined", "closed")
    assert all(one["stopped"] for one in case.clocks.values())


def test_the_resident_withdraws_at_any_open_state(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "withdraw", city.reporter(opened))
    assert case_of(opened).state == "withdrawn"


def test_a_reminder_is_counted(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "remind", "supervisor")
    city.do(opened, "remind", city.reporter(opened))
    assert case_of(opened).facts["reminders"] == 2


def test_the_first_contact_stops_the_clock_for_responding(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "first_contact", "handler")
    assert case_of(opened).clocks["respond"]["stopped"]
    with refusal("done"):
        city.do(opened, "first_contact", "handler")


@pytest.mark.parametrize("words", ["ask", "reply"])
def test_words_to_the_resident_are_a_first_contact(city: City, words: str) -> None:
    opened = city.at("handling")
    city.do(opened, words, "handler", words="您家是几楼？")
    assert case_of(opened).clocks["respond"]["stopped"]


def test_progress_and_words_among_colleagues_are_no_first_contact(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "handle", "handler", words="备了料")
    city.do(opened, "note", "handler", note="约了周五")
    assert not case_of(opened).clocks["respond"]["stopped"]


def test_escalating_gives_the_case_to_the_desk_above(city: City) -> None:
    opened = city.open()
    city.do(opened, "escalate", "dispatcher", note="涉及两个街道")
    assert case_of(opened).desk_area_id == city.root.id


def test_every_side_action_leaves_rows_that_their_events_explain(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "note", "dispatcher", note="内部")
    city.do(opened, "reply", "handler", words="明天来")
    city.do(opened, "handle", "handler", words="在找零件")
    city.do(opened, "add", city.reporter(opened), words="又灭了两盏")
    assert verify.run() == []
