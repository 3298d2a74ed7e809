"""The scenes of mission rows V1 to V3: a workplace that serves where its people live, the last item
of the exchange market, and a code that was scanned without a network."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import Role
from lingka.accounts.selectors import forget
from lingka.areas import selectors as areas
from lingka.areas.models import Area, Place
from lingka.core import codes
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.members.models import Member
from lingka.points import actions as points
from lingka.points import selectors as bank
from lingka.volunteering import actions, campaigns, rules, selectors
from tests.e2e.conftest import _post
from tests.e2e.steps import a_unit
from tests.e2e.test_scenes_field import worker_phone
from tests.members.people import digits, joined

__all__ = ["worker_phone"]
SCHOOLS = [f"第{at}小学" for at in "一二三四五六七八九十"]
MORNING = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 40))  # noqa: DTZ001
TEN = timezone.make_aware(dt.datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001
TWO_HOURS = dt.timedelta(hours=2)


def _said(zh, en):
    return {"zh-hans": zh, "bo": "རོགས་རམ།", "en": en}


@pytest.fixture
def bank_staff(town, time_is):
    """The bank, with whoever looks after its volunteers."""
    time_is(MORNING)
    unit = a_unit(town, "bank", "八一路支行", "Bayi Road Branch")
    _post("yinhang", Role.HANDLER, unit, town.city)
    forget()
    return unit


def _activity(town, title, places=5):
    """Public, for two hours tomorrow from ten on; returns its code and its time."""
    desk, other = (
        Actor("user", town.posts.chief.user_id),
        Actor("user", town.posts.administrator.user_id),
    )
    wanted = actions.Draft(
        "talks", _said(title, "Policy stand"), _said("讲社保和补贴", "Subsidies"),
        _said("社区门口", "At the door"),
    )  # fmt: skip
    code = actions.draft(town.community.pk, wanted, actor=desk)
    shift = actions.add_shift(code, TEN, TEN + TWO_HOURS, places, actor=desk)
    actions.approve(code, actor=other)
    actions.publish(code, actor=desk)
    return code, shift


def _shown(shift, at):
    """The address in the square that hangs there at a moment."""
    secret = selectors.secret_of(shift)
    return f"/v/in/{shift}/{rules.code_of(secret, rules.step_of(at))}"


def _phone_of(phone, town, to, **more):
    """A telephone in which somebody has signed in as a member."""
    one = joined(town.community.pk, to, **more)
    page = phone()
    page.context.add_cookies([{"name": "member", "value": one.key, "url": _origin(page, town)}])
    return page, one.info


def _origin(_page, town):
    from django.conf import settings

    return settings.PUBLIC_ORIGIN


def _asks(page):
    page.goto("/desk/workplaces/new")
    page.locator("[name=offer-unit]").select_option(label="Bayi Road Branch")
    page.locator("[name=offer-area]").select_option(label="Tongjian")
    for name, value in (("kinds", "talks"), ("weekdays", "1"), ("times", "morning")):
        page.locator(f"[name=offer-{name}][value='{value}']").check(force=True)
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("h1")).to_contain_text("Bayi Road Branch")


def _joins(page, town):
    page.goto("/me/")
    page.locator("[name=to]").fill("13900001111")
    page.get_by_role("button", name="把六位数字发给我").click()
    page.locator("[name=digits]").fill(digits())
    page.locator("main form button").first.click()
    page.locator("[name=name]").fill("柜台的小卓")
    page.locator("[name=area]").select_option(str(town.community.pk))
    page.locator("[name=agreed]").check(force=True)
    page.locator("main form button").last.click()


def test_a_bank_s_staff_serve_where_they_live_and_only_the_workplace_is_kept(
    town, bank_staff, phone, desk, time_is
):
    _asks(desk("yinhang"))
    office = desk("zong")
    office.goto("/desk/workplaces/")
    office.get_by_role("link", name="Bayi Road Branch").click()
    office.get_by_role("button", name="Confirm the check-in").click()

    clerk = phone()
    _joins(clerk, town)
    clerk.goto("/me/kept/")
    clerk.locator("[name=work-workplace]").select_option(label="八一路支行")
    clerk.locator("form:has([name=work-workplace]) button").click()
    code, shift = _activity(town, "政策宣讲摊")
    clerk.goto(f"/v/{code}")
    clerk.get_by_role("button", name="我来").click()

    for moment, button in ((TEN, "我到了"), (TEN + TWO_HOURS, "我走了")):
        time_is(moment)
        clerk.goto(_shown(shift, moment))
        clerk.get_by_role("button", name=button).click()
    office.goto(f"/desk/activities/shifts/{shift}")
    office.get_by_role("button", name="Confirm the hours").click()
    expect(office.locator("td.number")).to_have_text("2 h")
    clerk.goto("/me/service/")
    expect(clerk.locator("main")).to_contain_text("八一路支行")
    assert Member.objects.get().workplace_id == bank_staff.pk
    assert {one.name for one in Member._meta.get_fields() if one.is_relation} == {
        "area", "workplace", "reach", "sessions",
    }, "the community and the workplace, and no other belonging"  # fmt: skip


@pytest.fixture
def market(town, time_is):
    """A stall at the exchange market, served by the water team, with one bag of flour left."""
    time_is(MORNING)
    _post("tanwei", Role.HANDLER, town.water, town.city)
    forget()
    named = _said("兑换集市", "Exchange market")
    shop = points.set_shop(
        None, actor=SYSTEM, unit=town.water.pk, area=town.community.pk, name=named, where=named
    )
    good = points.set_good(shop, None, points.Offer(_said("青稞面", "Flour"), 10), actor=SYSTEM)
    points.deliver(good, 1, actor=SYSTEM)
    return good


def _with_points(phone, town, to):
    from uuid import uuid4

    page, info = _phone_of(phone, town, to)
    account = points.open_account("points", actor=SYSTEM, member=info.uuid)
    points.earn(account, 10, "service", actor=SYSTEM, key=uuid4())
    page.goto("/me/points/")
    return page, account


def test_of_two_who_want_the_last_item_one_gets_it_and_leaving_is_one_tap(
    town, market, phone, desk
):
    (first, mine), (second, theirs) = (
        _with_points(phone, town, to) for to in ("13900001111", "13900002222")
    )
    for page in (first, second):  # both have seen that one is left
        page.get_by_role("button", name="预留").click()
    expect(first.locator(".points-qr svg")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text("您的积分还在")
    stall = desk("tanwei")
    stall.goto("/desk/points/")
    stall.get_by_role("link", name="Exchange market").click()
    stall.get_by_label("Code on the phone").fill(first.locator(".points-big").inner_text())
    stall.get_by_role("button", name="Open").click()
    stall.get_by_role("button", name="Handed over").click()
    expect(stall.locator("table")).to_contain_text("none left")
    left = [bank.standing(one) for one in (mine, theirs)]
    assert [one.balance for one in left if one] == [0, 10]

    second.goto("/me/points/")
    second.get_by_role("button", name="现在退出").click()
    expect(second.get_by_role("button", name="开始积分")).to_be_visible()
    gone = bank.standing(theirs)
    assert gone is not None
    assert gone.balance == 0
    assert bank.member_of(theirs) is None, "nothing leads from the account to anybody"


def _kept_the_list(captain, title, name):
    """Whoever leads it stands there without a network: one taps in, one taps out."""
    captain.leaves_the_network(TEN)
    captain.page.reload()
    captain.page.get_by_role("button", name=title).first.click()
    captain.press(f"到了 · {name}")
    expect(captain.page.locator(".f-roll")).to_contain_text("在场 · 10:00")
    captain.today_is(TEN + TWO_HOURS)
    captain.press(f"走了 · {name}")
    expect(captain.page.locator(".f-roll")).to_contain_text("已离开 · 12:00")


def _schools(town):
    """Ten schools of the community, and the campaign that goes to each; returns its code."""
    grid = Area.objects.get(pk=areas.subtree_grids(town.community.pk)[0])
    for at in range(10):
        Place.objects.create(
            uuid=uuid7(), code=codes.short_code(), kind="school", grid=grid,
            name=_said(SCHOOLS[at], f"School {at}"), lon=91.1 + at / 5000, lat=29.65,
        )  # fmt: skip
    day = TEN.date()
    run = actions.Run(
        "talks", _said("健康讲座进校园", "Health talks"), _said("每校一讲", "Once at each school"),
        day, day + dt.timedelta(days=60), ["school"],
    )  # fmt: skip
    return actions.begin_campaign(
        town.community.pk, run, actor=Actor("user", town.posts.chief.user_id)
    )


def _marks_a_school(phone, town, shift, campaign):
    """Whoever gives the talk stands at the school and marks it; everybody else reads numbers."""
    page, nurse = _phone_of(phone, town, "13900003333", name="卓嘎")
    actions.sign_up(shift, actor=nurse.actor)
    actions.check_in(shift, actor=nurse.actor)
    page.goto(f"/v/campaigns/{campaign}")
    expect(page.locator(".help-sum")).to_contain_text("10 处中 0 处")
    expect(page.locator("main")).not_to_contain_text(SCHOOLS[0])
    page.get_by_role("link", name="还剩哪几处").click()
    page.locator("li", has_text=SCHOOLS[0]).get_by_role("button", name="已完成").click()
    expect(page.locator(".help-sum")).to_contain_text("10 处中 1 处")
    expect(page.locator(".help-map g")).to_have_count(9)
    return nurse


def _sees_what_remains(office, campaign):
    office.goto(f"/desk/campaigns/{campaign}")
    expect(office.locator(".help-sum")).to_contain_text("1 of 10")
    expect(office.locator(".help-stops b")).to_have_count(9)
    expect(office.locator(".help-map g")).to_have_count(9)
    for name in range(1, 10):
        expect(office.locator(".help-stops")).to_contain_text(f"School {name}")


def test_a_parent_s_phone_without_a_network_keeps_the_code_and_the_desk_looks(
    town, phone, worker_phone, desk, time_is
):
    time_is(MORNING)
    code, shift = _activity(town, "校园健康讲座")
    campaign = _schools(town)
    running = campaigns.campaign(campaign)
    actions.take_on(running.uuid, code, actor=Actor("user", town.posts.chief.user_id))
    parent, info = _phone_of(phone, town, "13900001111")
    parent.goto(f"/v/{code}")
    parent.get_by_role("button", name="我来").click()
    other = joined(town.community.pk, "13900002222", "云朵").info
    actions.sign_up(shift, actor=other.actor)
    time_is(TEN)
    nurse = _marks_a_school(phone, town, shift, campaign)
    captain = worker_phone("zong")
    _kept_the_list(captain, "校园健康讲座", "云朵")
    scanned = _shown(shift, TEN)
    parent.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        parent.goto(scanned)
    time_is(TEN + dt.timedelta(minutes=40))
    parent.context.set_offline(False)
    parent.goto(scanned)
    parent.get_by_role("button", name="我 10:00 在这里").click()
    time_is(TEN + TWO_HOURS)
    parent.goto(_shown(shift, TEN + TWO_HOURS))
    parent.get_by_role("button", name="我走了").click()

    actions.check_out(shift, actor=nurse.actor)
    captain.comes_back()

    office = desk("zong")
    office.goto(f"/desk/activities/shifts/{shift}")
    office.get_by_role("button", name="Confirm the hours").click()
    assert selectors.minutes_of(other.uuid) == 120, "as it was ticked"
    assert selectors.minutes_of(info.uuid) == 0, "nothing counts before somebody looked"
    office.get_by_role("button", name="Count until then").click()
    expect(office.locator("td.number")).to_have_text(["2 h"] * 3)
    assert selectors.minutes_of(info.uuid) == 120
    _sees_what_remains(office, campaign)
