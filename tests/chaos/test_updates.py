"""Another version comes onto the server while the app is open, in the middle of something."""

import random

import pytest
from playwright.sync_api import expect

from tests.chaos.line import Line
from tests.chaos.phone import SOON, Phone
from tests.chaos.test_days import _worker, browser, server, town  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The phone never has time for what nobody asked for: each screen comes when it is opened.
BUSY = "globalThis.requestIdleCallback = () => 0; globalThis.begun ??= Math.random();"
FORGET = "async () => { await caches.delete('field-before'); }"


@pytest.fixture
def phone(town, server, browser):  # noqa: F811 - fixtures
    _post, session = _worker(town, 1)
    assert server.answers()
    line = Line(server.port, random.Random(1))
    made = Phone(browser, line, session, random.Random(1), [])
    made.page.add_init_script(BUSY)
    made.first_time()
    made.reloads()
    yield made
    made.closes()
    line.close()


def test_a_page_of_the_version_before_opens_its_own_screens_and_then_begins_anew(phone):
    phone.writes("写了一半")
    started = phone.page.evaluate("globalThis.begun")
    phone.gets_build()
    phone.cdp.send("Network.clearBrowserCache")  # it may keep pieces by itself, or not

    # Its own screens are kept beside the new version's.
    phone.goes("storage")
    expect(phone.page.locator("h1")).to_have_text("存储", timeout=SOON)
    assert phone.page.evaluate("globalThis.begun") == started

    # Where they are not, it begins anew at the screen that was asked for.
    phone.page.evaluate(FORGET)
    phone.goes("settings")
    expect(phone.page.get_by_role("button", name="བོད་ཡིག")).to_be_visible(timeout=SOON)
    assert phone.page.evaluate("globalThis.begun") != started

    # The draft is as it was.
    phone.goes("report")
    expect(phone.page.locator("textarea")).to_have_value("写了一半", timeout=SOON)
    assert phone.faults == []
