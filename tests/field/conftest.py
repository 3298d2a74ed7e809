"""A worker's phone, as a program that speaks the protocol."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock, receivers
from lingka.core.ids import uuid7
from tests.cases import city as cities
from tests.cases.city import HERE, City


@dataclass
class Phone:
    """Sends what the app would send; `seq` counts on."""

    client: Client
    token: str
    device: UUID
    marker: str
    seq: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Device {self.token}"}

    def op(self, kind: str, record: UUID | None = None, **more: Any) -> dict[str, Any]:
        self.seq += 1
        return {
            "op_id": str(uuid7()), "seq": self.seq, "kind": kind, "record": str(record or uuid7()),
            "base_version": None, "depends_on": [], "data": {},
            "occurred_at": clock.now().isoformat(),
        } | more  # fmt: skip

    def report(self, record: UUID | None = None, **data: Any) -> dict[str, Any]:
        said = {"type": "light.out", "words": "路灯不亮", "lon": HERE[0], "lat": HERE[1]} | data
        return self.op("report", record, data=said)

    def act(
        self, case: Any, action: str, *, base: int | None = None, **data: Any
    ) -> dict[str, Any]:
        said = {"case": str(case), "action": action} | data
        return self.op("act", case, base_version=base, data=said)

    def send(self, *operations: Any, **more: Any) -> Any:
        given = {
            "protocol": 1, "app": "2026.11.21", "schema": 1, "operations": list(operations),
            "sent_at": clock.now().isoformat(),
        } | more  # fmt: skip
        return self.client.post(
            "/field/api/v1/push", json.dumps(given), content_type="application/json",
            headers=self.headers,
        )  # fmt: skip

    def push(self, *operations: Any, **more: Any) -> list[dict[str, Any]]:
        response = self.send(*operations, **more)
        assert response.status_code == 200, response.content
        found: list[dict[str, Any]] = response.json()["results"]
        return found

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Of the first page that it pulls."""
        told = self.client.get("/field/api/v1/pull", {"cursor": ""}, headers=self.headers)
        found: list[dict[str, Any]] = told.json()["rows"]
        return [one for one in found if one["kind"] == kind]

    def standing(self, after: int = 0) -> Any:
        url = f"/field/api/v1/standing?after={after}"
        return self.client.get(url, headers=self.headers)


def registered(who: int | None, name: str = "Redmi 9A", client: Client | None = None) -> Phone:
    """A phone of a worker, made known from a signed-in browser."""
    client = client or Client()
    client.force_login(User.objects.get(id=who))
    given = {"name": name, "app": "2026.11.21", "schema": 1}
    response = client.post("/field/api/v1/devices", given, content_type="application/json")
    assert response.status_code == 201, response.content
    made = response.json()
    return Phone(client, made["token"], UUID(made["device"]), made["marker"])


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(cities.MONDAY):
        yield


@pytest.fixture
def city(db: None, monday: None, settings: Any, tmp_path: Any) -> City:
    settings.MEDIA_ROOT, settings.INCOMING_ROOT = tmp_path / "media", tmp_path / "incoming"
    return cities.build()


@pytest.fixture
def phone(city: City) -> Phone:
    """The grid worker's, who went out of reach of the network and is back."""
    return registered(city.staff["walker"].id)


@pytest.fixture
def seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one test's transaction its own events would lie above the horizon for ever."""
    following = receivers.following

    def own() -> int:
        """The test's own transaction: another's, such as the database's own, may be older."""
        with connection.cursor() as sql:
            sql.execute("SELECT pg_current_xact_id()::text::bigint")
            return int(sql.fetchone()[0])

    def seen(*asked: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(receivers, "horizon", lambda: 10**12)
            return following(*asked)

    monkeypatch.setattr(receivers, "horizon", own)
    monkeypatch.setattr(receivers, "following", seen)


def later(**span: float) -> Any:
    return clock.at(clock.now() + timedelta(**span))
