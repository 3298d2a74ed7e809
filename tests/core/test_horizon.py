"""What a receiver records while it handles a batch: it comes later, and is never skipped."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from lingka.core import delivery, events, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import Recorded, StoredEvent
from lingka.core.ids import uuid7
from lingka.core.models import Cursor

from .conftest import Rained

Rain = Callable[..., Recorded]
pytestmark = pytest.mark.django_db(transaction=True)
FIRST, MEANWHILE, OWN = 1, 2, 3


class Echo:
    """Hears rain, and lets it rain once itself, in the transaction in which it heard."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        receivers.receiver("echo", Rained)(self.hear)

    def hear(self, event: StoredEvent) -> None:
        assert isinstance(event.data, Rained)
        self.heard.append(event.data.drops)
        if event.data.drops == FIRST:
            events.record(Rained(OWN), stream_id=uuid7(), actor=SYSTEM, after=events.NEW)


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Echo:
    monkeypatch.setattr(receivers, "discover", lambda: None)
    monkeypatch.setattr(receivers, "RECEIVERS", {})
    return Echo()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch, rain: Rain) -> None:
    """Somebody else's younger transaction commits between a delivery's first lock and its look."""
    locked, left = receivers._locked_cursor, [MEANWHILE]

    def elsewhere() -> None:
        try:
            rain(left.pop(), uuid7())
        finally:
            connection.close()

    def lock(name: str) -> Cursor | None:
        cursor = locked(name)
        if left:
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(10)
        return cursor

    monkeypatch.setattr(receivers, "_locked_cursor", lock)


@pytest.mark.usefixtures("meanwhile")
def test_what_a_receiver_itself_records_while_another_commits_is_heard_by_it_too(
    echo: Echo, rain: Rain
) -> None:
    rain(FIRST, uuid7())
    delivery.run_until_idle()
    assert sorted(echo.heard) == [FIRST, MEANWHILE, OWN]


@pytest.mark.usefixtures("meanwhile")
def test_what_commits_during_a_delivery_is_only_delayed_to_the_next(echo: Echo, rain: Rain) -> None:
    rain(FIRST, uuid7())
    echo_of = receivers.RECEIVERS["echo"]
    assert receivers.deliver(echo_of) == 1
    assert echo.heard == [FIRST]
    assert receivers.deliver(echo_of) == 2
    assert echo.heard == [FIRST, OWN, MEANWHILE]
