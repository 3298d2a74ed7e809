"""Every screen of the field app, on a small phone, in three languages and in large type."""

import importlib.util
import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from lingka.cases.actions import open_case
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.patrols.actions import make_entry
from lingka.volunteering import actions
from tests.e2e.test_every_page import ENGLISH, OWN_WORDS, STICKS_OUT, WCAG, WORDS, axe
from tests.e2e.test_scenes_field import _as, _round
from tests.intake.conftest import forget
from tests.members.people import joined

WALK = Path(__file__).parents[2] / "scripts" / "field_walk.py"
NARROW = {"width": 360, "height": 2400}  # so high that nothing lies under what sticks below
SMALL = {"width": 360, "height": 740}
LANGUAGES = ("bo", "en", "zh-hans")  # ends as it began
THEMES = ("", "dark", "")
COLOURS = {"runOnly": ["color-contrast"]}
TWICE = "size => { document.documentElement.style.fontSize = size; }"
# The letters come after the app: without them Tibetan is wider than it is.
ALL_HERE = """async () => {
  while ((await (await caches.open("field-fonts")).keys()).length < 3) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
PICTURES = os.environ.get("FIELD_PICTURES")  # a folder, to look at what is read here


def _walks():
    spec = importlib.util.spec_from_file_location("field_walk", WALK)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _faults(page, language):
    """All that axe finds is asked in one language; of the others what their words can change."""
    told = _axe(page, WCAG) if language == "zh-hans" else []
    told += _axe(page, WORDS) if language == "bo" else []
    told += [f"sticks out: {one}" for one in page.evaluate(STICKS_OUT)]
    page.evaluate(TWICE, "200%")
    told += [f"sticks out at twice the size: {one}" for one in page.evaluate(STICKS_OUT)]
    page.evaluate(TWICE, "")
    if language != "en":
        told += [f"English: {one}" for one in ENGLISH.findall(page.evaluate(OWN_WORDS))]
    return told


def _axe(page, sought):
    """The app is one page: axe comes into it once, and again only after a new start."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return axe(page, sought)


@pytest.fixture
def work(town):
    """A round with a checklist, and a case that waits for the worker."""
    _round(town, "road_ice", "")
    boss = _as(town.posts.dispatcher)
    values = {"bays": 36, "shared": "18:30-08:00"}
    make_entry("parking", town.place.id, state="open", values=values, actor=boss)
    open_case(
        actor=boss, case_type="light.out", channel="staff",
        words="路灯不亮，夜里看不见台阶", place_id=town.place.id,
        lon=town.place.lon, lat=town.place.lat, language="zh-hans", idempotency_key=uuid7(),
    )  # fmt: skip
    forget()


@pytest.fixture
def talk(town):
    """An activity within the hour, drafted by the city's dispatcher; two neighbours come."""
    chief = Actor("user", town.posts.chief.user_id)
    said = {"zh-hans": "校园健康讲座", "bo": "སློབ་གྲྭའི་འཕྲོད་བསྟེན་བཤད་ཁྲིད།", "en": "Health talk"}
    code = actions.draft(
        town.community.pk, actions.Draft("talks", said, said, said), actor=chief
    )  # fmt: skip
    begins = clock.now() + timedelta(hours=1)
    shift = actions.add_shift(code, begins, begins + timedelta(hours=2), 5, actor=chief)
    actions.approve(code, actor=Actor("user", town.posts.administrator.user_id))
    actions.publish(code, actor=chief)
    for number, name in (("13900001111", "云朵"), ("13900002222", "卓嘎")):
        actions.sign_up(shift, actor=joined(town.community.pk, number, name).info.actor)


def test_every_screen_of_the_app_can_be_read_by_everybody(work, talk, desk):
    wrong = _wrong(desk("wangge", language="zh-hans", size=NARROW), _walks().walk)
    wrong += _wrong(desk("zong", language="zh-hans", size=NARROW), _walks().roll)
    assert not wrong, "\n".join(wrong)


def _wrong(page, way):
    """What is wrong on each screen of a way, out of reach."""
    page.goto("/field/")
    page.locator(".f-knot").first.wait_for()
    wishes = page.context.new_page()
    wishes.goto("/field/manifest.webmanifest")
    page.bring_to_front()  # what lies behind is drawn once a second
    page.evaluate(ALL_HERE)
    page.context.set_offline(True)
    wrong = []
    for name in way(page):
        for language, theme in zip(LANGUAGES, THEMES, strict=True):
            wishes.evaluate("one => localStorage.setItem('field-theme', one)", theme)
            wishes.evaluate("one => localStorage.setItem('field-language', one)", language)
            page.wait_for_function("one => document.documentElement.lang === one", arg=language)
            wrong += [f"{name}, {language}: {fault}" for fault in _faults(page, language)]
            if theme == "dark":
                wrong += [f"{name} in the dark: {one}" for one in _axe(page, COLOURS)]
            if PICTURES:
                page.set_viewport_size(SMALL)
                page.screenshot(path=f"{PICTURES}/{name}-{language}.png")
                page.set_viewport_size(NARROW)
    return wrong
