"""Every page of the reviewed table of addresses, in every language and size, as it is drawn."""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route

from tests.security import walking
from tests.security.conftest import staged
from tests.security.stage import Stage
from tests.security.walking import Row

ORIGIN = "http://lingka.test"
# Who opens a page: the first of these to whom the table grants it.
READERS = ("disp", "supe", "hand", "veri", "grid", "admi", "far", "holder", "nopost", "none")
pytestmark = pytest.mark.django_db
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROLLS = "scrollable-region-focusable"
# A size of screen, a reader's wishes, and what axe looks for: all of it on the phone, elsewhere
# what colours and sizes can change, for the page itself is the same. So it is loaded once.
# In other languages than the first only what words can change is asked of every page: structure,
# names and roles come from the same templates, whose every branch the first language walks. That
# this holds is asked of a few pages: of every so many, all of it in each language.
LOOKS: dict[str, tuple[dict[str, int], dict[str, str], list[str]]] = {
    "phone": ({"width": 360, "height": 740}, {}, WCAG),
    "phone in large type": (
        {"width": 360, "height": 740}, {"size": "elder"}, ["target-size", ROLLS],
    ),
    "desktop in the dark": (
        {"width": 1280, "height": 800}, {"theme": "dark"}, ["color-contrast", ROLLS],
    ),
}  # fmt: skip
WORDS = frozenset({"html-has-lang", "valid-lang", "target-size", ROLLS})
FIRST = "zh-hans"
EVERY = 25  # pages, of which one is asked for everything in each language
WISHES = """(wishes) => {
  for (const one of ["size", "theme"]) {
    if (one in wishes) document.documentElement.dataset[one] = wishes[one];
    else delete document.documentElement.dataset[one];
  }
}"""
# Four words of English in a row are a sentence that nobody translated.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,}){3,}")
NO_PAGES = frozenset(
    {
        "/api/v1/docs",  # drawn by its own script, in English, for programmers
        "/desk/rows/<here>/",  # these two take the place of a part of a page
        "/desk/cases/<number>/since/<version>/",
    }
)
STICKS_OUT = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const rolls = (one) => one !== document.body && one.parentElement
    && (getComputedStyle(one).overflowX !== "visible" || rolls(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter(
    (one) => one.getBoundingClientRect().right > innerWidth && !rolls(one.parentElement));
  const named = wide.slice(-2).map((one) => one.outerHTML.slice(0, 120));
  return named.length ? named : ["something placed outside of what rolls"];
}"""
# What is marked as being in another language is meant to be.
OWN_WORDS = """() => {
  const copy = document.body.cloneNode(true);
  const own = document.documentElement.lang;
  copy.querySelectorAll("script, style").forEach((one) => one.remove());
  copy.querySelectorAll("[lang]").forEach((one) => one.lang === own || one.remove());
  return copy.textContent;
}"""


@dataclass(frozen=True)
class Drawn:
    name: str
    text: str


def rows() -> list[Row]:
    """What a browser asks of the table, each once."""
    told = walking.table(walking.TABLE.read_text(encoding="utf-8"))
    return [row for row in told if row.method == "GET" and "ok" in row.cells.values()]


def drawn(stage: Stage, cookies: dict[str, str]) -> Iterator[Drawn]:
    """The pages, without what is data, a picture or a paper; none is left out for another cause."""
    for row in rows():
        who = next((one for one in READERS if row.cells[one] == "ok"), None)
        if who is None and row.path.startswith("/api/"):  # for programs with a token
            continue
        assert who, row
        with override_settings(DEMO=row.section == "demo"):
            answer = walking.answer(stage, row, who, cookies=cookies)
        assert answer.status_code == HTTPStatus.OK, row
        if not answer["Content-Type"].startswith("text/html") or row.path in NO_PAGES:
            continue
        assert b"<html" in answer.content, row
        yield Drawn(f"{row} by {who}", answer.content.decode())


def static(route: Route) -> None:
    """Give the styles, fonts and pictures of the pages; nothing else is theirs to load."""
    path = urlsplit(route.request.url).path
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found is None or route.request.resource_type == "script":
        route.abort()
    else:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)


def show(page: Page, text: str) -> None:
    page.route(f"{ORIGIN}/", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(f"{ORIGIN}/")
    page.unroute(f"{ORIGIN}/")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


def asked(language: str, sought: list[str], *, sample: bool = False) -> list[str]:
    """Which rules are looked for in a language."""
    if language == FIRST or sample:
        return sought
    return sorted(WORDS) if sought == WCAG else sorted(WORDS & set(sought))


def axe(page: Page, sought: list[str]) -> list[str]:
    # "violations": what axe found in order is long to tell.
    options = {"runOnly": sought, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def faults(page: Page, language: str, *, sample: bool = False) -> list[str]:
    """What is wrong with the page that is shown, in any look."""
    told = []
    for name, (size, wishes, sought) in LOOKS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(WISHES, wishes)
        wrong = axe(page, asked(language, sought, sample=sample))
        wrong += [f"sticks out: {one}" for one in page.evaluate(STICKS_OUT)]
        told += [f"{name}: {one}" for one in wrong]
    if language != "en":
        told += [f"English: {one}" for one in ENGLISH.findall(page.evaluate(OWN_WORDS))]
    return told


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/*", static)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_every_page_can_be_read_by_everybody(
    language: str, *, screen: Page, django_db_blocker: Any, tmp_path: Path
) -> None:
    with staged(django_db_blocker, tmp_path) as stage:
        pages = list(drawn(stage, {"language": language}))
    wrong = {}
    for number, one in enumerate(pages):
        show(screen, one.text)
        if told := faults(screen, language, sample=number % EVERY == 0):
            wrong[one.name] = told
    assert not wrong, "\n".join(f"{name}: {fault}" for name, of in wrong.items() for fault in of)


def test_a_fault_on_a_page_is_found_in_every_look(screen: Page) -> None:
    show(screen, '<html lang="zh-hans"><title>x</title><main><input><p>nobody has translated this'
         '<div style="width:1999px">wide</div><style>[data-theme] p {color: #eee}'
         '[data-size] a {display: block; width: 9px; height: 9px; overflow: hidden}</style>'
         '<a href="/">a</a><a href="/">b</a></main></html>')  # fmt: skip
    found = " ".join(faults(screen, FIRST))
    sought = [
        "phone: label:", "phone in large type: target-size:",
        "desktop in the dark: color-contrast:",
        "desktop in the dark: sticks out:", "English: nobody has",
    ]  # fmt: skip
    assert [fault for fault in sought if fault not in found] == []
