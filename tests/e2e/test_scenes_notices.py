"""The scene of mission row N1: each sentence is a step."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from lingka.areas.models import Place
from lingka.cases import actions as cases
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.intake.conftest import LAT, LON, forget


def _at(day, hour, minute=0):
    return timezone.make_aware(dt.datetime(2026, 11, day, hour, minute))  # noqa: DTZ001


def _two_more_buildings(town):
    """Beside the one whose pipe bursts, with a fourth that has water."""
    names = [("甲楼", "Block A"), ("乙楼", "Block B"), ("丙楼", "Block C")]
    made = [
        Place.objects.create(
            uuid=uuid7(), code=codes.short_code(), kind="building", grid=town.grid,
            name={"zh-hans": zh, "bo": zh, "en": en}, lon=LON + number / 5000, lat=LAT,
        )
        for number, (zh, en) in enumerate(names, 1)
    ]  # fmt: skip
    forget()
    return made


def _who(post):
    return Actor("user", post.user_id, post.id)


def _burst(town):
    opened = cases.open_case(
        actor=Actor("resident"), case_type="water.burst", channel="door", language="zh-hans",
        idempotency_key=uuid7(), words="水管爆了", place_id=town.place.id, lon=LON, lat=LAT,
    )  # fmt: skip
    cases.perform(opened.case_uuid, "sign_in", actor=_who(town.posts.handler), data={})
    return opened


def _do(opened, post, action, **data):
    cases.perform(opened.case_uuid, action, actor=_who(post), data=data)


def test_n1_the_pipe_case_makes_a_notice_for_three_buildings_that_ends_when_water_is_back(
    town, desk, phone, time_is, the_worker
):
    time_is(_at(23, 6, 40))
    first, second, dry = _two_more_buildings(town)
    opened = _burst(town)

    # The desk makes a notice from the pipe case, for three buildings.
    street = desk("pai")
    street.goto(f"/desk/cases/{opened.case_number}/")
    street.get_by_role("link", name="Put up a notice").click()
    for name in ("Yard 3, stairs 2", "Block A", "Block B"):
        street.get_by_label(name, exact=True).check()
    street.get_by_role("button", name="Publish the notice").click()
    expect(street.get_by_role("heading", level=1)).to_have_text("No water")
    expect(street.locator(".notice-said")).to_have_count(3)

    # Whoever scans one of the three doors reads it first, in their language; others do not.
    resident = phone("bo")
    for door in (town.place, first, second):
        resident.goto(f"/p/{door.code}")
        expect(resident.locator(".notice-strip")).to_contain_text("ཆུ་བཀག་པའི་བརྡ་ཐོ།")
    resident.locator(".notice-strip").click()
    expect(resident.get_by_role("heading", level=1)).to_have_text("ཆུ་བཀག་པའི་བརྡ་ཐོ།")
    notice = resident.url
    resident.goto(f"/p/{dry.code}")
    expect(resident.locator(".notice-strip")).to_have_count(0)

    # Water is back, says the crew, and somebody else sees it: the notice ends by itself.
    time_is(_at(23, 11))
    _do(opened, town.posts.handler, "report_back", words="换好了，有水了")
    _do(opened, town.posts.verifier, "verify", how="visit")
    the_worker()
    reader = phone("en")
    reader.goto(notice)
    expect(reader.locator(".notice-over")).to_contain_text("This is over since today 11:00.")
    reader.goto(f"/p/{town.place.code}")
    expect(reader.locator(".notice-strip")).to_have_count(0)
