from uuid import UUID

import pytest

from tests.cases.city import City
from tests.cases.conftest import city, monday
from tests.rooms import station

__all__ = ["city", "monday"]


@pytest.fixture
def room(city: City) -> UUID:
    return station.room(city)
