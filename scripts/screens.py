"""Photograph pages of a running server for the documentation.

    python scripts/screens.py http://127.0.0.1:8000 [--out docs/screens] [--only NAME]

Starts nothing itself. The page list says which languages, sizes and themes each page is taken in,
so that the folder stays small; pictures are quantised to 128 colours.
"""

import argparse
import io
import re
import sys
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


SHOTS = [
    Shot("resident-landing", "{door}"),
    Shot("resident-landing-bo", "{door}", language="bo"),
    Shot("resident-landing-dark", "{door}", theme="dark"),
    Shot("resident-landing-elder", "{door}", size="elder"),
    Shot("resident-report-bo", "{report}", language="bo"),
    Shot("desk", "/desk/", DESKTOP, user="pai", clicks=("[data-row] h2 a",)),
    Shot("desk-dark", "/desk/", DESKTOP, theme="dark", user="pai", clicks=("[data-row] h2 a",)),
    Shot("desk-en", "/desk/", DESKTOP, language="en", user="pai", clicks=("[data-row] h2 a",)),
    Shot("desk-bo", "/desk/", DESKTOP, language="bo", user="pai", clicks=("[data-row] h2 a",)),
    Shot("sign-in", "/accounts/login/"),
    Shot("components", "/components/", DESKTOP, whole=True),
    Shot("components-bo", "/components/", DESKTOP, language="bo", whole=True),
]


def sign_in(page: Page, base: str, user: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", "lingka-demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


def context_for(browser: Browser, base: str, shot: Shot) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": shot.window[0], "height": shot.window[1]},
        device_scale_factor=2 if shot.window == PHONE else 1,
        reduced_motion="reduce",
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
    return found


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
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(full_page=shot.whole)
    context.close()
    return picture


def shrink(picture: bytes) -> bytes:
    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--door", default="", help="code of a place, as on its door")
    parser.add_argument("--only", default="")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    program = options.chromium if Path(options.chromium).is_file() else None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        known = addresses(browser.new_page(), options.base, options.door)
        for shot in SHOTS:
            if shot.name.startswith(options.only):
                picture = shrink(take(browser, options.base, shot, known))
                (options.out / f"{shot.name}.png").write_bytes(picture)
                print(f"{shot.name}.png {len(picture) // 1024} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
