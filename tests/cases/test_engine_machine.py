"""Any sequence of actions by anybody: the row is the fold of its events, nobody gets stuck."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.cases import actions, clocks, replay, rows
from lingka.cases.definitions import Action, Need
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.selectors.offers import offers_for
from lingka.core import clock, events
from lingka.core.actors import Actor
from lingka.core.models import Content, Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from tests.cases.city import MONDAY, City, case_of

STAFF = (
    "dispatcher", "chief", "handler", "mate", "plumber", "verifier", "supervisor", "walker",
)  # fmt: skip
ACTIONS = (
    "accept", "decline", "dispatch", "sign_in", "first_contact", "arrive", "handle", "report_back",
    "co_report", "verify", "verify_failed", "call_back_done", "call_back_unreached",
    "call_back_unsolved", "rate", "rate_along", "reopen", "archive", "return", "reassign",
    "add_co_handler", "extend_ask", "extend_grant", "extend_refuse", "suspend", "resume", "remind",
    "escalate", "ask", "answer", "add", "withdraw", "reply", "note",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from((*STAFF, "reporter", "stranger")),
    st.sampled_from(ACTIONS),
    st.integers(0, 5),  # which of the choices, units or days
    st.sampled_from((0, 5, 60, 24 * 60, 5 * 24 * 60)),  # minutes that pass before
    st.booleans(),  # try what is offered rather than anything
)


def test_the_machine_knows_every_action(city: City) -> None:
    """All but `close`, which only time does."""
    known = catalogue.workflow(catalogue.current("workflow", "quick_response")).actions
    assert {*ACTIONS, "close"} == set(known)


def given_for(action: Action, city: City, choice: int) -> dict[str, Any]:
    """Something valid for each need of an action."""
    return {need.name: value(need, city, choice) for need in action.needs if need.kind != "photos"}


def value(need: Need, city: City, choice: int) -> Any:
    if need.kind == "text":
        return "话"
    if need.kind == "unit":
        return sorted(unit.id for unit in city.units.values())[choice % 5]
    if need.kind == "choice":
        return need.options[choice % len(need.options)][0]
    if need.kind == "flag":
        return choice % 2 == 0
    return (clock.now() + timedelta(days=choice, hours=1)).isoformat()


def snapshot() -> tuple[Any, ...]:
    case = Case.objects.values().get()
    return Event.objects.count(), Content.objects.count(), repr(case)


@pytest.fixture
def machine(city: City) -> Iterator[City]:
    return city


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(("light.out", "water.burst", "help.papers")),
    st.lists(STEP, min_size=1, max_size=25),
)
def test_whatever_is_done_history_explains_the_row_and_a_way_leads_on(
    machine: City, case_type: str, steps: list[Any]
) -> None:
    point = transaction.savepoint()
    now = MONDAY
    try:
        with clock.at(now):
            opened = machine.open(case_type)
        for who, tried, choice, minutes, offered in steps:
            action = tried
            now += timedelta(minutes=minutes)
            with clock.at(now):
                actions.due_now()
                actor = actor_of(machine, opened, who)
                if offered:
                    action = some_offer(opened, actor, choice) or action
                step(machine, opened, actor, action, choice)
                holds(machine, opened)
    finally:
        transaction.savepoint_rollback(point)


def actor_of(city: City, opened: Any, who: str) -> Actor:
    if who == "reporter":
        return city.reporter(opened)
    return Actor("user", 10**9) if who == "stranger" else city.staff[who]


def some_offer(opened: Any, actor: Actor, choice: int) -> str:
    """One of the actions that this actor may do now."""
    offers = offers_for(case_of(opened), actor)
    possible = sorted(offer.key for offer in offers if offer.state)
    return possible[choice % len(possible)] if possible else ""


def step(city: City, opened: Any, actor: Actor, action: str, choice: int) -> None:
    case = case_of(opened)
    offers = {offer.key: offer.state for offer in offers_for(case, actor)}
    chosen = catalogue.workflow(case.workflow_id).actions[action]
    before = snapshot()
    try:
        with transaction.atomic():
            actions.perform(
                opened.case_uuid, action, actor=actor, data=given_for(chosen, city, choice)
            )
    except (PermissionRefused, Problem) as error:
        assert snapshot() == before, "a refused action leaves no trace"
        if isinstance(error, PermissionRefused):
            assert not offers.get(action), "what is offered is not refused"
    else:
        assert offers.get(action), "what is done was offered"
        separated(opened, actor, action)


def separated(opened: Any, actor: Actor, action: str) -> None:
    """Who handled does not verify; who asked for more time does not grant it."""
    history = [one for one in events.history(opened.case_uuid) if hasattr(one.data, "action")]
    past = [(one.data.action, one.actor.get("id")) for one in history[:-1]]
    if action in {"verify", "verify_failed", "call_back_done", "call_back_unsolved"}:
        handled = [who for what, who in past if what == "report_back"]
        assert handled[-1] != actor.id
    if action in {"extend_grant", "extend_refuse"}:
        asked = [who for what, who in past if what == "extend_ask"]
        assert asked[-1] != actor.id


def holds(city: City, opened: Any) -> None:
    case = case_of(opened)
    history = events.history(opened.case_uuid)
    assert replay.differences(case, history) == []
    folded = replay.fold(history)
    assert case.due_at == clocks.next_due({k: dict(v) for k, v in folded.clocks.items()})
    if case.stage == "closed":
        assert case.due_at is None
        assert case.wake_at is None
        return
    actors = [*city.staff.values(), city.reporter(opened)]
    ways = [
        offer
        for actor in actors
        for offer in offers_for(case, actor)
        if offer.state and catalogue.workflow(case.workflow_id).actions[offer.key].to
    ]
    assert ways, f"nobody can move a case in {case.state}"
    state = rows.state_of(case)
    paused = state.facts.get("asked") or state.stage == "suspended"
    assert not paused or not any(clocks.is_running(dict(one)) for one in state.clocks.values())
    assert (
        case.wake_at
        or paused
        or all(one.get("top") or one["stopped"] for one in state.clocks.values())
    )
