"""Goes through every screen of the field app once, as a worker who is out of reach would.

By marks in the page only, so that it works in every language. The pictures of the documentation
are taken on this way (scripts/field_screens.py), and the tests read each screen on it.
"""

import io
from collections.abc import Iterator

from PIL import Image, ImageDraw
from playwright.sync_api import Page

MAIN = ".f-foot .button-primary"
NEXT = ".is-now .f-two .button"
HELD = """([key, value]) => new Promise((done, failed) => {
  const asked = indexedDB.open("lingka-field");
  asked.onsuccess = () => {
    const store = asked.result.transaction("meta", "readwrite").objectStore("meta");
    const put = value === null ? store.delete(key) : store.put({key, value});
    put.onsuccess = () => { asked.result.close(); done(true); };
    put.onerror = failed;
  };
})"""


def walk(page: Page) -> Iterator[str]:
    """The name of each screen while it is shown. Nothing of it is sent, for there is no network."""
    for part in (_day, _report, _case, _checklist, _grid, _kept, _shut):
        yield from part(page)


def roll(page: Page) -> Iterator[str]:
    """Of who drafted an activity: the day with it, and its list, with one ticked as here."""
    _at(page, "#/today")
    page.locator(".is-roll").first.scroll_into_view_if_needed()
    yield "today-roll"
    page.locator(".is-roll .f-stop-open").first.click()
    page.locator(".f-roll").wait_for()
    yield "roll"
    page.locator(".f-roll .button-primary").first.click()
    page.locator(".f-roll small").first.wait_for()
    yield "roll-ticked"


def _at(page: Page, way: str) -> None:
    page.evaluate("way => { location.hash = way; }", way)
    page.locator("#main").wait_for()


def _day(page: Page) -> Iterator[str]:
    _at(page, "#/today")
    yield "today"
    page.locator(NEXT).first.click()
    page.locator(".f-strip-round").wait_for()
    yield "today-round"
    page.locator(NEXT).nth(1).click()
    yield "today-skip"


def _report(page: Page) -> Iterator[str]:
    _at(page, "#/report")
    yield "report"
    page.locator(".tile").nth(3).click()
    _shoot(page)
    yield "report-form"
    page.locator(".f-change").click()
    yield "report-place"
    page.locator(".f-picker .f-row").first.click()
    page.locator(MAIN).click()
    page.locator(".f-tabs").wait_for()
    yield "today-waiting"


def _case(page: Page) -> Iterator[str]:
    _at(page, "#/grid")
    page.locator("a.f-row[href^='#/case/']").first.click()
    page.locator(".f-acts").wait_for()
    yield "case"
    page.locator(".f-acts > .button").first.click()
    page.locator(".f-form").wait_for()
    yield "case-act"


def _checklist(page: Page) -> Iterator[str]:
    """Of rented flats: the way out is blocked, everything else is as it should be."""
    _at(page, "#/check/rented_flat/-/-/-/019ab000-0000-7000-8000-000000000001")
    page.locator(".f-item").wait_for()
    yield "check"
    for _before in range(3):
        page.locator(".f-three .button").first.click()
        page.locator(MAIN).click()
    page.locator(".f-three .button").nth(1).click()
    _shoot(page)
    yield "check-failed"
    page.locator(MAIN).click()
    while page.locator(".f-item").count():
        if page.locator(".f-three").count():
            page.locator(".f-three .button").first.click()
        page.locator(MAIN).click()
    yield "check-result"


def _grid(page: Page) -> Iterator[str]:
    _at(page, "#/grid")
    yield "grid"
    page.locator("a.f-row[href^='#/place/']").first.click()
    page.locator(".f-acts").wait_for()
    yield "place"
    page.locator(".f-acts > .button").last.click()
    page.locator(".f-form").wait_for()
    yield "place-correct"
    _at(page, "#/grid")
    page.locator("a.f-row[href^='#/entry/']").first.click()
    page.locator(MAIN).wait_for()
    yield "entry"


def _kept(page: Page) -> Iterator[str]:
    for name in ("tray", "settings", "storage"):
        _at(page, f"#/{name}")
        yield name


def _shut(page: Page) -> Iterator[str]:
    page.evaluate(HELD, ["revoked", True])
    page.reload()
    page.locator(".f-rescue").wait_for()
    yield "revoked"
    page.evaluate(HELD, ["revoked", None])
    page.reload()
    _at(page, "#/settings")
    page.locator("input[inputmode=numeric]").fill("246810")
    page.locator("section:has(input[inputmode=numeric]) .button-wide").click()
    page.locator("input[inputmode=numeric]").wait_for(state="detached")
    page.reload()
    page.locator(".f-unlock").wait_for()
    yield "unlock"


def _shoot(page: Page) -> None:
    before = page.locator("img.f-photo").count()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": _boxes()}
    )
    page.locator("img.f-photo").nth(before).wait_for()


def _boxes() -> bytes:
    """A drawn photo: boxes in front of a door."""
    picture = Image.new("RGB", (1200, 800), (205, 198, 180))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 660, 1200, 800], fill=(142, 134, 118))
    draw.rectangle([420, 40, 800, 660], fill=(88, 122, 98))
    for left, top in ((300, 420), (520, 480), (380, 230)):
        draw.rectangle(
            [left, top, left + 240, top + 190], fill=(190, 140, 88), outline=(92, 64, 40)
        )
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()
