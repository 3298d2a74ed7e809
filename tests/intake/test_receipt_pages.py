"""What the holder of a receipt sees and does."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile

from lingka.cases.actions import ContactData, follow_case, open_case, perform, read_contact
from lingka.cases.models import Attachment, Case, Rating
from lingka.core.actors import Actor
from lingka.intake import presenting
from lingka.notifications.devices import new_pair
from tests.intake.test_report_page import _jpeg

RESIDENT = Actor("resident")


@pytest.fixture
def opened(town):
    return open_case(
        actor=RESIDENT,
        case_type="water.burst",
        channel="door",
        language="zh-hans",
        idempotency_key=uuid4(),
        words="地下室水管漏水,门口结冰。很急",
        place_id=town.place.id,
        contact=ContactData(phone="13912345678"),
    )


def _as(post):
    return Actor("user", post.user_id, post.id)


def _repaired(town, opened):
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    words = {"words": "接口处的老管换了"}
    perform(opened.case_uuid, "report_back", actor=_as(town.posts.handler), data=words)
    perform(opened.case_uuid, "verify", actor=_as(town.posts.verifier), data={"how": "visit"})


def _page(client, opened, language="zh-hans"):
    client.cookies["language"] = language
    response = client.get(f"/r/{opened.token}")
    assert response.status_code == 200
    return response.content.decode()


def _do(client, opened, action, **data):
    return client.post(f"/r/{opened.token}/do/{action}", {"op_id": str(uuid4())} | data)


def test_a_reply_says_which_language_it_is_in(client, town, opened):
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    words = {"words": "明天上午来修"}
    perform(opened.case_uuid, "reply", actor=_as(town.posts.handler), data=words)
    assert '<span lang="zh-hans">明天上午来修</span>' in _page(client, opened, "bo")
    assert '<p class="reply">明天上午来修</p>' in _page(client, opened)


def test_the_page_shows_steps_unit_reason_and_promises(client, town, opened):
    page = _page(client, opened)
    for text in (
        "地下室水管漏水",
        "供水维修队",
        "公共水管由供水单位维修",
        "为什么是这天",
        "08911111111",
    ):
        assert text in page


def test_the_page_says_nothing_to_caches_search_engines_or_other_sites(client, town, opened):
    response = client.get(f"/r/{opened.token}")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_a_wrong_token_is_a_missing_page(client, town, opened):
    other = "b" if opened.token.endswith("a") else "a"
    for token in ("x", opened.token[:-1] + other, opened.short_code, "💥" * 30):
        for tail in ("", "/receipt", "/slip.pdf"):
            assert client.get(f"/r/{token}{tail}").status_code == 404


def test_the_number_left_is_on_no_page(client, town, opened):
    for tail in ("", "/receipt"):
        assert "13912345678" not in client.get(f"/r/{opened.token}{tail}").content.decode()


def test_who_read_the_contact_is_told(client, town, opened):
    assert "还没有人看过" in _page(client, opened)
    read_contact(opened.receipt_uuid, actor=_as(town.posts.handler), reason="上门前打个电话")
    assert "上门前打个电话" in _page(client, opened)


def test_a_reply_is_shown_under_the_unit_s_name(client, town, opened):
    _repaired(town, opened)
    page = _page(client, opened)
    assert "接口处的老管换了" in page
    assert "供水维修队回复" in page.replace("供水维修队 ", "供水维修队")


def test_a_note_between_staff_is_not_shown(client, town, opened):
    perform(opened.case_uuid, "note", actor=_as(town.posts.handler), data={"note": "内部的话"})
    assert "内部的话" not in _page(client, opened)


def test_a_question_can_be_answered(client, town, opened):
    words = {"words": "几号楼?"}
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    perform(opened.case_uuid, "ask", actor=_as(town.posts.handler), data=words)
    assert "几号楼?" in _page(client, opened)
    assert _do(client, opened, "answer", words="2 号楼").status_code == 302
    page = _page(client, opened)
    assert "几号楼?" not in page
    assert "2 号楼" in page


@pytest.mark.parametrize("action", ["answer", "add", "reopen"])
def test_a_photo_alone_is_an_answer_an_addition_and_a_complaint(client, town, opened, action):
    if action == "reopen":
        _repaired(town, opened)
        _do(client, opened, "rate", solved="yes")
    else:
        perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
        asked = {"words": "拍张照片"}
        perform(opened.case_uuid, "ask", actor=_as(town.posts.handler), data=asked)
    form = _page(client, opened).partition(f"do/{action}")[2].partition("</form>")[0]
    assert ('name="photos"' in form, "multipart/form-data" in form) == (True, True)
    sent = _do(client, opened, action, photos=SimpleUploadedFile("a.jpg", _jpeg(), "image/jpeg"))
    assert sent.status_code == 302
    assert Attachment.objects.get().case.uuid == opened.case_uuid
    assert _page(client, opened).count("/file/") or "photos-seen" in _page(client, opened)


@pytest.mark.parametrize("action", ["answer", "add"])
def test_neither_words_nor_a_photo_are_asked_for_and_what_was_typed_stays(
    client, town, opened, action
):
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    perform(opened.case_uuid, "ask", actor=_as(town.posts.handler), data={"words": "几号楼?"})
    refused = _do(client, opened, action)
    assert refused.status_code == 422
    assert "写几个字，或选一张照片" in refused.content.decode()
    wrong = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    again = _do(client, opened, action, words="2 号楼三单元", photos=wrong).content.decode()
    begins = f'action="/r/{opened.token}/do/{action}"'
    form = again.partition(begins)[2].partition("</form>")[0]
    assert "2 号楼三单元" in form


def _photo():
    return SimpleUploadedFile("a.jpg", _jpeg(), "image/jpeg")


def _kept(page):
    return re.findall(r'name="photos-kept" value="([^"]+)"', page)


def test_a_photo_chosen_in_an_answer_that_was_refused_goes_with_the_next_try(client, town, opened):
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    perform(opened.case_uuid, "ask", actor=_as(town.posts.handler), data={"words": "几号楼?"})
    files = [_photo(), SimpleUploadedFile("b.jpg", b"no picture", "image/jpeg")]
    refused = _do(client, opened, "answer", words="2 号楼", photos=files).content.decode()
    form = refused.partition('/do/answer" novalidate')[2].partition("</form>")[0]
    assert "data:image/webp;base64," in form
    assert Attachment.objects.get().case is None
    sent = _do(client, opened, "answer", words="2 号楼", **{"photos-kept": _kept(form)})
    assert (sent.status_code, Attachment.objects.get().case_id) == (302, Case.objects.get().pk)


def test_what_was_typed_into_a_form_that_is_gone_waits_in_the_one_that_fits_now(
    client, town, opened
):
    gone = _do(client, opened, "answer", words="2 号楼", photos=_photo())
    assert gone.status_code == 409
    form = gone.content.decode().partition('/do/add" novalidate')[2].partition("</form>")[0]
    assert ("2 号楼" in form, len(_kept(form))) == (True, 1)


def test_a_waiting_photo_is_neither_shown_nor_sent_from_another_s_receipt(client, town, opened):
    page = _do(client, opened, "answer", photos=_photo()).content.decode()
    other = follow_case(
        opened.case_uuid, actor=RESIDENT, language="zh-hans", idempotency_key=uuid4()
    )
    theirs = _do(client, other, "answer", words="x", **{"photos-kept": _kept(page)})
    assert "data:image/webp" not in theirs.content.decode()
    _do(client, other, "add", words="x", **{"photos-kept": _kept(page)})
    assert Attachment.objects.get().case is None


@pytest.mark.parametrize("wish", ["language", "display"])
def test_a_switch_on_a_refused_form_opens_its_page_in_another_tab(client, town, opened, wish):
    page = _do(client, opened, "add").content.decode()
    switch = re.search(rf'<form ([^>]*)action="/{wish}/"[^>]*>.*?name="next" value="([^"]+)"', page)
    assert 'target="_blank"' in switch[1]
    sent = {"next": switch[2], "language": "bo", "size": "elder"}
    browser = {"Accept": "text/html"}
    answer = client.post(f"/{wish}/", sent, headers=browser, follow=True)
    assert answer.redirect_chain[-1] == (f"/r/{opened.token}", 302)
    assert answer.status_code == 200


def test_something_can_be_added_and_an_empty_addition_says_what_is_missing(client, town, opened):
    assert _do(client, opened, "add", words="水更大了").status_code == 302
    assert "水更大了" in _page(client, opened)
    assert _do(client, opened, "add", words=" ").status_code in {400, 422}


def test_the_same_addition_sent_twice_is_kept_once(client, town, opened):
    key = str(uuid4())
    for _ in range(2):
        assert _do(client, opened, "add", words="水更大了", op_id=key).status_code == 302
    assert _page(client, opened).count("水更大了") == 1


def test_withdrawing_ends_it(client, town, opened):
    assert _do(client, opened, "withdraw").status_code == 302
    assert Case.objects.get().state == "withdrawn"
    assert "do/withdraw" not in _page(client, opened)


def test_what_others_named_too_is_taken_back_for_oneself_alone(client, town, opened):
    followed = follow_case(
        opened.case_uuid, actor=RESIDENT, language="zh-hans", idempotency_key=uuid4()
    )
    assert "do/withdraw" not in _page(client, opened)
    assert _do(client, opened, "leave").status_code == 302
    page = _page(client, opened)
    assert "您撤回了自己那一份" in page
    assert "/do/leave" not in page
    assert "do/withdraw" in _page(client, followed)


def test_solved_and_satisfied_closes_the_case(client, town, opened):
    _repaired(town, opened)
    assert "请您看" in _page(client, opened)
    assert _do(client, opened, "rate", solved="yes", satisfied="yes").status_code == 302
    assert Case.objects.get().stage == "closed"
    assert Rating.objects.get().satisfied == "yes"


def test_not_yet_counts_as_an_answer_and_opens_it_again(client, town, opened):
    _repaired(town, opened)
    key = str(uuid4())
    for _ in range(2):
        sent = _do(client, opened, "rate", solved="no", words="楼上还是没水", op_id=key)
        assert sent.status_code == 302
    assert Case.objects.get().stage == "handling"
    assert not Rating.objects.get().solved
    assert "楼上还是没水" in _page(client, opened)


def test_an_action_that_is_not_possible_now_is_told_and_loses_no_words(client, town, opened):
    response = _do(client, opened, "rate", solved="yes", words="好")
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()


def test_how_quick_and_how_kind_may_be_told_too_and_nonsense_is_dropped(client, town, opened):
    _repaired(town, opened)
    _do(client, opened, "rate", solved="yes", speed="quick", manner="nonsense")
    rating = Rating.objects.get()
    assert (rating.solved, rating.speed, rating.manner) == (True, "quick", "")


def test_a_rating_that_is_refused_keeps_how_quick_it_was(client, town, opened):
    _repaired(town, opened)
    page = _do(client, opened, "rate", speed="quick").content.decode()
    assert re.search(r'name="speed" value="quick" checked', page)
    assert page.count(" checked") == 1


def test_rating_without_saying_whether_it_is_solved_is_told_so(client, town, opened):
    _repaired(town, opened)
    assert _do(client, opened, "rate").status_code == 400


@pytest.mark.parametrize("action", ["accept", "dispatch", "nonsense"])
def test_a_holder_can_do_no_more_than_a_holder_s_things(client, town, opened, action):
    assert _do(client, opened, action).status_code == 404


def test_a_follower_sees_stages_only(client, town, opened):
    followed = follow_case(
        opened.case_uuid, actor=RESIDENT, language="zh-hans", idempotency_key=uuid4()
    )
    page = _page(client, followed)
    assert "地下室" not in page
    assert "供水维修队" in page
    assert "do/withdraw" not in page
    assert _do(client, followed, "withdraw").status_code == 409


def test_the_receipt_shows_code_unit_and_promise(client, town, opened):
    page = client.get(f"/r/{opened.token}/receipt").content.decode()
    for text in ("<svg", opened.short_code[:4] + "-", "供水维修队", "公共水管由供水单位维修"):
        assert text in page


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
@pytest.mark.parametrize("language", ["zh-hans", "bo"])
def test_the_slip_can_be_printed_and_kept(  # noqa: PLR0917
    client, town, opened, form, start, language
):
    client.cookies["language"] = language
    response = client.get(f"/r/{opened.token}/slip.{form}")
    assert response.content.startswith(start)


def test_the_short_code_shows_stage_and_times_only(client, town, opened):
    page = client.post("/r/code", {"code": opened.short_code.lower()}).content.decode()
    assert "stages" in page
    for text in ("地下室", "供水", "统建", opened.token):
        assert text not in page


@pytest.mark.parametrize(
    ("code", "status"), [("", 200), ("123", 422), ("0000000", 404), ("💥", 422)]
)
def test_a_code_that_is_none_is_told_how_to_be_mended(client, town, code, status):
    response = client.post("/r/code", {"code": code})
    assert response.status_code == status
    assert 'id="code-error" role="alert"' in response.content.decode()


def test_codes_cannot_be_tried_without_end(client, town, opened):
    tried = [client.post("/r/code", {"code": opened.short_code}).status_code for _ in range(25)]
    assert tried[0] == 200
    assert tried[-1] == 429


def test_own_receipts_work_without_scripts_by_the_code_form(client, town):
    page = client.get("/r/").content.decode()
    assert "<noscript>" in page
    assert 'action="/r/code"' in page


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
@pytest.mark.parametrize("size", ["", "elder"])
def test_every_page_speaks_every_language_in_both_sizes(client, town, opened, language, size):
    client.cookies["language"] = language
    client.cookies["size"] = size
    _repaired(town, opened)
    for path in ("/", f"/p/{town.place.code}", f"/r/{opened.token}", "/r/", "/report/other.any"):
        assert f'lang="{language}"' in client.get(path).content.decode()


def test_what_was_declined_is_never_said_to_be_done(client, town):
    opened = open_case(
        actor=RESIDENT, case_type="other.any", channel="web", language="zh-hans",
        idempotency_key=uuid4(), words="楼上吵", place_id=town.place.id,
    )  # fmt: skip
    said = {"reason": "courts", "words": "请找法律援助"}
    perform(opened.case_uuid, "decline", actor=_as(town.posts.dispatcher), data=said)
    page = _page(client, opened)
    for text in ("不受理", "这件事这里办不了", "应走司法、仲裁、复议或信访", "请找法律援助"):
        assert text in page
    for untrue in ("已办好", "核实", "已办结"):
        assert untrue not in page
    code = client.post("/r/code", {"code": opened.short_code}).content.decode()
    assert "不受理" in code
    assert "已办结" not in code


def test_what_was_withdrawn_is_never_said_to_be_done(client, town, opened):
    _do(client, opened, "withdraw")
    page = _page(client, opened)
    assert "已撤回" in page
    assert "已办好" not in page


def test_the_page_says_what_happens_next(client, town, opened):
    assert "已派出，等单位签收。" in _page(client, opened)
    _repaired(town, opened)
    assert "核实过了，会来问问您。" in _page(client, opened)


def test_while_it_waits_for_an_answer_only_the_end_is_said_to_stand_still(client, town, opened):
    perform(opened.case_uuid, "sign_in", actor=_as(town.posts.handler))
    perform(opened.case_uuid, "ask", actor=_as(town.posts.handler), data={"words": "几楼？"})
    assert _page(client, opened).count("暂停") == 1


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("水管漏了。很急", "水管漏了"),
        ("A pipe in the basement leaks and it is icy", "A pipe in the basement leaks and it is…"),
        ("水" * 60, "水" * 40 + "…"),
    ],
)  # fmt: skip
def test_a_long_title_ends_between_words(words, shown):
    view = SimpleNamespace(own_words=[words])
    assert presenting.title(view, "漏水") == shown


def test_receipt_and_tracking_load_lightly(client, town, opened, settings):
    settings.VAPID_KEY, _public = new_pair()
    for tail in ("", "/receipt"):
        body = client.get(f"/r/{opened.token}{tail}").content
        names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', body.decode())
        files = [Path(finders.find(name)).read_bytes() for name in names]
        assert sum(len(gzip.compress(one)) for one in (body, *files)) <= 60_000


def test_an_address_with_a_slash_too_many_leads_to_the_right_one(client, town):
    assert client.get(f"/p/{town.place.code}/?a=1")["Location"] == f"/p/{town.place.code}?a=1"
    assert client.get("/r/abc//")["Location"] == "/r/abc"
    assert client.get("/report/water.leak/nothing/").status_code == 404
    assert client.post("/r/abc/").status_code == 405


def test_a_contact_is_erased_from_the_receipt_and_its_readings_stay_to_be_seen(
    client, town, opened
):
    read_contact(opened.receipt_uuid, actor=_as(town.posts.handler), reason="上门前打个电话")
    assert client.post(f"/r/{opened.token}/do/forget").status_code == 302
    page = _page(client, opened)
    assert "上门前打个电话" in page
    assert "已经删掉了" in page
    assert client.post(f"/r/{opened.token}/do/forget").status_code == 302


def test_what_the_holder_did_is_said_at_the_top(client, town, opened):
    sent = {"words": "在二楼"}
    page = client.post(f"/r/{opened.token}/do/add", sent, follow=True).content.decode()
    assert "补上了，单位看得到" in page
    assert "补上了" not in client.get(f"/r/{opened.token}?done=nonsense").content.decode()
