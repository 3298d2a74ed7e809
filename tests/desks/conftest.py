from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> Iterator[City]:
    settings.LISTS_ROOT = tmp_path / "lists"
    with clock.at(cities.MONDAY):
        yield cities.build()
