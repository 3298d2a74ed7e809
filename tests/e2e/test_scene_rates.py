"""The scene of mission row L8: rates with all they are made of, an appeal, and two versions."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from lingka.accounts.models import User
from lingka.cases.actions import due_now
from lingka.core import clock, delivery
from lingka.insight import actions as rates
from lingka.insight.periods import Period
from lingka.insight.selectors import forget
from lingka.surveys import actions as surveys
from tests.cases import city as cities
from tests.cases.city import MONDAY, City

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Opens = Callable[..., Page]
Time = Callable[[dt.datetime], None]
MARKS = {"takes_on": 4, "in_time": 3, "together": 3, "lasting": 4}
NOVEMBER = "/desk/rates/?period=2026-11"


@pytest.fixture
def time_is(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Sets the hour for everybody: the test, and the server in its threads."""

    def set_(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Any, time_is: Time) -> City:
    settings.MEDIA_ROOT = tmp_path
    time_is(MONDAY)
    forget()
    rates.activate_shipped()
    forget()
    return cities.build()


@pytest.fixture
def opened(browser: Browser, live_server: Any, town: City) -> Any:
    """Opens a page, for a member of staff or for anybody."""
    contexts = []

    def open_(who: str, path: str, *, language: str = "en", size: Any = None) -> Page:
        given = {"language": language}
        if who:
            client = Client()
            client.force_login(User.objects.get(username=who))
            given["sessionid"] = client.cookies["sessionid"].value
        context = browser.new_context(viewport=size or DESKTOP, reduced_motion="reduce")
        contexts.append(context)
        url = live_server.url
        context.add_cookies([{"name": k, "value": v, "url": url} for k, v in given.items()])
        page = context.new_page()
        page.goto(url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


def _work() -> None:
    while due_now():
        pass
    delivery.run_until_idle()


def _fifty(city: City, time_is: Time) -> Any:
    """Fifty cases: forty answered, five unreached, five that are to be left out."""
    answered = []
    for number in range(40):
        one = city.at("resolved")
        said = {"solved": number >= 4, "satisfied": "yes" if number >= 8 else "no"}
        city.do(one, "rate", city.reporter(one), **said)
        answered.append(one)
    for _number in range(5):
        silent = city.at("calling_back")
        city.do(silent, "call_back_tried", "verifier", outcome="none")
        city.do(silent, "call_back_unreached", "verifier")
    out = [city.at("handling") for _number in range(5)]
    delivery.run_until_idle()
    for one, ground in zip(out, ("outside", "courts", "untrue", "untrue", "heard"), strict=True):
        asked = rates.file_appeal(
            one.case_uuid, kind="exclude", ground=ground, words="附证明",
            actor=city.staff["handler"],
        )  # fmt: skip
        rates.decide_appeal(asked.uuid, upheld=True, words="属实", actor=city.staff["supervisor"])
    time_is(MONDAY + dt.timedelta(days=8))
    _work()
    return answered[0]


def _rate(page: Page, name: str) -> Any:
    return page.locator("section.rate", has=page.get_by_role("heading", name=name, exact=True))


def _publish(page: Page, time_is: Time, day: int, button: str, number: int) -> None:
    time_is(MONDAY + dt.timedelta(days=day))
    page.goto(page.url.split("/desk/")[0] + "/desk/rates/published/")
    pressed = page.get_by_role("row", name="November 2026").get_by_role("button", name=button)
    pressed.click()
    expect(pressed).to_have_count(0)
    time_is(MONDAY + dt.timedelta(days=day + 10 if number == 1 else day))
    page.reload()
    page.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.get_by_role("link", name=f"Version {number}")).to_be_visible()


def _appeal_and_decide(unit: Page, page: Page, code: str) -> None:
    unit.get_by_role("row", name=code).get_by_role("link", name="Appeal").click()
    unit.get_by_label("What should not be counted, and why").select_option("rating:other_matter")
    unit.get_by_label("In your words").fill("他说的是隔壁院的灯")
    unit.get_by_role("button", name="File the appeal").click()
    expect(unit.get_by_text("waits for a decision")).to_be_visible()
    page.goto(unit.url)
    page.get_by_label("It is not counted").check()
    page.get_by_label("Reason").fill("评价说的是另一盏灯")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided. The figures follow.")).to_be_visible()
    _work()


def _few_are_hidden(resident: Page) -> None:
    shown = _rate(resident, "Resolution")
    expect(shown).to_contain_text("over 75%")
    expect(shown).to_contain_text("40 residents who answered")
    expect(shown).to_contain_text("not reached: too few to show")
    expect(resident.locator(".rates-sum")).to_contain_text("cases count: too few to show")
    expect(resident.get_by_text("36 ÷ 40")).to_have_count(0)


