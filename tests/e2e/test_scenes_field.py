"""The scenes of mission rows F1 to F4 on a worker's phone, mostly without a network."""

import datetime as dt
import io

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from lingka.accounts.models import Role, User
from lingka.areas.models import Place
from lingka.cases.actions import add_attachment, perform
from lingka.cases.models import Attachment, Case
from lingka.core import clock, codes
from lingka.core.actors import SYSTEM, Actor
from lingka.core.codes import pretty
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.text import pick
from lingka.field.models import Operation
from lingka.patrols import selectors
from lingka.patrols.actions import keep_sound, make_plan, publish_checklist
from lingka.patrols.models import Entry, Round, Submission
from tests.e2e.conftest import _post
from tests.e2e.steps import a_unit
from tests.e2e.workers import Phone, door, photo
from tests.intake.conftest import forget
from tests.security.patrolling import tone

SPOKEN = "async () => (await (await caches.open('field-sounds')).keys()).length === 1"
PLAYED = """() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    return play.call(this).then(() => console.info(`heard ${this.duration}`));
  };
}"""


@pytest.fixture
def worker_phone(playwright, browser_type_launch_args, live_server, tmp_path):
    """Phones on which a member of staff has signed in."""
    phones = []

    def open_(username, language="zh-hans"):
        client = Client()
        client.force_login(User.objects.get(username=username))
        cookies = {"sessionid": client.cookies["sessionid"].value, "language": language}
        home = tmp_path / f"phone-{len(phones)}"
        phone = Phone(playwright, browser_type_launch_args, home, live_server.url, cookies)
        phones.append(phone)
        phone.first_time()
        return phone

    yield open_
    for phone in phones:
        phone.stop()


def _as(post):
    return Actor("user", post.user_id, post.id)


def _in_two_days():
    return (timezone.now() + dt.timedelta(days=2)).isoformat()


def _round(town, *checklists):
    """Today's round of the grid: a stop for each checklist, which may be none."""
    places = [town.place, *(_place(town, number) for number in range(1, len(checklists)))]
    stops = [
        {"place": place.id, "checklist": checklist, "note": {}}
        for place, checklist in zip(places, checklists, strict=True)
    ]
    name = {"zh-hans": "每日巡查", "bo": "ཉིན་རེའི་སྐོར་ཞིབ།", "en": "Daily round"}
    body = {
        "name": name, "kind": "daily", "rule": "FREQ=DAILY", "level": "grid", "from": "00:00",
        "begins_on": "2026-01-01", "ends_on": None, "holidays": "keep", "until": "23:59",
        "area": town.grid.id, "unit": town.grid_team.id, "stops": stops,
    }  # fmt: skip
    make_plan(body, actor=_as(town.posts.dispatcher), reason="每天看一遍")


def _place(town, number):
    made = Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="street", grid=town.grid, address={},
        name={"zh-hans": f"{number} 号巷口", "bo": f"སྲང་ {number}", "en": f"Lane {number}"},
        lon=town.place.lon + number / 1000, lat=town.place.lat,
    )  # fmt: skip
    forget()
    return made


def test_f1_a_worker_finds_ice_on_the_round_and_places_a_warning(town, worker_phone, desk):
    _round(town, "road_ice", "", "")
    phone = worker_phone("wangge")
    expect(phone.page.locator("h1")).to_have_text("今天 3 处，走了 0 处")

    # Out of reach: the round is started on the phone, which then says that it uses the position.
    phone.leaves_the_network()
    phone.press("开始巡查")
    expect(phone.page.locator(".f-strip-round")).to_contain_text("不留轨迹")

    # Ice on the steps: a photo, a cone, sand; the eight questions make a hazard by themselves.
    phone.press("开始查看")
    asked = (["整片的冰", photo(1)], ["台阶"], ["5"], ["不是"], ["是", photo(2)], *[["是"]] * 3, [])
    for given in asked:
        phone.answers(*given)
    expect(phone.page.locator(".f-rows")).to_contain_text("路面结冰")
    phone.press("记下，报 1 处隐患")

    # The second stop is fine, the third has no way through; the round ends.
    expect(phone.page.locator("h1")).to_have_text("今天 3 处，走了 1 处")
    phone.press("没问题")
    expect(phone.page.locator("h1")).to_have_text("今天 3 处，走了 2 处")
    phone.press("今天没看成", "过不去")
    phone.press("结束巡查")
    expect(phone.page.locator(".f-toast")).to_have_text("巡查结束了")
    assert len(phone.saved) == 5

    # Back in reach, nobody types any of it again: outcome, hazard with its photos, no track.
    phone.comes_back()
    walked = Round.objects.get(state="ended")
    assert [one.outcome for one in walked.stops.order_by("number")] == ["done", "done", "skipped"]
    case = Case.objects.get()
    assert (case.workflow.key, case.stage) == ("hazard", "intake")
    assert phone.faults == []

    # Helpers are there within 20 minutes, and the ice is gone in 90; whoever found it sees so.
    _cleared(case, town, phone)

    # The week's summary and the month's review contain it untyped; only the decision is written.
    _reviewed(desk("pai", language="zh-hans"))
    assert Case.objects.exclude(pk=case.pk).get().channel == "review"


