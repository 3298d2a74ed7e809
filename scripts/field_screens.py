"""Photograph every screen of the field app, in three languages, as a worker's phone shows it.

    python scripts/field_screens.py http://127.0.0.1:8000 [--out docs/screens/field]

Signs in as the demo's grid worker, and as whoever drafted its activities for their list, fetches
the day's work and goes out of reach: nothing of what is recorded on these walks is sent.
"""

import io
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from field_walk import roll, walk
from PIL import Image
from playwright.sync_api import Page
from screens import chromium, options, sign_in

LANGUAGES = ("zh-hans", "bo", "en")
HERE = {"longitude": 91.1542, "latitude": 29.6541}  # in the grid of the demo's worker
WINDOW = {"width": 360, "height": 740}
LHASA = ZoneInfo("Asia/Shanghai")


def _tomorrow(page: Page) -> Iterator[str]:
    """The demo's children are led over the crossing on the morning after it was built."""
    morning = (datetime.now(LHASA) + timedelta(days=1)).replace(hour=7, minute=40)
    page.clock.set_fixed_time(morning)
    page.reload()
    yield from roll(page)


WALKS = {"wangge": walk, "pai": _tomorrow}  # whose phone, and its way


def photograph(page: Page, base: str, out: Path, worker: str) -> None:
    """One walk: each screen is shown in one language after the other."""
    sign_in(page, base, worker)
    page.goto(f"{base}/field/")
    page.locator(".f-knot").first.wait_for()
    wishes = page.context.new_page()
    wishes.goto(f"{base}/field/manifest.webmanifest")
    page.bring_to_front()
    page.context.set_offline(True)
    for name in WALKS[worker](page):
        for language in (*LANGUAGES, LANGUAGES[0]):
            wishes.evaluate("one => localStorage.setItem('field-language', one)", language)
            page.wait_for_function("one => document.documentElement.lang === one", arg=language)
            page.evaluate("document.fonts.ready")
            keep(page, out / f"{name}-{language}.webp")
        print(name, flush=True)


def keep(page: Page, file: Path) -> None:
    page.evaluate("document.querySelector('.f-toasts').style.display = 'none'")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(file, "WEBP", quality=60, method=6)


def main() -> int:
    told = options(__doc__, "field")
    with chromium(told.chromium) as browser:
        for worker in WALKS:
            context = browser.new_context(
                viewport=WINDOW, device_scale_factor=2, reduced_motion="reduce", locale="zh-CN",
                timezone_id=LHASA.key, geolocation=HERE,
                permissions=["geolocation"],
            )  # fmt: skip
            photograph(context.new_page(), told.base, told.out, worker)
    return 0


if __name__ == "__main__":
    sys.exit(main())
