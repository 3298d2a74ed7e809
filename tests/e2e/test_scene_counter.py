"""The scene of mission row P5: at any window, the list in Tibetan, a time, and handed in once."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.cases.models import Case
from lingka.core.actors import SYSTEM
from lingka.counter import actions
from lingka.counter.models import Appointment
from lingka.guides import selectors as guides
from tests.e2e.conftest import PHONE

MORNING = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 40))  # noqa: DTZ001
NAMES = {"zh-hans": "全科窗口", "bo": "ཀུན་ཁྱབ་སྒེའུ་ཁུང་།", "en": "Window for everything"}
PHOTO_BO = "ཉེ་ཆར་གྱི་འདྲ་པར་གཅིག"


@pytest.fixture
def window(town, time_is):
    """The street's window, one person every half hour."""
    time_is(MORNING)
    guides.forget()
    actions.set_window(
        None, actor=SYSTEM, name=NAMES, unit=town.desk.pk, slot_minutes=30, capacity=1
    )
    yield
    guides.forget()


def _finds_the_list(newcomer):
    newcomer.goto("/guides/")
    newcomer.get_by_role("searchbox").fill("གནས་སྡོད་ལག་ཁྱེར")
    newcomer.get_by_role("searchbox").press("Enter")
    newcomer.locator("section[aria-labelledby=found] a").first.click()
    expect(newcomer.get_by_text(PHOTO_BO)).to_be_visible()


def _takes_a_time(newcomer):
    """Returns the code that is said at the window."""
    newcomer.get_by_role("link", name="སྒེའུ་ཁུང་གི་དུས་ཚོད་ལེན།").click()
    newcomer.locator(".choice").first.click()
    newcomer.locator("button.counter-take:visible").click()
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("10:00")
    expect(newcomer.get_by_text(PHOTO_BO)).to_be_visible()
    return newcomer.locator(".slip-code").inner_text()


def _opens_by_code(desk, code):
    desk.goto("/desk/counter/")
    desk.get_by_label("Code of an appointment or a receipt").fill(code)
    desk.get_by_role("button", name="Open").click()


def _ticks(desk, *states):
    for at, state in enumerate(states):
        desk.locator(f"input[name=paper_{at}][value={state}]").check(force=True)


def test_p5_a_newcomer_asks_at_a_window_gets_the_list_in_tibetan_and_a_time_and_hands_in_once(
    window, phone, desk, time_is
):
    # A newcomer asks at a window; the clerk, who works in Chinese, reads what is needed.
    street = desk("pai", language="zh-hans")
    street.goto("/desk/counter/")
    asked = street.locator("li").filter(has_text="怎么办居住证")
    asked.get_by_role("link", name="约时间").click()

    # They get a time, and the list of papers in Tibetan on the same slip, to take home.
    street.get_by_label("凭条和材料清单用").select_option("bo")
    street.locator(".choice").first.click()
    street.locator("button.counter-take:visible").click()
    street.emulate_media(media="print")
    expect(street.get_by_role("heading", level=1)).to_contain_text("10:00")
    expect(street.get_by_text(PHOTO_BO)).to_be_visible()
    assert street.locator("html").get_attribute("lang") == "bo"
    code = street.locator(".slip-code").inner_text()

    # At that time another window opens the code, with all that was said, and takes it in once.
    time_is(MORNING + dt.timedelta(minutes=20))
    other = desk("zong", size=PHONE)
    _opens_by_code(other, code)
    _ticks(other, "here", "here", "here", "here")
    expect(other.locator("select[name=language]")).to_have_value("bo")
    other.get_by_role("button", name="Take in and print the receipt").click()
    expect(other.get_by_role("heading", name="Taken in")).to_be_visible()
    slip = other.get_by_role("link", name="Print the receipt").get_attribute("href")
    assert slip.endswith("?in=bo")

    # One receipt follows it; nothing is asked for again, and the time counts as kept.
    newcomer = phone("bo")
    newcomer.goto(re.sub(r"/slip.*", "", slip))
    expect(newcomer.locator(".papers .late-text")).to_have_count(0)
    assert not Case.objects.get().facts.get("asked")
    assert Appointment.objects.get().state == Appointment.State.HANDED_IN


def test_a_missing_paper_is_brought_to_any_other_window(window, phone, desk):
    # Without asking anybody: the list and a time on the newcomer's own phone.
    newcomer = phone("bo")
    _finds_the_list(newcomer)
    code = _takes_a_time(newcomer)

    # At the window the code opens the matter; the papers are ticked, one is missing.
    street = desk("pai")
    _opens_by_code(street, code)
    _ticks(street, "here", "missing", "here", "here")
    street.get_by_role("button", name="Take in and print the receipt").click()
    expect(street.get_by_role("heading", name="Taken in")).to_be_visible()
    receipt = street.locator(".counter-code").inner_text()
    slip = street.get_by_role("link", name="Print the receipt").get_attribute("href")

    # The receipt's own page, as every case has it, names what is missing, in Tibetan.
    newcomer.goto(re.sub(r"/slip.*", "", slip))
    missing = newcomer.locator(".papers .late-text")
    expect(missing).to_have_count(1)
    expect(newcomer.locator(".papers")).to_contain_text(PHOTO_BO)

    # Any other window takes it: nothing is told again, and the case goes on.
    other = desk("zong", size=PHONE)
    _opens_by_code(other, receipt)
    _ticks(other, "here", "here", "here", "here")
    other.get_by_role("button", name="Take these in too").click()
    expect(other.get_by_text("Everything is here.")).to_be_visible()
    newcomer.reload()
    expect(missing).to_have_count(0)
    assert not Case.objects.get().facts.get("asked")
