"""What residents meet on a telephone: photos, offers, elder mode, floods, every page by axe."""

import io
import json
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from lingka.cases.actions import perform
from lingka.cases.models import Attachment, Case, Contact, Receipt
from lingka.core.actors import Actor
from lingka.notifications.devices import new_pair
from tests.e2e.conftest import PHONE
from tests.notifications.browser import device

TIBETAN = "འོག་ཁང་གི་ཆུ་མདོང་རལ་ནས་ཆུ་ཕྱིར་འཐོར་གྱི་འདུག"


def _as(post):
    return Actor("user", post.user_id, post.id)


def _photo(tmp_path):
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "#c8b8a0").save(out, "JPEG")
    path = tmp_path / "photo.jpg"
    path.write_bytes(out.getvalue())
    return path


def _repair(case, town, *, signed=False):
    if not signed:
        perform(case.uuid, "sign_in", actor=_as(town.posts.handler))
    perform(case.uuid, "report_back", actor=_as(town.posts.handler), data={"words": "换了接口"})
    perform(case.uuid, "verify", actor=_as(town.posts.verifier), data={"how": "visit"})


def test_photos_are_shown_at_once_and_can_be_taken_out_again(town, phone, tmp_path):
    page = phone()
    page.goto(f"/report/water.leak?place={town.place.code}")
    page.locator("input[name=photos]").set_input_files([_photo(tmp_path), _photo(tmp_path)])
    expect(page.locator("[data-photos] img")).to_have_count(2)
    page.locator(".kept-remove").first.click()
    expect(page.locator("[data-photos] img")).to_have_count(1)
    page.locator("#words").fill("漏水")
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt")
    assert Attachment.objects.filter(case__isnull=False).count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_what_has_to_be_mended_is_in_sight_and_ready_to_be_written(town, phone, scripts):
    page = phone(scripts=scripts)
    page.goto("/report/light.out")
    page.locator("#words").fill("路灯不亮")
    page.get_by_role("button", name="送到受理台").click()
    address = page.locator("#address")
    expect(address).to_be_focused()
    bar = page.locator(".action-bar").bounding_box()
    box = address.bounding_box()
    assert 0 < box["y"] < box["y"] + box["height"] <= bar["y"]
    expect(page.get_by_text("还没送出")).to_be_attached()


def test_a_file_that_is_no_photo_is_told_beside_it(town, phone, tmp_path):
    bad = tmp_path / "evil.jpg"
    bad.write_bytes(b"<svg onload=alert(1)>")
    page = phone()
    page.goto(f"/report/water.leak?place={town.place.code}")
    page.locator("input[name=photos]").set_input_files(bad)
    expect(page.locator("#photos-error")).to_contain_text("evil.jpg")


def test_while_writing_an_open_case_near_by_is_offered_and_me_too_follows_it(town, phone):
    first = phone()
    first.goto(f"/report/water.leak?place={town.place.code}")
    first.locator("#words").fill("地下室水管漏水,我叫某某")
    first.get_by_role("button", name="送到受理台").click()
    first.wait_for_url("**/receipt")
    second = phone()
    second.goto(f"/report/water.leak?place={town.place.code}")
    second.locator("#words").press_sequentially("地下室的水管漏水")
    offer = second.get_by_role("button", name="我也是")
    expect(offer).to_be_visible()
    expect(second.get_by_text("某某")).to_have_count(0)
    offer.click()
    second.wait_for_url("**/receipt")
    assert Case.objects.count() == 1


# A browser asks its maker's push service, which no test can reach: that one answer is played.
SUBSCRIBES = """
const given = %s;
const one = { ...given, toJSON: () => given };
let kept = null;
PushManager.prototype.subscribe = async () => (kept = one);
PushManager.prototype.getSubscription = async () => kept;
"""


def _own_page(page, town, settings):
    settings.VAPID_KEY, _public = new_pair()
    page.goto(f"/report/water.leak?place={town.place.code}")
    page.locator("#words").fill("漏水")
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt")
    page.goto(page.url.removesuffix("/receipt"))


def test_a_device_is_told_when_asked_to_and_no_more_when_asked_again(town, phone, settings):
    page = phone()
    page.context.grant_permissions(["notifications"])
    page.add_init_script(SUBSCRIBES % json.dumps(device("https://fcm.googleapis.com/send/1")))
    _own_page(page, town, settings)
    page.get_by_role("button", name="有进展就通知这台设备").click()
    expect(page.get_by_text("每一步都会通知这台设备")).to_be_visible()
    assert Contact.objects.count() == 1
    page.get_by_role("button", name="不再通知这台设备").click()
    expect(page.get_by_text("这台设备不会再收到通知")).to_be_visible()
    assert Contact.objects.count() == 0


def test_in_wechat_no_device_is_offered_to_be_told(town, opened, settings):
    agent = "Mozilla/5.0 (Linux; Android 12) Chrome/116.0 Mobile MicroMessenger/8.0.44"
    page = opened(PHONE, {"language": "zh-hans"}, user_agent=agent)
    page.context.grant_permissions(["notifications"])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    _own_page(page, town, settings)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-device]")).to_be_hidden()
    assert any(url.endswith("device.js") for url in asked)
    assert not any(url.endswith("/device") for url in asked)


def test_without_scripts_elder_mode_asks_one_question_a_screen(town, phone):
    page = phone("zh-hans", scripts=False, size="elder")
    page.goto(f"/report/water.leak?place={town.place.code}")
    page.locator("#words").fill("漏水")
    for _ in range(3):
        page.get_by_role("button", name="下一问").click()
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt")
    assert Case.objects.count() == 1


def test_many_at_once_work_out_a_sum_by_themselves(town, phone, client):
    from lingka.intake import rules

    for _ in range(rules.NEAR_PLACE[0]):
        sent = {"place": town.place.code, "words": "水", "seen": "1", "idempotency_key": uuid4()}
        client.post("/report/water.leak", sent, REMOTE_ADDR="10.0.0.9")
    before = Case.objects.count()
    page = phone()
    page.goto(f"/report/water.leak?place={town.place.code}")
    page.locator("#words").fill("门口的井盖响")
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt", timeout=30_000)
    assert Case.objects.count() == before + 1


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
@pytest.mark.parametrize(("size", "theme"), [("", "light"), ("", "dark"), ("elder", "light")])
def test_no_page_stands_in_anybody_s_way(town, phone, language, size, theme):
    page = phone(language, size=size, theme=theme)
    page.goto(f"/report/water.burst?place={town.place.code}")
    page.locator("#words").fill(TIBETAN)
    if size:
        for _ in range(3):
            page.locator("button[value=next]").last.click()
    page.locator("[data-send]").click()
    page.wait_for_url("**/receipt")
    receipt = page.url
    _repair(Case.objects.get(), town)
    tracking = receipt.removesuffix("/receipt")
    form = f"/report/water.burst?place={town.place.code}"
    code = f"/r/code?code={Receipt.objects.get().short_code}"
    doors = (f"/p/{town.place.code}", "/p/NOSUCH0", "/", "/nowhere")
    for path in (*doors, form, "/report/light.out", receipt, tracking, "/r/", code):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