def _both_versions(resident: Page, page: Page) -> None:
    resident.reload()
    expect(_rate(resident, "Resolution")).to_contain_text("39 residents who answered")
    resident.get_by_role("link", name="1 (", exact=False).click()
    expect(_rate(resident, "Resolution")).to_contain_text("Too few to show")
    for version, parts in (1, "36 ÷ 40"), (2, "36 ÷ 39"):
        page.goto(page.url.split("/desk/")[0] + f"{NOVEMBER}&version={version}")
        expect(_rate(page, "Resolution")).to_contain_text(parts)


@pytest.mark.slow
def test_l8_of_fifty_forty_answered_five_unreached_five_left_out_an_appeal_makes_a_new_version(
    town: City, opened: Opens, time_is: Time
) -> None:
    first = _fifty(town, time_is)

    # Of 50 cases 40 answered, 5 unreached, 5 excluded with reasons.
    page = opened("supervisor", NOVEMBER)
    solved = _rate(page, "Resolution")
    expect(solved.locator(".rate-number")).to_have_text("90.0%")
    expect(solved.locator(".rate-parts")).to_contain_text("36 ÷ 40")
    expect(solved).to_contain_text("5 not reached")
    summed = page.locator(".rates-sum")
    expect(summed).to_contain_text("45 cases count · 5 left out")
    expect(summed).to_contain_text("2 Found untrue")

    # A figure opens into its cases.
    solved.get_by_role("link", name="5", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(5)

    # The unit looks first; then the month is published, and everybody sees it.
    _publish(page, time_is, 16, "Show it to the units", 1)
    # Four are too few to show, and five who were not reached: neither follows from the page.
    resident = opened("", "/rates/", size=PHONE)
    _few_are_hidden(resident)

    # The unit appeals against one answer, somebody else upholds it.
    unit = opened("handler", "/desk/rates/cases/?period=2026-11&measure=not_solved")
    _appeal_and_decide(unit, page, f"{first.case_number[:4]}-{first.case_number[4:]}")

    # The resident reads why, and could object.
    holder = opened("", f"/r/{first.token}", size=PHONE)
    holder.get_by_role("link", name="How your case counts").click()
    expect(holder.get_by_text("评价说的是另一盏灯")).to_be_visible()
    expect(holder.get_by_role("button", name="I do not agree")).to_be_visible()

    # It changes the rate; the old version stays, in public without what was appealed.
    _publish(page, time_is, 30, "Make a new version", 2)
    _both_versions(resident, page)


def _surveyed(town: City) -> str:
    """The code of a survey that is over, with a community whose answers are too few."""
    boss, until = town.staff["supervisor"], clock.now() + dt.timedelta(days=7)
    code = surveys.open_round("around_home", town.root.pk, until, actor=boss).code
    for area, times in ((town.root.pk, 21), (town.street.pk, 12), (town.grid.parent_id, 3)):
        for _phone in range(times):
            surveys.answer(code, surveys.begin(code), area or 0, {"clean": "yes"})
    surveys.close_round(code, actor=surveys.SYSTEM)
    return code


@pytest.mark.slow
@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESKTOP), ("bo", PHONE)])
def test_the_pages_of_rates_are_accessible(
    town: City, opened: Opens, time_is: Time, language: str, size: Any
) -> None:
    boss = town.staff["supervisor"]
    for _number in range(11):
        one = town.at("resolved")
        town.do(one, "rate", town.reporter(one), solved=True, satisfied="yes")
    delivery.run_until_idle()
    asked = rates.file_appeal(
        one.case_uuid, kind="rating", ground="other_matter", words="另一件",
        actor=town.staff["handler"],
    )  # fmt: skip
    time_is(MONDAY + dt.timedelta(days=16))
    shown = rates.show_to_units(MONDAY.date(), actor=boss)
    time_is(MONDAY + dt.timedelta(days=30))
    rates.publish(shown.uuid, actor=boss)
    summer = Period(dt.date(2026, 7, 1), 3)
    rates.mark_unit(town.units["light"].pk, summer, MARKS, actor=boss)
    rates.publish_assessment(summer, actor=boss)
    for who, path in (
        ("supervisor", NOVEMBER),
        ("supervisor", "/desk/rates/cases/?period=2026-11"),
        ("supervisor", "/desk/rates/appeals/"),
        ("supervisor", f"/desk/rates/appeals/{asked.uuid}/"),
        ("handler", f"/desk/rates/cases/{asked.number}/appeal/"),
        ("supervisor", "/desk/rates/published/"),
        ("supervisor", "/desk/rates/assessment/"),
        ("", "/rates/"),
        ("", "/rates/assessment/"),
        ("", f"/survey/{_surveyed(town)}/results"),
        ("", f"/r/{one.token}/counted"),
    ):
        page = opened(who, path, language=language, size=size)
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(page, options={"runOnly": rules}).response["violations"]
        assert [one["id"] for one in found] == [], path
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path
        page.context.close()
