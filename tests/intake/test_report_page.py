"""One page to report, from the door's code to the receipt."""

import io
import re
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lingka.cases.models import Attachment, Case, Contact, Receipt
from lingka.cases.selectors import case_types
from lingka.intake.models import Quarantined

pytestmark = pytest.mark.usefixtures("unhurried")

URL = "/report/water.leak"


def _jpeg(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(out, "JPEG")
    return out.getvalue()


def _photo(data=None, name="photo.jpg"):
    return SimpleUploadedFile(name, data if data is not None else _jpeg(), "image/jpeg")


def _send(client, town, url=URL, **data):
    given = {"place": town.place.code, "words": "地下室水管漏水,门口结冰", "seen": "1"} | data
    return client.post(url, {name: value for name, value in given.items() if value is not None})


def _token(response):
    assert response.status_code == 302, response.content.decode()[:2000]
    return response["Location"].split("/")[2]


def test_the_door_s_code_shows_place_grid_and_who_is_on_duty(client, town):
    page = client.get(f"/p/{town.place.code}").content.decode()
    for text in ("3 号院 2 单元", "统建社区", "第三网格", "tel:08910000000", "网格员"):
        assert text in page


def test_there_are_eight_pictures_and_a_way_to_say_something_else(client, town):
    page = client.get(f"/p/{town.place.code}").content.decode()
    assert page.count('class="tile"') == 8
    assert f"/report/other.any?place={town.place.code}" in page


def test_an_unknown_code_says_so_and_lets_one_report_all_the_same(client, town):
    response = client.get("/p/NOSUCH0")
    assert response.status_code == 404
    assert response.content.decode().count('class="tile"') == 8


def test_the_landing_works_without_a_code(client, town):
    assert client.get("/").content.decode().count('class="tile"') == 8


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_a_report_becomes_a_case_with_a_receipt(client, town, language):
    client.cookies["language"] = language
    token = _token(_send(client, town))
    case = Case.objects.get()
    assert (case.channel, case.place_id, case.grid_id) == ("door", town.place.id, town.grid.id)
    page = client.get(f"/r/{token}/receipt").content.decode()
    assert Receipt.objects.get().short_code[:4] in page
    assert "<svg" in page


def test_the_same_form_sent_twice_is_one_case(client, town):
    key = str(uuid4())
    first = _token(_send(client, town, idempotency_key=key))
    assert _token(_send(client, town, idempotency_key=key)) == first
    assert Case.objects.count() == 1


def test_a_form_sent_again_gets_its_receipt_though_its_own_case_is_like_it(client, town):
    key = str(uuid4())
    first = _token(_send(client, town, idempotency_key=key))
    assert _token(_send(client, town, idempotency_key=key, seen=None)) == first


def test_a_form_sent_again_gets_its_receipt_though_many_came_since(client, town):
    key = str(uuid4())
    first = _token(_send(client, town, idempotency_key=key))
    for _ in range(6):
        _send(client, town)
    held = Quarantined.objects.count()
    assert _token(_send(client, town, idempotency_key=key)) == first
    assert Quarantined.objects.count() == held


def test_a_photo_comes_with_the_report_and_only_its_holder_sees_it(client, town):
    token = _token(_send(client, town, photos=_photo()))
    photo = Attachment.objects.get()
    assert photo.case == Case.objects.get()
    assert client.get(f"/r/{token}/files/{photo.uuid}/small")["Content-Type"] == "image/webp"
    assert client.get(f"/r/{'a' * 32}/files/{photo.uuid}/small").status_code == 404


def test_what_was_typed_and_chosen_is_still_there_after_a_mistake(client, town):
    response = _send(client, town, photos=_photo(), phone="call me")
    page = response.content.decode()
    assert response.status_code == 422
    assert "地下室水管漏水" in page
    assert "call me" in page
    assert page.count('name="kept"') == 1
    assert 'id="phone-error"' in page


def test_kept_photos_go_along_with_the_next_attempt(client, town):
    page = _send(client, town, photos=_photo(), phone="call me").content.decode()
    key = page.split('name="kept" value="')[1].split('"')[0]
    token = _token(_send(client, town, kept=key, phone="13912345678"))
    assert Attachment.objects.get().case == Case.objects.get()
    assert Contact.objects.count() == 1
    assert token


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"PK\x03\x04zip", b"\xff\xd8\xff", _jpeg()[:200]]
)
def test_a_file_that_is_no_photo_is_told_beside_the_photos(client, town, data):
    response = _send(client, town, photos=_photo(data, "<b>x.jpg"))
    assert response.status_code == 422
    page = response.content.decode()
    assert 'id="photos-error" data-fault="photo" role="alert"' in page
    assert "<b>x" not in page
    assert not Case.objects.exists()


