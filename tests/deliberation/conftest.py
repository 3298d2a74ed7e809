from uuid import UUID

import pytest

from tests.cases.city import City
from tests.cases.conftest import city, monday
from tests.deliberation import table

__all__ = ["city", "monday"]


@pytest.fixture
def tea(city: City) -> UUID:
    return table.council(city)
