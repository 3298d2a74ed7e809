from collections.abc import Iterator

import pytest

from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(cities.MONDAY):
        yield


@pytest.fixture
def city(db: None, monday: None) -> City:
    return cities.build()


@pytest.fixture
def home(city: City) -> int:
    """The community that holds the city's grid."""
    return city.grid.parent_id or 0
