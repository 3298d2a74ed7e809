"""The scene of mission row B1: each sentence is a step."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import Role
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.e2e.conftest import _post
from tests.e2e.steps import a_unit
from tests.intake.conftest import LAT, LON, forget

ANSWER = "周五一起看地，先给临时用地"


def _at(month, day, hour):
    return timezone.make_aware(dt.datetime(2026, month, day, hour))  # noqa: DTZ001


def _ask_for_land(firm, town):
    """Ask at the door of the yard; the page on which it is followed."""
    firm.goto(f"/p/{town.place.code}")
    firm.get_by_role("link", name="企业有难处").click()
    firm.locator("#words").fill("物流园缺两块装卸用地")
    firm.get_by_role("button", name="送到受理台").click()
    firm.wait_for_url("**/receipt")
    firm.goto(firm.url.removesuffix("/receipt"))
    return firm


def _name_who_leads(street, number, leader):
    street.goto(f"/desk/cases/{number}/")
    street.get_by_role("button", name="Accept").click()
    street.get_by_label("Who leads").select_option(str(leader))
    street.get_by_role("button", name="Name who leads").click()
    expect(street.locator(".toast")).to_contain_text("Somebody was named to lead")


def _answer_by_name(lead, number):
    lead.goto(f"/desk/cases/{number}/")
    lead.get_by_label("What will be done (the firm reads it)").fill(ANSWER)
    lead.get_by_label("Promised until").fill("2026-12-18")
    lead.get_by_role("button", name="Answer by name").click()
    expect(lead.locator(".toast")).to_contain_text("The named lead answered")


def _earlier_in_the_year(town, chief, *, solved, still_open):
    """Demands that the same lead took up before, each seen through by what everybody does."""
    posts = (chief, town.posts.dispatcher, town.posts.verifier)
    lead, street, checks = (Actor("user", one.user_id, one.id) for one in posts)
    until = (clock.now() + dt.timedelta(days=9)).isoformat()
    for number in range(solved + still_open):
        opened = cases.open_case(
            actor=Actor("resident"), case_type="enterprise.demand", channel="web", lon=LON,
            lat=LAT, language="zh-hans", idempotency_key=uuid7(), words=f"第{number + 1}件难处",
        )  # fmt: skip
        steps = [
            ("accept", street, {}),
            ("name_lead", street, {"leader": chief.user_id}),
            ("lead_answer", lead, {"words": "我来办", "until": until}),
            ("report_back", lead, {"words": "办好了"}),
            ("verify", checks, {"how": "visit"}),
            ("rate", Actor("resident", opened.receipt_id), {"solved": True}),
        ]
        for action, actor, data in steps[: None if number < solved else 3]:
            cases.perform(opened.case_uuid, action, actor=actor, data=data)


def test_b1_a_firm_asks_for_land_a_named_lead_answers_on_time_and_the_year_shows_it(
    town, phone, desk, time_is, the_worker
):
    # Of another unit than whoever checks: colleagues of the named lead may not.
    office = a_unit(town, "supervision", "督办室", "Supervision")
    chief = _post("dudao", Role.SUPERVISOR, office, town.street)
    forget()
    time_is(_at(3, 10, 10))
    _earlier_in_the_year(town, chief, solved=81, still_open=9)

    # A firm asks for land.
    time_is(_at(11, 23, 10))
    firm = _ask_for_land(phone(), town)
    case = Case.objects.latest("id")

    # A named lead answers on time; the firm reads it, with the day that was promised.
    _name_who_leads(desk("pai"), case.number, chief.user_id)
    time_is(_at(11, 25, 11))
    _answer_by_name(desk("dudao"), case.number)
    firm.reload()
    expect(firm.get_by_text(ANSWER)).to_be_visible()
    expect(firm.locator("main")).to_contain_text("领衔答复的是 督办室 · 督办员")
    expect(firm.get_by_text("督办室 · 督办员 领衔答复")).to_be_visible()
    case.refresh_from_db()
    clock = case.clocks["lead_answer"]
    assert clock["stopped"] <= clock["due"]
    assert case.facts["promised"].startswith("2026-12-18")

    # The year shows 91 raised, 81 solved, ten open.
    the_worker()
    street = desk("pai")
    street.goto("/desk/demands/")
    shown = street.locator(".ledger-sums div")
    expect(shown).to_have_text(["Raised91", "Solved, as the firm says81", "Still open10"])
    expect(street.get_by_role("row").filter(has_text="dudao").first).to_contain_text("has answered")
