"""A first survey opened twice at one moment, and what would happen without the lock."""

from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import IntegrityError

from lingka.core import clock, locks
from lingka.core.problems import Problem
from lingka.surveys import actions
from lingka.surveys.models import Round
from tests.cases.city import City
from tests.cases.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twice(city: City, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two who open it; each is held up just before writing until the other is there."""
    last, both = actions._last, Barrier(2)

    def meet(template: str, area: int) -> int:
        number = last(template, area)
        try:
            both.wait(0.5)
        except BrokenBarrierError:
            return number  # the other waits for the lock
        return number

    def opened() -> Round:
        until = clock.now() + timedelta(days=7)
        boss = city.staff["supervisor"]
        return actions.open_round("around_home", city.root.pk, until, actor=boss)

    monkeypatch.setattr(actions, "_last", meet)
    return lambda: at_once(opened, opened)


def test_one_opens_it_and_the_other_is_told(twice: Any) -> None:
    assert {type(one) for one in twice()} == {Round, Problem}
    assert Round.objects.count() == 1


def test_without_the_lock_one_would_get_an_error(
    twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda _name: None)
    assert IntegrityError in {type(one) for one in twice()}
