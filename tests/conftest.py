"""The test session's database: an embedded cluster of its own unless DATABASE_URL names one."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings

from lingka.ops.postgres import Cluster, home
from scripts import translations

# Speed over safety: what a test session wrote may be lost with the machine.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CLUSTER = Cluster(home() / "pg-test", FAST)


def pytest_configure() -> None:
    """Point the settings at the test cluster before any connection exists."""
    translations.compile_all()  # without compiled catalogues Tibetan silently becomes Chinese
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    if "DATABASE_URL" not in os.environ:
        from config.settings import database

        settings.DATABASES["default"].update(database(CLUSTER.url()))
        os.environ["DATABASE_URL"] = CLUSTER.url()
        os.environ["LINGKA_TEST_CLUSTER"] = "1"


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
