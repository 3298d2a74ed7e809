"""Photograph every page that a running demo leads to: one picture for each address, in which it
stands in Chinese, Tibetan and English side by side.

    python scripts/every_screen.py http://127.0.0.1:8000 [--out docs/screens/all] [--new yes]

Each of the demo's people, and a resident who signs in nowhere, follows the links that they find,
after sending the forms without which some pages are not there (scripts/deeds.py). Each address of
the resolver is taken once, for whom it is met first; of several that look alike the fullest, and
again for whoever finds something where the one before found nothing. Ends with an error that names
every page of the reviewed table (tests/security/matrix.txt) that has no picture and does not stand,
with its reason, in docs/screens/left_out.txt; so that none is missing unnoticed.
"""

import html
import io
import os
import re
import sys
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import deeds
import django
from django.urls import Resolver404, resolve
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, FloatRect, Page
from screens import (
    PHONE,
    ROOT,
    Shot,
    addresses,
    chromium,
    context_for,
    options,
    sign_in,
)

LEFT = ROOT / "docs" / "screens" / "left_out.txt"
MATRIX = ROOT / "tests" / "security" / "matrix.txt"
# In the order in which they may claim a page, and what they do first. Residents, grid workers and
# the water team carry phones. The resident comes back at the end, to what was sent meanwhile, and
# the desk to what waits for it since.
MEMBER = "member"
VISITS: tuple[tuple[str, tuple[deeds.Deed, ...]], ...] = (
    ("", (deeds.book_a_time, deeds.book_a_room)),
    (
        "pai",
        (
            deeds.take_papers_in,
            deeds.lend_a_link,
            deeds.keep_a_list,
            deeds.find_a_look,
            deeds.hang_codes_up,
            deeds.begin_next_year,
            deeds.draft_a_vote,
            deeds.call_a_meeting,
        ),
    ),
    ("", (deeds.sit_down,)),
    ("dudao", (deeds.leave_out, deeds.open_a_colleague_s_list)),
    ("guanli", ()),
    ("hefang", ()),
    ("shui", (deeds.ask_not_to_count,)),
    ("rexian", ()),
    ("lingdao", ()),
    ("wangge", ()),
    ("", (deeds.tell_and_be_told, deeds.tell_too_often, deeds.ask_how_it_counts)),
    ("pai", ()),
    (MEMBER, (deeds.come_with_points, deeds.show_a_square)),
    ("dudao", (deeds.scan_squares,)),
    (MEMBER, (deeds.take_part, deeds.talk_online)),
)
# What is shown to be scanned is good for minutes: where it leads is photographed at once.
AT_ONCE = {deeds.scan_squares, deeds.show_a_square, deeds.sit_down}
LANGUAGES = ("zh-hans", "bo", "en")
ON_PHONES = {"", "wangge", "shui", MEMBER}
# The window, how wide a language’s column is, and how much of a long page is shown: desk, phone.
DESK = (1280, 800)
COLUMNS = ((DESK, 880, 800), (PHONE, 390, 1000))
SMALL = {"width": PHONE[0], "height": PHONE[1]}
GAP, WALL, QUALITY = 12, "#877a6e", 38
EMPTY = 'class="empty"'  # how a page says that there is nothing here
LOOKS = 5  # addresses of one kind at which a person looks; the first may have nothing on it
LEFT_OUT = re.compile(r"/(logout|media|static|language|display)\b|^/accounts/demo/.+")
# One to hand on is in a field; a form that only asks leads on as a link does.
ADDRESS = re.compile(r'href="([^"]+)|value="(https?://[^"]+)|<form method="get" action="([^"]+)')


@dataclass
class Album:
    """What was photographed, by route, and where it goes."""

    out: Path
    base: str
    taken: dict[str, str] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)  # routes where nothing was to be seen yet
    new: bool = False  # what has a picture keeps it

    def wants(self, route: str, *, empty: bool) -> bool:
        if self.new and (self.out / f"{name_of(route)}.webp").exists() and route not in self.taken:
            self.taken[route] = name_of(route)
        return route not in self.taken or (route in self.empty and not empty)

    def keep(self, route: str, page: Page, address: str) -> None:
        shots = [shot(page, address, self.base, language) for language in LANGUAGES[::-1]]
        name = name_of(route)
        side_by_side(shots[::-1]).save(self.out / f"{name}.webp", "WEBP", quality=QUALITY, method=6)
        self.taken[route] = name
        print(f"/{route}", flush=True)


