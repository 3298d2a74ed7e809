"""The scene of mission row P4: two groups book one room at once, one succeeds, one waits. A
courier sees the open rest place within 15 walking minutes."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.core.actors import SYSTEM
from lingka.rooms import actions, selectors

MORNING = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 40))  # noqa: DTZ001
NOON = timezone.make_aware(dt.datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001
REST = {"zh-hans": "暖心驿站", "bo": "ངལ་གསོའི་ས་ཚིགས།", "en": "Warm Rest Place"}
HALL = {"zh-hans": "议事亭", "bo": "གྲོས་བསྡུར་ཁང་།", "en": "Pavilion"}
TABLE = {"zh-hans": "大桌", "bo": "ཅོག་ཙེ་ཆེན་པོ།", "en": "Long table"}
DAILY = {str(day): [["09:00", "21:00"]] for day in range(7)}


@pytest.fixture
def stations(town, time_is):
    """A rest place for couriers and a pavilion with one room, both at the town's door."""
    time_is(MORNING)
    given = {"actor": SYSTEM, "unit": town.desk.pk, "place": town.place.pk, "about": {},
             "hours": DAILY, "on_holidays": True}  # fmt: skip
    actions.set_station(None, key="rest", kind="rest_place", name=REST,
                        audiences=["couriers"], equipment=["hot_water"], **given)  # fmt: skip
    actions.set_station(None, key="hall", kind="meeting_place", name=HALL,
                        audiences=["residents"], **given)  # fmt: skip
    actions.set_room(None, actor=SYSTEM, station="hall", name=TABLE, seats=20)
    return town


def _fills_in(page, group):
    page.set_default_timeout(40_000)
    page.goto("/stations/hall/")
    page.get_by_role("link", name="约这个房间").click()
    page.locator(f"input[name=starts_at][value='{NOON.isoformat()}']").check(force=True)
    page.get_by_label("参加的人").fill(group)
    page.get_by_label("已有人约的话，排队等候").check()


def _gives_back(page):
    page.reload()
    page.get_by_text("我们来不了").click()
    page.get_by_role("button", name="退掉这个时间").click()
    expect(page.locator(".rooms-dates .tag")).to_contain_text("已退")


def test_of_two_groups_one_has_the_room_and_the_other_waits(stations, phone, desk, time_is):
    dancers, readers = phone(), phone(scripts=False)
    _fills_in(dancers, "锅庄队")
    _fills_in(readers, "读书会")  # both have seen the time free
    for page in (dancers, readers):
        page.get_by_role("button", name="约下房间").click()
    expect(dancers.locator(".rooms-dates .tag")).to_contain_text("已约上")
    expect(readers.locator(".rooms-dates .tag")).to_contain_text("在候补名单上")

    _gives_back(dancers)
    readers.reload()
    expect(readers.locator(".rooms-dates .tag")).to_contain_text("已约上")

    time_is(NOON)
    office = desk("zong")
    office.goto("/desk/stations/")
    expect(office.get_by_text("读书会")).to_be_visible()
    code = office.locator(".rooms-code").inner_text()
    readers.reload()
    readers.get_by_label("门牌上的码").fill(code)
    readers.get_by_role("button", name="我们到了").click()
    expect(readers.locator(".rooms-dates .tag")).to_contain_text("已到场")
    office.reload()
    expect(office.locator(".rooms-dated .tag")).to_contain_text("here")


def test_a_courier_sees_the_open_rest_place_within_15_minutes(stations, phone, time_is):
    courier = phone()
    courier.goto(f"/p/{stations.place.code}")
    courier.get_by_role("link", name="附近开放").click()
    courier.get_by_role("link", name="快递外卖员").click()
    near = courier.locator("section[aria-labelledby=near]")
    expect(near.get_by_role("link", name="暖心驿站")).to_be_visible()
    expect(near).to_contain_text("估算")
    expect(courier.get_by_text("议事亭")).to_have_count(0)
    near.get_by_role("link", name="暖心驿站").click()
    expect(courier.get_by_text("开放到 21:00")).to_be_visible()

    time_is(timezone.make_aware(dt.datetime(2026, 11, 23, 23, 0)))  # noqa: DTZ001
    courier.go_back()
    courier.reload()
    expect(courier.get_by_text("附近现在没有开放的")).to_be_visible()
    assert selectors.nearby(None, "couriers")[0].now.again is not None
