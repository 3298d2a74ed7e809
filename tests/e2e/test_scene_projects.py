"""The scene of mission row C4: ten small things of the year; seven confirmed by their users, one
late with its reason, all public."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import User
from lingka.core.actors import Actor
from lingka.projects import actions

SPRING = timezone.make_aware(dt.datetime(2026, 5, 4, 10, 0))  # noqa: DTZ001
AUTUMN = timezone.make_aware(dt.datetime(2026, 11, 2, 10, 0))  # noqa: DTZ001
WINTER = timezone.make_aware(dt.datetime(2026, 12, 7, 10, 0))  # noqa: DTZ001
DUE, LATER = dt.date(2026, 12, 1), dt.date(2026, 12, 20)


def _said(text):
    return {"zh-hans": text, "bo": "ལས་དོན།", "en": text}


@pytest.fixture
def ten(town, time_is):
    """Ten small things, published in spring; in autumn six are confirmed, one is done."""
    time_is(SPRING)
    desk = Actor("user", User.objects.get(username="guanli").pk)
    of = actions.begin_list(town.city.pk, 2026, actor=desk)
    codes = []
    for number in range(1, 11):
        draft = actions.Draft(
            _said(f"小事{number}"),
            _said("楼道装灯"),
            _said("七栋"),
            town.desk.pk,
            8000,
            DUE if number < 9 else LATER,
        )
        codes.append(actions.set_project(of, draft, actor=desk))
    actions.publish(of, actor=desk)
    time_is(AUTUMN)
    for code in codes[:7]:
        actions.report_done(code, actor=desk)
        for _device in range(6 if code != codes[6] else 4):
            actions.answer(code, actions.begin(code), "done")
    return codes


def _late(office, code):
    """Nothing can be said of the late one before it is said why."""
    office.goto(f"/desk/projects/{code}")
    office.get_by_role("button", name="It is done: ask its users").click()
    expect(office.locator(".field-error")).to_contain_text("say first why it is late")
    office.get_by_label("Why (everybody reads it)").first.fill("灯具遇雪封山，还在路上")
    office.locator("details[open] button").first.click()
    expect(office.locator(".project-changes")).to_contain_text("灯具遇雪封山")


def test_of_ten_small_things_seven_are_confirmed_and_the_late_one_says_why(
    ten, phone, desk, time_is
):
    user = phone(scripts=False)
    user.set_default_timeout(40_000)
    user.goto(f"/projects/{ten[6]}/")  # as the sign at the place has it
    user.get_by_role("button", name="我来说一句").click()
    user.get_by_text("用上了，办好了").click()
    user.get_by_role("button", name="就这样回答").click()
    expect(user.locator("#said")).to_contain_text("算进去了")

    time_is(WINTER)
    actions.close_due()
    _late(desk("guanli"), ten[7])
    reader = phone()
    reader.goto("/projects/")
    expect(reader.locator(".project-big")).to_contain_text("7")
    expect(reader.locator(".project-row")).to_have_count(10)
    expect(reader.locator(".tag-done")).to_have_count(7)
    expect(reader.locator(".tag-late")).to_have_count(1)
    row = reader.locator(".project-row", has_text="小事8")
    expect(row).to_contain_text("灯具遇雪封山")
    reader.get_by_role("link", name="小事7").click()
    expect(reader.locator(".project-bars")).to_contain_text("5")
