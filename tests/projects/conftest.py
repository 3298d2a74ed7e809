from collections.abc import Iterator

import pytest

from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City


@pytest.fixture
def monday() -> Iterator[None]:
    """A Monday morning on which the offices are open."""
    with clock.at(cities.MONDAY):
        yield


@pytest.fixture
def city(db: None, monday: None) -> City:
    return cities.build()
