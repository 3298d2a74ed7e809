"""Files by tus: piece by piece, never twice, and only whole ones count."""

import base64
import io
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from lingka.accounts.models import Post
from lingka.cases import actions as cases
from lingka.cases.models import Attachment, Case
from lingka.core import clock, verify
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.field import actions, tasks
from lingka.field.actions import files
from lingka.field.models import Upload
from lingka.field.uploading import path_of
from tests.cases.city import City, case_of
from tests.field.conftest import Phone, registered

pytestmark = pytest.mark.django_db
TUS = {"tus-resumable": "1.0.0"}


def photo(color: str = "sienna") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue() if color else b""


def b64(text: Any) -> str:
    return base64.b64encode(str(text).encode()).decode()


def begin(phone: Phone, data: bytes, attachment: UUID | None = None, **more: Any) -> Any:
    said = {
        "attachment": attachment or uuid7(), "record": uuid7(), "sha256": sha256(data).hexdigest(),
        "media": "image/jpeg",
    } | more  # fmt: skip
    metadata = ",".join(f"{name} {b64(value)}" for name, value in said.items())
    headers = {**phone.headers, **TUS, "upload-length": str(len(data)), "upload-metadata": metadata}
    return phone.client.post("/field/files/", headers=headers)


def patch(phone: Phone, url: str, data: bytes, offset: int) -> Any:
    return phone.client.patch(
        url, data, content_type="application/offset+octet-stream",
        headers={**phone.headers, **TUS, "upload-offset": str(offset)},
    )  # fmt: skip


def head(phone: Phone, url: str) -> Any:
    return phone.client.head(url, headers={**phone.headers, **TUS})


def sent(phone: Phone, attachment: UUID, **more: Any) -> str:
    """A whole photo in two pieces; the receipt."""
    data = photo()
    url = begin(phone, data, attachment, **more)["Location"]
    half = len(data) // 2
    assert patch(phone, url, data[:half], 0).status_code == 204
    done = patch(phone, url, data[half:], half)
    assert done["Upload-Sha256"] == sha256(data).hexdigest()
    return str(done["Upload-Sha256"])


def test_a_file_comes_in_pieces_and_its_receipt_is_the_server_s_own_hash(phone: Phone) -> None:
    attachment, data = uuid7(), photo()
    begun = begin(phone, data, attachment)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")
    url = begun["Location"]
    first = patch(phone, url, data[:1000], 0)
    assert (first.status_code, first["Upload-Offset"]) == (204, "1000")
    assert "Upload-Sha256" not in first
    asked = head(phone, url)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("1000", str(len(data)))
    last = patch(phone, url, data[1000:], 1000)
    assert last["Upload-Sha256"] == sha256(data).hexdigest()
    kept = Attachment.objects.get(uuid=attachment)
    assert (kept.received_sha256, kept.kind, kept.held) == (last["Upload-Sha256"], "photo", True)
    assert not path_of(attachment).exists()
    assert head(phone, url)["Upload-Sha256"] == last["Upload-Sha256"]


def test_a_piece_that_does_not_go_on_from_the_end_is_refused(phone: Phone) -> None:
    data = photo()
    url = begin(phone, data)["Location"]
    patch(phone, url, data[:1000], 0)
    again = patch(phone, url, data[:1000], 0)
    assert (again.status_code, again["Upload-Offset"]) == (409, "1000")
    assert patch(phone, url, data[2000:], 2000).status_code == 409
    assert patch(phone, url, data, 1000).status_code == 413
    assert patch(phone, url, data[1000:], 1000).status_code == 204


def test_the_same_file_may_be_begun_again_and_goes_on_where_it_was(phone: Phone) -> None:
    attachment, data, record = uuid7(), photo(), uuid7()
    url = begin(phone, data, attachment, record=record)["Location"]
    patch(phone, url, data[:1000], 0)
    assert begin(phone, data, attachment, record=record)["Upload-Offset"] == "1000"
    other = begin(phone, photo(), attachment, record=record)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/key_reused")


def test_bytes_that_arrive_otherwise_are_thrown_away_and_sent_anew(phone: Phone) -> None:
    data = photo()
    url = begin(phone, data)["Location"]
    wrong = patch(phone, url, data[:-1] + b"x", 0)
    assert (wrong.status_code, wrong.json()["type"]) == (460, "/problems/checksum")
    assert head(phone, url)["Upload-Offset"] == "0"
    assert patch(phone, url, data, 0).status_code == 204


