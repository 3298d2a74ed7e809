"""Days of bad luck in a real browser against a real server: nothing that was called saved is lost.

CHAOS=200 runs so many days, SEED=… another beginning, PLANT=… one of the faults of `plants`, which
must then be found. `make chaos` is this file alone.
"""

import os
import random
from collections import Counter
from types import SimpleNamespace

import pytest
from django.test import Client
from playwright.sync_api import Error

from lingka.accounts.models import Role, User
from lingka.cases.actions import open_case
from lingka.cases.models import Case
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from tests.chaos import plants
from tests.chaos.day import MISFORTUNES, Day
from tests.chaos.line import FAULTS, Line
from tests.chaos.oracle import faults
from tests.chaos.phone import Browser, Phone, Watchdog
from tests.chaos.server import Server
from tests.e2e.conftest import _post
from tests.e2e.workers import small_photo
from tests.intake.conftest import LAT, LON, forget, settle

DAYS = int(os.environ.get("CHAOS") or 20)
FIRST = int(os.environ.get("SEED") or 20261122)
PLANT = os.environ.get("PLANT", "")
A_DAY = 90.0  # seconds, after which a day hangs

# Each planted fault with the short day that finds it: photos, misfortune, what is said of it.
PLANTED = {
    "forgets": (0, "", "neither on the server nor in the tray"),
    "too_early": (0, "", "said saved, and then why not"),
    "silent_eviction": (0, "cleared", "neither on the server nor in the tray"),
    "false_receipt": (1, "", "did not arrive"),
}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def town(transactional_db, settings, tmp_path):
    made = settle(settings, tmp_path)
    yield made
    forget()


@pytest.fixture
def server(town, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    one = Server(home)
    yield one
    one.dies()


@pytest.fixture
def browser(playwright, browser_type_launch_args, tmp_path):
    one = Browser(playwright, browser_type_launch_args, tmp_path / "profile")
    yield one
    one.stop()


def _worker(town, seed):
    name = f"worker-{seed}"
    post = _post(name, Role.GRID_WORKER, town.grid_team, town.grid)
    forget()
    client = Client()
    client.force_login(User.objects.get(username=name))
    return post, client.cookies["sessionid"].value


def _hazard(town, post):
    opened = open_case(
        actor=Actor("user", post.user_id, post.id), case_type="safety.hazard", channel="desk",
        language="zh-hans", idempotency_key=uuid7(), words="楼道纸箱", lon=LON, lat=LAT,
    )  # fmt: skip
    return Case.objects.get(uuid=opened.case_uuid)


def _day(seed, town, server, browser, planted=(PLANT, None)):
    """What went wrong on that day, in words; nothing, as it should be."""
    plant, short = planted
    roll = random.Random(seed)
    post, session = _worker(town, seed)
    case = _hazard(town, post)
    assert server.answers(), "the server does not answer"
    line = Line(server.port, random.Random(seed + 1), plants.of(plant))
    day = None
    with Watchdog(browser, A_DAY) as watchdog:
        phone = None
        try:
            phone = Phone(browser, line, session, roll, [small_photo(n) for n in range(3)])
            day = Day(seed, phone, server, post.user, case, str(town.place.uuid), uuid7, roll)
            plants.into(plant, phone)
            day.run_short(*short) if short else day.run()
            wrong = faults(phone.saved, day.found()) + phone.faults
        except (AssertionError, Error) as error:
            wrong = [f"{'it hung: ' if watchdog.bit else ''}{error}"]
        finally:
            if phone:
                phone.closes()
            line.close()
    if watchdog.bit:
        browser.dies()
        browser.start()
    story = day.told if day else []
    saved = [f"saved {one.kind} {one.op}" for one in phone.saved] if phone else []
    return SimpleNamespace(
        seed=seed, wrong=wrong, story=[*story, *saved], count=len(saved),
        thrown=(day.thrown if day else Counter()) + line.faults,
    )  # fmt: skip


def test_whatever_happens_all_that_was_called_saved_arrives_once_or_is_told(town, server, browser):
    bad, count, thrown = [], 0, Counter()
    for seed in range(FIRST, FIRST + DAYS):
        day = _day(seed, town, server, browser)
        count += day.count
        thrown += day.thrown
        if day.wrong:
            bad.append("\n  ".join([f"SEED={day.seed} CHAOS=1:", *day.wrong, "--", *day.story]))
        told = "; ".join(day.wrong) or "nothing wrong"
        print(f"day {seed}: {day.count} saved, {told}")  # noqa: T201 - `make chaos` shows it
    assert not bad, "\n\n".join(bad)
    assert count >= 2 * DAYS, "the days must have something to lose"
    if len(MISFORTUNES) <= DAYS // 2:
        meant = {*MISFORTUNES, *FAULTS, "away", "given_up", "out_of_reach"}
        assert meant <= set(thrown), f"never happened: {meant - set(thrown)}"


def test_each_planted_fault_is_found(town, server, browser):
    for number, (name, (photos, misfortune, fault)) in enumerate(PLANTED.items()):
        day = _day(number, town, server, browser, (name, (photos, misfortune)))
        assert any(fault in one for one in day.wrong), (name, day.wrong, day.story)
