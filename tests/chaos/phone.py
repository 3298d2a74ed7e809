"""A worker's phone for a day of bad luck: one Chromium for all days, a new origin for each."""

import contextlib
import random
import re
import threading
import time
from pathlib import Path
from typing import Any, Self

import psutil
from playwright.sync_api import CDPSession, Error, Page, Playwright, expect

from tests.chaos.line import Line
from tests.chaos.oracle import Saved

SAVED = re.compile(r"^saved (\S+) (\S+) (\S+) ?(.*)$")
LON, LAT = 91.12, 29.65
SOON = 8_000  # milliseconds for one thing on the screen
LOOK = 40  # milliseconds until one looks again

# The phone's own clock, which is wrong by so many milliseconds.
CLOCK = """(() => {
  const Real = globalThis.RealDate ?? Date;
  globalThis.RealDate = Real;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + %d); }
    static now() { return Real.now() + %d; }
  };
})()"""

# What the browser says of the network.
NETWORK = """(() => {
  Object.defineProperty(navigator, "onLine", { get: () => %s, configurable: true });
  dispatchEvent(new Event(navigator.onLine ? "online" : "offline"));
})()"""

# The app waits a minute where nothing moves. Nobody has it here.
HURRY = """(() => {
  const [later, limit] = [globalThis.setTimeout, AbortSignal.timeout.bind(AbortSignal)];
  const soon = (wait) => (wait === 60000 ? 2000 : wait);
  globalThis.setTimeout = (work, wait, ...more) => later(work, soon(wait), ...more);
  AbortSignal.timeout = (wait) => limit(soon(wait));
})()"""

# What the app keeps, read as anybody could, without its help.
STATES = """async () => {
  const open = indexedDB.open("lingka-field");
  const db = await new Promise((done, failed) => {
    open.onsuccess = () => done(open.result); open.onerror = () => failed(open.error);
  });
  const all = (name) => new Promise((done, failed) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result); asked.onerror = () => failed(asked.error);
  });
  try {
    const [operations, attachments] = [await all("operations"), await all("attachments")];
    return {
      operations: operations.map(({op_id, state}) => ({op_id, state})),
      attachments: attachments.map(({id, op_id, state}) => ({id, op_id, state})),
    };
  } finally { db.close(); }
}"""

# The form of a report is there: chosen by its picture, or a draft that came back. A case's form may
# stand there for a moment still.
BEGUN = """() => {
  if (document.querySelector(".f-form") !== null) return false;
  if (document.querySelector("textarea") !== null) return true;
  for (const tile of document.querySelectorAll(".tile"))
    if (tile.textContent.includes("路灯用电")) tile.click();
  return false;
}"""

# One tap after another through a checklist, as fast as the screen follows.
CHECKLIST = """async () => {
  const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let step = 0; step < 60; step += 1) {
    const foot = document.querySelector(".f-foot .button-primary");
    const item = document.querySelector(".f-item");
    if (item === null) return Boolean(foot) && !foot.disabled;
    document.querySelector(".f-item .f-three button, .f-item .f-choices button")?.click();
    await next();
    foot.click();
    for (let wait = 0; wait < 60 && document.querySelector(".f-item") === item; wait += 1) {
      await next();
    }
    await next();
  }
  return false;
}"""


class Browser:
    """One Chromium on a kept profile. It is started again only after it was killed."""

    def __init__(self, playwright: Playwright, launch: dict[str, Any], home: Path) -> None:
        self.playwright, self.launch, self.home = playwright, launch, home
        self.start()

    def start(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.home, **self.launch, viewport={"width": 360, "height": 740},
            reduced_motion="reduce", service_workers="allow",
            geolocation={"longitude": LON, "latitude": LAT, "accuracy": 8},
            permissions=["geolocation"], locale="zh-CN", timezone_id="Asia/Shanghai",
            timeout=30_000,
        )  # fmt: skip
        self.context.set_default_timeout(SOON)

    def dies(self) -> None:
        """The battery: the whole browser at once, with nothing put in order."""
        for process in psutil.process_iter(["cmdline"]):
            said = process.info["cmdline"] or []
            if f"--user-data-dir={self.home}" in said and not any(
                one.startswith("--type=") for one in said
            ):
                with contextlib.suppress(psutil.Error):
                    process.kill()
                    process.wait(10)
        self.stop()
        (self.home / "SingletonLock").unlink(missing_ok=True)

    def stop(self) -> None:
        with contextlib.suppress(Error):  # it died
            self.context.close()


