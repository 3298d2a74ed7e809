"""Whatever is sent to the REST API, it neither breaks nor answers otherwise than described."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from lingka.accounts.models import ApiKey
from lingka.core.ids import uuid7
from tests.cases.city import City
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


@pytest.fixture
def desk(city: City) -> dict[str, str]:
    ApiKey.objects.create(
        uuid=uuid7(),
        name="desk",
        hash=hashlib.sha256(b"desk").digest(),
        scopes=["cases:read", "cases:act"],
        user_id=city.staff["dispatcher"].id,
    )
    return {"Authorization": "Bearer desk"}


@pytest.fixture
def described(city: City) -> Iterator[Any]:
    """The API's own description, served in this process, inside the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_nothing_that_is_sent_breaks_the_server_or_its_description(
    described: Any, desk: dict[str, str]
) -> None:
    reached = []
    for found in described.get_all_operations():
        operation = found.ok()
        reached.append(operation.label)

        @settings(
            max_examples=25, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def probe(case: Any) -> None:
            checks = [not_a_server_error, response_schema_conformance]
            case.call_and_validate(headers=desk, checks=checks)

        probe()
    assert "POST /api/v1/cases/{case}/actions/{action}" in reached
