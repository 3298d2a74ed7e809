"""Queues and people, without any engine behind them."""

import pytest
from simpy import Environment

from lingka.core.actors import Actor
from lingka.simulation.pools import Job, Pool, Worker

ANN, BEN = Actor("user", 1), Actor("user", 2)
MORNING = [(0.0, 60.0), (100.0, 160.0)]


class Desk:
    """A pool that writes down who did what, and when."""

    def __init__(self) -> None:
        self.env = Environment()
        self.pool = Pool(self.env, "desk", "desk")
        self.done: list[tuple[str, float, int | None]] = []

    def ask(self, name: str, minutes: float | None, **more: object) -> None:
        def finish(actor: Actor) -> None:
            self.done.append((name, self.env.now, actor.id))

        self.pool.ask(Job(lambda: minutes, finish, self.env.event(), **more))  # type: ignore[arg-type]

    def run(self, until: float = 200) -> list[str]:
        self.env.run(until=until)
        return [name for name, _at, _who in self.done]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_jobs_are_done_in_the_order_they_came_but_urgent_ones_first(desk: Desk) -> None:
    Worker(desk.pool, ANN, MORNING)
    for name in ("first", "second"):
        desk.ask(name, 10)
    desk.ask("urgent", 10, urgent=True)
    assert desk.run() == ["urgent", "first", "second"]


def test_what_is_not_finished_is_gone_on_with_when_duty_begins_again(desk: Desk) -> None:
    Worker(desk.pool, ANN, MORNING)
    desk.ask("long", 80)
    desk.run()
    assert desk.done == [("long", 120.0, 1)]
    assert desk.pool.tally.busy == 80


def test_at_night_only_what_is_urgent_is_done_by_whoever_is_on_call(desk: Desk) -> None:
    Worker(desk.pool, ANN, [(100.0, 160.0)])
    Worker(desk.pool, BEN, [(0.0, 200.0)], on_call=True)
    desk.ask("calm", 5)
    desk.ask("urgent", 5, urgent=True)
    desk.run()
    assert desk.done == [("urgent", 5.0, 2), ("calm", 105.0, 1)]


def test_what_one_person_alone_can_do_waits_for_that_person(desk: Desk) -> None:
    Worker(desk.pool, ANN, MORNING)
    Worker(desk.pool, BEN, [(100.0, 160.0)])
    desk.ask("hers", 5, person=BEN)
    desk.ask("anybody's", 5)
    assert desk.run() == ["anybody's", "hers"]


def test_a_job_that_is_nobody_s_any_more_costs_no_time(desk: Desk) -> None:
    Worker(desk.pool, ANN, MORNING)
    desk.ask("gone", None)
    desk.ask("next", 10)
    assert desk.run() == ["next"]
    assert desk.pool.tally.busy == 10


def test_the_mean_queue_is_the_sum_of_waits_over_time(desk: Desk) -> None:
    Worker(desk.pool, ANN, MORNING)
    for name in ("first", "second", "third"):
        desk.ask(name, 10)
    desk.run(until=100)
    assert desk.pool.mean_queue() == pytest.approx(sum(desk.pool.tally.waits) / 100)
    assert desk.pool.tally.waits == [0, 10, 20]
