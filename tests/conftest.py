"""The test session's database: an embedded cluster of its own unless DATABASE_URL names one."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

from lingka.ops.postgres import Cluster, home
from scripts import translations
from tests import refresh

# Speed over safety: what a test session wrote may be lost with the machine. And each of several
# workers may let fifty come at once.
FAST = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "300",
}  # fmt: skip
NO_BROWSER = "install chromium, or run `.venv/bin/playwright install chromium`"
# Playwright keeps an event loop in the main thread; the tests' own queries run there too.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
CLUSTER = Cluster(home() / "pg-test", FAST)


# No timing is asserted: on a busy machine a single example may take long.
examples.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("calm")


def pytest_configure() -> None:
    """Point the settings at the test cluster before any connection exists."""
    translations.compile_all()  # without compiled catalogues Tibetan silently becomes Chinese
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # A slow hash protects passwords, and would make up most of the time of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if "DATABASE_URL" not in os.environ:
        from config.settings import database

        settings.DATABASES["default"].update(database(CLUSTER.url()))
        os.environ["DATABASE_URL"] = CLUSTER.url()
        os.environ["LINGKA_TEST_CLUSTER"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that a run can leave it out; skip it where there is none."""
    away = None if browser_program() else pytest.mark.skip(reason="no browser: " + NO_BROWSER)
    for item in items:
        if {"page", "browser", "context", "playwright"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if away:
                item.add_marker(away)


def browser_program() -> str | None:
    """The system's Chromium, or the one that `playwright install chromium` fetched."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next((str(path) for path in kept.glob("chromium-*/chrome-*/chrome")), None)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request leaves its language behind in the thread; each test begins in the town's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium refuses its sandbox to root."""
    unsandboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    program = browser_program()
    return {**browser_type_launch_args, "executable_path": program, "args": unsandboxed}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster when the whole session ends; xdist's workers leave it alone."""
    if os.environ.get("LINGKA_TEST_CLUSTER") and not hasattr(config, "workerinput"):
        CLUSTER.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Start the cluster when the first test needs the database (safe to call from many)."""
    if os.environ.get("LINGKA_TEST_CLUSTER"):
        CLUSTER.start()
    return django_db_modify_db_settings


@pytest.fixture(autouse=True)
def forget_areas() -> None:
    """What a process remembers of areas must not outlive the test that made them."""
    from lingka.areas import cache

    cache.forget()


@pytest.fixture(autouse=True)
def shipped_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with the package's rules, and with no database asks for none."""
    from lingka.core import rulebooks

    monkeypatch.setattr(rulebooks.Rulebook, "every", float("inf"))
    rulebooks.forget()
    yield
    rulebooks.forget()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps is read once: where statements are counted, a slow machine adds none."""
    import_module("config.urls")  # with all that keeps anything
    from lingka.accounts import selectors as accounts
    from lingka.core import keeping

    accounts.forget()
    monkeypatch.setattr(accounts, "LOOK_EVERY", float("inf"))
    for one in keeping.KEPT:
        one.forget()
        monkeypatch.setattr(one, "every", float("inf"))


@pytest.fixture
def connections_for_all(transactional_db: None) -> Iterator[None]:
    """As many as fifty servers' threads would have together; ordinarily a process has eight."""
    pool = connection.pool
    assert pool is not None
    before = pool.min_size, pool.max_size, pool.timeout
    pool.resize(0, 55)
    pool.timeout = 60  # seconds; other tests may keep the machine busy
    yield
    pool.resize(*before[:2])
    pool.timeout = before[2]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After a test that commits come the rows that the migrations left (tests/refresh.py). At the
    end whoever still holds the test database (a live server's pool) is sent away, so it can go."""
    with django_db_blocker.unblock():
        if refresh.possible():
            refresh.keep()
            TransactionTestCase._fixture_teardown = lambda _case: refresh.restore()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
