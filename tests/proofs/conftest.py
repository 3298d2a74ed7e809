"""A log of some hundred events of the tests' own type, and the owner of its database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from lingka.core import events
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.proofs import actions, selectors
from lingka.proofs.notes import Head
from tests.core.conftest import Rained, own_registries, rain

__all__ = ["own_registries", "rain"]


@pytest.fixture
def by_force() -> Callable[..., None]:
    """What only the database's owner can do: raw SQL, with every trigger switched off."""

    def run(statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = DEFAULT")

    return run


@pytest.fixture
def history() -> Callable[[int], list[Any]]:
    """Record so many events, three to a stream; returns the streams."""

    def record(count: int) -> list[Any]:
        if not Event.objects.exists():  # so that tests can name events by their position
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval('core_event_position_seq', 1, false)")
        streams = [uuid7() for _ in range(-(-count // 3))]
        with transaction.atomic():
            for number in range(count):
                events.record(Rained(number), stream_id=streams[number // 3], actor=SYSTEM)
        return streams

    return record


@pytest.fixture
def signed(history: Callable[[int], list[Any]]) -> Callable[[int], Head]:
    """Record so many more events, and sign a head over all there are."""

    def sign(count: int) -> Head:
        history(count)
        actions.keep_up()
        head = selectors.newest()
        assert head
        return head

    return sign
