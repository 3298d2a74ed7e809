"""Every page of the reviewed table of addresses, in every language and size, as it is drawn.

What is asked of each page:

| look | in Chinese | in Tibetan and in English |
|---|---|---|
| phone, light | every rule of WCAG 2.2 A and AA that axe has | the same but for colours |
| phone, large type | `target-size`, `scrollable-region-focusable` | the same |
| desktop, dark | every rule | these two |

and in each look that nothing sticks out of the window; in Chinese and Tibetan that no sentence is
English. What words can change is so asked in each language: names, labels, sizes, what overflows.
Elements that only a wide window shows have their structure looked at in one language, and so have
all colours, which no word changes; those in the light are looked at on the phone alone.

PAGE_PICTURES=folder keeps a picture of each page in each language, as a phone shows it.
"""

import mimetypes
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.test import override_settings
from playwright.sync_api import Browser, Page

from tests.security import walking
from tests.security.conftest import staged
from tests.security.stage import Stage
from tests.security.walking import Row

# Who opens a page: the first of these to whom the table grants it.
READERS = (
    "disp", "supe", "hand", "veri", "grid", "admi", "far", "holder", "nopost", "none", "member",
)  # fmt: skip
pytestmark = pytest.mark.django_db
# What axe looks for.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WORDS = WCAG | {"rules": {"color-contrast": {"enabled": False}}}  # what words can change
SIZES = {"runOnly": ["target-size", "scrollable-region-focusable"]}  # and what the size of letters
# A size of screen, a reader's wishes, what axe looks for, and what in other languages than the
# first. The page itself is the same: it is loaded once.
LOOKS: dict[str, tuple[dict[str, int], dict[str, str], dict[str, Any], dict[str, Any]]] = {
    "phone": ({"width": 360, "height": 740}, {}, WCAG, WORDS),
    "phone in large type": ({"width": 360, "height": 740}, {"size": "elder"}, SIZES, SIZES),
    "desktop in the dark": ({"width": 1280, "height": 800}, {"theme": "dark"}, WCAG, SIZES),
}
FIRST = "zh-hans"
PICTURES = os.environ.get("PAGE_PICTURES")
WISHES = """(wishes) => {
  for (const one of ["size", "theme"]) {
    if (one in wishes) document.documentElement.dataset[one] = wishes[one];
    else delete document.documentElement.dataset[one];
  }
}"""
OPEN = "document.querySelectorAll('main details').forEach(one => one.open = true)"
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
  copy.querySelectorAll("[lang], [data-in]").forEach(
    (one) => (one.lang || one.dataset.in) === own || one.remove());
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


class Shelf(ThreadingHTTPServer):
    """Gives one page, and the styles, fonts and pictures of all; nothing else is theirs to load.

    A server, so that the browser keeps what it has loaded: pages share it.
    """

    text = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Shown(BaseHTTPRequestHandler):
    server: Shelf
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self.give(self.server.text.encode(), "text/html; charset=utf-8", "no-store")
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if found is None or "javascript" in kind:
            self.send_response(HTTPStatus.NOT_FOUND)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.give(Path(str(found)).read_bytes(), kind, "max-age=3600")

    def give(self, body: bytes, kind: str, kept: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: Any) -> None:
        """Say nothing of each file."""


@dataclass
class Screen:
    page: Page
    shelf: Shelf

    def speaks(self, language: str) -> None:
        """As the phone remembers it: the app's frame is drawn before any server is asked."""
        wish: Any = {"name": "language", "value": language, "url": self.shelf.origin}
        self.page.context.add_cookies([wish])

    def show(self, text: str) -> None:
        self.shelf.text = text
        self.page.goto(self.shelf.origin)
        self.page.evaluate(OPEN)

    def keep(self, name: str) -> None:
        """A picture of the whole page on a phone, under its row's name."""
        size, wishes, *_sought = LOOKS["phone"]
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        self.page.evaluate(WISHES, wishes)
        file = f"{PICTURES}/{re.sub(r'[^a-z0-9]+', '-', name.lower())[:120]}.png"
        self.page.screenshot(path=file, full_page=True)


# Only what is wrong comes back: what axe found in order is long to tell.
LOOK = """async (sought) => (await axe.run({...sought, resultTypes: ["violations"]})).violations
  .map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`)"""


def axe(page: Page, sought: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(LOOK, sought)
    return found


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page that is shown, in any look."""
    told = []
    for name, (size, wishes, first, others) in LOOKS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(WISHES, wishes)
        wrong = axe(page, first if language == FIRST else others)
        wrong += [f"sticks out: {one}" for one in page.evaluate(STICKS_OUT)]
        told += [f"{name}: {one}" for one in wrong]
    if language != "en":
        told += [f"English: {one}" for one in ENGLISH.findall(page.evaluate(OWN_WORDS))]
    return told


@pytest.fixture
def screen(browser: Browser) -> Iterator[Screen]:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(AXE_SCRIPT)
    with Shelf(("127.0.0.1", 0), Shown) as shelf:
        threading.Thread(target=shelf.serve_forever, daemon=True).start()
        yield Screen(context.new_page(), shelf)
        context.close()
        shelf.shutdown()


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_every_page_can_be_read_by_everybody(
    language: str, *, screen: Screen, django_db_blocker: Any, tmp_path: Path
) -> None:
    with staged(django_db_blocker, tmp_path) as stage:
        pages = list(drawn(stage, {"language": language}))
    wrong = {}
    screen.speaks(language)
    for one in pages:
        screen.show(one.text)
        if told := faults(screen.page, language):
            wrong[one.name] = told
        if PICTURES:
            screen.keep(f"{language} {one.name}")
    assert not wrong, "\n".join(f"{name}: {fault}" for name, of in wrong.items() for fault in of)


def test_a_fault_on_a_page_is_found_in_every_look(screen: Screen) -> None:
    screen.show('<html lang="zh-hans"><title>x</title><main><input><p>nobody has translated this'
         '<div style="width:1999px">wide</div><style>[data-theme] p {color: #eee}'
         '[data-size] a {display: block; width: 9px; height: 9px; overflow: hidden}</style>'
         '<a href="/">a</a><a href="/">b</a></main></html>')  # fmt: skip
    found = " ".join(faults(screen.page, FIRST))
    sought = [
        "phone: label:", "phone in large type: target-size:",
        "desktop in the dark: color-contrast:",
        "desktop in the dark: sticks out:", "English: nobody has",
    ]  # fmt: skip
    assert [fault for fault in sought if fault not in found] == []
