"""Stored files are handed out whole or in part, and only as what they are."""

import pytest
from django.test import RequestFactory

from lingka.cases import media, serving

BYTES = bytes(range(200))


@pytest.fixture
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return serving.Stored(media.write(BYTES), "audio/mp4")


def _get(stored, part=None):
    headers = {"Range": part} if part else {}
    return serving.respond(RequestFactory().get("/", headers=headers), stored)


def test_a_file_is_private_and_can_run_nothing(stored):
    response = _get(stored)
    assert response.content == BYTES
    assert response["Content-Type"] == "audio/mp4"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("part", "expected", "told"),
    [
        ("bytes=0-1", BYTES[:2], "bytes 0-1/200"),
        ("bytes=150-", BYTES[150:], "bytes 150-199/200"),
        ("bytes=-10", BYTES[-10:], "bytes 190-199/200"),
        ("bytes=190-900", BYTES[190:], "bytes 190-199/200"),
    ],
)
def test_a_telephone_gets_the_part_it_asks_for(stored, part, expected, told):
    response = _get(stored, part)
    assert (response.status_code, response.content) == (206, expected)
    assert response["Content-Range"] == told


def test_a_part_beyond_the_end_is_refused(stored):
    assert _get(stored, "bytes=500-600").status_code == 416


def test_a_range_that_makes_no_sense_gives_the_whole(stored):
    assert _get(stored, "lines=1-2").content == BYTES
