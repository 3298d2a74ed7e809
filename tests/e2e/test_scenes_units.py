"""The scenes of mission rows P2 and P3: each sentence is a step."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import Role, Shift
from lingka.cases.models import Case
from lingka.core.ids import uuid7
from lingka.units.actions import activate_shipped, watch_agreements
from lingka.units.models import Service, Unit
from tests.e2e.conftest import _post
from tests.e2e.steps import a_unit, act
from tests.intake.conftest import forget

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


def _pipes_are_the_grid_team_s(town):
    """By the town's own rule, so that nothing but the agreement names the water company; and nobody
    is on duty, as the worker would be if today were the day of the scene."""
    Shift.objects.all().delete()
    Service.objects.filter(case_type="water").update(unit=town.grid_team)
    forget()


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
    _pipes_are_the_grid_team_s(town)
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
    street.locator(".desk-rest > summary").filter(has_text="More 1").click()
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
    assert (first.lead_unit_id, second.lead_unit_id) == (town.water.id, town.grid_team.id)


# -- P3 -------------------------------------------------------------------------------------

ARTICLE = "No ledgers, forms or photos may be demanded as proof of work"


def _committee(town):
    """The community's office, with the duty lists in force."""
    activate_shipped()
    names = {"zh-hans": "统建居委会", "bo": "ཐུང་ཅན་ཨུ་ཡོན་ལྷན་ཁང་།", "en": "Tongjian Committee"}
    made = Unit.objects.create(
        uuid=uuid7(), key="tongjian", kind="community_office", name=names, area=town.community,
        calendar=town.desk.calendar,
    )  # fmt: skip
    forget()
    return made


def _ask(department, unit, what, words):
    department.goto("/desk/ask/")
    department.get_by_label("Whom").select_option(str(unit.id))
    department.get_by_text(what, exact=True).click()
    department.get_by_label("What exactly").fill(words)
    department.get_by_role("button", name="Ask them").click()


def _a_smell_of_gas(resident, town):
    resident.goto(f"/report/heat.gas?place={town.place.code}")
    resident.locator("#words").fill("དབུགས་ངན་བྲོ་བ།")
    resident.get_by_role("button", name="དོན་འཛིན་ཁང་ལ་འབུལ།").click()
    resident.wait_for_url("**/receipt")
    return Case.objects.get(case_type="heat.gas")


def _counted_once(office):
    """The burden report: article, unit, month, and how often."""
    office.goto("/desk/burden/")
    row = office.locator("main tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Duty list of communities and villages 7")
    expect(row.locator("td").last).to_have_text("1")


def _dispatch(street, number, unit):
    street.goto(f"/desk/cases/{number}/")
    box = street.locator("#do-dispatch")
    box.locator("summary").click()
    box.locator("select").select_option(str(unit.id))
    box.locator("form button").click()


def _allow(city, number, unit, why):
    """The level above lets the unit have it, this once, and says why."""
    city.goto(f"/desk/cases/{number}/?tab=others")
    box = city.locator("#do-except_duty")
    box.locator("summary").click()
    box.locator("select").select_option(str(unit.id))
    box.locator("textarea").fill(why)
    box.locator("form button").click()
    expect(city.locator(".toast")).to_contain_text("Allowed against the duty list")


def test_p3_a_department_orders_a_community_to_file_ledgers_and_is_refused_with_the_article(
    town, phone, desk, the_worker
):
    committee = _committee(town)

    # A department orders a community to file ledgers as proof of work.
    department = desk("shui")
    _ask(department, committee, "Ledgers, forms, proof of work", "每周报一次入户台账，附照片")

    # Refused, with the article; nothing was opened, and what was typed is still there.
    error = department.locator(".field-error")
    expect(error).to_contain_text("Not to be given to Tongjian Committee")
    expect(error).to_contain_text(f"article 13: “{ARTICLE}”")
    expect(department.get_by_label("What exactly")).to_have_value("每周报一次入户台账，附照片")
    assert not Case.objects.exists()

    # Anybody can read that article, in their own language.
    resident = phone("bo")
    resident.goto("/duties/community/#article-13")
    expect(resident.locator("#article-13")).to_contain_text("ཐོ་དེབ་དང་རེའུ་མིག")

    # What is the community's to do is taken, and waits there like any other case.
    _ask(department, committee, "Something to be done", "把楼门口的公告栏修好")
    expect(department.locator(".toast")).to_contain_text("in their hands now")
    assert Case.objects.get().lead_unit_id == committee.id

    # Neither may the street's desk put it in charge of what it only helps with.
    smell = _a_smell_of_gas(resident, town)
    street = desk("pai")
    _dispatch(street, smell.number, committee)
    expect(street.locator("#case")).to_contain_text("Tongjian Committee only helps with this")

    # Only the level above allows it, with a reason, and it is counted: never by whom.
    _allow(desk("zong"), smell.number, committee, "专业队伍半小时后才到，先由社区带路关阀")
    _dispatch(street, smell.number, committee)
    expect(street.locator(".toast")).to_contain_text("Sent to a unit")
    the_worker()
    _counted_once(desk("guanli"))


