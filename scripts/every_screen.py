"""Photograph every page that a running demo leads to: one picture for each address.

    python scripts/every_screen.py http://127.0.0.1:8000 [--out docs/screens/all]

Follows the links that each of the demo's people finds, signed in and not, and takes each address of
the resolver once, where it is met first. Ends with an error that names every page of the reviewed
table (tests/security/matrix.txt) that has no picture and does not stand, with its reason, in
docs/screens/left_out.txt; so that none is missing unnoticed.
"""

import io
import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import django
from django.urls import Resolver404, resolve
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page
from screens import (
    DESKTOP,
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
# In the order in which they may claim a page; residents and grid workers carry phones.
PEOPLE = ("", "pai", "dudao", "guanli", "hefang", "shui", "rexian", "lingdao", "wangge")
ON_PHONES = {"", "wangge", "shui"}
LEFT_OUT = re.compile(r"/(logout|media|static|language|display)\b|^/accounts/demo/.+")
LINKS = "all => all.map(one => one.href)"


@dataclass
class Album:
    """What was photographed, by route, and where it goes."""

    out: Path
    base: str
    taken: dict[str, str] = field(default_factory=dict)

    def keep(self, route: str, page: Page) -> None:
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        name = re.sub(r"[^a-z0-9]+", "-", route.replace("<", "one-").lower()).strip("-") or "start"
        picture.save(self.out / f"{name}.webp", "WEBP", quality=60, method=6)
        self.taken[route] = name
        print(f"/{route}", flush=True)


def route_of(address: str) -> str | None:
    """The pattern behind an address, without its converters; None where nothing answers."""
    try:
        return re.sub(r"<\w+:", "<", resolve(urlsplit(address).path).route).replace("$", "")
    except Resolver404:
        return None


def links(page: Page, base: str) -> Iterator[str]:
    for address in page.eval_on_selector_all("a[href]", LINKS):
        inside = urljoin(base, address).split("#")[0]
        if inside.startswith(base) and not LEFT_OUT.search(urlsplit(inside).path):
            yield inside


def walk(context: BrowserContext, album: Album, begin: list[str]) -> None:
    """Follow links breadth first, to each route that nobody has photographed yet."""
    waiting, page = deque(begin), context.new_page()
    while waiting:
        address = waiting.popleft()
        route = route_of(address)
        if route is None or (route in album.taken and address not in begin):
            continue
        if not opened(page, address):
            continue
        if route not in album.taken:
            album.keep(route, page)
        waiting += [one for one in links(page, album.base) if route_of(one) not in album.taken]


def opened(page: Page, address: str) -> bool:
    """Whether it is a page for this person: no file, no refusal, no way to somewhere else."""
    try:
        answer = page.goto(address)
    except Error:  # a file that is taken down
        return False
    kind = answer.headers.get("content-type", "") if answer else ""
    arrived = urlsplit(page.url).path == urlsplit(address).path
    if not answer or not answer.ok or not arrived or not kind.startswith("text/html"):
        return False
    page.wait_for_load_state("networkidle")
    return True


def missing(album: Album) -> list[str]:
    """Pages of the reviewed table to which no link of the demo led, and that nobody left out."""
    rows = (line.split() for line in MATRIX.read_text(encoding="utf-8").splitlines())
    known = {row[1].lstrip("/") for row in rows if row[:1] == ["GET"] and "ok" in row}
    return sorted(known - set(album.taken) - left_out())


def left_out() -> set[str]:
    """Addresses that need no picture; each line is one, and why."""
    lines = (line.partition("  ") for line in LEFT.read_text(encoding="utf-8").splitlines())
    said = {address: why.strip() for address, _sign, why in lines if not address.startswith("#")}
    return {address.lstrip("/") for address, why in said.items() if why}


def photograph(browser: Browser, album: Album) -> None:
    known = addresses(browser.new_page(), album.base, "")
    for person in PEOPLE:
        window = PHONE if person in ON_PHONES else DESKTOP
        context = context_for(browser, album.base, Shot("all", "", window, user=person))
        if person:
            sign_in(context.new_page(), album.base, person)
            begin = ["/desk/day/", "/desk/", "/accounts/email/", "/desk/workflows/"]
        else:
            begin = ["/", known["door"], known["report"], known["tracking"], "/accounts/login/"]
        walk(context, album, [urljoin(album.base, one) for one in begin])
        context.close()


def main() -> int:
    told = options(__doc__, "all")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    with chromium(told.chromium) as browser:
        album = Album(told.out, told.base)
        photograph(browser, album)
    lost = missing(album)
    print(f"{len(album.taken)} pages. No link led to: {', '.join(lost) or 'none left'}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
