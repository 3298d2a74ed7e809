from collections.abc import Iterator
from datetime import timedelta

import pytest

from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City
from tests.volunteering.helping import Town, open_activity


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(cities.MONDAY):
        yield


@pytest.fixture
def city(db: None, monday: None) -> City:
    return cities.build()


@pytest.fixture
def town(city: City) -> Town:
    """A public activity tomorrow at ten, for two hours, with two places."""
    begins = cities.MONDAY + timedelta(days=1)
    return open_activity(city, begins, begins + timedelta(hours=2), places=2)
