"""Each named condition lets through what it should, and refuses the rest with its reason."""

from datetime import timedelta
from typing import Any

import pytest

from lingka.cases import clocks, rules
from lingka.cases.workflow import CaseState
from lingka.core import clock
from lingka.units import actions as units

BEFORE, AFTER = (
    clocks.text(clock.now() + timedelta(hours=hours)) for hours in (-1000, 1000)
)  # far from any test's own now


def facts(**values: Any) -> CaseState:
    return CaseState(facts=values)


def running(name: str, **values: Any) -> CaseState:
    return CaseState(clocks={name: {"due": AFTER, "stopped": None} | values})


def helped(ended: str | None) -> CaseState:
    return CaseState(assignments=({"unit": 7, "kind": "co", "ended": ended},))


REFUSED = [
    ("handler_does_not_verify", CaseState(), {"handled_this"}, "separated"),
    ("handler_does_not_verify", CaseState(), {"handling_unit"}, "separated"),
    ("asker_does_not_grant", CaseState(), {"asked_extension"}, "separated"),
    ("extension_is_asked", CaseState(), set(), "nothing_asked"),
    ("nobody_else_named_it", facts(followers=1), set(), "others"),
    ("others_named_it", CaseState(), set(), "nothing_asked"),
    ("no_extension_pending", facts(extension={}), set(), "pending"),
    ("before_the_deadline", running("resolve", due=BEFORE), set(), "too_late"),
    ("before_the_deadline", CaseState(), set(), "no_deadline"),
    ("day_asked_lies_ahead", facts(extension={"until": BEFORE}), set(), "past"),
    ("within_reopening", facts(reopen_until=BEFORE), set(), "too_late"),
    ("reopening_is_over", facts(reopen_until=AFTER), set(), "reopenable"),
    ("not_answered_this_round", CaseState(), {"rated"}, "rated"),
    ("called_often_enough", CaseState(), {"caller"}, "too_few_calls"),
    ("nobody_asked_yet", facts(asked=True), set(), "pending"),
    ("question_is_open", CaseState(), set(), "nothing_asked"),
    ("arrival_is_open", CaseState(), set(), "no_arrival"),
    ("arrival_is_open", running("arrive", stopped=BEFORE), set(), "no_arrival"),
    ("a_code_hangs_there", CaseState(), set(), "no_place"),
    ("contact_is_open", facts(contacted=BEFORE), set(), "done"),
    ("ruling_is_due", facts(ruling=True), {"dispatcher"}, "ruling"),
    ("a_duty_list_speaks_against_it", CaseState(case_type="light.out"), set(), "nothing_against"),
    ("helpers_have_ended", helped(ended=None), set(), "helpers"),
    ("can_wait_for_another", CaseState(urgent=True), set(), "act_first"),
    ("is_urgent", CaseState(), set(), "state"),
    ("no_dispute_open", facts(dispute={"unit": 1}), set(), "pending"),
    ("dispute_is_open", CaseState(), set(), "nothing_asked"),
    ("hazard_is_major", facts(level="ordinary"), set(), "state"),
    ("not_listed_yet", facts(listed=BEFORE), set(), "done"),
    ("protection_stands", facts(level="major"), set(), "unprotected"),
    ("named_reinspector_looks", facts(reinspector=1), {"verifier"}, "separated"),
    ("may_be_said_in_public", CaseState(case_type="help.papers"), set(), "not_public"),
    ("never_redone", facts(rounds=1), set(), "redone"),
    ("no_council_sits_on_it", facts(resolution="1"), set(), "council"),
    ("reporter_is_here", CaseState(channel="council"), set(), "nothing_asked"),
    ("merge_can_be_undone", facts(merged_from={"until": BEFORE}), set(), "too_late"),
    ("merge_can_be_undone", CaseState(), set(), "too_late"),
    ("others_are_on_it", helped(ended=BEFORE), set(), "nothing_asked"),
    ("no_meeting_called", facts(meeting={"at": AFTER}), set(), "meeting"),
    ("meeting_is_called", CaseState(), set(), "nothing_asked"),
    ("meeting_has_begun", facts(meeting={"at": AFTER}), set(), "too_early"),
    ("no_call_is_open", facts(call="1"), set(), "pending"),
    ("stands_for_itself", facts(whole="1"), set(), "a_part"),
    ("is_a_part", CaseState(), set(), "no_part"),
    ("parts_have_ended", facts(parts=["1", "2"], ended={"1": "part_done"}), set(), "parts"),
    ("not_supervised_yet", facts(supervised={"at": BEFORE}), set(), "pending"),
    ("answer_is_owed", CaseState(), {"lead_handler"}, "nothing_asked"),
    ("answer_is_owed", facts(supervised={"answered": BEFORE}), set(), "nothing_asked"),
    ("who_has_it_answers", CaseState(lead_unit=7), {"dispatcher"}, "relation"),
    ("supervision_was_answered", facts(supervised={"at": BEFORE}), set(), "nothing_asked"),
    ("above_names_or_it_came_live", CaseState(channel="web"), {"dispatcher"}, "nothing_asked"),
    ("not_leading_yet", CaseState(), {"leader", "named_lead"}, "done"),
    ("lead_is_waited_for", CaseState(), {"named_lead"}, "nothing_asked"),
    ("lead_is_waited_for", running("lead_answer", stopped=BEFORE), set(), "nothing_asked"),
    ("grade_can_rise", facts(highest=True), {"dispatcher"}, "done"),
    ("chain_goes_on", CaseState(desk_area=5, facts={"chain": [2, 5]}), {"dispatcher"}, "done"),
    ("chain_is_through", CaseState(desk_area=2, facts={"chain": [2, 5]}), {"dispatcher"}, "chain"),
]
LET_THROUGH = [
    ("handler_does_not_verify", CaseState(), {"verifier"}),
    ("asker_does_not_grant", CaseState(), {"supervisor"}),
    ("extension_is_asked", facts(extension={}), set()),
    ("nobody_else_named_it", CaseState(), set()),
    ("others_named_it", facts(followers=1), set()),
    ("no_extension_pending", CaseState(), set()),
    ("before_the_deadline", running("resolve", due=BEFORE, paused=BEFORE, left=60), set()),
    ("day_asked_lies_ahead", CaseState(), set()),
    ("day_asked_lies_ahead", facts(extension={"until": AFTER}), set()),
    ("before_the_deadline", running("resolve"), set()),
    ("within_reopening", CaseState(), set()),
    ("within_reopening", facts(reopen_until=AFTER), set()),
    ("reopening_is_over", CaseState(), set()),
    ("reopening_is_over", facts(reopen_until=BEFORE), set()),
    ("not_answered_this_round", CaseState(), {"reporter"}),
    ("called_often_enough", facts(calls={"enough": True}), {"caller"}),
    ("nobody_asked_yet", CaseState(), set()),
    ("question_is_open", facts(asked=True), set()),
    ("arrival_is_open", running("arrive"), set()),
    ("a_code_hangs_there", CaseState(place=1), set()),
    ("contact_is_open", CaseState(), set()),
    ("ruling_is_due", CaseState(), {"dispatcher"}),
    ("ruling_is_due", facts(ruling=True), {"dispatcher", "ruler"}),
    ("a_duty_list_speaks_against_it", CaseState(case_type="order.ledger"), set()),
    ("helpers_have_ended", helped(ended=BEFORE), set()),
    ("can_wait_for_another", CaseState(), set()),
    ("is_urgent", CaseState(urgent=True), set()),
    ("no_dispute_open", CaseState(), set()),
    ("dispute_is_open", facts(dispute={"unit": 1}), set()),
    ("hazard_is_major", facts(level="major"), set()),
    ("not_listed_yet", CaseState(), set()),
    ("protection_stands", facts(level="ordinary"), set()),
    ("protection_stands", facts(level="major", protected=BEFORE), set()),
    ("named_reinspector_looks", CaseState(), {"verifier"}),
    ("named_reinspector_looks", facts(reinspector=1), {"reinspector"}),
    ("arrival_is_open", running("arrive:7"), set()),
    ("may_be_said_in_public", CaseState(case_type="light.out"), set()),
    ("never_redone", CaseState(), set()),
    ("no_council_sits_on_it", CaseState(), set()),
    ("no_council_sits_on_it", facts(resolution="1", council_ended="closed"), set()),
    ("reporter_is_here", CaseState(channel="counter"), set()),
    ("merge_can_be_undone", facts(merged_from={"until": AFTER}), set()),
    ("others_are_on_it", helped(ended=None), set()),
    ("no_meeting_called", CaseState(), set()),
    ("meeting_is_called", facts(meeting={"at": AFTER}), set()),
    ("meeting_has_begun", CaseState(), set()),
    ("meeting_has_begun", facts(meeting={"at": BEFORE}), set()),
    ("no_call_is_open", facts(call="1", ended={"1": "dropped"}), set()),
    ("stands_for_itself", CaseState(), set()),
    ("is_a_part", facts(whole="1"), set()),
    ("parts_have_ended", CaseState(), set()),
    ("parts_have_ended", facts(parts=["1"], ended={"1": "dropped"}), set()),
    ("not_supervised_yet", facts(supervised={"answered": BEFORE}), set()),
    ("answer_is_owed", facts(supervised={"at": BEFORE}), set()),
    ("who_has_it_answers", CaseState(lead_unit=7), {"lead_handler"}),
    ("who_has_it_answers", CaseState(), {"dispatcher"}),
    ("supervision_was_answered", facts(supervised={"answered": BEFORE}), set()),
    ("above_names_or_it_came_live", CaseState(channel="web"), {"above"}),
    ("above_names_or_it_came_live", CaseState(channel="leader"), {"dispatcher"}),
    ("not_leading_yet", CaseState(), {"leader"}),
    ("lead_is_waited_for", running("lead_answer"), {"named_lead"}),
    ("grade_can_rise", facts(grade="hard"), {"dispatcher"}),
    ("chain_goes_on", CaseState(desk_area=2, facts={"chain": [2, 5]}), {"dispatcher"}),
    ("chain_is_through", CaseState(desk_area=5, facts={"chain": [2, 5]}), {"dispatcher"}),
    ("chain_is_through", CaseState(desk_area=9, facts={"chain": [2, 5]}), {"dispatcher"}),
]


@pytest.fixture(autouse=True)
def _lists(db: None) -> None:
    units.activate_shipped()


@pytest.mark.parametrize(("name", "state", "relations", "code"), REFUSED)
def test_a_condition_refuses_with_its_reason(
    name: str, state: CaseState, relations: set[str], code: str
) -> None:
    verdict = rules.CONDITIONS[name](state, frozenset(relations))
    assert not verdict
    assert verdict.code == code


@pytest.mark.parametrize(("name", "state", "relations"), LET_THROUGH)
def test_a_condition_lets_through(name: str, state: CaseState, relations: set[str]) -> None:
    assert rules.CONDITIONS[name](state, frozenset(relations))


def test_every_condition_is_tried_both_ways() -> None:
    tried = {row[0] for row in REFUSED}
    assert tried == {row[0] for row in LET_THROUGH} == set(rules.CONDITIONS)
