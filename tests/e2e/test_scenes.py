"""The scenes of mission rows P1, L1, L4 and L7: each sentence is a step, from door to rating."""

import datetime as dt
import json
import re
import urllib.parse
import urllib.request

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from lingka.accounts import actions as accounts
from lingka.areas.models import Area
from lingka.cases.models import Attachment, Case, Receipt
from lingka.core.actors import SYSTEM
from lingka.core.codes import pretty
from lingka.ops import imports
from lingka.units.models import CalendarVersion
from tests.e2e.conftest import PHONE
from tests.intake.conftest import DAY, FROM, LAT, LON, forget

SEND, SEND_BO = "送到受理台", "དོན་འཛིན་ཁང་ལ་འབུལ།"


def _at(year, month, day, hour, minute=0):
    return timezone.make_aware(dt.datetime(year, month, day, hour, minute))  # noqa: DTZ001


def _sent(page, name=SEND):
    """Send the report; returns the address of its receipt."""
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/receipt")
    return page.url


# -- P1 -------------------------------------------------------------------------------------


def _grids(*, fourth_begins_at):
    """Six strips of land west of the third grid, as a table with their outlines."""
    lines = ["编码,名称,藏文名称,英文名称,类型,边界"]
    west, east, south, high = LON - 0.02, LON - 0.01, LAT - 0.018, 0.006
    for number in range(6):
        low = south + high * (fourth_begins_at if number == 3 else number)
        top = south + high * (number + 1)
        corners = [(west, low), (east, low), (east, top), (west, top), (west, low)]
        outline = "; ".join(f"{lon:.4f} {lat:.4f}" for lon, lat in corners)
        name = f"西{number + 1}网格,ནུབ་དྲ་མིག་ {number + 1},West {number + 1}"
        lines.append(f'540102001001{number + 11:03},{name},综合,"{outline}"')
    return "\n".join(lines)


def _import(page, what, path, button):
    page.goto("/desk/areas/")
    page.get_by_label("What is in it").select_option(what)
    page.get_by_label("File (GeoJSON, CSV or Excel)").set_input_files(path)
    page.get_by_role("button", name=button).click()


def _in_the_community(page, town):
    """The grids that its page lists."""
    page.goto(f"/desk/areas/{town.community.id}/")
    return page.locator("main table tbody tr")


def _a_door_in_the_fourth(page, kept_file):
    """Import a door; returns the code that its grid's page shows."""
    lon, lat = LON - 0.015, LAT - 0.018 + 0.006 * 3.5
    heads = "名称,藏文名称,英文名称,类型,经度,纬度"
    door = f"西院 4 号,ནུབ་ར་ ༤,West Yard 4,building,{lon},{lat}"
    _import(page, "places", kept_file("doors.csv", f"{heads}\n{door}"), "Take it in")
    page.goto(f"/desk/areas/{Area.objects.get(code='540102001001014').id}/")
    row = page.locator("main table tbody tr")
    expect(row).to_contain_text("West Yard 4")
    return row.locator(".code").inner_text().replace("-", "")


def test_p1_six_grids_two_overlap_nothing_half_loads_corrected_a_door_code_finds_one_grid(
    town, desk, phone, kept_file
):
    page = desk("guanli")

    # Importing six grids, two overlap: fault and line are named.
    overlapping = kept_file("grids.csv", _grids(fourth_begins_at=2.5))
    _import(page, "areas", overlapping, "Take it in")
    expect(page.get_by_role("heading", name="Nothing was taken in. Faults: 1")).to_be_visible()
    fault = page.locator("section[aria-labelledby=report] tbody tr")
    expect(fault).to_have_count(1)
    expect(fault.get_by_role("rowheader")).to_have_text("5")
    expect(fault).to_contain_text("540102001001013")

    # Nothing half-loads.
    expect(_in_the_community(page, town)).to_have_count(1)
    assert Area.objects.filter(level="grid").count() == 1

    # Corrected, it is tried, then taken in.
    corrected = kept_file("corrected.csv", _grids(fourth_begins_at=3))
    _import(page, "areas", corrected, "Try it: nothing is changed")
    expect(page.get_by_role("heading", name="No fault.")).to_be_visible()
    assert Area.objects.filter(level="grid").count() == 1
    _import(page, "areas", corrected, "Take it in")
    expect(page.get_by_role("heading", name="Taken in: 6")).to_be_visible()
    expect(_in_the_community(page, town)).to_have_count(7)

    # A door in the fourth of them gets its code, and the door code resolves to one grid.
    code = _a_door_in_the_fourth(page, kept_file)
    resident = phone()
    resident.goto(f"/p/{code}")
    expect(resident.get_by_role("heading", level=1)).to_have_text("西院 4 号")
    expect(resident.get_by_text("统建社区 · 西4网格")).to_be_visible()
    resident.get_by_role("link", name="漏水").click()
    resident.locator("#words").fill("水管漏水")
    _sent(resident)
    assert Case.objects.get().grid.code == "540102001001014"