class Phone:
    def __init__(self, browser: Browser, line: Line, session: str, roll: random.Random,
                 photos: list[bytes]) -> None:  # fmt: skip
        self.browser, self.line, self.session, self.roll = browser, line, session, roll
        self.photos = photos
        self.saved: list[Saved] = []
        self.faults: list[str] = []
        self.skew = 0
        self.online = True
        self.opens(None)

    # -- the browser -----------------------------------------------------------------------------

    def opens(self, room: int | None) -> None:
        context = self.browser.context
        context.clear_cookies(name="sessionid")
        context.add_cookies(
            [{"name": "sessionid", "value": self.session, "url": self.line.origin},
             {"name": "language", "value": "zh-hans", "url": self.line.origin}]
        )  # fmt: skip
        self.page: Page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.add_init_script(CLOCK % (self.skew, self.skew))
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.is_online(self.online)
        if room is not None:  # before the app opens its storage: the browser asks rarely
            self.quota(room)
        self.goes("today")

    def closes(self) -> None:
        with contextlib.suppress(Error):
            self.page.close()

    def dies(self, room: int | None = None) -> None:
        self.browser.dies()
        self.browser.start()
        self.opens(room)

    def _heard(self, message: Any) -> None:
        if found := SAVED.match(message.text):
            files = dict(one.split(":") for one in found[4].split())
            self.saved.append(Saved(found[1], found[2], found[3], files))

    def goes(self, way: str) -> None:
        self.page.goto(f"{self.line.origin}/field/#/{way}")

    def reloads(self) -> None:
        self.page.reload()
        expect(self.page.locator("#main")).to_be_visible(timeout=SOON)

    def first_time(self, case: str = "") -> None:
        """Over a good line: the app and today's work come onto the phone, page by page."""
        self.waits("async () => (await caches.keys()).some((name) => name.includes('precache'))")
        self.waits("() => navigator.serviceWorker.controller !== null")
        if case:  # it comes with the last of them
            self.goes(f"case/{case}")
            expect(self.page.locator(".f-case-top")).to_be_visible(timeout=3 * SOON)
            self.goes("today")
        expect(self.page.locator(".f-where")).to_contain_text("第三网格", timeout=SOON)

    def waits(self, what: str, patience: int = 3 * SOON, given: Any = None) -> None:
        """Also for what the page must await, which Playwright's own waiting takes for a yes."""
        deadline = time.monotonic() + patience / 1000
        while not self.page.evaluate(what, given):
            assert time.monotonic() < deadline, f"waited {patience} ms in vain: {what}"
            self.page.wait_for_timeout(LOOK)

    # -- misfortunes -----------------------------------------------------------------------------

    def is_online(self, yes: bool) -> None:  # noqa: FBT001
        """The line is cut, and the browser says so. Playwright's own switch waits for every service
        worker, which one that is just stopping never answers."""
        self.online, self.line.away = yes, not yes
        self.page.add_init_script(NETWORK % str(yes).lower())
        self.page.evaluate(NETWORK % str(yes).lower())

    def tries(self) -> None:
        """The network comes and goes: the app tries at once."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def clock(self, wrong_by: int) -> None:
        self.skew = wrong_by
        self.page.add_init_script(CLOCK % (wrong_by, wrong_by))
        self.page.evaluate(CLOCK % (wrong_by, wrong_by))

    def hurries(self) -> None:
        self.page.evaluate(HURRY)

    def quota(self, size: int | None) -> None:
        given: dict[str, Any] = {"origin": self.line.origin}
        if size is not None:
            given["quotaSize"] = size
        self.cdp.send("Storage.overrideQuotaForOrigin", given)

    def loses_storage(self) -> None:
        """What a browser does when the disk is full: all of an origin goes, but its cookies."""
        self.cdp.send("Storage.clearDataForOrigin", {
            "origin": self.line.origin,
            "storageTypes": "indexeddb,cache_storage,service_workers,local_storage",
        })  # fmt: skip

    def worker_restarts(self) -> None:
        self.cdp.send("ServiceWorker.enable")
        self.cdp.send("ServiceWorker.stopAllWorkers")

    def updates(self) -> None:
        """Another build is on the server: fetched in the background, worn at the next start."""
        entry = self.gets_build()
        self.reloads()
        worn = self.page.evaluate("[...document.scripts].map((one) => one.src).join()")
        assert entry in worn, f"the app did not put on build {entry}: {worn}"

    def gets_build(self) -> str:
        """The new worker is at work when it has put the old one's pieces aside."""
        self.line.build += 1
        entry = f".b{self.line.build}.js"
        self.page.evaluate(
            "navigator.serviceWorker.getRegistration().then((one) => void one.update())"
        )
        found = """async (entry) => {
          const kept = [];
          for (const name of (await caches.keys()).filter((one) => one.includes("precache")))
            for (const one of await (await caches.open(name)).keys()) kept.push(one.url);
          const pieces = kept.filter((one) => one.endsWith(".js"));
          return pieces.length > 1 && pieces.every((one) => one.endsWith(entry));
        }"""
        self.waits(found, given=entry)
        return entry

    # -- the worker's work -----------------------------------------------------------------------

    def writes(self, words: str) -> None:
        """What was begun before the phone died is gone on with: then nothing is to be chosen."""
        self.goes("report")
        self.waits(BEGUN, SOON)
        self.page.locator("textarea").fill(words)

    def report(self, words: str, photos: int) -> bool:
        self.writes(words)
        if not all(self._shoots() for _photo in range(photos)):
            return False
        return self.keeps()

    def act(self, case: str, words: str, photos: int) -> bool:
        self.goes("today")  # else, where this was just done, nothing would be opened
        self.goes(f"case/{case}/protect")
        self.page.locator(".f-form textarea").fill(words)
        if not all(self._shoots() for _photo in range(photos)):
            return False
        return self._saves(".f-form")

    def check(self, place: str, record: str) -> bool:
        self.goes(f"check/parking_shopfront/{place}/-/-/{record}")
        expect(self.page.locator(".f-item")).to_be_visible(timeout=SOON)
        assert self.page.evaluate(CHECKLIST), "the checklist did not come to its end"
        return self.keeps()

    def _shoots(self) -> bool:
        before = self.page.locator("img.f-photo").count()
        self.page.locator("input[type=file]").first.set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": self.roll.choice(self.photos)}
        )
        self.waits(
            "(many) => document.querySelectorAll('img.f-photo').length > many"
            " || document.querySelector('.field-error') !== null",
            SOON, before,
        )  # fmt: skip
        return self.page.locator("img.f-photo").count() > before

    def keeps(self) -> bool:
        return self._saves(".f-foot")

    def _saves(self, foot: str) -> bool:
        """Either the screen says saved and is left, or it says why not; it never says nothing."""
        before = len(self.saved)
        button = self.page.locator(f"{foot} .button-primary").element_handle()
        button.click()
        # Whoever goes elsewhere before the app has left this screen is led back by it.
        self.waits(
            "(button) => !button.isConnected || document.querySelector('.field-error') !== null",
            SOON, button,
        )  # fmt: skip
        said = len(self.saved) > before
        refused = self.page.locator(f"{foot} .field-error").count() > 0
        assert not (said and refused), "said saved, and then why not"
        assert said or refused, "the screen said neither saved nor why not"
        return said

    def begins_to_save(self) -> None:
        """Taps, and does not wait for what the screen says."""
        self.page.evaluate("document.querySelector('.f-foot .button-primary').click()")

    # -- the end of the day ----------------------------------------------------------------------

    def tray(self) -> set[str]:
        """Of which operations something has not arrived, as the phone's storage has it."""
        return self.waiting()[0]

    def waiting(self) -> tuple[set[str], set[str]]:
        """The same, and which files have not."""
        kept: dict[str, Any] = self.page.evaluate(STATES)
        files = [one for one in kept["attachments"] if one["state"] == "waiting"]
        open_ = [one for one in kept["operations"] if one["state"] not in {"applied", "replaced"}]
        waits = {one["op_id"] for one in (*files, *open_)}
        return waits, {one["id"] for one in files}

    def shows_tray(self) -> set[str]:
        """What has not arrived, of which the screen must show each, also after a new start."""
        self.goes("tray")
        self.reloads()
        kept = self.tray()
        expect(self.page.locator(".f-pending")).to_have_count(len(kept), timeout=SOON)
        return kept

    def brings_all_in(self) -> None:
        self.goes("tray")
        deadline = time.monotonic() + 30
        while self.tray():
            assert time.monotonic() < deadline, (
                "not all arrived: " + self.page.locator("#main").inner_text()
            )
            self.tries()
            self.line.has_carried(1, 0.7)
        expect(self.page.locator("h1")).to_have_text("都送到了", timeout=SOON)

    def was_told(self) -> bool:
        """The screen itself says that the browser threw something away."""
        self.goes("today")
        strip = self.page.locator(".f-strip-bad").filter(has_text="浏览器清掉了")
        with contextlib.suppress(AssertionError):
            expect(strip).to_be_visible(timeout=SOON)
        return bool(strip.count())


class Watchdog:
    """Ends a day that hangs: the browser goes, and every wait on it fails with the day's log."""

    def __init__(self, browser: Browser, patience: float) -> None:
        self.browser = browser
        self.bit = False
        self.timer = threading.Timer(patience, self._bite)
        self.timer.daemon = True
        self.timer.start()

    def _bite(self) -> None:
        self.bit = True
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={self.browser.home}" in (process.info["cmdline"] or []):
                with contextlib.suppress(psutil.Error):
                    process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_given: object) -> None:
        self.timer.cancel()
