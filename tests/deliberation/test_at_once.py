"""Two at once bring a topic or open a council, and what would happen without the locks."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.deliberation.actions import topics
from lingka.deliberation.models import Council, Topic
from tests.cases import city as cities
from tests.cases.city import MONDAY, City
from tests.cases.test_concurrency import at_once
from tests.deliberation.table import council, raised
from tests.points.test_at_once import codes

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 0.3  # for the other, who comes at once where nothing holds them up


@pytest.fixture
def live() -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def meet(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    """Each is held up before writing, after all that is looked for, until the other is there."""
    both, save = Barrier(2), model.save

    def late(row: Any, *args: Any, **given: Any) -> None:
        with suppress(BrokenBarrierError):  # the other waits for a lock
            both.wait(WAIT)
        save(row, *args, **given)

    monkeypatch.setattr(model, "save", late)


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda _name: None)

    def kept_by(_actor: Actor, uuid: UUID) -> Council:
        return Council.objects.get(uuid=uuid)

    monkeypatch.setattr(topics, "kept_by", kept_by)


def sent_twice(live: City, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    at, key = council(live), uuid4()
    meet(monkeypatch, Topic)
    return at_once(*[lambda: raised(live, at, idempotency_key=key)] * 2)


def test_a_topic_that_is_sent_twice_at_once_is_one(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = sent_twice(live, monkeypatch)
    assert set(results) == {Topic.objects.get().uuid}


def test_without_the_locks_whoever_sends_twice_would_get_an_error(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    results = sent_twice(live, monkeypatch)
    assert IntegrityError in {type(one) for one in results}


def two_councils(live: City, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Two desks bring one case before two councils."""
    case = live.open().case_number
    tables = [council(live, key) for key in ("one", "other")]
    meet(monkeypatch, Topic)
    return at_once(*[partial(raised, live, one, case=case) for one in tables])


def test_one_case_comes_before_one_of_two_councils(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(two_councils(live, monkeypatch)) == ["case_taken", "done"]


def test_without_the_lock_on_a_case_one_of_two_councils_would_get_an_error(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    assert codes(two_councils(live, monkeypatch)) == ["IntegrityError", "done"]


def opened_twice(live: City, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    meet(monkeypatch, Council)
    return at_once(*[lambda: council(live)] * 2)


def test_of_two_councils_opened_at_once_under_one_address_one_is(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(opened_twice(live, monkeypatch)) == ["done", "key_taken"]


def test_without_the_lock_on_an_address_one_desk_would_get_an_error(
    live: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    assert codes(opened_twice(live, monkeypatch)) == ["IntegrityError", "done"]
