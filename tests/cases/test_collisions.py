"""Short codes are drawn by chance: one that exists already is drawn again, not for ever."""

from itertools import cycle
from uuid import UUID

import pytest
from django.db import IntegrityError

from lingka.cases import actions
from lingka.cases.models import Case, Receipt
from lingka.core import codes
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from tests.cases.city import City


def drawn(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    """Let these short codes be drawn, in this order, over and over."""
    again = cycle(given)
    monkeypatch.setattr(codes, "short_code", lambda: next(again))


def follow(case: UUID) -> actions.Opened:
    return actions.follow_case(case, actor=SYSTEM, language="bo", idempotency_key=uuid7())


def test_a_report_takes_another_short_code_when_one_exists_already(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.open()
    number, free, other = (codes.short_code() for _ in range(3))
    drawn(monkeypatch, number, first.short_code, other, free)
    assert city.open().short_code == free
    assert Case.objects.count() == 2


def test_a_report_whose_every_short_code_exists_fails_and_leaves_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.open()
    drawn(monkeypatch, first.short_code)
    with pytest.raises(IntegrityError):
        city.open()
    assert (Case.objects.count(), Receipt.objects.count()) == (1, 1)


def test_me_too_whose_every_short_code_exists_fails_and_leaves_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.open()
    drawn(monkeypatch, first.short_code)
    with pytest.raises(IntegrityError):
        follow(first.case_uuid)
    assert Receipt.objects.count() == 1
