"""A database of one's own (DATABASE_URL) goes away and comes back."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingka.ops.postgres import Cluster

from .conftest import Installation, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster that Lingka knows only by its address."""
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    cluster = Cluster(tmp_path / "theirs" / "pg", {"shared_buffers": "32MB"})
    cluster.start()
    yield cluster
    cluster.stop()


def page(installation: Installation) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{installation.root}/r/", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_lost_database_is_said_and_found_again(foreign: Cluster, tmp_path: Path) -> None:
    installation = Installation(tmp_path, database_url=foreign.url())
    try:
        installation.start()
        foreign.stop()
        wait_for("health says so", lambda: installation.health()[1].get("database") == "away")
        status, said = page(installation)
        assert (status, "请稍后再试" in said) in {(503, True), (200, False)}  # a page may need none
        foreign.start()
        wait_for("health", installation.is_healthy)
        assert page(installation)[0] == 200
    finally:
        installation.end()


def test_starting_without_the_database_says_what_to_do(tmp_path: Path) -> None:
    installation = Installation(tmp_path, database_url="postgresql://lingka@127.0.0.1:1/none")
    done = installation.lingka("serve")
    assert done.returncode == 1
    assert "database" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
