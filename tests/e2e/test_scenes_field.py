"""The scenes of mission rows F1 to F3 on a worker's phone, without a network for most of the time."""

import datetime as dt

import pytest
from django.test import Client
from playwright.sync_api import expect

from lingka.accounts.models import User
from lingka.cases.models import Case
from lingka.field.models import Operation
from tests.e2e.workers import Phone, photo


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


def test_the_app_starts_in_flight_mode_after_its_battery_died(town, worker_phone):
    phone = worker_phone("wangge")
    phone.dies()
    phone.start(offline=True)
    expect(phone.page.locator(".f-strip").first).to_contain_text("没有网络，照常做")
    assert phone.faults == []


def test_f3_twelve_findings_of_three_days_without_a_network_arrive_once(town, worker_phone):
    phone = worker_phone("wangge")
    expect(phone.page.locator(".f-where")).to_contain_text("第三网格")
    monday = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)

    # Two days on the pastures: eight findings, some with photos.
    phone.leaves_the_network(monday)
    for number in range(4):
        phone.report("路面井盖", f"第一天第 {number} 处", photo(number) if number < 2 else None)
    phone.today_is(monday + dt.timedelta(days=1))
    for number in range(3):
        phone.report("垃圾卫生", f"第二天第 {number} 处")

    # The phone dies in the middle of the eighth. It starts without a network, and the words are there.
    phone.begin_report("漏水", "第二天第 3 处", photo(5))
    phone.dies()
    phone.start(offline=True)
    phone.page.goto("/field/#/report")
    expect(phone.page.locator("textarea")).to_have_value("第二天第 3 处")
    expect(phone.page.locator("img.f-photo")).to_be_visible()
    phone.keep_report()

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
    days = {one.occurred_at.date() for one in told.values()}
    assert days == {(monday + dt.timedelta(days=day)).date() for day in range(3)}
    assert phone.faults == []
