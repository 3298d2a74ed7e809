"""The REST API: the desk's actions for other software, and whatever anybody may send."""

import hashlib
import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import ApiKey
from lingka.core.ids import uuid7
from tests.cases.city import City
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


def key(name: str, scopes: list[str], user: int | None = None) -> dict[str, str]:
    ApiKey.objects.create(
        uuid=uuid7(), name=name, hash=hashlib.sha256(name.encode()).digest(), scopes=scopes,
        user_id=user,
    )  # fmt: skip
    return {"authorization": f"Bearer {name}"}


@pytest.fixture
def desk(city: City) -> dict[str, str]:
    return key("desk", ["cases:read", "cases:act"], city.staff["dispatcher"].id)


def send(client: Client, path: str, headers: dict[str, str], **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def act(client: Client, case: object, action: str, headers: dict[str, str], **data: Any) -> Any:
    path = f"/api/v1/cases/{case}/actions/{action}"
    return send(client, path, headers, op_id=str(uuid.uuid4()), data=data)


def test_a_case_is_opened_read_and_dispatched(
    client: Client, city: City, desk: dict[str, str]
) -> None:
    made = send(
        client, "/api/v1/cases", desk, idempotency_key=str(uuid.uuid4()), case_type="light.out",
        words="灯不亮", lon=91.13, lat=29.65,
    ).json()  # fmt: skip
    shown = client.get(f"/api/v1/cases/{made['case']}", headers=desk).json()
    assert shown["state"] == "received"
    done = act(client, made["number"], "dispatch", desk, unit=city.units["light"].id)
    assert done.json()["state"] == "dispatched"


def test_offers_say_why_not(client: Client, city: City, desk: dict[str, str]) -> None:
    opened = city.open()
    offers = client.get(f"/api/v1/cases/{opened.case_uuid}/actions", headers=desk).json()
    refused = [one for one in offers if not one["allowed"]]
    assert refused
    assert all(one["reason"] for one in refused)


def test_a_refusal_is_a_problem_with_its_reason(
    client: Client, city: City, desk: dict[str, str]
) -> None:
    opened = city.open()
    answer = act(client, opened.case_uuid, "sign_in", desk)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/relation"


def test_a_stale_version_is_told_what_happened(
    client: Client, city: City, desk: dict[str, str]
) -> None:
    opened = city.open()
    city.do(opened, "accept", "dispatcher")
    path = f"/api/v1/cases/{opened.case_uuid}/actions/dispatch"
    answer = send(
        client, path, desk, op_id=str(uuid.uuid4()), data={"unit": city.units["light"].id},
        expected_version=1,
    )  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["last_action"] == "accept"


def test_the_same_operation_is_done_once(client: Client, city: City, desk: dict[str, str]) -> None:
    opened, op = city.open(), str(uuid.uuid4())
    path = f"/api/v1/cases/{opened.case_uuid}/actions/accept"
    first = send(client, path, desk, op_id=op)
    assert send(client, path, desk, op_id=op).json() == first.json()


def test_without_a_key_nothing_is_shown(client: Client, city: City) -> None:
    opened = city.open()
    answer = client.get(f"/api/v1/cases/{opened.case_uuid}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_stranger_to_a_case_learns_nothing_of_it(client: Client, city: City) -> None:
    stranger = key("stranger", ["cases:read", "cases:act"])
    opened = city.open()
    assert client.get(f"/api/v1/cases/{opened.case_uuid}", headers=stranger).status_code == 404
    assert act(client, opened.case_uuid, "accept", stranger).status_code == 404


def test_the_holder_of_a_receipt_acts_by_its_token(client: Client, city: City) -> None:
    opened = city.open()
    path = f"/api/v1/receipts/{opened.token}/actions/withdraw"
    done = send(client, path, {}, op_id=str(uuid.uuid4()))
    assert done.json()["state"] == "withdrawn"


def test_a_misspelt_field_is_named(client: Client, desk: dict[str, str]) -> None:
    answer = send(client, "/api/v1/cases", desk, colour="red")
    assert answer.status_code == 422
    assert "report.colour" in {error["field"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "nothing/here", 404),
        ("post", "", 404),
        ("delete", "cases", 405),
        ("post", "locate", 405),
    ],
)
def test_addresses_and_methods_that_are_none_are_problems_too(
    client: Client, db: None, method: str, path: str, status: int
) -> None:
    answer = getattr(client, method)(f"/api/v1/{path}")
    assert answer.status_code == answer.json()["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert (status == 405) == ("Allow" in answer)


@pytest.mark.parametrize(
    "odd",
    [
        {"attributes": {"pole": "\ud800"}},
        {"attributes": {"pole": "a\x00"}},
        {"attributes": {"pole": ["1", "2"]}},
        {"attributes": {"nobody-asked": "x"}},
        {"contact": {"email": "a@b.example\nBcc: c@d.example"}},
        {"words": "\ud800"},
        {"lon": 1e999, "lat": 0},
    ],
)
def test_what_cannot_be_stored_or_used_is_named(
    client: Client, desk: dict[str, str], odd: dict[str, Any]
) -> None:
    given = {
        "idempotency_key": str(uuid.uuid4()), "case_type": "light.out", "words": "灯不亮",
        "lon": 91.13, "lat": 29.65,
    }  # fmt: skip
    answer = send(client, "/api/v1/cases", desk, **given | odd)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"]


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"null", b"NaN", b"[]"])
def test_a_body_that_cannot_be_read_is_a_problem(
    client: Client, desk: dict[str, str], body: bytes
) -> None:
    answer = client.post("/api/v1/cases", body, content_type="application/json", headers=desk)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_page_of_the_api_names_every_operation_and_asks_no_other_server(
    client: Client, db: None, language: str
) -> None:
    client.cookies["language"] = language
    page = client.get("/api/v1/docs").content.decode()
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert all(f"<code>{path}</code>" in page for path in described)
    assert "<code>idempotency_key</code>" in page
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert "<script>" not in page