# -- L1 -------------------------------------------------------------------------------------

PLAN = """
source: {channel}
channel: {channel}
id: 编号
columns: {{words: [内容], lon: 经度, lat: 纬度, email: 邮箱, opened_at: 时间}}
time_zone: Asia/Shanghai
types: {{columns: [内容], map: {{爆: water.burst}}}}
"""
FOUR = {
    "Door code": "dolma@example.org",
    "Web page": "web@example.org",
    "Other software": "app@example.org",
    "Hotline 12345": "line@example.org",
}
BROADER = 0.0075  # degrees that keep four bursts from being taken for one


def _leave(page, email):
    page.locator("details.more summary").click()
    page.locator("#email").fill(email)


def _by_other_software(live_server, lon, lat):
    key = accounts.issue_api_key(actor=SYSTEM, name="city app", scopes=["open311:write"])
    form = {
        "api_key": key.secret, "service_code": "water.burst", "lat": lat, "long": lon,
        "description": "路边水管爆了", "email": FOUR["Other software"],
    }  # fmt: skip
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{live_server.url}/open311/v2/requests.json", data) as answer:
        assert json.load(answer)[0]["service_request_id"]


def _import_the_night(kept_file):
    line = f"巷口水管爆了,{LON + BROADER},{LAT - BROADER},{FOUR['Hotline 12345']},2026-11-23 06:40"
    card = f"河边水管爆了,{LON - BROADER},{LAT + BROADER},,2026-11-23 06:40"
    for channel, row in (("hotline", line), ("letterbox", card)):
        table = kept_file(f"{channel}.csv", f"编号,内容,经度,纬度,邮箱,时间\n7,{row}\n")
        plan = kept_file(f"{channel}.yaml", PLAN.format(channel=channel))
        assert imports.run("hotline", table, plan, dry_run=False, limit=None) == 0


def _speak(page):
    """A voice note, as long as it takes."""
    page.locator("[data-record]").click()
    page.wait_for_timeout(1500)
    page.locator("[data-record]").click()
    page.locator("[data-sound] audio").wait_for()


def _speak_at_the_door(resident, town):
    """Scan, choose the burst pipe, speak Tibetan, leave an address, send."""
    resident.goto(f"/p/{town.place.code}")
    resident.locator(".tile").first.click()
    resident.get_by_role("button", name="ཆུ་མདོང་རལ་བ།").click()
    _speak(resident)
    _leave(resident, FOUR["Door code"])
    _sent(resident, SEND_BO)


def _write_on_the_web(web):
    """Without a code the phone says where it stands."""
    web.context.grant_permissions(["geolocation"])
    web.context.set_geolocation({"longitude": LON + BROADER, "latitude": LAT + BROADER})
    web.goto("/report/water.burst")
    web.locator("#words").fill("门口水管爆了")
    web.get_by_role("button", name="我站的地方").click()
    expect(web.get_by_text("位置记下了")).to_be_visible()
    _leave(web, FOUR["Web page"])
    _sent(web)


def _seen_in(queue):
    """Open each case of the list: all go the same way by the same hour. Returns their channels."""
    queue.goto("/desk/?tab=others")
    expect(queue.locator("[data-row]")).to_have_count(5)
    seen = set()
    for number in Case.objects.values_list("number", flat=True):
        queue.goto(f"/desk/cases/{number}/?tab=others")
        case = queue.locator("#case")
        seen.add(case.locator(".case-facts .tag").first.inner_text().strip())
        expect(case.locator(".why")).to_contain_text("Water team")
        case.locator(".why-time summary").click()
        expect(case.locator(".why-time")).to_contain_text("Arrive: 1 h, counted day and night.")
        expect(case.locator(".why-time")).to_contain_text("due today 07:40")
    return seen


def _arrive_at_each(team):
    """The plumbers say so on their telephone."""
    for number in Case.objects.values_list("number", flat=True):
        team.goto(f"/desk/cases/{number}/")
        team.get_by_role("button", name="Arrived").click()
        expect(team.locator(".toast")).to_contain_text("Somebody arrived")


def _told_by(the_worker):
    """The links that messages sent now lead to, by the address they went to."""
    mail.outbox.clear()
    the_worker()
    return {
        letter.to[0]: re.search(r"/r/\w+", letter.body).group()  # type: ignore[union-attr]
        for letter in mail.outbox
        if letter.to[0] in FOUR.values()
    }


