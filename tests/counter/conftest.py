from collections.abc import Iterator
from typing import Any

import pytest

from lingka.core.actors import SYSTEM
from lingka.counter import actions
from lingka.counter.selectors import WindowInfo, window
from lingka.guides import selectors as guides
from tests.cases.city import City, names
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    guides.forget()
    yield
    guides.forget()


def set_up(city: City, **changes: Any) -> WindowInfo:
    """A window of the street office: one person every half hour."""
    given = {"name": names("窗口"), "unit": city.units["office"].pk, "slot_minutes": 30,
             "capacity": 1}  # fmt: skip
    made = window(actions.set_window(None, actor=SYSTEM, **(given | changes)))
    assert made is not None
    return made


@pytest.fixture
def office(city: City) -> WindowInfo:
    return set_up(city)
