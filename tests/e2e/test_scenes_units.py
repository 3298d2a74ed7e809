"""The scenes of mission rows P2 and P3: each sentence is a step."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from lingka.cases.models import Case
from lingka.units.actions import watch_agreements

SEND = "送到受理台"
PROMISE = ("一小时内到场抢修", "ཆུ་ཚོད་གཅིག་ནང་མྱུར་བཟོ།", "A crew on the spot within the hour")
PAPER = {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}


def _at(year, month, day, hour, minute=0):
    return timezone.make_aware(dt.datetime(year, month, day, hour, minute))  # noqa: DTZ001


# -- P2 -------------------------------------------------------------------------------------


def _sign_with_the_water_company(office, town):
    """An administrator registers what was signed, with its paper, on the unit's page."""
    office.goto(f"/desk/units/{town.water.id}/")
    office.get_by_text("Register an agreement", exact=True).click()
    for number, words in enumerate(PROMISE):
        office.locator(f"[name=agreement-promise_{number}]").fill(words)
    office.get_by_label("For which areas").select_option(str(town.street.id))
    office.get_by_label("For which work").select_option("water.burst")
    office.locator("[name=agreement-valid_from]").fill("2026-11-23")
    office.locator("[name=agreement-valid_to]").fill("2027-03-31")
    office.get_by_label("The signed paper (PDF)").set_input_files(PAPER)
    office.get_by_role("button", name="Register the agreement").click()
    expect(office.locator(".toast")).to_contain_text("Saved.")
    expect(office.get_by_role("link", name=PROMISE[2])).to_be_visible()


def _a_pipe_bursts(resident, town, *, again=False):
    """Report it at the door; returns the page on which it is followed."""
    resident.goto(f"/report/water.burst?place={town.place.code}")
    resident.locator("#words").fill("水管爆了，楼道进水")
    resident.get_by_role("button", name=SEND).click()
    if again:  # the first one is still open
        resident.get_by_role("button", name="不是，我的是另一件：送出").click()
    resident.wait_for_url("**/receipt")
    resident.goto(resident.url.removesuffix("/receipt"))
    return resident


def test_p2_the_water_company_s_agreement_names_it_lead_and_after_expiry_the_desk_is_warned(
    town, phone, desk, time_is
):
    # The water company signs an agreement; it is registered with its promise, its end, its paper.
    time_is(_at(2026, 11, 23, 10))
    _sign_with_the_water_company(desk("guanli"), town)

    # A burst pipe names it lead, citing the agreement: the resident reads why.
    followed = _a_pipe_bursts(phone(), town)
    cited = "供水维修队在协议里承诺（到2027 年 3 月 31 日为止）：一小时内到场抢修"
    expect(followed.get_by_text(cited)).to_be_visible()

    # The desk finds the agreement, and the paper that was signed.
    street = desk("pai")
    street.goto("/desk/agreements/")
    expect(street.locator(".why")).to_have_count(0)
    street.get_by_role("link", name=PROMISE[2]).click()
    with street.expect_download() as kept:
        street.get_by_role("link", name="Download").click()
    assert kept.value.suggested_filename == "signed.pdf"

    # A month before its end the desk is warned: a number in the header, a sentence on the page.
    time_is(_at(2027, 3, 10, 10))
    assert watch_agreements() == 1
    street.goto("/desk/")
    street.get_by_role("link", name="Agreements 1").click()
    expect(street.locator(".why")).to_contain_text("Its agreement runs out after 31 March.")

    # After expiry it is warned again, and the next burst pipe goes by the town's rule alone.
    time_is(_at(2027, 4, 1, 9))
    assert watch_agreements() == 1
    street.reload()
    expect(street.locator(".why")).to_contain_text("Its agreement ran out after 31 March")
    again = _a_pipe_bursts(phone(), town, again=True)
    expect(again.get_by_text("公共水管由供水单位维修")).to_be_visible()

    # What was cited then is still read on the first case.
    followed.reload()
    expect(followed.get_by_text(cited)).to_be_visible()
    first, second = Case.objects.order_by("id")
    assert (first.lead_unit_id, second.lead_unit_id) == (town.water.id, town.water.id)
    assert "agreement" in first.facts["route"]
    assert "agreement" not in second.facts["route"]