def _cleared(case, town, phone):
    """A team of the water company and one that brings sand, by the clock of the day."""
    found, late = case.opened_at, case.opened_at + dt.timedelta(days=1)
    street, water = _as(town.posts.dispatcher), _as(town.posts.handler)
    fourth = a_unit(town, "grid-4", "第四网格", "Grid 4 team")
    sand = a_unit(town, "sand", "环卫所", "Sanitation")
    helper = _as(_post("sha", Role.HANDLER, sand, town.city))
    forget()
    with clock.at(found + dt.timedelta(minutes=5)):
        perform(case.uuid, "register", actor=street, data={"level": "ordinary"})
        six = {
            "unit": town.water.id, "item": "台阶结冰", "measure": "除冰撒沙", "funds": "none",
            "person": "维修班", "until": late.isoformat(), "reinspector": fourth.id,
        }  # fmt: skip
        perform(case.uuid, "dispatch", actor=street, data=six)
        perform(case.uuid, "add_co_handler", actor=street, data={"unit": sand.id})
    with clock.at(found + dt.timedelta(minutes=20)):
        perform(case.uuid, "sign_in", actor=water, data={})
    with clock.at(found + dt.timedelta(minutes=90)):
        perform(case.uuid, "co_report", actor=helper, data={"words": "冰铲了"})
        taken = str(add_attachment(photo(3), actor=water, kind="photo"))
        after = {"words": "撒了沙，放了防滑垫", "attachments": [taken]}
        perform(case.uuid, "report_back", actor=water, data=after)
    case.refresh_from_db()
    assert case.stage == "verification"
    phone.page.goto(f"/field/#/case/{case.uuid}")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator(".f-why")).to_contain_text("等复查", timeout=30_000)


def _reviewed(office):
    for page in ("week", "month"):
        office.goto(f"/desk/rounds/{page}/")
        expect(office.locator("section[aria-labelledby=found]")).to_contain_text("路面结冰")
        expect(office.locator(".facts")).to_contain_text("2 ÷ 3")
    office.get_by_label("决定了什么").fill("台阶装扶手，入冬前办好")
    office.get_by_label("哪一类事").select_option("light.out")
    office.get_by_role("button", name="定", exact=True).click()
    expect(office.locator("section[aria-labelledby=decided]")).to_contain_text("台阶装扶手")


