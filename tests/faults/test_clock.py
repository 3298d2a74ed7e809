"""The machine's clock is set back in the middle of a case."""

import datetime as dt

import pytest

from lingka.cases import actions
from lingka.core import clock, events, verify
from lingka.ops import doctor
from tests.cases import city as cities
from tests.cases.city import case_of


@pytest.mark.django_db
def test_a_case_goes_on_in_order_although_the_clock_was_set_back() -> None:
    with clock.at(cities.MONDAY):
        city = cities.build()
        opened = city.at("handling")
    with clock.at(cities.MONDAY - dt.timedelta(days=2)):
        city.do(opened, "report_back", "handler", words="修好了")
        assert actions.due_now() == 0
        assert doctor.clocks().grade in {"warn", "bad"}
    with clock.at(cities.MONDAY + dt.timedelta(hours=1)):
        city.do(opened, "verify", "verifier", how="visit")
    case = case_of(opened)
    history = events.history(case.uuid)
    assert [event.sequence for event in history] == list(range(1, len(history) + 1))
    assert case.state == "calling_back"
    assert verify.run() == []
