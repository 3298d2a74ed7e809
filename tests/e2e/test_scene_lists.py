"""The scene of mission row C3: a canteen's need matches a unit's idle kitchen, with the reason;
what is pledged and what is delivered are told apart."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import User
from lingka.core.actors import Actor
from lingka.volunteering import actions

MORNING = timezone.make_aware(dt.datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001


def _said(text):
    return {"zh-hans": text, "bo": "ཐབ་ཚང་།", "en": text}


@pytest.fixture
def canteen(town, time_is):
    """A canteen that has lost its kitchen for the winter."""
    time_is(MORNING)
    desk = Actor("user", User.objects.get(username="guanli").pk)
    community = town.place.grid.parent_id
    wanted = actions.Wanted(
        "kitchen", _said("老年食堂缺厨房"), _said("锅炉在修，每天做四十份午饭"), [1, 3],
        ["morning"], dt.date(2026, 12, 31), ["bo"],
    )  # fmt: skip
    actions.publish_need(community, wanted, actor=desk)
    return community


def _lend(office, community):
    office.goto("/desk/resources/")
    office.get_by_text("Lend something").click()
    office.locator("#id_lend-area").select_option(str(community))
    for box in ("weekdays_1", "weekdays_3", "times_0", "languages_1"):
        office.locator(f"#id_lend-{box}").check(force=True)
    office.locator("#id_lend-until").fill("2027-03-31")
    for code in ("zh-hans", "bo", "en"):
        office.locator(f"#id_lend-title_{code}").fill("单位食堂上午空着")
        office.locator(f"#id_lend-text_{code}").fill("灶台四眼，自己收拾")
    office.get_by_role("button", name="List it").click()


def test_a_canteen_s_need_finds_a_unit_s_idle_kitchen_and_says_why(canteen, phone, desk):
    office = desk("guanli")
    office.set_default_timeout(40_000)
    _lend(office, canteen)
    office.goto("/desk/three-lists/")
    fit = office.locator(".three-fit")
    for why in ("offers Kitchen", "lies in this community", "Tuesday", "mornings", "Tibetan"):
        expect(fit).to_contain_text(why)

    # The unit pledges it: that is not delivered yet, and everybody reads the difference.
    office.get_by_role("link", name="Open it").click()
    office.get_by_role("button", name="Enter who sees to it").click()
    reader = phone(scripts=False)
    reader.goto("/three-lists/")
    expect(reader.locator(".three-rows .tag").first).to_contain_text("答应了，还没办到")
    office.get_by_role("button", name="It is done").click()
    reader.reload()
    expect(reader.locator(".three-rows .tag").first).to_contain_text("办到了")