def test_l1_at_dawn_a_voice_from_a_door_beside_web_open311_hotline_import_and_letterbox(  # noqa: PLR0917
    town, phone, desk, live_server, the_worker, time_is, kept_file
):
    # At dawn a resident scans the door code and leaves a Tibetan voice note about a burst pipe.
    time_is(_at(2026, 11, 23, 6, 40))
    _speak_at_the_door(phone("bo"), town)

    # Somebody else has no code, writes on the web and lets the phone say where.
    _write_on_the_web(phone())

    # The city's app sends one by Open311.
    _by_other_software(live_server, LON - BROADER, LAT - BROADER)

    # The hotline's export of the night is imported, and so are the letterbox's cards.
    _import_the_night(kept_file)
    the_worker()

    # The desk sees them all beside each other, with the same unit and the same hour.
    queue = desk("pai")
    assert _seen_in(queue) == {*FOUR, "Red letterbox"}

    # The voice note is heard at the desk.
    voice = Attachment.objects.get(kind="voice")
    queue.goto(f"/desk/cases/{voice.case.number}/?tab=others")
    expect(queue.locator("audio")).to_have_count(1)
    assert (voice.blob.media_type, voice.seconds > 0.5) == ("audio/mp4", True)

    # The water team arrives at each, and all four residents are told, and read it.
    _arrive_at_each(desk("shui", size=PHONE))
    links = _told_by(the_worker)
    assert set(links) == set(FOUR.values())
    for link in links.values():
        own = phone("en")
        own.goto(link)
        expect(own.get_by_text("Water team", exact=True).first).to_be_visible()
        expect(own.locator("[aria-current=step]")).to_contain_text("Handled")


# -- L4 -------------------------------------------------------------------------------------


def _sign_in(team, number):
    team.goto(f"/desk/cases/{number}/")
    team.get_by_role("button", name="Sign in").click()
    expect(team.locator(".toast")).to_contain_text("Signed in")


def _late_at(minutes, city, the_worker, time_is):
    """How many cases the city's desk finds late so long after nine."""
    time_is(_at(2026, 11, 23, 9) + dt.timedelta(minutes=minutes))
    the_worker()
    city.goto("/desk/below/?tab=late")
    return city.locator("[data-row]").count()


def _a_lamp_is_wished_for(resident, town):
    """Report it; returns the deadline on the resident's own page, with its reasons open."""
    resident.goto(f"/report/light.out?place={town.place.code}")
    resident.locator("#words").fill("院里想要一盏路灯")
    resident.goto(_sent(resident).removesuffix("/receipt"))
    due = resident.locator(".deadline").last
    due.locator("summary").click()
    return due


def test_l4_a_burst_pipe_without_arrival_escalates_and_a_need_before_losar_explains_its_day(
    town, phone, desk, the_worker, time_is
):
    # A burst pipe is reported: somebody is to come within the hour.
    time_is(_at(2026, 11, 23, 9))
    resident = phone()
    resident.goto(f"/report/water.burst?place={town.place.code}")
    expect(resident.locator(".promise")).to_contain_text("供水维修队：1 小时内有人到场")
    resident.locator("#words").fill("水管爆了，楼道进水")
    receipt = _sent(resident)

    # The water team signs in, and nobody comes.
    _sign_in(desk("shui", size=PHONE), Case.objects.get().number)

    # Without arrival at 60 minutes it escalates: to the street's desk, and to the city's at once.
    city = desk("zong")
    assert _late_at(59, city, the_worker, time_is) == 0
    assert _late_at(61, city, the_worker, time_is) == 1
    city.get_by_role("link", name="水管爆了").click()
    expect(city.locator(".timeline")).to_contain_text("Ran out: Arrive")
    expect(city.locator(".timeline")).to_contain_text("Still run out: Arrive, told to Lhasa")
    assert ["zong@city.example"] in [letter.to for letter in mail.outbox]
    street = desk("pai")
    street.goto("/desk/?tab=late")
    street.get_by_role("link", name="水管爆了").click()
    street.get_by_role("button", name="Remind").click()
    expect(street.locator(".toast")).to_contain_text("Reminded")

    # The resident reads the same.
    resident.goto(receipt.removesuffix("/receipt"))
    expect(resident.locator(".deadline").first).to_contain_text("有人到场")
    expect(resident.locator(".deadline").first).to_contain_text("晚")

    # A need filed before Losar explains its due date, to who filed it and to the desk.
    _losar()
    time_is(_at(2027, 2, 4, 11))
    due = _a_lamp_is_wished_for(resident, town)
    for why in ("5 个工作日", "藏历新年", "2 月 14 日"):
        expect(due).to_contain_text(why)
    street.goto(f"/desk/cases/{Case.objects.latest('id').number}/")
    street.locator(".why-time summary").click()
    expect(street.locator(".why-time")).to_contain_text("Losar")


