"""A unit without accounts does its part on one page of its link."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lingka.cases import actions
from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, case_of, picture

WORDS = {"do": "report_back", "words": "换了插座"}


def shown() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return SimpleUploadedFile("after.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


@pytest.fixture
def mended(city: City, settings: Any, tmp_path: Any) -> tuple[Any, str]:
    """A hazard that the lighting unit mends, and the page of its link."""
    settings.MEDIA_ROOT = tmp_path
    opened, desk = city.open("safety.hazard"), city.staff["dispatcher"]
    city.do(opened, "register", "dispatcher", level="ordinary", attachments=[picture()])
    city.do(
        opened, "dispatch", "dispatcher", unit=city.units["light"].id, item="插座", measure="换",
        funds="none", person="电工岗", until=(MONDAY + timedelta(days=9)).isoformat(),
        reinspector=city.units["checkers"].id,
    )  # fmt: skip
    unit = city.units["light"].id
    token = actions.make_link(opened.case_uuid, actor=desk, unit_id=unit, note="换插座", days=7)
    city.do(opened, "sign_in", "handler")
    return opened, f"/a/{token}"


def test_mending_is_reported_with_its_photo_from_a_telephone(
    mended: tuple[Any, str], client: Client
) -> None:
    opened, page = mended
    assert client.post(page, {**WORDS, "attachments": shown()}).status_code == HTTPStatus.FOUND
    assert case_of(opened).state == "reported"


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(
    mended: tuple[Any, str], client: Client
) -> None:
    opened, page = mended
    answer = client.post(page, WORDS)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert 'id="report_back-attachments_error"' in answer.content.decode()
    assert "换了插座" in answer.content.decode()
    assert case_of(opened).state == "handling"


def test_a_photo_of_a_report_without_its_words_goes_with_the_next_try(
    mended: tuple[Any, str], client: Client
) -> None:
    opened, page = mended
    refused = client.post(page, {"do": "report_back", "attachments": shown()}).content.decode()
    assert "data:image/webp;base64," in refused
    (key,) = re.findall(r'name="attachments-kept" value="([^"]+)"', refused)
    answer = client.post(page, {**WORDS, "attachments-kept": key})
    assert (answer.status_code, case_of(opened).state) == (HTTPStatus.FOUND, "reported")


def test_what_cannot_be_done_any_more_is_said(mended: tuple[Any, str], client: Client) -> None:
    answer = client.post(mended[1], {"do": "sign_in"}, headers={"accept-language": "en"})
    assert "This is not possible any more." in answer.content.decode()