def test_f3_twelve_findings_of_three_days_without_a_network_arrive_once(town, worker_phone):
    phone = worker_phone("wangge")
    expect(phone.page.locator(".f-where")).to_contain_text("第三网格")
    monday = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)

    # Two days on the pastures: eight findings, some with photos.
    phone.leaves_the_network(monday)
    phone.report_in_three_taps("路面井盖", photo(4))
    for number in range(3):
        phone.report("路面井盖", f"第一天第 {number} 处", photo(number) if number < 2 else None)
    phone.today_is(monday + dt.timedelta(days=1))
    for number in range(3):
        phone.report("垃圾卫生", f"第二天第 {number} 处")

    # The phone dies in the middle of the eighth. It starts without a network; the words are there.
    phone.begin_report("漏水", "第二天第 3 处", photo(5))
    phone.dies()
    phone.start(offline=True)
    phone.page.goto("/field/#/report")
    expect(phone.page.locator("textarea")).to_have_value("第二天第 3 处")
    expect(phone.page.locator("img.f-photo")).to_be_visible()
    phone.keep_report()
    _has_all_of_the_app(phone)
    # The third day; the tray shows all twelve and why they wait.
    phone.today_is(monday + dt.timedelta(days=2))
    for number in range(4):
        phone.report("路灯用电", f"第三天第 {number} 处")
    phone.page.goto("/field/#/tray")
    expect(phone.page.locator(".f-pending")).to_have_count(12)
    expect(phone.page.locator(".f-pending-why").first).to_have_text("没有网络，有网就送")
    assert Case.objects.count() == 0

    # Back in reach: each arrives once, with its photos, and of the day on which it was found.
    phone.comes_back()
    told = {str(one.op_id): one for one in Operation.objects.all()}
    assert set(told) == set(phone.saved)
    assert len(phone.saved) == Case.objects.count() == 12
    days = {one.occurred_at.date() for one in Event.objects.filter(type="cases.CaseOpened")}
    assert days == {(monday + dt.timedelta(days=day)).date() for day in range(3)}

    _came_as_they_were(phone, 4)


def _has_all_of_the_app(phone):
    """Screens that were never opened, in languages that were never chosen, out of reach."""
    phone.page.goto("/field/#/storage")
    expect(phone.page.locator("h1")).to_have_text("存储")
    phone.page.goto("/field/#/settings")
    for language, words in (("བོད་ཡིག", "སྒྲིག་འགོད།"), ("English", "Settings"), ("中文", "设置")):
        phone.press(language)
        expect(phone.page.locator(".f-head")).to_contain_text(words)


def _came_as_they_were(phone, photos):
    """With the bytes that the phone had when it called them saved."""
    came = dict(Attachment.objects.values_list("uuid", "received_sha256"))
    assert {str(uuid): digest for uuid, digest in came.items()} == phone.files
    assert len(phone.files) == photos
    assert phone.faults == []


def _mended(case, town, mends, looks_again):
    street = _as(town.posts.dispatcher)
    perform(case.uuid, "register", actor=street, data={"level": "ordinary"})
    six = {
        "unit": town.water.id, "item": "楼道纸箱", "measure": "搬走", "funds": "none",
        "person": "维修班", "until": _in_two_days(), "reinspector": looks_again.id,
    }  # fmt: skip
    perform(case.uuid, "dispatch", actor=street, data=six)
    perform(case.uuid, "sign_in", actor=mends, data={})
    taken = str(add_attachment(photo(2), actor=mends, kind="photo"))
    after = {"words": "纸箱搬走了", "attachments": [taken]}
    perform(case.uuid, "report_back", actor=mends, data=after)


def _drive(office, town, fourth):
    """The desk plans it: two units look at the same stairs, each at something of its own."""
    office.goto(f"/desk/rounds/drives/new?area={town.grid.code}", timeout=60_000)
    for code in ("zh-hans", "bo", "en"):
        office.locator(f"[name='name_{code}']").fill("出租房联合整治")
    office.locator("[name=ends_on]").fill(str(timezone.localdate() + dt.timedelta(days=7)))
    office.get_by_role("button", name="发起这次整治").click()
    for unit, checklist, hour in ((town.grid_team, "rented_flat", "00:00"), (fourth, "", "00:05")):
        office.locator("#id_unit").select_option(str(unit.id))
        office.locator("#id_place_kind").select_option("building")
        office.locator("#id_checklist").select_option(checklist)
        office.locator("#id_rule").select_option("FREQ=DAILY")
        office.locator("#id_from_hour").fill(hour)
        office.locator("#id_until_hour").fill("23:59")
        office.get_by_role("button", name="加入").click()
        expect(office.locator("#parts + ul")).to_contain_text(pick(unit.name))


def _accounted(office, case):
    """Nobody typed it: how far each unit is, what was found; and the ledger of it as files."""
    office.reload()
    expect(office.locator(".facts")).to_contain_text("1 ÷ 2")
    expect(office.get_by_text("1 / 2 处")).to_have_count(2)
    with office.expect_download() as book:
        office.get_by_role("link", name="Excel").click()
    rows = load_workbook(io.BytesIO(book.value.path().read_bytes())).worksheets[0].values
    assert pretty(case.number) in [row[0] for row in rows]
    paper = office.get_by_role("link", name="PDF").get_attribute("href")
    assert office.request.get(paper).body().startswith(b"%PDF")


