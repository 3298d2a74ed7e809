"""What a phone could not send comes in by its rescue file, once."""

import io
import json
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.cases.models import Attachment, Case
from lingka.core.ids import uuid7
from lingka.field.models import Device, Operation
from tests.cases.city import HERE, City
from tests.field.conftest import Phone, registered
from tests.field.test_app import FRONTEND, NODE
from tests.field.test_files import photo

pytestmark = pytest.mark.django_db
PAGE = "/desk/devices/rescue/"


def brings(client: Client, file: bytes) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile("lingka.zip", file, "application/zip")})


def packed(phone: Phone, *operations: Any, **files: bytes) -> bytes:
    """A rescue file with these, each named file with the first of them."""
    about = {"title": "路灯不亮", "place": "3 号院"}
    records: list[dict[str, Any]] = [{**one, **about, "attachments": []} for one in operations]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            said = {"id": name, "media": "image/jpeg", "sha256": sha256(data).hexdigest()}
            records[0]["attachments"].append({**said, "file": name})
            made.writestr(name, data)
        head = {"lingka": "field", "device": str(phone.device), "records": records, "drafts": []}
        made.writestr("records.json", json.dumps(head))
    return out.getvalue()


@pytest.mark.skipif(not (FRONTEND / "node_modules").is_dir(), reason="not built here")
def test_the_file_that_the_app_saves_is_brought_in_with_its_photo(
    phone: Phone, tmp_path: Path
) -> None:
    taken, out = tmp_path / "photo.jpg", tmp_path / "rescue.zip"
    taken.write_bytes(photo())
    script = Path(__file__).with_name("rescue.ts")
    done = subprocess.run(
        [str(NODE), "--import", "fake-indexeddb/auto", str(script), str(taken),
         *map(str, HERE), str(out)],
        cwd=FRONTEND, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = brings(phone.client, out.read_bytes())
    [one] = told.context["brought"]
    assert (one.title, one.status, one.complete) == ("路灯不亮 · 3 号院", "applied", True)
    assert told.context["drafts"] == 1
    came = Attachment.objects.get()
    assert came.case_id == Case.objects.get().pk
    assert came.received_sha256 == sha256(taken.read_bytes()).hexdigest()


def test_what_is_brought_again_or_comes_from_the_phone_yet_is_done_once(phone: Phone) -> None:
    name, data = str(uuid7()), photo()
    done = phone.report(attachments=[name])
    file = packed(phone, done, **{name: data})
    for status in ("applied", "duplicate"):
        assert [one.status for one in brings(phone.client, file).context["brought"]] == [status]
    answered = phone.push(done)[0]
    assert (answered["status"], answered["complete"]) == ("applied", True)
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)
    assert Operation.objects.count() == 2
    assert Device.objects.count() == 2


def test_what_the_phone_sent_before_it_died_is_not_done_again(phone: Phone) -> None:
    done = phone.report()
    phone.push(done)
    brings(phone.client, packed(phone, done, phone.report()))
    assert Case.objects.count() == 2


def test_each_record_says_what_became_of_it_and_stops_no_other(phone: Phone) -> None:
    missing = phone.report(attachments=[str(uuid7())])
    odd = {"op_id": "no id", "data": None}
    refused = phone.report(type="order.task")
    told = brings(phone.client, packed(phone, missing, odd, refused, phone.report()))
    found = [(one.status, one.complete) for one in told.context["brought"]]
    assert found[:2] == [("applied", False), ("rejected", False)]
    assert found[2:] == [("rejected", False), ("applied", True)]
    assert told.status_code == 200


def test_another_worker_s_file_is_refused(city: City, phone: Phone) -> None:
    mate = registered(city.staff["mate"].id)
    told = brings(mate.client, packed(phone, phone.report()))
    assert told.status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "file",
    [b"", b"PK\x05\x06", b"no zip", json.dumps({"lingka": "field"}).encode()],
)
def test_what_is_no_rescue_file_is_said_beside_the_field(phone: Phone, file: bytes) -> None:
    told = brings(phone.client, file)
    assert (told.status_code, list(told.context["form"].errors)) == (422, ["file"])


def test_a_form_without_a_file_says_so(phone: Phone) -> None:
    told = phone.client.post(PAGE)
    assert (told.status_code, list(told.context["form"].errors)) == (422, ["file"])


@pytest.mark.parametrize(
    "listed",
    ["[]", "{}", '{"lingka": "field", "records": [1]}', "[" * 100_000, '{"lingka": "\\u0000"}',
     '{"lingka": "field", "records": [{"attachments": [{"id": 1}]}]}'],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(phone: Phone, listed: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("records.json", listed)
    assert brings(phone.client, out.getvalue()).status_code == 422


def test_a_file_that_unpacks_to_far_too_much_is_not_read(phone: Phone) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("records.json", b" " * 30_000_000)
    assert brings(phone.client, out.getvalue()).status_code == 422


def test_a_photo_that_is_no_picture_leaves_its_record_without_it(phone: Phone) -> None:
    name = str(uuid7())
    file = packed(phone, phone.report(attachments=[name]), **{name: b"no picture"})
    [one] = brings(phone.client, file).context["brought"]
    assert (one.status, one.complete) == ("applied", False)
