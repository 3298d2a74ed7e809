from collections.abc import Iterator

import pytest

from lingka.areas import cache
from lingka.cases.selectors import catalogue
from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City


@pytest.fixture
def city(transactional_db: None) -> Iterator[City]:
    """The very small city, for clients that come over HTTP."""
    catalogue.forget()
    cache.forget()
    with clock.at(cities.MONDAY):
        made = cities.build()
    yield made
    catalogue.forget()
    cache.forget()
