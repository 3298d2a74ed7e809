"""Scenes at the desk, in a real browser: mission rows L1 (the desk's half), L4 and L7."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from lingka.accounts.models import User
from lingka.cases import actions
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.units import selectors as units
from lingka.units.models import CalendarVersion
from tests.cases import city as cities
from tests.cases.city import City, case_of
from tests.cases.test_media import _sound

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Opens = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Any) -> City:
    settings.MEDIA_ROOT = tmp_path
    return cities.build()


@pytest.fixture
def signed_in(browser: Browser, live_server: Any, town: City) -> Any:
    """A page of somebody's own: their session, language, screen."""
    contexts = []

    def opened(
        who: str,
        path: str = "/desk/",
        *,
        language: str = "en",
        size: dict[str, int] = DESKTOP,
        cookies: dict[str, str] | None = None,
        **more: Any,
    ) -> Page:
        client = Client()
        client.force_login(User.objects.get(username=who))
        given = {"sessionid": client.cookies["sessionid"].value, "language": language}
        context = browser.new_context(viewport=size, reduced_motion="reduce", **more)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (given | (cookies or {})).items()
            ]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def page_of(case: Case) -> str:
    return f"/desk/cases/{case.number}/"


def test_l1_a_voice_note_a_hotline_call_and_a_letterbox_card_lie_in_one_queue(
    town: City, signed_in: Opens
) -> None:
    """At dawn a resident scanned the door code and spoke; the desk sees it beside the others."""
    resident = Actor("resident")
    voice = actions.add_attachment(_sound(), actor=resident, kind="voice")
    spoken = town.open(
        words="ཆུ་མདོང་ཆག་སོང་།", language="bo", channel="door", attachments=[voice],
        case_type="water.leak",
    )  # fmt: skip
    town.open(words="水表井冒水", channel="hotline", case_type="water.leak")
    town.open(words="井盖边上一直湿", channel="letterbox", case_type="water.leak")

    page = signed_in("dispatcher", language="zh-hans")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="12345")).to_have_count(1)
    expect(rows.filter(has_text="信箱")).to_have_count(1)

    page.get_by_role("link", name="ཆུ་མདོང་ཆག་སོང་").click()
    story = page.locator(".desk-case")
    expect(story.locator("blockquote").first).to_have_attribute("lang", "bo")
    expect(story.locator("audio")).to_have_count(1)
    expect(page).to_have_url(re.compile(case_of(spoken).number))


def test_l4_a_burst_pipe_that_nobody_came_to_within_the_hour_stands_among_the_late(
    town: City, signed_in: Opens
) -> None:
    with clock.at(timezone.now() - timedelta(minutes=61)):
        burst = town.open(words="水管爆了，楼道进水", case_type="water.burst")
    assert case_of(burst).lead_unit_id == town.units["water"].id, "urgent: sent at once"
    actions.due_now(100)

    page = signed_in("dispatcher", "/desk/?tab=late")
    row = page.locator("[data-row]").filter(has_text=pretty(case_of(burst).number))
    expect(row).to_contain_text("ran out")
    row.get_by_role("link").click()
    page.locator(".why-time summary").click()
    expect(page.locator(".why-time")).to_contain_text("counted day and night")
    expect(page.locator(".timeline")).to_contain_text("Ran out: Arrive")

    page.get_by_role("button", name="Remind").click()
    expect(page.locator(".toast")).to_contain_text("Reminded")
    overseer = signed_in("chief", "/desk/below/?tab=late")
    expect(overseer.locator("[data-row]")).to_have_count(1)


def test_l4_a_need_filed_before_losar_explains_why_it_is_due_when_it_is(
    town: City, signed_in: Opens
) -> None:
    eve = date(2027, 2, 5)
    days = {f"2027-02-{day:02}": cities.names("Losar") for day in range(7, 12)}
    known = CalendarVersion.objects.get()
    CalendarVersion.objects.create(
        calendar_id=known.calendar_id, number=2, hours=known.hours, days_off=days,
        valid_from=date(2027, 1, 1),
    )  # fmt: skip
    units.forget()
    with clock.at(timezone.make_aware(timezone.datetime(eve.year, eve.month, eve.day, 11))):
        need = town.at("dispatched", words="院里想要一盏路灯")
        page = signed_in("dispatcher", page_of(case_of(need)))
    page.locator(".why-time summary").click()
    why = page.locator(".why-time")
    expect(why).to_contain_text("working days")
    expect(why).to_contain_text("Losar")


