"""Five equal pushes at once have one effect; without the unique key they would have five."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pydantic import BaseModel

from lingka.core import clock, events
from lingka.core.ids import uuid7
from lingka.field import kinds
from lingka.field.events import DeviceRevoked
from lingka.field.models import Operation
from lingka.field.operations import Outcome, Sent
from tests.cases import city as cities
from tests.cases.city import MONDAY
from tests.cases.test_concurrency import at_once
from tests.field.conftest import Phone, registered


class Nothing(BaseModel):
    pass


def count_it(sent: Sent, _given: Any) -> Outcome:
    """An effect that recognises no repetition by itself."""
    events.record(DeviceRevoked(sent.user), stream_id=uuid7(), actor=sent.actor)
    return Outcome(Operation.Status.APPLIED, {})


def effects() -> int:
    return sum(one.type == "field.DeviceRevoked" for one in events.beside_cases(50))


@pytest.fixture
def phone(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Phone]:
    monkeypatch.setitem(kinds.KINDS, "count", kinds.Kind(Nothing, count_it))
    with clock.at(MONDAY):
        yield registered(cities.build().staff["walker"].id)


def five(phone: Phone) -> list[str]:
    """The same request five times at once; what each was answered."""
    op = phone.op("count")

    def send() -> Callable[[], Any]:
        own = Phone(Client(), phone.token, phone.device, phone.marker)
        return lambda: own.push(op)[0]["status"]

    answers: list[str] = at_once(*(send() for _ in range(5)))
    return sorted(map(str, answers))


def test_five_equal_pushes_at_once_have_one_effect(phone: Phone) -> None:
    assert five(phone) == ["applied"] + ["duplicate"] * 4
    assert effects() == 1


def test_without_the_unique_key_they_would_have_five(phone: Phone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE field_operation DROP CONSTRAINT operation_once")
    try:
        assert five(phone) == ["applied"] * 5
        assert effects() == 5
    finally:
        Operation.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE field_operation ADD CONSTRAINT operation_once"
                " UNIQUE (device_id, op_id)"
            )


def test_one_that_waits_and_what_it_waits_for_at_once_are_both_done(phone: Phone) -> None:
    first = phone.op("count")
    second = phone.op("count") | {"depends_on": [first["op_id"]]}

    def send(op: dict[str, Any]) -> Callable[[], Any]:
        own = Phone(Client(), phone.token, phone.device, phone.marker)
        return lambda: own.push(op)

    at_once(send(second), send(first))
    assert set(Operation.objects.values_list("status", flat=True)) == {"applied"}
    assert json.loads(phone.standing().content)["operations"][1]["complete"]