def test_nothing_said_is_told_beside_the_words(client, town):
    response = _send(client, town, words="")
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"lon": "x", "lat": "1e999"},
        {"place": "💥" * 40},
        {"idempotency_key": "'"},
        {"words": "\x00水"},
        {"kept": "x" * 9000},
        {"step": "nowhere", "do": "next"},
        {"do": "language:xx"},
        {"a.inside": "nonsense" * 99},
        {"email": "@"},
        {"do": "remove:x"},
    ],
)
def test_nonsense_is_never_an_error_of_ours(client, town, data):
    assert _send(client, town, **data).status_code < 500


def test_an_unknown_type_is_a_missing_page(client, town):
    assert client.get("/report/nonsense").status_code == 404
    assert client.post("/report/nonsense", {"words": "x"}).status_code == 404


@pytest.mark.parametrize("kind", ["order.ledger", "joint.part", "council.resolution"])
def test_what_only_desks_open_is_not_there(client, town, kind):
    assert client.get(f"/report/{kind}").status_code == 404
    assert client.post(f"/report/{kind}", {"words": "x"}).status_code == 404
    assert not Case.objects.exists()


def test_a_firm_and_a_village_find_their_links_at_the_door(client, town):
    page = client.get(f"/p/{town.place.code}").content.decode()
    for kind in ("enterprise.demand", "joint.slip", "wish.small"):
        assert f'href="/report/{kind}?place={town.place.code}"' in page


def test_whoever_wishes_is_not_asked_what_happened(client, town):
    page = client.get("/report/wish.small").content.decode()
    assert "您有什么小心愿？" in page
    assert "怎么了？" not in page
    assert "怎么了？" in client.get("/report/help.papers").content.decode()


def test_residents_are_not_offered_what_desks_open(client, town):
    page = client.get("/report/help.papers").content.decode()
    offered = set(re.findall(r'formaction="/report/(help\.[a-z]+)"', page))
    kinds = case_types()
    assert offered == {one.key for one in kinds if one.group_key == "help" and one.public}


def test_the_language_changes_without_losing_a_word(client, town):
    response = _send(client, town, do="language:bo", photos=_photo())
    page = response.content.decode()
    assert '<html lang="bo"' in page
    assert "地下室水管漏水" in page
    assert page.count('name="kept"') == 1
    assert response.cookies["language"].value == "bo"


def test_an_open_case_like_it_is_offered_without_a_stranger_s_words(client, town):
    _send(client, town, words="地下室水管漏水,很急,我是某某")
    page = _send(client, town, words="水管在地下室漏水", seen=None).content.decode()
    assert 'name="offer"' in page
    assert "某某" not in page
    assert Case.objects.count() == 1


def test_me_too_follows_and_shows_no_stranger_s_words(client, town):
    _send(client, town, words="地下室水管漏水,很急,我是某某", photos=_photo())
    page = _send(client, town, words="水管在地下室漏水", seen=None).content.decode()
    offer = page.split('name="offer" value="')[1].split('"')[0]
    response = client.post(f"{URL}/follow", {"offer": offer, "idempotency_key": str(uuid4())})
    token = _token(response)
    shown = client.get(f"/r/{token}").content.decode()
    assert Case.objects.count() == 1
    assert Receipt.objects.filter(kind="follower").count() == 1
    assert "某某" not in shown
    assert "/files/" not in shown


def test_whoever_follows_with_a_number_that_is_none_is_told_so(client, town):
    _send(client, town)
    page = _send(client, town, seen=None).content.decode()
    offer = page.split('name="offer" value="')[1].split('"')[0]
    response = client.post(f"{URL}/follow", {"offer": offer, "phone": "call me"})
    assert response.status_code == 422
    assert 'value="call me"' in response.content.decode()


def test_whoever_follows_a_case_closed_meanwhile_is_told_so(client, town):
    _send(client, town)
    page = _send(client, town, seen=None).content.decode()
    offer = page.split('name="offer" value="')[1].split('"')[0]
    Case.objects.update(stage="closed")
    response = client.post(f"{URL}/follow", {"offer": offer, "words": "还在漏"})
    assert response.status_code == 409
    assert "还在漏" in response.content.decode()


def test_a_case_that_was_not_offered_cannot_be_followed(client, town):
    _send(client, town)
    case = Case.objects.get().uuid
    assert client.post(f"{URL}/follow", {"offer": case.hex}).status_code == 422


def test_elder_mode_asks_one_question_a_screen_and_keeps_the_answers(client, town):
    client.cookies["size"] = "elder"
    page = _send(client, town, step="words", do="next").content.decode()
    assert 'name="photos"' in page
    assert 'type="hidden" name="words" value="地下室水管漏水,门口结冰"' in page
    page = _send(client, town, step="photos", do="next", photos=_photo()).content.decode()
    assert 'id="address"' in page
    assert page.count('name="kept"') == 1
    page = _send(client, town, step="where", do="next").content.decode()
    assert 'id="phone"' in page
    assert _token(_send(client, town, step="contact", do="send"))


