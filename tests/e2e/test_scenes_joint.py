"""The scenes of mission rows L3 and L6: slips, several units on one matter."""

import datetime as dt
import re

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import Role
from lingka.cases.actions.activation import read
from lingka.cases.models import Case, Definition
from lingka.cases.parts import DATA
from lingka.core import rulefiles
from tests.e2e.conftest import PHONE, _post
from tests.e2e.steps import a_unit, act, report
from tests.intake.conftest import forget


def _at(hour, minute=0):
    return timezone.make_aware(dt.datetime(2026, 11, 23, hour, minute))  # noqa: DTZ001


# -- L3 -------------------------------------------------------------------------------------


def test_l3_five_slips_with_a_herder_and_a_workflow_with_a_dead_end_is_refused(
    town, phone, desk, kept_file
):
    _post("cun", Role.DISPATCHER, town.desk, town.community)
    forget()

    # A herder asks, on the phone, in Tibetan.
    herder = phone("bo")
    asked, link = "ལུག་གི་ནད་འགོག་སྨན་ཁབ་དགོས།", "གྲོང་གསེབ་ནས་ཞབས་ཞུ་མངག་པ།"
    followed = report(herder, "joint.slip", town, asked, link=link)
    number = Case.objects.get().number

    # The village accepts, and passes it to the town; the town orders.
    village, team = desk("cun"), desk("shui", size=PHONE)
    act(village, number, "accept", "The slip was accepted")
    act(village, number, "hand_up", "The slip was handed up")
    street = desk("pai")
    act(street, number, "accept", "The slip was accepted")
    act(street, number, "dispatch", "The slip was handed down", unit=town.water.id)

    # A department accepts and does it; somebody else checks.
    act(team, number, "sign_in", "The unit accepted the slip")
    act(team, number, "report_back", "The result was reported", words="打了防疫针")
    act(desk("hefang"), number, "verify", "Checked by somebody else", how="visit")

    # The herder rates, on the same page.
    herder.goto(followed)
    herder.locator("[name=solved][value=yes]").check(force=True)
    herder.locator("[name=satisfied][value=yes]").check(force=True)
    herder.locator(".rate-panel button").click()
    herder.wait_for_load_state()
    case = Case.objects.get()
    assert (case.state, case.facts["solved"], case.facts["satisfied"]) == ("closed", True, "yes")

    # A workflow file in which the handing down leads nowhere is refused, and the old one stays.
    body = read(DATA / "workflows" / "five_slips.yaml")
    ways = {key: one for key, one in body["actions"].items() if "dispatched" not in one["from"]}
    rules, versions = desk("guanli"), Definition.objects.filter(key="five_slips")
    standing = versions.count()
    _send_rules(rules, kept_file("mine.yaml", rulefiles.written({**body, "actions": ways})))
    expect(rules.locator(".refusal")).to_contain_text("dispatched: no action leads on from here")
    assert versions.count() == standing
    _mended(rules, kept_file("mine.yaml", rulefiles.written({**body, "reopen_days": 3})), standing)


def _mended(rules, file, standing):
    """It is shown beside what is in force; then it counts, with its author on record."""
    _send_rules(rules, file)
    expect(rules.locator(".proposal")).to_contain_text("reopen_days")
    rules.locator("button[name=put]").click()
    expect(rules.locator(f"#version-{standing + 1}")).to_be_visible()
    expect(rules.locator(".change").first).to_contain_text("guanli")


def _send_rules(page, file):
    page.goto("/desk/changes/new/")
    page.locator("[name=file]").set_input_files(file)
    page.locator("form[enctype] button").last.click()


# -- L6 -------------------------------------------------------------------------------------

THREE = ("amei@example.org", "bianba@example.org", "ciren@example.org")


def _co_handle(street, number, units):
    for unit in units:
        act(street, number, "add_co_handler", "A co-handler joined", unit=unit.id)


def _merge(street, number, others):
    """The first that the page offers as alike is the one that goes on."""
    for other in others:
        street.goto(f"/desk/cases/{other}/?tab=others")
        expect(street.locator(f"#do-merge [name=into][value='{number}']")).to_have_count(1)
        act(street, other, "merge", "Joined with another case", into=number)


def _three_units(town):
    """City management, the traffic police, the market office, with somebody at work in each."""
    made = (
        a_unit(town, "chengguan", "城管中队", "City management"),
        a_unit(town, "traffic", "交警中队", "Traffic police"),
        a_unit(town, "market", "市场监管所", "Market office"),
    )
    for who, unit in zip(("cheng", "jiao", "shi"), made, strict=True):
        _post(who, Role.HANDLER, unit, town.city)
    forget()
    return made


def _receipts_told():
    """Which receipt each of the three was written about."""
    told = {
        letter.to[0]: re.search(r"/r/\w+", letter.body).group()  # type: ignore[union-attr]
        for letter in mail.outbox
        if letter.to[0] in THREE
    }
    return [told[one] for one in THREE]


def _answers_solved(page, link, said):
    """By the receipt that was held from the beginning, whose words are still one's own."""
    page.goto(link)
    expect(page.get_by_text("人行道腾出来了")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(said)
    page.locator("[name=solved][value=yes]").check(force=True)
    page.locator(".rate-panel button").click()
    expect(page.get_by_text("您的回答")).to_be_visible()


def test_l6_shopfront_overflow_city_management_leads_two_co_handle_three_reporters_hear(
    town, phone, desk, the_worker
):
    lead, police, market = _three_units(town)

    # Three residents name the same shops, each apart.
    words = ("店铺把货摆到人行道上", "出店经营，人行道走不了", "门口货架占了盲道")
    pages = [phone() for _one in words]
    links = [
        report(page, "parking.stall", town, said, email=email)
        for page, said, email in zip(pages, words, THREE, strict=True)
    ]
    first, *others = Case.objects.order_by("id").values_list("number", flat=True)

    # The desk sees that they are one, and joins them.
    street = desk("pai")
    _merge(street, first, others)

    # City management leads; two units co-handle, each with its clock.
    act(street, first, "dispatch", "Sent to a unit", unit=lead.id)
    cheng = desk("cheng")
    act(cheng, first, "sign_in", "Signed in")
    _co_handle(street, first, (police, market))
    expect(street.locator(".case-clocks")).to_contain_text("Help: Traffic police")
    expect(street.locator(".case-clocks")).to_contain_text("Help: Market office")

    # The lead cannot report for all before both have.
    cheng.goto(f"/desk/cases/{first}/")
    expect(cheng.get_by_text("A unit that helps has not reported yet")).to_be_visible()
    for who in ("jiao", "shi"):
        act(desk(who), first, "co_report", "A co-handler reported", words="劝导了，清走了")
    act(cheng, first, "report_back", "The result was reported", words="人行道腾出来了")
    act(desk("hefang"), first, "verify", "Checked by somebody else", how="visit")
    mail.outbox.clear()
    act(desk("hefang"), first, "call_back_done", "Called back")
    the_worker()

    # All three hear the outcome, each by the receipt that they have held from the beginning.
    assert _receipts_told() == [re.search(r"/r/\w+", one).group() for one in links]  # type: ignore[union-attr]
    for page, link, said in zip(pages, links, words, strict=True):
        _answers_solved(page, link, said)
    assert Case.objects.get(number=first).facts["answers"] == {"solved": 3, "not_solved": 0}
