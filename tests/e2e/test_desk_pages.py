"""What the desk does all day, in a real browser: keyboard, two at once, every page by axe."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from lingka.accounts.models import User
from lingka.cases import actions
from lingka.cases.models import Case
from lingka.core.actors import Actor
from lingka.desks import actions as desks
from tests.cases import city as cities
from tests.cases.city import City, case_of

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}
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


def test_a_dispatcher_works_through_the_queue_by_keyboard_alone(
    town: City, signed_in: Opens
) -> None:
    first = town.at("accepted", words="楼道灯坏了，老人怕摔")
    page = signed_in("dispatcher")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    menu = page.locator('.desk-nav a[href="/desk/"] .count')
    expect(menu).to_have_text("1")
    page.keyboard.press("j")
    expect(page.locator("#case-title")).to_have_text("楼道灯坏了，老人怕摔")
    page.keyboard.press("d")
    expect(page.locator(".option-card input").first).to_be_focused()
    button = page.locator("[data-primary]")
    expect(button).to_have_text("Dispatch to light")
    button.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Sent to a unit: light")
    expect(page.locator("[data-row]")).to_have_count(0)
    expect(menu).to_have_text("")
    assert case_of(first).state == "dispatched"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    assert not [one for one in complaints if "Content Security Policy" in one]


def test_on_a_wide_screen_the_first_case_lies_open_beside_its_list(
    town: City, signed_in: Opens
) -> None:
    town.at("accepted", words="楼道灯坏了，老人怕摔")
    page = signed_in("dispatcher")
    expect(page.locator("#case-title")).to_have_text("楼道灯坏了，老人怕摔")
    assert page.url.endswith("/desk/")
    page.set_viewport_size(PHONE)
    page.reload()
    expect(page.locator("[data-row]")).to_be_visible()
    expect(page.locator("#case-title")).to_have_count(0)


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


def test_what_was_typed_outlives_a_lost_network_and_a_lost_session(
    town: City, signed_in: Opens
) -> None:
    opened = town.at("handling")
    page = signed_in("dispatcher", page_of(case_of(opened)))
    page.locator("#say-words").fill("明天上午来修")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send to the resident").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection: nothing was sent.")
    page.context.set_offline(False)
    session = next(one for one in page.context.cookies() if one["name"] == "sessionid")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send to the resident").click()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out.")
    expect(page.locator("#say-words")).to_have_value("明天上午来修")
    names = ("name", "value", "domain", "path")
    page.context.add_cookies([{name: session[name] for name in names}])  # type: ignore[typeddict-item, misc]
    page.get_by_role("button", name="Send to the resident").click()
    expect(page.locator(".timeline")).to_contain_text("明天上午来修")


def test_several_are_dispatched_at_once_and_each_answers_for_itself(
    town: City, signed_in: Opens
) -> None:
    known, unknown = town.open(), town.open(case_type="other.any", words="说不清是什么")
    page = signed_in("dispatcher", "/desk/?select=1")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Dispatch as the rules say").click()
    results = page.locator(".desk-results")
    expect(results).to_contain_text("1 of 2 cases done")
    expect(results.locator(".is-refused")).to_contain_text("No rule names a unit")
    assert case_of(known).state == "dispatched"
    assert case_of(unknown).state == "received"
    expect(page.locator("[name=case]:checked")).to_have_count(1)


def test_the_desk_works_without_javascript(town: City, signed_in: Opens) -> None:
    opened = town.at("accepted", words="路灯不亮，看不见路")
    page = signed_in("dispatcher", java_script_enabled=False)
    page.get_by_role("link", name="路灯不亮，看不见路").click()
    page.get_by_role("button", name="Dispatch to light").click()
    expect(page.locator(".toast").first).to_contain_text("Sent to a unit: light")
    assert case_of(opened).state == "dispatched"


def every_page(town: City) -> dict[str, list[str]]:
    """All pages of the desk, by who opens them."""
    opened = town.at("handling", contact=actions.ContactData(phone="13900000000"))
    town.do(opened, "extend_ask", "handler", until="2099-12-20", note="等灯具")
    town.open(words="井盖没了，很危险")
    case = page_of(case_of(opened))
    cities._post("boss", "administrator", town.units["hall"], town.root)
    boss = User.objects.get(username="boss")
    received = {"for": ["reply"], "title": cities.names("好"), "text": cities.names("好的")}
    desks.publish_reply("received", received, actor=Actor("user", boss.pk))
    unit, calendar = town.units["light"], town.units["light"].calendar_id
    return {
        "dispatcher": ["/desk/", "/desk/?select=1", "/desk/find/?q=nothing", "/desk/keys/",
                       "/desk/below/", "/desk/held/", case, f"{case}print/"],
        "handler": ["/desk/", case],
        "supervisor": ["/desk/below/?tab=others"],
        "walker": ["/desk/", "/desk/grid/"],
        "boss": ["/desk/units/", "/desk/units/new/", f"/desk/units/{unit.id}/",
                 f"/desk/calendars/{calendar}/", "/desk/staff/", "/desk/staff/new/",
                 f"/desk/staff/{boss.pk}/", "/desk/api-keys/", "/desk/areas/",
                 f"/desk/areas/{town.grid.id}/", "/desk/deliveries/", "/desk/changes/",
                 "/desk/changes/reply/received/", "/desk/noticeboard/templates/new",
                 "/desk/nowhere/"],
    }  # fmt: skip


SCREENS = [("zh-hans", "light", DESKTOP), ("bo", "dark", SMALL), ("en", "dark", DESKTOP)]


@pytest.mark.parametrize(("language", "theme", "size"), SCREENS, ids=["zh", "bo-small", "en-dark"])
def test_every_page_of_the_desk_is_clean_for_axe(
    town: City, signed_in: Opens, language: str, theme: str, size: dict[str, int]
) -> None:
    wrong = {}
    for who, paths in every_page(town).items():
        page = signed_in(who, language=language, cookies={"theme": theme}, size=size)
        base = page.url.split("/desk/")[0]
        for path in paths:
            page.goto(base + path)
            if path == "/desk/":  # its first case comes by itself
                page.wait_for_load_state("networkidle")
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            found = Axe().run(page)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if found.violations_count or wide > 0:
                wrong[who, path] = (wide, found.generate_report())
    assert wrong == {}


def test_a_call_is_taken_by_keys_alone(signed_in: Opens) -> None:
    page = signed_in("dispatcher", "/desk/call/")
    page.keyboard.insert_text("楼下的路灯不亮")
    wanted = page.locator("#hints [data-choose]").first.get_attribute("data-choose")
    page.keyboard.press("Alt+1")
    expect(page.locator("[name=case_type]")).to_have_value(wanted or "")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Case.objects.get().case_type == wanted


def test_a_telephone_system_opens_the_call_page_with_the_number_that_calls(
    town: City, signed_in: Opens
) -> None:
    opened = town.open(contact=actions.ContactData(phone="139 0000 1234"))
    page = signed_in("dispatcher", "/desk/call/#number=+8613900001234")
    found = page.get_by_role("region", name="This number was left with open cases")
    expect(found.get_by_role("link")).to_have_attribute(
        "href", f"/desk/cases/{opened.case_number}/"
    )
    assert page.url.endswith("/desk/call/")


def test_danger_goes_out_by_two_keys(signed_in: Opens) -> None:
    page = signed_in("dispatcher", "/desk/call/")
    page.keyboard.insert_text("厨房里有煤气味")
    expect(page.locator("#hints [data-choose]").first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("F9")
        page.keyboard.press("Enter")
    assert Case.objects.get().urgent