def shot(page: Page, address: str, base: str, language: str) -> Image.Image:
    page.context.add_cookies([{"name": "language", "value": language, "url": base}])
    page.goto(address)
    page.wait_for_load_state("networkidle")
    with suppress(Error):  # the field app draws its heading by itself; few pages have none
        page.locator("h1").first.wait_for(timeout=5000)
    page.evaluate("document.fonts.ready")
    (width, _height), across, most = COLUMNS[page.viewport_size == SMALL]
    length = min(page.evaluate("document.documentElement.scrollHeight"), most * width / across)
    window = FloatRect(x=0, y=0, width=width, height=length)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=window))).convert("RGB")
    return picture.resize((across, picture.height * across // picture.width))


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    width = sum(one.width for one in shots) + GAP * (len(shots) - 1)
    whole = Image.new("RGB", (width, max(one.height for one in shots)), WALL)
    left = 0
    for one in shots:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole


def name_of(route: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", route.replace("<", "one-").lower()).strip("-") or "start"


def route_of(address: str) -> str | None:
    """The pattern behind an address, without its converters; None where nothing answers."""
    try:
        return re.sub(r"<\w+:", "<", resolve(urlsplit(address).path).route).replace("$", "")
    except Resolver404:
        return None


def links(text: str, here: str, base: str) -> Iterator[str]:
    for found in ADDRESS.findall(text):
        inside = urljoin(here, html.unescape("".join(found))).split("#")[0]
        if inside.startswith(f"{base}/") and not LEFT_OUT.search(urlsplit(inside).path):
            yield inside


def walk(context: BrowserContext, album: Album, begin: list[str], *, follow: bool = True) -> None:
    """Follow links breadth first; then photograph the fullest of each page that nobody has yet."""
    waiting, seen = deque(begin), set[str]()
    tried: dict[str, int] = defaultdict(int)
    found: dict[str, list[tuple[bool, int, str]]] = defaultdict(list)
    while waiting:
        address = waiting.popleft()
        route = route_of(address)
        if route is None or address in seen or tried[route] >= LOOKS:
            continue
        seen.add(address)
        tried[route] += 1
        if text := read(context, address):
            found[route].append((EMPTY not in text, len(text), address))
            waiting += links(text, address, album.base) if follow else ()
    page = context.new_page()
    for route, alike in found.items():
        shows, _length, address = max(alike)
        if album.wants(route, empty=not shows):
            album.keep(route, page, address)
            (album.empty.discard if shows else album.empty.add)(route)


def read(context: BrowserContext, address: str) -> str | None:
    """The page, if it is one for this person: no file, no refusal, no way to somewhere else."""
    answer = context.request.get(address, max_redirects=0)
    if not answer.ok or not answer.headers.get("content-type", "").startswith("text/html"):
        return None
    return answer.text()


def missing(album: Album) -> list[str]:
    """Pages of the reviewed table to which no link of the demo led, and that nobody left out."""
    rows = (line.split() for line in MATRIX.read_text(encoding="utf-8").splitlines())
    pages = (row for row in rows if row[:1] == ["GET"] and {"ok", "member:ok"} & {*row})
    known = {row[1].lstrip("/") for row in pages}
    return sorted(known - set(album.taken) - left_out())


def left_out() -> set[str]:
    """Addresses that need no picture; each line is one, and why."""
    lines = (line.partition("  ") for line in LEFT.read_text(encoding="utf-8").splitlines())
    said = {address: why.strip() for address, _sign, why in lines if not address.startswith("#")}
    return {address.lstrip("/") for address, why in said.items() if why}


def photograph(browser: Browser, album: Album) -> None:
    known = addresses(browser.new_page(), album.base, "")
    for person, first in VISITS:
        window = PHONE if person in ON_PHONES else DESK
        context = context_for(browser, album.base, Shot("all", "", window, user=person))
        page = context.new_page()
        if person == MEMBER:
            begin = ["/"]
        elif person:
            sign_in(page, album.base, person)
            begin = ["/desk/day/", "/desk/", "/accounts/email/", "/desk/workflows/"]
        else:
            begin = ["/", known["door"], known["report"], known["tracking"], "/accounts/login/"]
        for deed in first:
            try:
                found = deed(page, album.base, known)
                begin += found
                if deed in AT_ONCE:
                    walk(context, album, found, follow=False)
            except Error as error:  # the page that is missing for it is named in the end
                print(f"{deed.__name__}: {error.message.splitlines()[0]}", flush=True)
        walk(context, album, [urljoin(album.base, one) for one in begin])
        context.close()


def take_away(album: Album) -> None:
    """Pictures of pages that are no more."""
    for file in album.out.glob("*.webp"):
        if file.stem not in album.taken.values():
            file.unlink()


def main() -> int:
    told = options(__doc__, "all", new="anything: only pages that have no picture yet")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    with chromium(told.chromium) as browser:
        album = Album(told.out, told.base, new=bool(told.new))
        photograph(browser, album)
    take_away(album)
    lost = missing(album)
    print(f"{len(album.taken)} pages. No link led to: {', '.join(lost) or 'none left'}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
