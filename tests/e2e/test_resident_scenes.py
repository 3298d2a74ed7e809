"""Scenes of the resident, as in the mission: what is seen on a telephone, from door to rating."""

import csv
import io
import os
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from lingka.accounts.models import User
from lingka.cases.actions import perform
from lingka.cases.models import Attachment, Case, Receipt
from lingka.core.actors import Actor
from lingka.intake import imports
from tests.intake.conftest import forget, settle

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no browser here")
PHONE = {"width": 390, "height": 844}
TIBETAN = "འོག་ཁང་གི་ཆུ་མདོང་རལ་ནས་ཆུ་ཕྱིར་འཐོར་གྱི་འདུག"


@pytest.fixture
def town(transactional_db, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield settle(settings, tmp_path)
    forget()


@pytest.fixture(scope="module")
def chromium(playwright, browser_type_launch_args):
    """A browser of these tests' own, whose microphone hums."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    given = dict(browser_type_launch_args)
    given["args"] = [*given.get("args", []), *flags]
    browser = playwright.chromium.launch(**given)
    yield browser
    browser.close()


@pytest.fixture
def phone(chromium, live_server):
    """Opens telephones; each has its own memory."""
    opened = []

    def open_(language="zh-hans", *, scripts=True, size="", theme=""):
        context = chromium.new_context(
            viewport=PHONE, java_script_enabled=scripts, base_url=live_server.url
        )
        kept = {"language": language, "size": size, "theme": theme}
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in kept.items()
                if value
            ]
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


@pytest.fixture
def desk(chromium, live_server):
    """A browser in which a member of staff has signed in."""
    opened = []

    def open_(username):
        client = Client()
        client.force_login(User.objects.get(username=username))
        context = chromium.new_context(
            viewport={"width": 1360, "height": 900}, base_url=live_server.url
        )
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        opened.append(context)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


def _as(post):
    return Actor("user", post.user_id, post.id)


def _photo(tmp_path):
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "#c8b8a0").save(out, "JPEG")
    path = tmp_path / "photo.jpg"
    path.write_bytes(out.getvalue())
    return path


def test_p1_a_door_s_code_leads_to_its_place_and_its_one_grid(town, phone):
    page = phone()
    page.goto(f"/p/{town.place.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 号院 2 单元")
    expect(page.get_by_text("统建社区 · 第三网格")).to_be_visible()
    expect(page.get_by_role("link", name="打给网格")).to_have_attribute("href", "tel:08910000000")
    page.get_by_role("link", name="漏水").click()
    page.locator("#words").fill("水管漏水")
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt")
    assert Case.objects.get().grid_id == town.grid.id


def bring_in_the_night(tmp_path):
    """One line of the hotline's export, by a mapping file."""
    plan, export = tmp_path / "plan.yaml", tmp_path / "night.csv"
    plan.write_text(
        "source: night\nid: n\ncolumns: {words: [w], lon: x, lat: y}\n"
        "types: {columns: [w], map: {垃圾: rubbish.full}, default: other.any}\n",
        encoding="utf-8",
    )
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["n", "w", "x", "y"], ["7", "垃圾没人清", "91.12", "29.65"]])
    imports.import_requests(export, mapping=plan)


def test_l1_a_door_code_at_dawn_the_web_and_the_hotline_stand_beside_each_other(
    town, phone, desk, tmp_path
):
    # At dawn somebody scans the door's code and leaves a Tibetan voice note about a burst pipe.
    dawn = phone("bo")
    dawn.goto(f"/report/water.burst?place={town.place.code}")
    dawn.locator("[data-record]").click()
    dawn.wait_for_timeout(1500)  # speaking takes its time
    dawn.locator("[data-record]").click()
    dawn.locator("[data-sound] audio").wait_for()
    dawn.get_by_role("button", name="དོན་འཛིན་ཁང་ལ་འབུལ།").click()
    dawn.wait_for_url("**/receipt")

    # Somebody else has no code, writes on the web and lets the phone say where.
    web = phone()
    web.context.grant_permissions(["geolocation"])
    web.context.set_geolocation({"longitude": 91.121, "latitude": 29.651})
    web.goto("/")
    web.get_by_role("link", name="路灯用电").click()
    web.locator("#words").fill("巷子里的路灯不亮")
    web.get_by_role("button", name="我站的地方").click()
    expect(web.get_by_text("位置记下了")).to_be_visible()
    web.get_by_role("button", name="送到受理台").click()
    web.wait_for_url("**/receipt")

    # The hotline's export of the night comes in.
    bring_in_the_night(tmp_path)

    # The desk sees all three beside each other, and hears the voice note.
    assert sorted(Case.objects.values_list("channel", flat=True)) == ["hotline", "qr", "web"]
    voice = Attachment.objects.get(kind="voice")
    assert voice.blob.media_type == "audio/mp4"
    assert voice.seconds > 0.5
    queue = desk("pai")
    queue.goto("/desk/")
    expect(queue.get_by_text("垃圾没人清").first).to_be_visible()
    expect(queue.get_by_text("巷子里的路灯不亮").first).to_be_visible()
    for case in Case.objects.all():
        queue.goto(f"/desk/cases/{case.number}/")
        expect(queue.get_by_text(f"{case.number[:4]}-{case.number[4:]}").first).to_be_visible()
    queue.goto(f"/desk/cases/{voice.case.number}/")
    expect(queue.locator("audio")).to_have_count(1)


def test_l7_still_dry_upstairs_the_same_code_opens_the_case_again(town, phone):
    page = phone()
    page.goto(f"/report/water.burst?place={town.place.code}")
    page.locator("#words").fill("楼上没水了。水管爆了")
    page.get_by_role("button", name="送到受理台").click()
    page.wait_for_url("**/receipt")
    case = Case.objects.get()
    _repair(case, town)

    # The resident opens the receipt kept on the phone and says: not yet.
    page.goto("/r/")
    page.get_by_role("link", name="楼上没水了").click()
    expect(page.get_by_text("请您看")).to_be_visible()
    page.get_by_text("还没解决", exact=True).click()
    page.get_by_label("想说的话").fill("楼上还是没水")
    page.get_by_role("button", name="就这样回答").click()
    expect(page.get_by_text("请您看")).not_to_be_visible()
    case.refresh_from_db()
    assert case.stage == "handling"

    # Repaired once more, the same receipt says: solved.
    _repair(case, town, signed=True)
    page.reload()
    page.get_by_text("解决了", exact=True).click()
    page.get_by_text("满意", exact=True).first.click()
    page.get_by_role("button", name="就这样回答").click()
    expect(page.get_by_text("您的回答")).to_be_visible()
    case.refresh_from_db()
    assert case.stage == "closed"
    assert Receipt.objects.count() == 1


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
    for path in ("/", f"/p/{town.place.code}", form, receipt, tracking, "/r/"):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
