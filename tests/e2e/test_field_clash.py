"""Two phones out of reach say different things of the same: both are shown, neither is lost."""

from playwright.sync_api import expect

from lingka.accounts.models import Role
from lingka.patrols.actions import make_entry
from lingka.patrols.models import Entry, EntryState
from tests.e2e.conftest import _post
from tests.e2e.steps import a_unit
from tests.e2e.test_scenes_field import _as, worker_phone
from tests.intake.conftest import forget

__all__ = ["worker_phone"]
SOON = 30_000  # milliseconds for an exchange with the server


def _says(phone, entry, state):
    phone.page.goto(f"/field/#/entry/{entry}")
    phone.press(state)
    before = len(phone.saved)
    with phone.page.expect_console_message(lambda message: message.text.startswith("saved ")):
        phone.page.locator(".f-foot .button-primary").click()
    assert len(phone.saved) == before + 1


def test_what_two_phones_say_of_one_place_is_shown_and_neither_overwrites_the_other(
    town, worker_phone, desk
):
    fourth = a_unit(town, "grid-4", "第四网格", "Grid 4 team")
    _post("fucha", Role.GRID_WORKER, fourth, town.grid)
    forget()
    boss = _as(town.posts.dispatcher)
    entry = make_entry("parking", town.place.id, state="open", values={"bays": 36}, actor=boss)

    # Both read "open"; out of reach one says that it is full, the other that it is closed.
    first, second = worker_phone("wangge"), worker_phone("fucha")
    for phone, state in ((first, "停满了"), (second, "暂停开放")):
        expect(phone.page.locator(".f-where")).to_contain_text("第三网格", timeout=SOON)
        phone.leaves_the_network()
        _says(phone, entry, state)
    first.comes_back()
    second.context.set_offline(False)
    second.page.goto("/field/#/tray")
    second.page.evaluate("dispatchEvent(new Event('online'))")

    # What came first stands; the other's stays on its phone and beside it at the desk.
    why = "别人"
    expect(second.page.locator(".f-pending-why")).to_contain_text(why, timeout=SOON)
    assert Entry.objects.get().state == "full"
    assert EntryState.objects.get(clashing=True).state == "closed"
    assert second.page.get_by_role("button", name="再送一次").count() == 0

    # The phone and the desk show both; sent again, after what stands there was read, it is taken.
    office = desk("pai", language="zh-hans")
    office.goto(f"/desk/registers/entries/{entry}/")
    expect(office.locator("main")).to_contain_text("巡查看到的和受理台写的不一样")
    second.page.goto(f"/field/#/entry/{entry}")
    expect(second.page.locator(".f-both").first).to_contain_text("停满了", timeout=SOON)
    second.press("再送一次")
    expect(second.page.locator(".f-own li:not(.is-here)")).to_have_count(1, timeout=SOON)  # taken
    assert Entry.objects.get().state == "closed"
    assert first.faults == second.faults == []