# -- a unit without accounts ---------------------------------------------------------------------


def _called_for(street, number, desk, followed, town):
    """Asked for, called, come, done and checked; the resident reads all of it on one page."""
    power = a_unit(town, "power", "供电公司", "Power company")
    _post("dian", Role.HANDLER, power, town.city)
    forget()
    needed = "水漫进了配电箱，要供电来断电"
    act(street, number, "ask_call", "a call for others was asked for", caller="street", note=needed)
    followed.reload()
    expect(followed.locator("#parts")).to_have_text("请了别的单位来")
    call = Case.objects.get(channel="part").number
    act(street, call, "accept", "Accepted")
    act(street, call, "call", "Called", ground="beyond", unit=power.id, note=needed)
    followed.reload()
    expect(followed.locator("section[aria-labelledby=parts]")).to_contain_text("供电公司")
    act(street, call, "note_arrival", "An arrival was recorded", helper=power.id, how="seen")
    act(desk("dian"), call, "report_back", "The result was reported", words="断了电，擦干了箱子")
    act(desk("hefang"), call, "verify_part", "what was called for is done", how="visit")
    followed.reload()
    expect(followed.get_by_text("断了电，擦干了箱子")).to_be_visible()
    assert Case.objects.get(number=call).state == "part_done"


def _link_for(street, number, words):
    """The desk makes a link for the unit in charge; returns its address."""
    street.goto(f"/desk/cases/{number}/?tab=others")
    street.get_by_role("link", name="Link for a unit").click()
    street.get_by_label("What they are asked to do").fill(words)
    street.get_by_role("button", name="Make a link").click()
    return street.locator("main p.code").inner_text()


def test_p2_a_partner_without_an_account_accepts_and_reports_one_assignment_from_a_phone(
    town, phone, desk
):
    # A burst pipe went to the water company, which has no account: the desk sends it a link.
    followed = _a_pipe_bursts(phone(), town)
    number = Case.objects.get().number
    street = desk("pai")
    link = _link_for(street, number, "3 号院 2 单元水管爆裂，请带止水夹")

    # On a telephone, in Tibetan, the link shows what is to be done and nothing of the resident.
    partner = phone("bo")
    partner.goto(link)
    expect(partner.get_by_text("请带止水夹")).to_be_visible()
    assert "楼道进水" not in partner.content()

    # It accepts, and cannot do it alone: the desk asks for a call, and who comes does their part.
    partner.locator("button[value=sign_in]").click()
    expect(partner.locator(".toast")).to_be_visible()
    _called_for(street, number, desk, followed, town)

    # It reports; there is nothing else to press, and no account was made.
    partner.reload()
    partner.locator("textarea").fill("止水了，换了接头")
    partner.locator("button[value=report_back]").click()
    expect(partner.locator("textarea")).to_have_count(0)
    assert Case.objects.get(number=number).state == "reported"

    # The case's history says that it was by the link; somebody else checks.
    street.goto(f"/desk/cases/{number}/?tab=others")
    expect(street.locator(".timeline")).to_contain_text("Water team, by its link")

    # Revoked, it opens nothing any more.
    street.get_by_role("link", name="Link for a unit").click()
    street.get_by_role("button", name="Revoke").click()
    partner.reload()
    expect(partner.locator(".why")).to_be_visible()
    expect(partner.get_by_text("请带止水夹")).to_have_count(0)
