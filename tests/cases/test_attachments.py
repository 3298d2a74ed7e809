"""Files are kept until used, counted while used, and swept when nobody uses them."""

import datetime as dt
import io
import os
import time

import pytest
from PIL import Image

from lingka.cases import media
from lingka.cases.actions import attachments
from lingka.cases.models import Attachment, Blob
from lingka.cases.selectors import page, receipts
from lingka.core import clock, events
from lingka.core.actors import Actor
from tests.cases.city import case_of, problem

pytestmark = pytest.mark.django_db
RESIDENT = Actor("resident")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _photo(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def _add(data=None):
    return attachments.add_attachment(data or _photo(), actor=RESIDENT, kind="photo")


def _later(hours=25):
    return clock.at(clock.now() + dt.timedelta(hours=hours))


def test_an_upload_is_kept_with_its_thumbnail_and_the_hash_of_what_came():
    row = Attachment.objects.get(uuid=_add())
    assert row.case_id is None
    assert row.received_sha256 == media.digest(_photo())
    assert media.path_of(row.blob_id).is_file()
    assert media.path_of(row.thumbnail_id).is_file()


def test_the_same_bytes_are_stored_once_and_counted_twice():
    first, second = (Attachment.objects.get(uuid=_add()) for _ in range(2))
    assert first.blob_id == second.blob_id
    assert Blob.objects.get(pk=first.blob_id).references % 2 == 0


def test_erasing_one_of_two_leaves_the_bytes_for_the_other():
    first, second = _add(), _add()
    attachments.erase_attachments([first])
    attachments.sweep_files()
    kept = Attachment.objects.get(uuid=second)
    assert media.path_of(kept.blob_id).is_file()


def test_erasing_the_last_use_takes_the_bytes_away():
    uuid = _add()
    blob = Attachment.objects.get(uuid=uuid).blob_id
    assert attachments.erase_attachments([uuid, uuid]) == 1
    attachments.sweep_files()
    assert not media.path_of(blob).exists()
    assert Attachment.objects.get(uuid=uuid).erased_at


def test_an_upload_that_no_case_takes_is_swept_after_a_day():
    _add()
    assert attachments.sweep_files() == 0
    with _later():
        assert attachments.sweep_files() == 1
    assert not Attachment.objects.exists()
    assert not Blob.objects.exists()
    assert list(media.stored()) == []


def test_an_upload_whose_report_waits_for_a_look_is_kept_however_long():
    uuid = _add()
    assert attachments.hold_attachments([uuid]) == 1
    with _later(24 * 60):
        assert attachments.sweep_files() == 0
        attachments.erase_attachments([uuid])
        attachments.sweep_files()
    assert list(media.stored()) == []


def test_the_night_s_sweep_asks_once_for_many_files(django_assert_num_queries):
    long_ago = time.time() - 3 * 86_400
    for number in range(30):
        path = media.path_of(media.write(b"orphan %d" % number))
        os.utime(path, (long_ago, long_ago))
    with django_assert_num_queries(2):
        assert attachments.sweep_orphans() == 30
    assert attachments.sweep_orphans() == 0


def test_bytes_whose_row_was_rolled_back_are_found_and_swept():
    name = media.write(b"orphan")
    half = media.path_of(name).with_name("tmpabc")
    half.write_bytes(b"half")
    long_ago = time.time() - 3 * 86_400
    os.utime(media.path_of(name), (long_ago, long_ago))
    os.utime(half, (long_ago, long_ago))
    assert attachments.sweep_orphans() == 2
    attachments.sweep_files()
    assert list(media.stored()) == []


def test_a_photo_of_the_result_belongs_to_the_case_and_its_event(city):
    opened, photo = city.at("handling"), _add()
    done = city.do(opened, "report_back", "handler", words="修好了", attachments=[photo])
    row = Attachment.objects.get(uuid=photo)
    assert (row.case, row.event_sequence) == (case_of(opened), done.version)
    last = events.last(opened.case_uuid)
    assert last.data.files == [{"attachment": str(photo), "hash": row.received_sha256}]


def test_photos_of_before_and_after_stand_beside_each_other(city):
    before, after = _add(), _add(_photo("green"))
    opened = city.at("handling", attachments=[before])
    city.do(opened, "report_back", "handler", words="修好了", attachments=[after])
    seen = page.case_page(case_of(opened))
    assert [str(before) in one.url for one in seen.photos] == [True]
    assert [str(after) in one.url for one in seen.after] == [True]
    told = receipts.receipt_by_token(opened.token)
    assert [[one.uuid for one in part] for part in told.before_and_after] == [[before], [after]]


def test_photos_of_an_attempt_that_did_not_pass_are_not_how_it_is_now(city, client):
    before, tried, done = _add(), _add(_photo("green")), _add(_photo("blue"))
    opened = city.at("handling", attachments=[before])
    city.do(opened, "report_back", "handler", words="修好了", attachments=[tried])
    city.do(opened, "verify_failed", "verifier", words="还是黑的")
    assert page.case_page(case_of(opened)).after == []
    told = receipts.receipt_by_token(opened.token)
    assert [one.uuid for one in told.photos if not one.stands] == [tried]
    html = client.get(f"/r/{opened.token}", headers={"Accept-Language": "en"}).content.decode()
    assert "An attempt that did not solve it" in html
    city.do(opened, "report_back", "handler", words="又修了", attachments=[done])
    assert [str(done) in one.url for one in page.case_page(case_of(opened)).after] == [True]


def test_a_photo_that_proves_one_thing_proves_no_other(city):
    photo = _add()
    city.do(city.at("handling"), "report_back", "handler", words="修好了", attachments=[photo])
    other = city.at("handling")
    with problem("photo"):
        city.do(other, "report_back", "handler", words="也修好了", attachments=[photo])
    assert case_of(other).state == "handling"
