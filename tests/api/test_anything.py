"""Whatever is sent to the REST API, it neither breaks nor answers otherwise than described."""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache as limits
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from lingka.accounts.models import ApiKey
from lingka.core.ids import uuid7
from tests.cases.city import HERE, City
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]
CHECKS = [not_a_server_error, response_schema_conformance]
ROLES = ("dispatcher", "handler", "verifier", "supervisor", "client", "nobody")


def calm(examples: int, **more: Any) -> Any:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip


def key_of(city: City, role: str) -> dict[str, str]:
    """The header of a member of staff, of other software for itself, or of nobody."""
    if role == "nobody":
        return {}
    user = None if role == "client" else city.staff[role].id
    scopes = ["cases:read", "cases:act"]
    digest = hashlib.sha256(role.encode()).digest()
    ApiKey.objects.create(uuid=uuid7(), name=role, hash=digest, scopes=scopes, user_id=user)
    return {"Authorization": f"Bearer {role}"}


@pytest.fixture
def described(city: City) -> Iterator[Any]:
    """The API's own description, served in this process, inside the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_breaks_the_server_or_its_description(
    described: Any, city: City, role: str
) -> None:
    headers = key_of(city, role)
    reached = []
    for found in described.get_all_operations():
        operation = found.ok()
        reached.append(operation.label)

        @calm(8)
        @given(case=operation.as_strategy())
        def probe(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        probe()
    assert "POST /api/v1/cases/{case}/actions/{action}" in reached


def photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return kept.getvalue()


def sensible(case: Any) -> None:
    """Give what a caller who read the description would: the rest stays as it was drawn."""
    label = case.operation.label
    if label == "POST /api/v1/cases":
        place = {"case_type": "light.out", "lon": HERE[0], "lat": HERE[1]}
        case.body = {"idempotency_key": str(uuid7()), "words": "灯不亮", **place}
    elif label == "POST /api/v1/attachments":
        case.body, case.query = {"file": photo()}, {"kind": "photo"}
    elif label == "GET /api/v1/cases":
        case.query = {"tab": "mine"}
    elif label.startswith("POST /api/v1/cases/"):
        case.path_parameters["action"] = "accept"
        case.body = {"op_id": str(uuid7())}
    elif label.startswith("POST /api/v1/receipts/"):
        case.path_parameters["action"] = "add"
        case.body = {"op_id": str(uuid7()), "data": {"words": "还有一盏"}}


class FromTheSameTown:
    """Each walk begins in the same town: one that goes as before is answered as before."""

    before: Any

    def setup(self) -> None:
        limits.clear()
        self.before = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)


def test_one_call_leads_to_the_next_as_the_description_links_them(
    described: Any, city: City
) -> None:
    headers = key_of(city, "dispatcher")
    seen: dict[str, set[int]] = defaultdict(set)

    class Caller(FromTheSameTown, described.as_state_machine()):  # type: ignore[misc]
        """Opens cases, reads them, acts on them, by the links of what came back."""

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def before_call(self, case: Any) -> None:
            sensible(case)

        def after_call(self, response: Any, case: Any) -> None:
            seen[case.operation.label].add(response.status_code)

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    Caller.run(settings=calm(20, stateful_step_count=8, phases=[Phase.generate]))
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in [one for one in operations if one.label not in seen]:

        @calm(5)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            sensible(case)
            response = case.call_and_validate(headers=headers, checks=CHECKS)
            seen[case.operation.label].add(response.status_code)

        ask()
    every = {operation.label for operation in operations}
    served = {label for label in every if any(200 <= status < 300 for status in seen[label])}
    assert len(served) >= 0.8 * len(every), every - served
