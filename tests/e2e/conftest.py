"""Telephones and desks for the scenes: each a browser of its own, in one small town."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lingka.accounts.models import Post, Role, User
from lingka.cases.actions import due_now
from lingka.core import clock, delivery
from lingka.core.ids import uuid7
from lingka.notifications import sending
from tests.intake.conftest import FROM, forget, settle

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


@pytest.fixture
def town(transactional_db, settings, tmp_path, monkeypatch, live_server):
    """A street under a city, a grid, a water team, and whoever works there."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.PUBLIC_ORIGIN = live_server.url
    made = settle(settings, tmp_path)
    made.posts.administrator = _post("guanli", Role.ADMINISTRATOR, made.desk, made.city)
    made.posts.chief = _post("zong", Role.DISPATCHER, made.desk, made.city)
    forget()
    yield made
    forget()


def _post(username, role, unit, area):
    user = User.objects.create(
        uuid=uuid7(), username=username, name=username, email=f"{username}@city.example"
    )
    return Post.objects.create(user=user, role=role, unit=unit, area=area, valid_from=FROM)


@pytest.fixture(scope="module")
def chromium(playwright, browser_type_launch_args):
    """A browser of these tests' own, whose microphone hums."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    given = dict(browser_type_launch_args)
    given["args"] = [*given.get("args", []), *flags]
    browser = playwright.chromium.launch(**given)
    yield browser
    browser.close()


@pytest.fixture
def opened(chromium, live_server):
    """Opens browsers with cookies of their own, and closes them in the end."""
    contexts = []

    def open_(size, cookies, **more):
        context = chromium.new_context(
            viewport=size, base_url=live_server.url, reduced_motion="reduce", **more
        )
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
                if value
            ]
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def phone(opened) -> Callable:
    """Opens telephones; each has its own memory."""

    def open_(language="zh-hans", *, scripts=True, size="", theme=""):
        cookies = {"language": language, "size": size, "theme": theme}
        return opened(PHONE, cookies, java_script_enabled=scripts)

    return open_


@pytest.fixture
def desk(opened) -> Callable:
    """A browser in which a member of staff has signed in."""

    def open_(username, *, language="en", size=DESKTOP):
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies["sessionid"].value
        return opened(size, {"sessionid": session, "language": language})

    return open_


@pytest.fixture
def time_is(monkeypatch) -> Callable:
    """Sets the hour for everybody: the test, and the server in its threads."""

    def set_(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment.astimezone(dt.UTC))

    return set_


@pytest.fixture
def the_worker(town) -> Callable:
    """Does what the worker process does: what is due, what is to be told, what is to be sent."""

    def work() -> None:
        while due_now():
            pass
        delivery.run_until_idle()
        while sending.send_some():
            pass

    return work


@pytest.fixture
def kept_file(tmp_path) -> Callable:
    """Writes a file to choose in a form."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
