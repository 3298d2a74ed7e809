"""A grid worker's phone for the scenes: a browser process of its own, which can die."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import psutil
import segno
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Error, Page, Playwright, expect

SAVED = re.compile(r"^saved (\S+) (\S+) (\S+) ?(.*)$")
TAPS = """() => {
  if (window.taps === undefined) {
    addEventListener("click", (event) => { if (event.isTrusted) window.taps += 1; }, true);
  }
  const told = window.taps ?? 0;
  window.taps = 0;
  return told;
}"""
LON, LAT = 91.12, 29.65


class Phone:
    """Knows what the screen called saved, for it listens from outside."""

    def __init__(self, playwright: Playwright, launch: dict[str, Any], home: Path, origin: str,
                 cookies: dict[str, str]) -> None:  # fmt: skip
        self.playwright, self.launch, self.home, self.origin = playwright, launch, home, origin
        self.cookies = cookies
        self.saved: list[str] = []
        self.files: dict[str, str] = {}  # of what was saved: attachment, and SHA-256 on the phone
        self.faults: list[str] = []
        self.day: dt.datetime | None = None
        self.start()

    def start(self, *, offline: bool = False) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.home, **self.launch, viewport={"width": 360, "height": 740},
            base_url=self.origin, reduced_motion="reduce", service_workers="allow",
            geolocation={"longitude": LON, "latitude": LAT, "accuracy": 8},
            permissions=["geolocation"], locale="zh-CN", timezone_id="Asia/Shanghai",
        )  # fmt: skip
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.origin}
             for name, value in self.cookies.items()]
        )  # fmt: skip
        self.context.set_default_timeout(10_000)
        self.context.set_offline(offline)
        self.page: Page = self.context.pages[0]
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        if self.day:
            self.page.clock.set_fixed_time(self.day)
        self.page.goto("/field/", timeout=60_000)  # the server reads all its code for the first

    def _heard(self, message: Any) -> None:
        if found := SAVED.match(message.text):
            self.saved.append(found[1])
            self.files |= dict(one.split(":") for one in found[4].split())

    def first_time(self) -> None:
        """Signed in, at the office: the app and today's work come onto the phone."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        expect(self.page.locator("#main")).to_be_visible()
        self.page.wait_for_function(
            "async () => (await caches.keys()).some((name) => name.includes('precache'))"
        )

    def leaves_the_network(self, day: dt.datetime | None = None) -> None:
        self.context.set_offline(True)
        self.today_is(day)

    def today_is(self, day: dt.datetime | None) -> None:
        self.day = day
        if day:
            self.page.clock.set_fixed_time(day)

    def comes_back(self) -> None:
        """All of it is on the server when the tray says so."""
        self.context.set_offline(False)
        self.page.goto("/field/#/tray")
        # A browser that was killed and started again never heard that it was away.
        self.page.evaluate("dispatchEvent(new Event('online'))")
        expect(self.page.locator("h1")).to_have_text("都送到了", timeout=30_000)

    def dies(self) -> None:
        """The battery: the whole browser at once, with nothing put in order."""
        for process in psutil.process_iter(["cmdline"]):
            said = process.info["cmdline"] or []
            if f"--user-data-dir={self.home}" in said and not any(
                one.startswith("--type=") for one in said
            ):
                process.kill()
                process.wait(10)
        self.stop()
        (self.home / "SingletonLock").unlink(missing_ok=True)

    def stop(self) -> None:
        try:
            self.context.close()
        except Error:  # it died
            return

    def press(self, *names: str) -> None:
        """Buttons by what they say."""
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def answers(self, *given: str | bytes) -> None:
        """One item of a checklist: what is chosen or typed, and the photos; then the next."""
        for one in given:
            field = self.page.locator(".f-item .f-number input")
            if isinstance(one, bytes):
                self._shoot(one)
            elif field.count():
                field.fill(one)
            else:
                self.page.locator(".f-item").get_by_role("button", name=one, exact=True).click()
        self.page.locator(".f-foot .button-primary").click()

    def _shoot(self, taken: bytes) -> None:
        before = self.page.locator("img.f-photo").count()
        self.page.locator("input[type=file]").first.set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": taken}
        )
        expect(self.page.locator("img.f-photo")).to_have_count(before + 1)

    def taps(self) -> int:
        """How often the worker tapped since this was asked last; a photo is one more."""
        told = self.page.evaluate(TAPS)
        return int(told)

    def report(self, group: str, words: str, photo: bytes | None = None) -> None:
        """Three taps: the picture, the photo, save."""
        self.begin_report(group, words, photo)
        self.keep_report()

    def report_in_three_taps(self, group: str, photo: bytes) -> None:
        """The picture, the photo, save; where it is the phone knows."""
        self.taps()
        self.report(group, "", photo)
        assert self.taps() + 1 == 3

    def begin_report(self, group: str, words: str, photo: bytes | None = None) -> None:
        self.page.goto("/field/#/report")
        self.page.locator(".tile").filter(has_text=group).click()
        self.page.locator("textarea").fill(words)
        if photo is not None:
            self._shoot(photo)

    def keep_report(self) -> None:
        before = len(self.saved)
        self.page.locator(".f-foot .button-primary").click()
        expect(self.page.locator(".f-tabs")).to_be_visible()
        assert len(self.saved) == before + 1


def small_photo(number: int) -> bytes:
    """A picture of a thing, no larger than need be."""
    file = io.BytesIO()
    Image.new("RGB", (48, 36), (90 + 20 * number, 130, 105)).save(file, "JPEG")
    return file.getvalue()


def door(code: str) -> bytes:
    """The sheet on a door as a hand photographs it: aslant, not sharp, in the evening."""
    sheet = Image.new("RGB", (1200, 900), (150, 146, 138))
    drawn = io.BytesIO()
    segno.make(f"https://lingka.example/p/{code}", error="m").save(drawn, kind="png", scale=9)
    sheet.paste(Image.open(drawn).convert("RGB"), (420, 200))
    aslant = sheet.rotate(7, fillcolor=(150, 146, 138), resample=Image.Resampling.BICUBIC)
    file = io.BytesIO()
    aslant.filter(ImageFilter.GaussianBlur(1.5)).point(lambda v: v * 0.7).save(file, "JPEG")
    return file.getvalue()


def photo(number: int) -> bytes:
    """A picture of a thing, larger than the app keeps it."""
    picture = Image.new("RGB", (2000, 1500), (205, 198, 180))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([200 + 40 * number, 300, 900, 1200], fill=(92, 130, 105 + number))
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()
