"""The examples of docs/api.md do what the page says."""

import hashlib
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from lingka.accounts.actions import SCOPES
from lingka.accounts.models import ApiKey
from lingka.core.ids import uuid7
from tests.cases.city import City
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]
PAGE = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```\s+```json (\d+)\n(.*?)```", PAGE, re.DOTALL)


def call(client: Client, command: str, known: dict[str, str]) -> Any:
    """Send what a line of curl would send."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    url, headers, data = next(words), {}, []
    for word in words:
        value = next(words)
        if word == "-H":
            name, _, said = value.partition(": ")
            headers[name] = said
        else:
            data.append(value)
    if not data:
        return client.get(url, headers=headers)
    if headers.pop("Content-Type", "") == "application/json":
        return client.post(url, data[0], content_type="application/json", headers=headers)
    form = urlencode([tuple(one.split("=", 1)) for one in data])
    return client.post(url, form, content_type="application/x-www-form-urlencoded", headers=headers)


def same(shown: Any, answered: Any) -> bool:
    """Whether an answer is as shown; `…` is anything, and an answer may hold more."""
    if shown == "…":
        return answered is not None
    if isinstance(shown, dict):
        return all(key in answered and same(one, answered[key]) for key, one in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(answered) and all(map(same, shown, answered))
    return bool(shown == answered)


@pytest.fixture
def known(city: City) -> dict[str, str]:
    secret = "lk_an-example"
    ApiKey.objects.create(
        uuid=uuid7(), name="docs", hash=hashlib.sha256(secret.encode()).digest(),
        scopes=sorted(SCOPES), user_id=city.staff["dispatcher"].id,
    )  # fmt: skip
    return {"LINGKA": "", "KEY": secret}


def test_every_example_gives_the_answer_that_is_shown(
    client: Client, known: dict[str, str]
) -> None:
    assert len(EXAMPLES) >= 7
    for command, status, shown in EXAMPLES:
        answer = call(client, command, known)
        assert answer.status_code == int(status), (command, answer.content.decode())
        assert same(json.loads(shown), answer.json()), (shown, answer.json())
        if "case" in answer.json():
            known["CASE"] = answer.json()["case"]


def test_every_scope_is_explained() -> None:
    assert set(re.findall(r"^\| `([a-z0-9:]+)` \|", PAGE, re.MULTILINE)) == SCOPES


def test_an_example_that_is_no_longer_true_would_be_noticed() -> None:
    assert not same({"state": "received"}, {"state": "accepted"})
    assert not same([{"number": "…"}], [{}])
