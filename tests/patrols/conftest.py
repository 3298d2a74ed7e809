from collections.abc import Iterator

import pytest

from lingka.patrols import selectors
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()
