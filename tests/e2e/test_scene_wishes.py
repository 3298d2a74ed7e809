"""The scene of mission row C2: two volunteers claim one wish, one gets it; an idle claim lapses;
only the wisher confirms."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.cases.models import Case
from tests.e2e.steps import act
from tests.members.people import joined

MORNING = timezone.make_aware(dt.datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001
LATER = timezone.make_aware(dt.datetime(2026, 11, 27, 10, 0))  # noqa: DTZ001


@pytest.fixture
def two(town, opened, time_is):
    """Two who take part, each with their phone."""
    time_is(MORNING)

    def phone(number):
        who = joined(town.place.grid.parent_id, f"1390000500{number}", f"雪{number}")
        page = opened({"width": 360, "height": 740}, {"language": "zh-hans", "member": who.key})
        page.set_default_timeout(40_000)
        return page

    return phone(1), phone(2)


def _wishes(page, town):
    """Somebody wishes for reading glasses; returns the page on which it is followed."""
    page.set_default_timeout(40_000)
    page.goto(f"/report/wish.small?place={town.place.code}")
    page.locator("#words").fill("我是三楼的卓玛，想要一副老花镜")
    page.locator("details.more summary").click()
    page.locator("input[name=share_words]").check(force=True)
    page.locator("button[name=do][value=send]").last.click()
    page.wait_for_url("**/receipt")
    return page.url.removesuffix("/receipt")


def _claims(page):
    page.goto("/wishes/")
    page.get_by_role("button", name="我来圆").click()


@pytest.fixture
def on_the(time_is, the_worker):
    """Sets the day, and lets the worker do what is due by then."""

    def day(moment):
        time_is(moment)
        the_worker()

    return day


def test_of_two_volunteers_one_has_the_wish_until_it_lapses_and_the_wisher_confirms(
    two, town, phone, desk, on_the
):
    wisher, (first, second) = phone(scripts=False), two
    followed = _wishes(wisher, town)
    office = desk("pai")
    office.set_default_timeout(40_000)
    act(office, Case.objects.get().number, "hang", "It hangs on the wall", words="一副老花镜",
        about="thing", checks=True)  # fmt: skip
    on_the(MORNING)

    second.goto("/wishes/")  # both see it free; no name hangs there
    expect(second.locator(".wish")).to_contain_text("一副老花镜")
    expect(second.locator("main")).not_to_contain_text("卓玛")
    _claims(first)
    expect(first.locator(".wish")).to_contain_text("一副老花镜")
    second.get_by_role("button", name="我来圆").click()
    expect(second.locator(".toast")).to_be_visible()
    assert Case.objects.get().facts["route"]["by"] == "claim"

    on_the(LATER)  # nothing came of it: it is free again, and the second has it
    _claims(second)
    second.get_by_label("办了什么").fill("老花镜放在社区了")
    second.get_by_role("button", name="我办好了").click()
    wisher.goto(followed)
    wisher.locator("[name=solved][value=yes]").check(force=True)
    wisher.locator("form:has([name=solved]) button").first.click()
    assert Case.objects.get().stage == "closed"
    second.goto("/wishes/")
    expect(second.locator(".why")).to_contain_text("1")
