"""A phone whose disk takes nothing, though there is room: each screen that saves says so."""

from playwright.sync_api import expect

from lingka.cases.actions import open_case
from lingka.core.ids import uuid7
from lingka.patrols.actions import make_entry
from tests.e2e.test_scenes_field import _as, _round, worker_phone

__all__ = ["worker_phone"]

# A disk that takes no record, for another reason than being full.
BROKEN = """yes => {
  globalThis.add ??= IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = !yes ? globalThis.add : function (...given) {
    if (this.name === "operations") throw new DOMException("planted", "UnknownError");
    return globalThis.add.apply(this, given);
  };
}"""


def _refused(phone, button, said):
    """Pressed in vain: the screen says so, and pressed again when it can be written it is saved."""
    page, before = phone.page, len(phone.saved)
    page.evaluate(BROKEN, True)
    page.locator(button).click()
    expect(page.locator(said)).to_contain_text("没有存下")
    assert len(phone.saved) == before
    page.evaluate(BROKEN, False)
    with page.expect_console_message(lambda message: message.text.startswith("saved ")):
        page.locator(button).click()


def test_what_cannot_be_written_down_is_never_passed_over_in_silence(town, worker_phone):
    _round(town, "")
    boss = _as(town.posts.dispatcher)
    entry = make_entry("parking", town.place.id, state="open", values={"bays": 36}, actor=boss)
    opened = open_case(
        actor=boss, case_type="safety.hazard", channel="staff", words="楼道纸箱",
        language="zh-hans", place_id=town.place.id, lon=town.place.lon, lat=town.place.lat,
        idempotency_key=uuid7(),
    )  # fmt: skip
    phone = worker_phone("wangge")
    expect(phone.page.locator("h1")).to_have_text("今天 1 处，走了 0 处")

    _refused(phone, "text=开始巡查", ".f-toast")
    _refused(phone, "text=没问题", ".f-toast")
    phone.begin_report("路灯用电", "不亮")
    _refused(phone, ".f-foot .button-primary", ".f-foot .field-error")
    phone.page.goto(f"/field/#/entry/{entry}")
    phone.page.locator("input[inputmode=numeric]").first.fill("30")
    _refused(phone, ".f-foot .button-primary", ".f-foot .field-error")
    phone.page.goto(f"/field/#/place/{town.place.uuid}")
    phone.page.locator(".f-acts > .button").last.click()
    phone.page.locator("input[lang=en]").first.fill("North gate")
    _refused(phone, ".f-form .button-primary", ".f-form .field-error")
    phone.page.goto(f"/field/#/case/{opened.case_uuid}/protect")
    phone.page.locator(".f-form textarea").fill("立了警示牌")
    _refused(phone, ".f-form .button-primary", ".f-form .field-error")
    assert phone.faults == []
