"""GeoReport v2 as two more clients see it: `three` reads and reports, `chicagorequests` collects.

`three` is of 2013 and asks `itertools` for a name that Python 3 moved; all else is as it was.
"""

import hashlib
import io
import itertools
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from chicagorequests import Downloader
from PIL import Image

from lingka.accounts.models import ApiKey
from lingka.cases.models import Attachment, Case
from lingka.core.ids import uuid7
from tests.cases.city import City

SECRET = "a key for peers"


@pytest.fixture
def three(live_server: Any, city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    with warnings.catch_warnings(action="ignore"):  # of its age
        from three import Three

    ApiKey.objects.create(
        uuid=uuid7(), name="peers", hash=hashlib.sha256(SECRET.encode()).digest(),
        scopes=["open311:write"],
    )  # fmt: skip
    client = Three(f"{live_server.url}/open311/v2", api_key=SECRET, jurisdiction="lingka.example")
    yield client
    client.session.close()


@pytest.fixture
def collector(live_server: Any, city: City, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(Downloader, "BASE_URL", f"{live_server.url}/open311/v2/requests.json")
    return Downloader


def photo() -> io.BytesIO:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    kept.seek(0)
    kept.name = "lamp.jpg"
    return kept


def test_a_report_with_a_photo_is_sent_and_found_again(three: Any) -> None:
    (made,) = three.post(
        "light.out", lat="29.65", long="91.13", description="路灯不亮", name="A B",
        phone="13900000000", media=photo(),
    )  # fmt: skip
    number = made["service_request_id"]
    assert Attachment.objects.get().case == Case.objects.get(number=number)
    (found,) = three.request(number)
    assert found["status"] == "open"
    assert three.token(number)[0]["service_request_id"] == number


def test_discovery_and_services_are_read(three: Any) -> None:
    assert three.discovery()["endpoints"][0]["url"] + "/" == three.endpoint
    assert "light.out" in {one["service_code"] for one in three.services()}
    assert three.services("light.out")["service_code"] == "light.out"


def test_the_list_is_asked_for_by_type_and_days(three: Any, city: City) -> None:
    opened = city.open("light.out")
    today = datetime.now(UTC).date()
    span = (today - timedelta(days=20), today + timedelta(days=2))
    found = three.requests("light.out", between=span, count=1)
    assert [one["service_request_id"] for one in found] == [opened.case_number]


def test_a_refusal_is_read_as_a_list_of_errors(three: Any) -> None:
    (error,) = three.post("light.out", lat="29.65", long="91.13", api_key="wrong")
    assert error["code"] == 403


def test_the_collector_gets_what_was_opened_in_a_span(collector: Any, city: City) -> None:
    numbers = {city.open("light.out").case_number for _ in range(3)}
    city.open("road.hole")
    start = datetime.now(ZoneInfo("America/Chicago")) - timedelta(days=20)
    found = collector(["light.out"])((start, start + timedelta(days=21)))
    assert {one["service_request_id"] for one in found} == numbers


def test_the_collector_gets_what_changed_since(collector: Any, city: City) -> None:
    opened = city.open("light.out")
    now = datetime.now(ZoneInfo("America/Chicago"))
    before, after = now - timedelta(days=20), now + timedelta(days=1)
    changed = collector(updated_start_date=before, updated_end_date=after)((before, after))
    assert [one["service_request_id"] for one in changed] == [opened.case_number]
    unchanged = collector(updated_start_date=now, updated_end_date=after)((before, after))
    assert unchanged == []
