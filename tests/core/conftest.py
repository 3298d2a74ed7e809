"""An event type of the tests' own, and a way to write it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from lingka.core import events, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import EventData, Recorded
from lingka.core.ids import uuid7


@dataclass(frozen=True)
class Rained(EventData):
    type = "test.Rained"
    stream = "test"
    label = "It rained"
    drops: int


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    receivers.discover()  # else the first to do so in this process would lose them afterwards
    monkeypatch.setattr(events, "REGISTRY", {**events.REGISTRY, Rained.type: Rained})
    monkeypatch.setattr(events, "UPCASTERS", dict(events.UPCASTERS))
    monkeypatch.setattr(receivers, "RECEIVERS", {})
    return


@pytest.fixture
def rain() -> Callable[..., Recorded]:
    def record(drops: int = 1, stream: UUID | None = None, **more: Any) -> Recorded:
        with transaction.atomic():
            return events.record(Rained(drops), stream_id=stream or uuid7(), actor=SYSTEM, **more)

    return record