def _losar():
    """The calendar of 2027 knows five days of Losar."""
    names = {"zh-hans": "藏历新年", "bo": "ལོ་གསར།", "en": "Losar"}
    known = CalendarVersion.objects.get()
    CalendarVersion.objects.create(
        calendar_id=known.calendar_id, number=2, country="", valid_from=FROM,
        hours={str(day): DAY for day in range(7)},
        days_off={f"2027-02-{day:02}": names for day in range(7, 12)},
    )  # fmt: skip
    forget()


# -- L7 -------------------------------------------------------------------------------------


def _mend(plumber, number, words, *, signs):
    """The plumber marks done, on a telephone."""
    plumber.goto(f"/desk/cases/{number}/")
    if signs:
        plumber.get_by_role("button", name="Sign in").click()
    plumber.get_by_label("Result (the resident reads it)").fill(words)
    plumber.get_by_role("button", name="Report the result").click()
    expect(plumber.locator(".toast")).to_contain_text("The result was reported")


def _check(caller, number):
    """Somebody of another unit looks whether it is so."""
    caller.goto(f"/desk/cases/{number}/")
    caller.get_by_text("On the spot", exact=True).click()
    caller.get_by_role("button", name="Checked and right").click()
    expect(caller.locator(".toast")).to_contain_text("Checked by somebody else")


def _hear_that_it_is_not_solved(caller, words):
    caller.locator("#do-call_back_unsolved summary").click()
    caller.locator("#do-call_back_unsolved textarea").fill(words)
    caller.locator("#do-call_back_unsolved form button").click()
    expect(caller.locator(".toast")).to_contain_text("not solved")


def _say_not_yet(resident, words):
    """By the receipt that is kept on the phone."""
    resident.goto("/r/")
    resident.get_by_role("link", name="楼上没水了").click()
    expect(resident.get_by_text("办好了，请您看一看。")).to_be_visible()
    resident.get_by_text("还没解决", exact=True).click()
    resident.get_by_label("想说的话").fill(words)
    resident.get_by_role("button", name="就这样回答").click()
    expect(resident.get_by_text("办好了，请您看一看。")).not_to_be_visible()


def _say_solved(resident):
    resident.get_by_text("解决了", exact=True).click()
    resident.get_by_text("满意", exact=True).first.click()
    resident.get_by_role("button", name="就这样回答").click()
    expect(resident.get_by_text("您的回答")).to_be_visible()


def test_l7_done_says_the_plumber_still_dry_hears_the_caller_and_the_same_code_reopens(
    town, phone, desk
):
    resident = phone()
    resident.goto(f"/report/water.burst?place={town.place.code}")
    resident.locator("#words").fill("楼上没水了。水管爆了")
    receipt = _sent(resident)
    code = resident.locator(".slip-code").inner_text()
    case = Case.objects.get()
    plumber, caller = desk("shui", size=PHONE), desk("hefang")

    # The plumber marks done, and cannot check it.
    _mend(plumber, case.number, "换了阀门，有水了", signs=True)
    expect(plumber.get_by_role("button", name="Checked and right")).to_have_count(0)

    # A caller from another unit hears "still dry upstairs"; it goes back to be done again.
    _check(caller, case.number)
    _hear_that_it_is_not_solved(caller, "楼上还是没水")

    # Marked done again, the resident opens their own receipt and says: not yet.
    _mend(plumber, case.number, "立管也换了", signs=False)
    _check(caller, case.number)
    caller.get_by_role("button", name="Called: it is solved").click()
    expect(caller.locator(".toast")).to_contain_text("Called back")
    _say_not_yet(resident, "三楼还是没水")

    # The same code reopens: the plumber has it back, with the resident's words and why.
    plumber.goto("/desk/")
    row = plumber.locator("[data-row]").filter(has_text=pretty(case.number))
    row.get_by_role("link").click()
    expect(plumber.locator(".timeline")).to_contain_text("三楼还是没水")

    # Mended at last, the resident rates it by the same receipt, and it is closed.
    _mend(plumber, case.number, "三楼支管通了", signs=False)
    _check(caller, case.number)
    resident.goto(receipt.removesuffix("/receipt"))
    _say_solved(resident)
    resident.goto(receipt)
    expect(resident.locator(".slip-code")).to_have_text(code)
    case.refresh_from_db()
    assert (case.stage, case.facts["rounds"], Receipt.objects.count()) == ("closed", 2, 1)