def test_l7_done_says_the_worker_still_dry_says_the_resident_and_the_same_code_reopens(
    town: City, signed_in: Opens
) -> None:
    opened = town.at("handling", words="三楼一直没水")
    number = case_of(opened).number

    worker = signed_in("handler", page_of(case_of(opened)), size=PHONE)
    worker.get_by_label("Result (the resident reads it)").fill("换了阀门，有水了")
    worker.get_by_role("button", name="Report the result").click()
    expect(worker.locator(".toast")).to_contain_text(pretty(number))
    expect(worker.get_by_role("button", name="Checked and right")).to_have_count(0)

    checker = signed_in("verifier")
    checker.get_by_role("link", name="三楼一直没水").click()
    checker.get_by_text("By telephone").click()
    checker.get_by_role("button", name="Checked and right").click()
    expect(checker.locator(".toast")).to_contain_text("Checked by somebody else")

    checker.locator("#do-call_back_unsolved summary").click()
    checker.locator("#do-call_back_unsolved textarea").fill("楼上还是没水")
    checker.locator("#do-call_back_unsolved form button").click()
    expect(checker.locator(".toast")).to_contain_text("not solved")

    worker.goto(worker.url.split("/desk/")[0] + "/desk/")
    row = worker.locator("[data-row]").filter(has_text=pretty(number))
    expect(row).to_contain_text("Not solved yet")
    row.get_by_role("link").click()
    expect(worker.locator(".timeline")).to_contain_text("楼上还是没水")
    assert case_of(opened).number == number
    assert case_of(opened).facts["rounds"] == 1


def test_a_dispatcher_works_through_the_queue_by_keyboard_alone(
    town: City, signed_in: Opens
) -> None:
    first = town.at("accepted", words="楼道灯坏了，老人怕摔")
    page = signed_in("dispatcher")
    page.keyboard.press("j")
    expect(page.locator("#case-title")).to_have_text("楼道灯坏了，老人怕摔")
    page.keyboard.press("d")
    expect(page.locator(".option-card input").first).to_be_focused()
    button = page.locator("[data-primary]")
    expect(button).to_have_text("Dispatch to light")
    button.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Sent to a unit: light")
    expect(page.locator("[data-row]")).to_have_count(0)
    assert case_of(first).state == "dispatched"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()


def test_two_at_one_case_the_second_sees_what_changed_and_loses_no_word(
    town: City, signed_in: Opens
) -> None:
    opened = town.at("accepted", words="路灯歪了，快倒了")
    page = signed_in("dispatcher", page_of(case_of(opened)))
    page.locator("#do-decline summary").click()
    page.locator("#do-decline select").select_option("outside")
    page.locator("#do-decline textarea").fill("请找邻市")
    town.do(opened, "note", "chief", note="我去看看")
    page.locator("#do-decline form button").click()
    expect(page.locator("#case-news")).to_contain_text("Internal note")
    expect(page.locator("#do-decline textarea")).to_have_value("请找邻市")
    page.locator("#do-decline form button").click()
    expect(page.locator(".toast")).to_contain_text("Declined")


def test_the_desk_works_without_javascript(town: City, signed_in: Opens) -> None:
    opened = town.at("accepted", words="路灯不亮，看不见路")
    page = signed_in("dispatcher", java_script_enabled=False)
    page.get_by_role("link", name="路灯不亮，看不见路").click()
    page.get_by_role("button", name="Dispatch to light").click()
    expect(page.locator(".toast").first).to_contain_text("Sent to a unit: light")
    assert case_of(opened).state == "dispatched"


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_the_desks_pages_are_clean_for_axe(
    town: City, signed_in: Opens, language: str, look: str
) -> None:
    opened = town.at("accepted", contact=actions.ContactData(phone="13900000000"))
    town.at("handling")
    cookies = {"size": "elder"} if look == "elder" else {"theme": look}
    size = PHONE if look == "elder" else DESKTOP
    page = signed_in("dispatcher", language=language, cookies=cookies, size=size)
    base = page.url.split("/desk/")[0]
    for path in (page_of(case_of(opened)), "/desk/?tab=others", "/desk/workflows/"):
        page.goto(base + path)
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (path, "nothing may stick out sideways", wide)
