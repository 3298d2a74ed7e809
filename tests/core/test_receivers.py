import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lingka.core import clock, delivery, events, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import EventData, Recorded, StoredEvent
from lingka.core.ids import uuid7
from lingka.core.models import Event, HeldDelivery

from .conftest import Rained

Rain = Callable[..., Recorded]
pytestmark = pytest.mark.django_db(transaction=True)
ONE, TWO = uuid7(), uuid7()


@dataclass(frozen=True)
class Snowed(EventData):
    type = "test.Snowed"
    stream = "test"
    label = "It snowed"


class Ear:
    """A receiver that remembers what it heard and fails where it is told to."""

    def __init__(self, name: str = "ear"):
        self.heard: list[int] = []
        self.fails_on: set[int] = set()
        receivers.receiver(name, Rained)(self.hear)

    def hear(self, event: StoredEvent) -> None:
        assert isinstance(event.data, Rained)
        if event.data.drops in self.fails_on:
            raise ValueError("too wet")
        self.heard.append(event.data.drops)


@pytest.fixture(autouse=True)
def only_own_receivers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receivers, "discover", lambda: None)


@pytest.fixture
def ear() -> Ear:
    return Ear()


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class Slow:
    """A transaction in another thread that has written its event and does not commit yet."""

    def __init__(self, drops: int, stream: UUID):
        self.written, self.may_commit = threading.Event(), threading.Event()
        self.thread = in_thread(lambda: self._write(drops, stream))
        assert self.written.wait(10)

    def _write(self, drops: int, stream: UUID) -> None:
        with transaction.atomic():
            events.record(Rained(drops), stream_id=stream, actor=SYSTEM)
            self.written.set()
            assert self.may_commit.wait(10)

    def commit(self) -> None:
        self.may_commit.set()
        self.thread.join(10)


def test_every_event_is_delivered_once_in_order(ear: Ear, rain: Rain):
    for drops in range(5):
        rain(drops, ONE)
    delivery.run_until_idle()
    delivery.run_until_idle()
    assert ear.heard == [0, 1, 2, 3, 4]
    assert receivers.backlog() == {"ear": 0}


def test_a_late_commit_is_not_skipped(ear: Ear, rain: Rain):
    slow = Slow(1, ONE)
    rain(2, TWO)
    delivery.run_until_idle()
    assert ear.heard == []  # nothing at or above the open transaction is read yet
    slow.commit()
    delivery.run_until_idle()
    assert sorted(ear.heard) == [1, 2]


def test_control_reading_by_position_alone_skips_a_late_commit(rain: Rain):
    slow = Slow(1, ONE)
    rain(2, TWO)
    seen = list(Event.objects.order_by("position").values_list("position", flat=True))
    slow.commit()
    later = Event.objects.filter(position__gt=max(seen)).count()
    assert (len(seen), later) == (1, 0)  # one event of two was seen, and none will be
    assert Event.objects.count() == 2


def test_a_stream_stays_in_order_when_an_older_transaction_writes_later(ear: Ear, rain: Rain):
    begun, go_on = threading.Event(), threading.Event()

    def older() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            begun.set()
            assert go_on.wait(10)
            events.record(Rained(2), stream_id=ONE, actor=SYSTEM)

    thread = in_thread(older)
    assert begun.wait(10)
    rain(1, ONE)  # by a younger transaction, yet first in the stream
    go_on.set()
    thread.join(10)
    delivery.run_until_idle()
    assert ear.heard == [1, 2]


