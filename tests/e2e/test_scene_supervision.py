"""The scene of mission row L5: each sentence is a step."""

import datetime as dt

from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts.models import Role
from lingka.cases.models import Case
from tests.e2e.conftest import PHONE, _post
from tests.e2e.steps import a_unit, act
from tests.intake.conftest import LAT, LON, forget

SHEET = "内容,类型,经度,纬度\n" + "".join(
    f"{words},road.manhole,{LON + number / 5000},{LAT}\n"
    for number, words in enumerate(("井盖没了", "井盖翘着", "井盖会响"))
)
PLATE = "铺了钢板，围了起来"


def _at(day, hour, minute=0):
    return timezone.make_aware(dt.datetime(2026, 11, day, hour, minute))  # noqa: DTZ001


def _who_is_in_it(town):
    """A unit that roads belong to, a leader of the street, an office that supervises."""
    roads = a_unit(town, "roads", "市政养护所", "Road office")
    _post("lu", Role.HANDLER, roads, town.city)
    _post("lingdao", Role.LEADER, town.desk, town.street)
    _post("duban", Role.SUPERVISOR, town.desk, town.street)
    forget()
    return roads


def _shown_on_air(office, town, sheet):
    """One sheet with what was shown: as many cases under one heading."""
    office.goto("/desk/headings/new")
    for code, words in (("zh-hans", "井盖问政"), ("bo", "དོང་ཁེབས།"), ("en", "Manholes on air")):
        office.locator(f"[name=title_{code}]").fill(words)
        office.locator(f"[name=source_{code}]").fill(words)
    office.get_by_label("Shown or inspected on").fill("2026-11-22")
    office.get_by_label("Who answers for it").select_option(str(town.desk.id))
    office.get_by_label("What a row is about").select_option("road.manhole")
    office.get_by_label("Sheet").set_input_files(sheet)
    office.get_by_role("button", name="Open all cases").click()
    expect(office.locator(".toast")).to_contain_text("Open: 3 cases under one heading.")


def _promised(office):
    office.get_by_role("textbox", name="Day").fill("2026-11-26")
    office.get_by_label("What is promised").fill("周四前全部换好")
    office.get_by_role("button", name="Promise it in public").click()
    expect(office.get_by_text("Promised for 3 cases.")).to_be_visible()


def _me_too(resident, town):
    """Whoever would report the same is offered it, and follows it; returns that page."""
    resident.goto(f"/report/road.manhole?place={town.place.code}")
    resident.locator("#words").press_sequentially("井盖没了，孩子差点掉下去")
    resident.get_by_role("button", name="我也是").first.click()
    resident.wait_for_url("**/receipt")
    resident.goto(resident.url.removesuffix("/receipt"))
    return resident


def _both_refuse(town, desk, number, roads):
    """The water team secures the hole first; then each says that it is the other's."""
    team, office = desk("shui", size=PHONE), desk("lu")
    act(team, number, "sign_in", "Signed in")
    act(team, number, "handle", "Progress", words=PLATE)
    act(team, number, "dispute", "Acting", reason="not_ours", note="是道路的井")
    act(desk("zong"), number, "rule_moves", "another unit", unit=roads.id, note="井在路上")
    act(office, number, "sign_in", "Signed in")
    act(office, number, "dispute", "Acting", reason="not_ours", note="是供水的井")


def _a_leader_rules(leader, number, unit):
    act(leader, number, "take_lead", "A leader took it up by name")
    act(leader, number, "rule_moves", "another unit", unit=unit.id, note="井盖刻着供水")
    ruling = Case.objects.get(number=number).clocks["ruling"]
    assert ruling["stopped"] <= ruling["due"]
    act(leader, number, "lead_answer", "The named lead answered", words="今天换上新井盖")


def test_l5_manholes_on_air_get_a_promise_two_refuse_a_leader_rules_the_hole_is_covered(  # noqa: PLR0917
    town, desk, phone, time_is, the_worker, kept_file
):
    roads = _who_is_in_it(town)
    time_is(_at(23, 9))

    # Manholes are shown on air; they get a dated promise, which everybody can follow.
    office = desk("duban")
    _shown_on_air(office, town, kept_file("list.csv", SHEET))
    _promised(office)
    the_worker()
    reader = phone("en")
    reader.goto("/headings/")
    reader.get_by_role("link", name="Manholes on air").click()
    expect(reader.locator("main")).to_contain_text("0 of 3 closed")
    expect(reader.locator(".promise-list")).to_contain_text("by 26 November: 周四前全部换好")

    # Of one of them somebody who lives there wants to hear.
    resident = _me_too(phone(), town)
    number = Case.objects.order_by("id").first().number

    # Two units refuse it; meanwhile the hole is covered, and whoever follows it reads so.
    act(desk("pai"), number, "dispatch", "Sent to a unit", unit=town.water.id)
    _both_refuse(town, desk, number, roads)
    resident.reload()
    expect(resident.get_by_text(PLATE)).to_be_visible()

    # Within two hours a leader who covers the street takes it up by name, and rules.
    time_is(_at(23, 10, 40))
    the_worker()
    _a_leader_rules(desk("lingdao"), number, town.water)
    resident.reload()
    expect(resident.get_by_text("今天换上新井盖")).to_be_visible()
    expect(resident.get_by_text("分管领导 领衔答复")).to_be_visible()
    expect(resident.get_by_text("供水维修队", exact=True).first).to_be_visible()

    # The promise is followed up: its day passes, and the page and the list of promises say so.
    time_is(_at(27, 10))
    the_worker()
    reader.reload()
    expect(reader.locator(".tag-late")).to_have_count(3)
    reader.goto("/promises/")
    expect(reader.locator(".promise-tally")).to_contain_text("3 of them overdue")