def _struck_off(again, case):
    """By whoever looks again: on a round of their own, out of reach of the network."""
    again.press("开始巡查", "没问题", "今天没看成", "没开门，没有人")
    again.page.goto(f"/field/#/case/{case.uuid}")
    expect(again.page.locator(".f-why")).to_contain_text("等复查")
    # What others took of it, small: seen once, it is there out of reach too.
    expect(again.page.locator("img.f-photo")).to_have_count(2)
    again.leaves_the_network()
    again.page.reload()
    expect(again.page.locator("img.f-photo")).to_have_count(2)
    again.page.get_by_role("button", name="复查合格，销号").click()
    again.page.get_by_role("button", name="到现场看").click()
    again.page.locator(".f-form .button-primary").click()
    expect(again.page.locator(".f-timeline")).to_contain_text("存在手机里")
    assert Case.objects.get().stage != "closed"
    again.comes_back()
    assert Case.objects.get().stage == "closed"


def test_f2_a_blocked_stairwell_is_struck_off_by_another_without_a_network(
    town, worker_phone, desk
):
    Place.objects.filter(pk=_place(town, 1).pk).update(kind="building")
    fourth = a_unit(town, "grid-4", "第四网格", "Grid 4 team")
    _post("fucha", Role.GRID_WORKER, fourth, town.grid)
    forget()

    # The desk plans a drive over two units.
    office = desk("pai", language="zh-hans")
    _drive(office, town, fourth)

    # A worker goes through the checklist of rented flats, out of reach: the stairs are blocked.
    finds = worker_phone("wangge")
    expect(finds.page.locator("h1")).to_have_text("今天 4 处，走了 0 处")
    finds.leaves_the_network()
    finds.press("开始巡查", "开始查看")
    for said in ("是", "是", "是", "不是", "是", "是", "", "是", "是", "是", ""):
        finds.answers(*([said, photo(1)] if said == "不是" else [said] if said else []))
    finds.press("记下，报 1 处隐患")
    expect(finds.page.locator("h1")).to_have_text("今天 4 处，走了 1 处")
    finds.press("今天没看成", "过不去", "结束巡查")
    finds.comes_back()

    # No occupant is named anywhere: the record speaks of the place.
    look = Submission.objects.get()
    assert (look.failed, look.place_id) == (["stairs"], town.place.id)

    # The desk registers it, says who mends it and who looks again; the team mends it.
    case, mends = Case.objects.get(), _as(town.posts.handler)
    _mended(case, town, mends, fourth)

    # Whoever mended it cannot strike it off.
    with pytest.raises(PermissionRefused):
        perform(case.uuid, "verify", actor=mends, data={"how": "visit"})

    # Another looks again, out of reach of the network, and it is struck off when they are back.
    _struck_off(worker_phone("fucha"), case)
    _accounted(office, case)


def _written_down(office, town, lane, shop):
    office.goto("/desk/registers/parking/")
    office.get_by_label("场所", exact=True).select_option(str(town.place.id))
    office.get_by_label("汽车位").fill("50")
    office.get_by_label("共享时段").fill("18:30-08:00")
    office.get_by_role("button", name="登记", exact=True).click()
    expect(office.locator("h1")).to_have_text("3 号院 2 单元")
    office.goto("/desk/registers/stalls/")
    office.get_by_label("场所", exact=True).select_option(str(lane.id))
    office.get_by_label("现在怎样").select_option("given")
    office.get_by_label("安排给").select_option(str(shop.uuid))
    office.get_by_role("button", name="登记", exact=True).click()
    expect(office.locator(".facts")).to_contain_text("1 号巷口")


def _kept_up(phone, lane):
    """What the worker sees of a stall place and of the lane's name, on the spot."""
    phone.page.goto(f"/field/#/place/{lane.uuid}")
    phone.page.get_by_role("link", name="临时摊位点").click()
    phone.page.get_by_label("到哪天").fill("2026-12-31")
    phone.press("记下")
    expect(phone.page.locator(".f-toast")).to_contain_text("没有网络")
    phone.press("改正这个地方")
    phone.page.get_by_label("名称").first.fill("东一巷口")
    phone.press("记下改正")
    expect(phone.page.locator(".f-timeline")).to_contain_text("东一巷口")


