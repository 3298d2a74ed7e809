"""More time: asked for while there is a deadline to move, granted while the day lies ahead."""

from datetime import timedelta

import pytest

from lingka.cases import actions, rules
from lingka.cases.models import Case
from lingka.core import clock
from tests.cases.city import MONDAY, City, case_of, problem, refusal


def asked(city: City, days: int = 30) -> actions.Opened:
    opened = city.at("handling")
    until = (clock.now() + timedelta(days=days)).isoformat()
    city.do(opened, "extend_ask", "handler", until=until, note="等配件")
    return opened


def test_more_time_is_not_granted_once_the_day_asked_for_has_passed(city: City) -> None:
    opened = asked(city)
    with clock.at(MONDAY + timedelta(days=31)):
        with refusal("past"):
            city.do(opened, "extend_grant", "dispatcher")
        city.do(opened, "extend_refuse", "dispatcher", note="请重新申请")
    assert "extension" not in case_of(opened).facts


@pytest.mark.parametrize("clocks", [{}, {"resolve": None}])
def test_no_more_time_is_asked_for_where_nothing_has_a_deadline(
    city: City, clocks: dict[str, None]
) -> None:
    opened = city.at("handling")
    case = case_of(opened)
    kept = {name: value for name, value in case.clocks.items() if name != "resolve"}
    if clocks:
        kept["resolve"] = case.clocks["resolve"] | {"stopped": case.clocks["resolve"]["started"]}
    Case.objects.filter(id=case.id).update(clocks=kept)
    with refusal("no_deadline"):
        city.do(opened, "extend_ask", "handler", until="2026-12-30", note="x")


def test_more_time_may_be_asked_for_while_the_deadline_stands_still(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "ask", "handler", words="哪一盏？")
    with clock.at(MONDAY + timedelta(days=30)):
        until = (clock.now() + timedelta(days=40)).isoformat()
        city.do(opened, "extend_ask", "handler", until=until, note="等配件")


def test_a_workflow_that_forgets_to_check_is_refused_with_a_problem(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = city.at("handling")
    case = case_of(opened)
    kept = {name: value for name, value in case.clocks.items() if name != "resolve"}
    Case.objects.filter(id=case.id).update(clocks=kept)
    monkeypatch.setitem(rules.CONDITIONS, "before_the_deadline", lambda *_: rules.ALLOWED)
    with problem("no_deadline"):
        city.do(opened, "extend_ask", "handler", until="2026-12-30", note="x")