def stuck(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> tuple[UUID, UUID, bytes]:
    """A file whose bytes are all here, though the server failed at verifying it."""
    attachment, record, data = uuid7(), uuid7(), photo()
    url = begin(phone, data, attachment, record=record)["Location"]
    with monkeypatch.context() as patched:
        patched.setattr(files.cases, "add_attachment", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            patch(phone, url, data, 0)
    return attachment, record, data


def test_a_file_at_whose_end_the_server_failed_is_verified_when_it_is_asked_for(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment, _record, data = stuck(phone, monkeypatch)
    asked = head(phone, f"/field/files/{attachment}")
    assert (asked.status_code, asked["Upload-Sha256"]) == (200, sha256(data).hexdigest())
    assert not path_of(attachment).exists()


def test_a_file_at_whose_end_the_server_failed_is_verified_when_it_is_begun_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment, record, data = stuck(phone, monkeypatch)
    begun = begin(phone, data, attachment, record=record)
    assert (begun["Upload-Offset"], begun["Upload-Sha256"]) == (
        str(len(data)), sha256(data).hexdigest(),
    )  # fmt: skip
    assert Attachment.objects.filter(uuid=attachment).exists()


def test_what_is_no_picture_is_refused_and_its_record_never_complete(
    city: City, phone: Phone
) -> None:
    attachment, data = uuid7(), b"<script>" * 100
    [done] = phone.push(phone.report(attachments=[str(attachment)]))
    refused = patch(phone, begin(phone, data, attachment)["Location"], data, 0)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/wrong-file")
    stands = phone.standing().json()
    assert stands["attachments"][0]["status"] == "refused"
    assert stands["operations"][0]["missing"] == [str(attachment)] == done["missing"]
    assert not Attachment.objects.exists()


def test_a_report_is_complete_only_when_all_its_files_are_verified(phone: Phone) -> None:
    files = [uuid7(), uuid7()]
    report = phone.report(attachments=[str(one) for one in files])
    [told] = phone.push(report)
    assert (told["status"], told["complete"]) == ("applied", False)
    sent(phone, files[0])
    assert phone.push(report)[0]["missing"] == [str(files[1])]
    sent(phone, files[1])
    assert phone.push(report)[0]["complete"] is True
    case = Case.objects.get()
    assert Attachment.objects.filter(case=case, event_sequence=2).count() == 2, "in one go"
    assert case.version == 2
    assert verify.run() == []


def test_files_that_came_first_go_with_the_report(phone: Phone) -> None:
    attachment = uuid7()
    sent(phone, attachment)
    [told] = phone.push(phone.report(attachments=[str(attachment)]))
    assert (told["complete"], told["result"]["files"]) == (True, 1)
    assert Attachment.objects.get().case == Case.objects.get()


def test_a_photo_does_not_wait_for_ever_for_another(phone: Phone) -> None:
    files = [uuid7(), uuid7()]
    phone.push(phone.report(attachments=[str(one) for one in files]))
    sent(phone, files[0])
    assert not Attachment.objects.filter(case__isnull=False).exists()
    with clock.at(clock.now() + timedelta(minutes=11)):
        phone.standing()
    assert Attachment.objects.filter(case__isnull=False).count() == 1


def test_a_photo_reaches_its_case_after_ten_minutes_though_the_phone_is_gone(phone: Phone) -> None:
    files = [uuid7(), uuid7()]
    phone.push(phone.report(attachments=[str(one) for one in files]))
    sent(phone, files[0])
    Post.objects.filter(user__username="walker").delete()  # nor does the worker serve any more
    with clock.at(clock.now() + timedelta(minutes=9)):
        tasks.bring_files(timestamp=0)
    assert not Attachment.objects.filter(case__isnull=False).exists()
    with clock.at(clock.now() + timedelta(minutes=11)):
        tasks.bring_files(timestamp=0)
    assert Attachment.objects.get(uuid=files[0]).case == Case.objects.get()
    assert verify.run() == []


def test_photos_of_an_action_go_with_it_or_after_it(city: City) -> None:
    phone = registered(city.staff["handler"].id)
    opened, early, late = city.at("handling"), uuid7(), uuid7()
    sent(phone, early)
    act = phone.act(
        opened.case_uuid, "handle", base=case_of(opened).version, given={"words": "换好了"},
        attachments=[str(early), str(late)],
    )  # fmt: skip
    assert phone.push(act)[0]["status"] == "applied"
    done = case_of(opened).version
    assert Attachment.objects.get(uuid=early).event_sequence == done
    sent(phone, late)
    assert Attachment.objects.get(uuid=late).event_sequence == done + 1


def test_an_action_that_needs_a_photo_waits_for_it(city: City, phone: Phone) -> None:
    from lingka.field import kinds, operations

    opened, attachment = city.open(), uuid7()

    def needs_it(sent_: Any, given: Any) -> Any:
        if missing := operations.unmet(sent_.user, given.attachments):
            raise operations.Wait(missing)
        return kinds.done({"case": str(given.case)})

    act = phone.act(opened.case_uuid, "note", attachments=[str(attachment)]) | {"kind": "shown"}
    kinds.KINDS["shown"] = kinds.Kind(kinds.KINDS["act"].shape, needs_it)
    try:
        assert phone.push(act)[0]["waits_for"] == [str(attachment)]
        sent(phone, attachment)
        assert phone.push(act)[0]["status"] == "duplicate"
    finally:
        del kinds.KINDS["shown"]


def test_nobody_reads_or_continues_a_stranger_s_file(city: City, phone: Phone) -> None:
    data = photo()
    url = begin(phone, data)["Location"]
    stranger = registered(city.staff["handler"].id)
    assert head(stranger, url).status_code == 404
    assert patch(stranger, url, data, 0).status_code == 404
    assert patch(Phone(phone.client, "x", phone.device, ""), url, data, 0).status_code == 401


def test_a_stranger_s_photo_goes_with_no_report_of_another(city: City, phone: Phone) -> None:
    attachment = uuid7()
    sent(registered(city.staff["handler"].id), attachment)
    [told] = phone.push(phone.report(attachments=[str(attachment)]))
    assert told["missing"] == [str(attachment)]
    assert Attachment.objects.get().case is None


def test_an_id_that_another_file_of_the_server_has_is_refused(city: City, phone: Phone) -> None:
    taken = cases.add_attachment(photo(), actor=city.staff["walker"], kind="photo")
    answer = begin(phone, photo(), taken)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/key_reused")
    assert not Upload.objects.exists()


def test_an_id_that_another_file_got_meanwhile_is_refused(city: City, phone: Phone) -> None:
    data, attachment = photo(), uuid7()
    url = begin(phone, data, attachment)["Location"]
    cases.add_attachment(photo(), actor=city.staff["walker"], kind="photo", uuid=attachment)
    answer = patch(phone, url, data, 0)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/key_reused")


@pytest.mark.parametrize(
    ("name", "value"),
    [("attachment", "x"), ("record", ""), ("sha256", "A" * 64), ("media", "text/html")],
)
def test_what_is_said_of_a_file_is_checked(phone: Phone, name: str, value: str) -> None:
    answer = (
        begin(phone, photo(), **{name: value})
        if name != "attachment"
        else begin(
            phone,
            photo(),
            value,  # type: ignore[arg-type]
        )
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == name


def test_odd_headers_are_refused_and_break_nothing(phone: Phone) -> None:
    good = {**phone.headers, **TUS}
    post = phone.client.post
    for headers, status in (
        (phone.headers, 412),
        (good, 422),
        (good | {"upload-length": "-1"}, 422),
        (good | {"upload-length": "0", "upload-metadata": ""}, 422),
        (good | {"upload-length": "99999999999"}, 422),
        (good | {"upload-length": str(21 * 1024 * 1024)}, 413),
        (good | {"upload-length": "5", "upload-metadata": "attachment %%%"}, 422),
    ):
        assert post("/field/files/", headers=headers).status_code == status
    url = begin(phone, photo())["Location"]
    kind = {"content_type": "application/offset+octet-stream"}
    assert phone.client.patch(url, b"x", headers=good, **kind).status_code == 422
    assert patch(phone, url, b"x" * (1024 * 1024 + 1), 0).status_code == 413
    assert phone.client.patch(url, b"x", headers=good).status_code == 415
    assert phone.client.get(url, headers=good).status_code == 405


def test_what_is_spoken_is_said_when_asked(phone: Phone) -> None:
    told = phone.client.options("/field/files/")
    assert (told["Tus-Version"], told["Tus-Extension"], told.status_code) == (
        "1.0.0", "creation", 204,
    )  # fmt: skip


def test_a_file_that_is_gone_from_the_disk_begins_anew(phone: Phone) -> None:
    data = photo()
    url = begin(phone, data)["Location"]
    patch(phone, url, data[:1000], 0)
    path_of(Upload.objects.get().attachment).unlink()
    assert head(phone, url)["Upload-Offset"] == "0"


def test_what_nobody_finished_or_named_in_half_a_year_is_given_up(phone: Phone) -> None:
    data, begun, whole = photo(), uuid7(), uuid7()
    url = begin(phone, data, begun)["Location"]
    patch(phone, url, data[:1000], 0)
    sent(phone, whole)
    named = uuid7()
    phone.push(phone.report(attachments=[str(named)]))
    sent(phone, named)
    assert actions.sweep_files() == 0
    with clock.at(clock.now() + timedelta(days=181)):
        tasks.sweep_files(timestamp=0)
    assert head(phone, url).status_code == 404
    assert not path_of(begun).exists()
    assert list(Upload.objects.values_list("attachment", flat=True)) == [named]
    assert Attachment.objects.get(uuid=whole).erased_at
    assert Attachment.objects.get(uuid=named).erased_at is None


def test_what_is_given_up_takes_no_file_away_that_is_another_s_or_with_a_case(
    city: City, phone: Phone
) -> None:
    taken, other = uuid7(), uuid7()
    phone.push(phone.report(attachments=[str(taken)]))
    sent(phone, taken)
    Upload.objects.filter(attachment=taken).update(used=False, begun_at=clock.now())
    begin(phone, photo(), other)
    cases.add_attachment(photo(), actor=city.staff["walker"], kind="photo", uuid=other)
    with clock.at(clock.now() + timedelta(days=181)):
        assert actions.sweep_files() == 2
    assert not Attachment.objects.exclude(erased_at=None).exists()


def test_a_file_that_a_held_operation_names_is_not_given_up(phone: Phone) -> None:
    attachment = uuid7()
    waits = phone.report(attachments=[str(attachment)]) | {"depends_on": [str(uuid7())]}
    assert phone.push(waits)[0]["status"] == "held"
    sent(phone, attachment)
    with clock.at(clock.now() + timedelta(days=181)):
        assert actions.sweep_files() == 0
    assert Attachment.objects.get(uuid=attachment).erased_at is None


def test_a_phone_cannot_fill_the_disk(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WAITING", 2)
    answers = [begin(phone, photo()) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert answers[2]["Retry-After"] == "3600"


def test_a_refused_file_is_left_out_when_its_worker_says_so_and_nothing_waits_for_it(
    phone: Phone,
) -> None:
    picture = uuid7()
    [told] = phone.push(phone.report(attachments=[str(picture)]))
    url = begin(phone, b"no picture", picture)["Location"]
    assert patch(phone, url, b"no picture", 0).status_code == 422
    assert told["complete"] is False
    [left] = phone.push(phone.op("leave_out", picture))
    assert (left["status"], left["complete"]) == ("applied", True)
    [told] = [one for one in phone.standing().json()["operations"] if one["record"] != str(picture)]
    assert (told["complete"], told["missing"]) == (True, [])
    assert Event.objects.get(type="field.FileLeftOut").data == {"attachment": str(picture)}


def test_a_file_that_is_here_is_not_left_out(phone: Phone) -> None:
    picture = uuid7()
    phone.push(phone.report(attachments=[str(picture)]))
    sent(phone, picture)
    [told] = phone.push(phone.op("leave_out", picture))
    assert (told["status"], told["problem"]["type"]) == ("rejected", "/problems/here")


def test_nobody_leaves_out_what_another_worker_waits_for(city: City, phone: Phone) -> None:
    picture = uuid7()
    phone.push(phone.report(attachments=[str(picture)]))
    other = registered(city.staff["handler"].id)
    other.push(other.op("leave_out", picture))
    assert phone.standing().json()["operations"][0]["missing"] == [str(picture)]