def test_elder_mode_goes_back_to_the_question_that_was_missed(client, town):
    client.cookies["size"] = "elder"
    response = _send(client, town, step="contact", do="send", words="")
    assert 'id="words"' in response.content.decode()


def test_a_file_uploaded_ahead_is_shown_by_its_key_only(client, town):
    told = client.post("/report/upload", {"kind": "photo", "file": _photo()}).json()
    assert client.get(told["url"])["Content-Type"] == "image/webp"
    uuid = Attachment.objects.get().uuid
    assert client.get(f"/files/photo.{UUID(str(uuid)).hex}/small").status_code == 404


def test_an_upload_that_is_no_photo_is_told_so(client, town):
    response = client.post("/report/upload", {"kind": "photo", "file": _photo(b"nonsense")})
    assert response.status_code == 422
    assert response.json()["message"]


def test_many_at_once_without_scripts_are_looked_at_first(client, town):
    for _ in range(6):
        _token(_send(client, town))
    response = _send(client, town, words="第七个")
    assert response["Location"].startswith("/waiting/")
    assert Quarantined.objects.count() == 1
    assert client.get(response["Location"]).status_code == 200
    assert "第七个".encode() not in bytes(Quarantined.objects.get().sealed)


def test_many_at_once_with_scripts_work_out_a_sum(client, town, monkeypatch):
    monkeypatch.setattr("lingka.intake.rules.DIFFICULTY", 0)
    for _ in range(6):
        _token(_send(client, town))
    page = _send(client, town, scripts="1").content.decode()
    challenge = page.split('name="challenge" value="')[1].split('"')[0]
    sent = {"scripts": "1", "challenge": challenge, "solution": "0"}
    _token(_send(client, town, **sent))
    again = _send(client, town, **sent).content.decode()
    assert 'name="challenge"' in again


def test_the_first_load_is_light(client, town):
    import gzip
    from pathlib import Path

    from django.contrib.staticfiles import finders

    page = client.get(f"/p/{town.place.code}").content
    form = client.get(f"{URL}?place={town.place.code}").content
    for body in (page, form):
        total = len(gzip.compress(body))
        for name in _statics(body.decode()):
            total += len(gzip.compress(Path(finders.find(name)).read_bytes()))
        assert total <= 60_000, total


def _statics(page):
    import re

    return re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', page)


@pytest.mark.parametrize("seen", ["1", ""])
def test_a_report_takes_at_most_twelve_statements(
    client, town, seen, django_assert_max_num_queries
):
    _send(client, town)
    with django_assert_max_num_queries(12):
        _token(_send(client, town, words="单元锁坏了", phone="13912345678", seen=seen))


def test_while_writing_open_cases_are_offered_as_a_piece_of_page(client, town):
    _send(client, town)
    piece = client.post(f"{URL}/nearby", {"place": town.place.code, "words": "水管在地下室漏水"})
    assert f'formaction="{URL}/follow"' in piece.content.decode()
    other = client.post(f"{URL}/nearby", {"place": town.place.code, "words": "垃圾桶满了"})
    assert not other.content.strip()


def test_an_answer_that_cannot_be_stored_is_said_beside_its_question(client, town):
    response = _send(client, town, **{"a.pole": "a\x00b"}, url="/report/light.out")
    assert response.status_code == 422
    page = response.content.decode()
    assert page.index('name="a.pole"') < page.index('class="field-error" role="alert"')
    assert not Case.objects.exists()


def test_answers_to_another_type_s_questions_are_left_behind(client, town):
    _token(_send(client, town, **{"a.pole": "7", "a.nobody-asked": "x"}))


def test_a_form_changed_after_it_was_sent_goes_out_as_a_new_report_when_pressed_again(client, town):
    key = str(uuid4())
    first = _token(_send(client, town, idempotency_key=key))
    again = _send(client, town, idempotency_key=key, words="另外,楼道灯也不亮")
    assert again.status_code == 409
    page = again.content.decode()
    assert "另外,楼道灯也不亮" in page
    fresh = page.split('name="idempotency_key" value="')[1].split('"')[0]
    assert fresh != key
    second = _token(_send(client, town, idempotency_key=fresh, words="另外,楼道灯也不亮"))
    assert second != first


def test_files_are_counted_whichever_way_they_come(client, town, monkeypatch):
    monkeypatch.setattr("lingka.intake.rules.UPLOADS", (2, 3600))
    token = _token(_send(client, town, photos=_photo()))
    assert client.post("/report/upload", {"file": _photo()}).status_code == 200
    assert client.post("/report/upload", {"file": _photo()}).status_code == 429
    beyond = _send(client, town, photos=_photo(), words="还在漏")
    assert beyond.status_code == 422
    assert "还在漏" in beyond.content.decode()
    added = client.post(f"/r/{token}/do/add", {"words": "看图", "photos": _photo()})
    assert added.status_code == 429
    assert Attachment.objects.count() == 2