def test_a_failure_holds_its_stream_and_nothing_else(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    other = Ear("other")
    rain(1, ONE)
    rain(2, ONE)
    rain(3, TWO)
    delivery.run_until_idle()
    assert ear.heard == [3]
    assert other.heard == [1, 2, 3]
    assert receivers.held_counts() == {"ear": 2, "other": 0}
    assert HeldDelivery.objects.get(attempts=1).error == "ValueError: too wet"


def test_what_comes_later_in_a_held_stream_waits_behind(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    rain(1, ONE)
    delivery.run_until_idle()
    rain(2, ONE)
    delivery.run_until_idle()
    assert ear.heard == []
    ear.fails_on = set()
    assert receivers.retry_held(everything=True) == 2
    assert ear.heard == [1, 2]
    assert not HeldDelivery.objects.exists()


def test_a_held_delivery_is_tried_again_only_when_due_and_ever_more_seldom(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    rain(1, ONE)
    delivery.run_until_idle()
    moment = clock.now()
    for wait in receivers.BACK_OFF:
        held = HeldDelivery.objects.get()
        assert held.next_try_at is not None
        assert held.next_try_at - moment <= wait + timedelta(seconds=1)
        with clock.at(held.next_try_at - timedelta(seconds=1)):
            receivers.retry_held()
        assert HeldDelivery.objects.get().attempts == held.attempts
        moment = held.next_try_at
        with clock.at(moment):
            receivers.retry_held()
        assert HeldDelivery.objects.get().attempts == held.attempts + 1


def test_giving_a_delivery_up_lets_the_next_of_its_stream_go(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    rain(1, ONE)
    rain(2, ONE)
    delivery.run_until_idle()
    first = HeldDelivery.objects.get(attempts=1)
    assert receivers.skip(first.id)
    assert not receivers.skip(first.id)
    receivers.retry_held()
    assert ear.heard == [2]


def test_the_last_of_very_many_failures_can_be_given_up(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    for _ in range(101):
        rain(1)
    delivery.run_until_idle()
    newest = HeldDelivery.objects.latest("id")
    given_up = delivery.give_up(newest.id)
    assert given_up is not None
    assert given_up.id == newest.id
    assert not HeldDelivery.objects.filter(id=newest.id).exists()


def test_what_a_failing_receiver_wrote_is_undone(rain: Rain):
    def write_and_fail(event: StoredEvent) -> None:
        Event.objects.all()[:1].get()
        with transaction.atomic():
            events.record(Rained(99), stream_id=uuid7(), actor=SYSTEM)
        raise ValueError

    receivers.receiver("clumsy", Rained)(write_and_fail)
    rain(1)
    receivers.deliver(receivers.RECEIVERS["clumsy"])
    assert Event.objects.count() == 1


def test_a_batch_that_fails_is_handed_over_one_by_one(rain: Rain):
    sizes: list[int] = []

    def batched(batch):
        sizes.append(len(batch))
        if any(event.data.drops == 2 for event in batch):
            raise ValueError

    receivers.batch_receiver("batched", Rained)(batched)
    for drops in range(4):
        rain(drops)
    delivery.run_until_idle()
    assert sizes == [4, 1, 1, 1, 1]
    assert receivers.held_counts() == {"batched": 1}


def test_two_workers_at_one_receiver_do_not_deliver_twice(ear: Ear, rain: Rain):
    for drops in range(20):
        rain(drops)
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait(10)
        for _ in range(20):
            receivers.deliver(receivers.RECEIVERS["ear"], batch=3)

    threads = [in_thread(work), in_thread(work)]
    for thread in threads:
        thread.join(20)
    delivery.run_until_idle()
    assert sorted(ear.heard) == list(range(20))


def test_the_loop_delivers_and_survives_a_lost_connection(ear: Ear, rain: Rain):
    stop, again = threading.Event(), threading.Event()
    lost: list[bool] = []

    def hear(event: StoredEvent) -> None:
        if not lost:
            lost.append(True)
            connection.connection.close()
        else:
            again.set()

    receivers.receiver("shaky", Rained)(hear)
    rain(1)
    thread = in_thread(lambda: delivery.loop(stop))
    assert again.wait(15)
    stop.set()
    thread.join(10)
    assert receivers.held_counts()["shaky"] == 0


def test_what_is_not_held_can_neither_be_tried_again_nor_given_up(ear: Ear):
    assert receivers.retry(0) == 0
    assert receivers.skip(0) is False


def test_held_deliveries_of_a_receiver_that_is_gone_wait_for_it(
    ear: Ear, rain: Rain, monkeypatch: pytest.MonkeyPatch
):
    ear.fails_on = {1}
    rain(1)
    delivery.run_until_idle()
    monkeypatch.delitem(receivers.RECEIVERS, "ear")
    assert receivers.retry_held(everything=True) == 0
    assert receivers.held_counts() == {"ear": 1}


def test_while_a_worker_is_at_a_receiver_nobody_tries_again_or_gives_up(ear: Ear, rain: Rain):
    ear.fails_on = {1}
    rain(1)
    delivery.run_until_idle()
    ear.fails_on = set()
    held = HeldDelivery.objects.get()
    found: list[object] = []
    with transaction.atomic():
        assert receivers._locked_cursor("ear")
        in_thread(lambda: found.extend((receivers.retry(held.id), receivers.skip(held.id)))).join(
            10
        )
    assert found == [0, False]
    assert HeldDelivery.objects.get() == held
    assert receivers.retry(held.id) == 1


def times(seen: CaptureQueriesContext, words: str) -> int:
    return sum(words in one["sql"] for one in seen.captured_queries)


def test_receivers_that_stand_together_read_the_log_once(rain: Rain):
    heard = [Ear(name) for name in ("one", "two", "three")]
    rain(1)
    delivery.run_until_idle()
    rain(2)
    with CaptureQueriesContext(connection) as seen:
        delivery.deliver_all()
    assert [one.heard for one in heard] == [[1, 2]] * 3
    assert (
        sum("ORDER BY order_key, position LIMIT" in one["sql"] for one in seen.captured_queries)
        == 1
    )


def test_whoever_wants_none_of_it_goes_past_in_company(rain: Rain):
    for name in ("one", "two", "three"):
        receivers.receiver(name, Snowed)(lambda _event: None)
    rain(1)
    delivery.run_until_idle()
    rain(2)
    with CaptureQueriesContext(connection) as seen:
        assert delivery.deliver_all() == 1
    assert (
        sum("core_cursor" in one["sql"] for one in seen.captured_queries) == 2
    )  # where they stand, and the step
    assert not any(receivers.backlog().values())


def test_nobody_is_led_past_by_another_while_it_reads(ear: Ear, rain: Rain):
    """A worker that goes by what it saw before another one went on leaves the place as it is."""
    del ear
    receivers.receiver("deaf", Snowed)(lambda _event: None)
    rain(1)
    delivery.run_until_idle()
    rain(2)
    stale = receivers.Look()
    rain(3)
    delivery.run_until_idle()
    stale.pass_by(list(receivers.RECEIVERS.values()))
    assert not any(receivers.backlog().values())
