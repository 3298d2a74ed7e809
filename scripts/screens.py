"""Photograph pages of a running server for the documentation.

    python scripts/screens.py http://127.0.0.1:8000 [--out docs/screens] [--only NAME]

Starts nothing itself. The page list says which languages, sizes and themes each page is taken in,
so that the folder stays small; pictures are quantised to 128 colours.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PHONE, DESKTOP = (390, 844), (1440, 900)


@dataclass(frozen=True)
class Shot:
    """One picture: where, how wide, in which language and light, and who is signed in."""

    name: str
    address: str
    window: tuple[int, int] = PHONE
    language: str = "zh-hans"
    theme: str = "light"
    size: str = ""
    user: str = ""
    whole: bool = False
    clicks: tuple[str, ...] = field(default=())

    @property
    def file(self) -> str:
        kind = "phone" if self.window == PHONE else "desktop"
        parts = (self.name, kind, self.language, self.theme, self.size)
        return "-".join(part for part in parts if part) + ".png"


TRIED = (".flow-main .button-primary", ".flow-trial .button-primary")  # a case made up

SHOTS = [
    Shot("landing", "{door}"),
    Shot("landing", "{door}", language="bo"),
    Shot("landing", "{door}", theme="dark"),
    Shot("landing", "{door}", size="elder"),
    Shot("report", "{report}"),
    Shot("report", "{report}", language="bo"),
    Shot("tracking", "{tracking}"),
    Shot("tracking", "{tracking}", language="bo", theme="dark"),
    Shot("receipt", "{tracking}/receipt"),
    Shot("case", "/desk/", DESKTOP, user="pai", clicks=("[data-row] h2 a:has-text('地下室')",)),
    Shot("case", "/desk/", DESKTOP, theme="dark", user="pai", clicks=("[data-row] h2 a",)),
    Shot("case", "/desk/", DESKTOP, language="en", user="pai", clicks=("[data-row] h2 a",)),
    Shot("case", "/desk/", DESKTOP, language="bo", user="pai", clicks=("[data-row] h2 a",)),
    Shot("day", "/desk/day/", DESKTOP, user="pai"),
    Shot("day", "/desk/day/", DESKTOP, language="bo", user="shui"),
    Shot("day", "/desk/day/", user="shui", theme="dark"),
    Shot("below", "/desk/below/", DESKTOP, language="en", user="dudao"),
    Shot("grid", "/desk/grid/", user="wangge"),
    Shot("note", "/desk/", DESKTOP, user="pai", clicks=("[data-row] h2 a", ".say-note summary")),
    Shot("lists", "/desk/lists/", DESKTOP, user="pai"),
    Shot("call", "/desk/call/", DESKTOP, user="pai"),
    Shot("held", "/desk/held/", DESKTOP, user="pai"),
    Shot("agreements", "/desk/agreements/", DESKTOP, user="pai"),
    Shot("rates", "/desk/rates/", DESKTOP, user="dudao"),
    Shot("workflow", "/desk/workflows/quick_response/", DESKTOP, language="bo", user="pai"),
    Shot("workflow", "/desk/workflows/street_calls/", DESKTOP, user="pai"),
    Shot("try", "/desk/workflows/", DESKTOP, user="pai", clicks=TRIED),
    Shot("demands", "/desk/demands/", DESKTOP, user="dudao"),
    Shot("called", "/desk/called/", DESKTOP, language="en", user="dudao"),
    Shot("units", "/desk/units/", DESKTOP, user="guanli"),
    Shot("staff", "/desk/staff/", DESKTOP, user="guanli", theme="dark"),
    Shot("areas", "/desk/areas/", DESKTOP, language="en", user="guanli"),
    Shot("replies", "/desk/replies/", DESKTOP, user="guanli"),
    Shot("keys", "/desk/api-keys/", DESKTOP, user="guanli"),
    Shot("deliveries", "/desk/deliveries/", DESKTOP, user="guanli"),
    Shot("changes", "/desk/changes/", DESKTOP, user="guanli"),
    Shot("guides", "/guides/"),
    Shot("wishes", "/wishes/"),
    Shot("hazards", "/hazards/", language="bo"),
    Shot("proofs", "/proofs/", language="bo"),
    Shot("public-rates", "/rates/", language="en"),
    Shot("api", "/api/v1/docs", DESKTOP),
    Shot("sign-in", "/accounts/login/"),
    Shot("components", "/components/", DESKTOP, whole=True),
    Shot("components", "/components/", DESKTOP, language="bo", whole=True),
]


SESSIONS: dict[
    str, list[dict[str, object]]
] = {}  # signing in anew for each picture would meet the throttle


def sign_in(page: Page, base: str, user: str) -> None:
    if user in SESSIONS:
        page.context.add_cookies(SESSIONS[user])
        return
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", "lingka-demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/desk/(?!.*login)|/$"))
    SESSIONS[user] = [c for c in page.context.cookies() if c["name"] == "sessionid"]


def context_for(browser: Browser, base: str, shot: Shot) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": shot.window[0], "height": shot.window[1]},
        device_scale_factor=2 if shot.window == PHONE else 1,
        reduced_motion="reduce",
        locale="en-GB" if shot.language == "en" else "zh-CN",  # no browser speaks Tibetan
    )
    wishes = {"language": shot.language, "theme": shot.theme, "size": shot.size}
    context.add_cookies(
        [{"name": name, "value": value, "url": base} for name, value in wishes.items() if value]
    )
    return context


def addresses(page: Page, base: str, door: str) -> dict[str, str]:
    """The door asked for, or one that the demo's sheet offers, and the first report page there."""
    page.goto(f"{base}/accounts/demo/")
    offered = re.search(r'href="(/p/[^"]+)"', page.content())
    found = {"door": f"/p/{door}" if door else offered[1] if offered else "/", "report": "/"}
    page.goto(base + found["door"])
    report = re.search(r'href="(/report/[^"]+)"', page.content())
    if report:
        found["report"] = report[1].replace("&amp;", "&")
    found["tracking"] = tell(page, base + found["report"])
    return found


