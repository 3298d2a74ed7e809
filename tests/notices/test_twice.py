"""The same notice sent twice at one moment, and what would happen without the lock."""

from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import IntegrityError

from lingka.core import locks
from lingka.core.ids import uuid7
from lingka.notices import actions
from lingka.notices.models import Notice
from tests.cases.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twice(put_up: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two who send one notice; each is held up just before writing until the other is there."""
    key, check, both = uuid7(), actions._check, Barrier(2)

    def meet(draft: actions.Draft) -> None:
        check(draft)
        try:
            both.wait(0.5)
        except BrokenBarrierError:
            return  # the other waits for the lock

    def send() -> str:
        return str(put_up(key=key).code)

    monkeypatch.setattr(actions, "_check", meet)
    return lambda: at_once(send, send)


def test_both_get_the_code_of_one_notice(twice: Any) -> None:
    assert len(set(twice())) == Notice.objects.count() == 1


def test_without_the_lock_one_would_get_an_error(
    twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda _name: None)
    assert IntegrityError in {type(one) for one in twice()}