def _spoken(checklist):
    """Somebody recorded its first question."""
    body, heard = selectors.info(checklist).body, keep_sound(tone(2), actor=SYSTEM)
    first, *others = body["items"]
    spoken = {**body, "items": [{**first, "audio": {"zh-hans": heard}}, *others]}
    publish_checklist(checklist, spoken, actor=SYSTEM)
    selectors.forget()


def _hears(phone):
    """The recording, out of reach: it came along with the checklist."""
    phone.page.evaluate(PLAYED)
    with phone.page.expect_console_message(lambda told: told.text.startswith("heard ")) as told:
        phone.press("听这个问题")
    assert float(told.value.text.split()[1]) == pytest.approx(2, abs=0.2)


def test_f4_a_driver_sees_which_bays_open_and_a_shop_gets_a_stall_place(
    town, worker_phone, desk, phone, time_is
):
    shop, lane = _place(town, 1), _place(town, 2)
    Place.objects.filter(pk=shop.pk).update(kind="shop")
    forget()

    # The desk writes down the bays that a workplace shares, and gives a shop a stall place.
    _written_down(desk("pai", language="zh-hans"), town, lane, shop)

    # On the round a worker counts free bays, out of reach; nobody types it again.
    _spoken("parking_shopfront")
    _round(town, "parking_shopfront")
    counts = worker_phone("wangge")
    expect(counts.page.locator("h1")).to_have_text("今天 1 处，走了 0 处")
    counts.page.wait_for_function(SPOKEN)
    counts.leaves_the_network()
    counts.press("开始巡查", "开始查看")
    _hears(counts)
    for said in ("是", "是", "是", "是", "是", "7", "按时开放", "是", "是", ""):
        counts.answers(*([said] if said else []))
    counts.press("记下，查完了")
    expect(counts.page.locator("h1")).to_have_text("今天 1 处，走了 1 处")
    _kept_up(counts, lane)
    counts.comes_back()

    # In the evening a driver sees what is open, without an account; the stall has its shop.
    here = timezone.localtime()
    time_is(here.replace(hour=20, minute=0))
    driver = phone()
    driver.goto("/registers/parking/")
    expect(driver.locator("main")).to_contain_text("现在开放，到 08:00")
    expect(driver.locator("main")).to_contain_text("7")
    driver.get_by_role("link", name="临时摊位点").click()
    expect(driver.locator("main")).to_contain_text("安排给 1 号巷口")

    # No plate and no fine is stored: there is no room for either.
    kept = {key for entry in Entry.objects.all() for key in entry.values}
    assert kept == {"bays", "shared", "free", "shop", "until"}
    lane.refresh_from_db()
    assert lane.name["zh-hans"] == "东一巷口"
    assert counts.faults == []


def test_a_draft_is_found_in_the_tray_and_signing_out_asks_for_it_in_a_file_first(
    town, worker_phone
):
    lane = _place(town, 5)
    phone = worker_phone("wangge")
    phone.begin_report("路灯用电", "写了一半")

    # The door's code out of a photo, on a phone whose browser reads none by itself.
    phone.page.evaluate("delete globalThis.BarcodeDetector")
    phone.press("改")
    phone.page.locator(".f-picker input[type=file]").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": door(lane.code)}
    )
    expect(phone.page.locator(".f-fact b")).to_have_text("5 号巷口")

    # Begun and left: the tray leads back to it.
    phone.page.goto("/field/#/tray")
    phone.page.get_by_role("link", name="接着写").click()
    expect(phone.page.locator("textarea")).to_have_value("写了一半")

    # Signing out would erase it: not before it is in a file.
    phone.page.goto("/field/#/settings")
    expect(phone.page.locator(".forbidden")).to_contain_text("还有 1 条只在这台手机里")
    with phone.page.expect_download():
        phone.press("存成文件")
    phone.press("退出，清空这台手机")
    phone.page.wait_for_url("**/accounts/login/**")
    phone.page.goto("/field/#/tray")
    expect(phone.page.locator("h1")).to_have_text("都送到了")
    assert phone.page.get_by_role("link", name="接着写").count() == 0
    assert phone.page.request.get("/desk/").url.count("/accounts/login/") == 1
    assert phone.faults == []
