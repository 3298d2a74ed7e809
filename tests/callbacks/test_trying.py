"""“Not reached” is said only after tries at spread times, and another time is proposed."""

from datetime import datetime, timedelta

import pytest

from lingka.cases import callbacks
from lingka.cases.receipts import Opened
from lingka.core import clock
from tests.cases.city import MONDAY, City, case_of, refusal

MORNING, AFTERNOON = timedelta(), timedelta(hours=6)
DAY = timedelta(days=1)


def tries(*after: timedelta, outcome: str = "no_answer") -> list[dict[str, str]]:
    return [{"at": (MONDAY + one).isoformat(), "outcome": outcome} for one in after]


@pytest.mark.parametrize(
    "after",
    [
        (MORNING,),
        (MORNING, MORNING, MORNING),  # three times in one morning are one try
        (MORNING, DAY, 2 * DAY),  # always in the morning
        (MORNING, AFTERNOON, AFTERNOON + timedelta(hours=3)),  # all on one day
        (MORNING, AFTERNOON, DAY - timedelta(hours=8)),  # at two in the night: no time to call
    ],
)
def test_tries_that_are_not_spread_are_not_enough(after: tuple[timedelta, ...]) -> None:
    assert not callbacks.enough(tries(*after))


def test_three_tries_at_two_times_of_day_on_two_days_are_enough() -> None:
    assert callbacks.enough(tries(MORNING, AFTERNOON, DAY))


@pytest.mark.parametrize("outcome", ["wrong", "none", "declined"])
def test_nobody_is_called_again_where_it_makes_no_sense(outcome: str) -> None:
    assert callbacks.enough(tries(MORNING, outcome=outcome))


def test_the_next_try_is_at_another_time_of_day() -> None:
    at, window = callbacks.next_window(tries(MORNING), MONDAY)
    assert window.key == "afternoon"
    assert callbacks.local(at).strftime("%H:%M") == "14:30"


def test_on_a_friday_evening_the_next_try_is_at_the_weekend() -> None:
    friday = MONDAY + 4 * DAY + timedelta(hours=11)
    assert callbacks.next_window(tries(4 * DAY), friday)[1].key == "weekend"


def tried(city: City, opened: Opened, at: datetime) -> None:
    with clock.at(at):
        city.do(opened, "call_back_tried", "verifier", outcome="no_answer")


def test_not_reached_is_refused_until_the_tries_are_spread(city: City) -> None:
    opened = city.at("calling_back")
    for after in (MORNING, AFTERNOON):
        tried(city, opened, MONDAY + after)
        with refusal("too_few_calls"):
            city.do(opened, "call_back_unreached", "verifier")
    tried(city, opened, MONDAY + DAY)
    assert city.do(opened, "call_back_unreached", "verifier").state == "resolved"


def test_a_new_round_forgets_the_tries_of_the_last(city: City) -> None:
    opened = city.at("calling_back")
    city.do(opened, "call_back_tried", "verifier", outcome="wrong")
    city.do(opened, "call_back_unsolved", "verifier", words="还没好")
    city.do(opened, "report_back", "handler", words="又修了")
    city.do(opened, "verify", "verifier", how="visit")
    assert "calls" not in case_of(opened).facts
    with refusal("too_few_calls"):
        city.do(opened, "call_back_unreached", "verifier")
