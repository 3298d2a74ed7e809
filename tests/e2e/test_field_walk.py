"""The walk of the field app, tapped as fast as a thumb is."""

from playwright.sync_api import expect

from tests.e2e.test_scenes_field import _round, worker_phone

__all__ = ["worker_phone"]

# Counts how often a button that rested could be pressed anew, though its stop was written down.
WATCHED = """() => {
  globalThis.anew = 0;
  const stop = document.querySelector(".f-stop.is-now");
  new MutationObserver((changes) => {
    const freed = changes.filter((one) => one.oldValue !== null && !one.target.disabled);
    if (stop.matches(".is-now")) globalThis.anew += freed.length;
  }).observe(stop, { subtree: true, attributeFilter: ["disabled"], attributeOldValue: true });
}"""


def test_a_stop_that_was_written_down_rests_until_the_walk_has_moved_past_it(town, worker_phone):
    _round(town, "", "", "")
    phone = worker_phone("wangge")
    phone.press("开始巡查")
    phone.page.get_by_role("button", name="没问题", exact=True).wait_for()
    phone.page.evaluate(WATCHED)
    phone.press("没问题", "今天没看成", "没开门，没有人")
    expect(phone.page.locator("h1")).to_have_text("今天 3 处，走了 2 处")
    assert phone.page.evaluate("globalThis.anew") == 0
    assert phone.faults == []