def tell(page: Page, report: str) -> str:
    """Report a leak as a resident would; returns the address of its tracking page."""
    page.goto(report)
    page.fill("textarea[name=words]", "地下室水管漏水，门口结冰")
    page.locator("[data-send]").click()
    page.wait_for_load_state("networkidle")
    if "/waiting/" in page.url:
        raise SystemExit(
            "So much was reported from here that somebody looks first: try in an hour."
        )
    if "/r/" not in page.url:  # something alike is open near by: it is another one all the same
        page.locator(".action-bar .button-primary").click()
        page.wait_for_url("**/r/**")
    return "/r/" + page.url.split("/r/")[1].split("/")[0]


def take(browser: Browser, base: str, shot: Shot, known: dict[str, str]) -> bytes:
    context = context_for(browser, base, shot)
    page = context.new_page()
    if shot.user:
        sign_in(page, base, shot.user)
    page.goto(base + shot.address.format(**known))
    for selector in shot.clicks:
        if page.locator(selector).count():
            page.locator(selector).first.click()
            page.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")  # the map draws itself last
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(full_page=shot.whole)
    context.close()
    return picture


def shrink(picture: bytes) -> bytes:
    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def options(what: str | None, folder: str, **more: str) -> argparse.Namespace:
    """What each of the scripts that photograph is told: where it runs, and where pictures go."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("base", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens" / folder)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    for name, meaning in more.items():
        parser.add_argument(f"--{name}", default="", help=meaning)
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    told.base = told.base.rstrip("/")
    return told


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """The installed browser, or else Playwright's own."""
    found = program if Path(program).is_file() else None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def main() -> int:
    told = options(
        __doc__, "", door="code of a place, as on its door", only="how the names begin"
    )  # fmt: skip
    with chromium(told.chromium) as browser:
        known = addresses(browser.new_page(), told.base, told.door)
        for shot in SHOTS:
            if shot.name.startswith(told.only):
                picture = shrink(take(browser, told.base, shot, known))
                (told.out / shot.file).write_bytes(picture)
                print(f"{shot.file} {len(picture) // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
